"""`noc iru what-if`: more requests, a lost cable, growth: which contract reaches its level, and when."""

import json
import time
from typing import Any

import click

from noc.cli.data import Refused
from noc.cli.desk import configured
from noc.cli.window_acts import room


@click.command("what-if")
@click.option("--add", multiple=True, metavar="NxRATE", help="More requests: 40x10M, or 40x10M/2M (in/out).")
@click.option("--to", multiple=True, metavar="NAME", help="Where they draw from  [default: the first pool]")
@click.option("--lose", multiple=True, metavar="NAME", help="What is lost: a contract, circuit or provider.")
@click.option("--onto", multiple=True, metavar="NAME", help="Where its load goes  [default: the others of its pool]")
@click.option("--growth", metavar="P%/month", help="Of the p95: 3%/month, 40%/year, -1%/month  [default: the forecast]")
@click.option("--check", is_flag=True, help="Exit with 1 where something is over its level, or over-committed.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s.")
@click.pass_context
def what_if(context: click.Context, /, machine: bool, check: bool, **options: Any) -> None:
    """What happens to capacity: by when each contract reaches its level, and all that it delivers.

    Names are keys of contracts, circuits, providers or pools. The load of what is lost moves to the others of its pool
    by what they deliver. Of an added commit as much is used at p95 as of those of today. Nothing is changed anywhere.

    \b
    Examples:
      noc iru what-if --growth 3%/month
      noc iru what-if --add 40x10M --lose eassy --growth 3%/month
      noc iru what-if --lose seacom --lose eassy
      noc iru what-if --lose tix-port --onto cables
    """
    from dashboards.capacity import what_if as sums
    from dashboards.capacity.question import UnclearError, Wished, question
    from dashboards.capacity.what_if_table import answer_lines, answer_told
    from noc.cli.iru_status import grounds_of
    from noc.overview import contracts_today

    config, inventory = configured(context)
    wished = Wished(**{**options, "growth": options["growth"] or ""}, prefix="--")
    try:
        asked = question(inventory, wished)
    except UnclearError as error:
        raise Refused(str(error)) from error
    standings, last = contracts_today(grounds_of(config, inventory, time.time()))
    found = sums.what_if(standings, asked, last)
    said = wished.said()
    if machine:
        head = {"on": str(last), "question": said, "growth_a_month": asked.growth_month}
        click.echo(json.dumps({**head, **answer_told(found)}, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(answer_lines(found, f"{said}; from {last} on", room())))
    over = any(one.over_bps or (one.level_on and one.level_on.answer == "exhausted") for one in found.outcomes)
    context.exit(1 if check and (over or any(found.uncarried_bps.values())) else 0)
