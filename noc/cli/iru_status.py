"""`noc iru status`: contracts and their circuits: bought, allocated, free, used, how well, until when."""

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused, complaining
from noc.cli.desk import configured
from noc.cli.window_acts import room

if TYPE_CHECKING:
    from dashboards.reports.document import Period
    from inventory.calendar import Month
    from inventory.model import Contract, Inventory
    from noc.config import Config
    from noc.overview import Grounds


def month_option(context: click.Context, parameter: click.Parameter, value: str | None) -> "Month | None":
    from inventory.calendar import Month

    if value is None:
        return None
    try:
        month = Month.parse(value)
    except ValueError as error:
        raise Refused(str(error)) from error
    if month.start > time.time():
        raise Refused(f"{month} is still to come")
    return month


@click.command()
@click.argument("contract", nargs=-1)
@click.option("--month", metavar="YYYY-MM", callback=month_option, help="Of that month  [default: this one, so far]")
@click.option("--institutions", is_flag=True, help="Who holds and uses what, instead: IRU use where it is measured.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s, UTC times.")
@click.option("--check", is_flag=True, help="Exit with 1 when something is wrong, or not known to be well.")
@click.pass_context
def status(context: click.Context, /, contract: tuple[str, ...], machine: bool, **options: Any) -> None:
    """Contracts and circuits: delivered, allocated, free, p95, headroom, diversity, availability.

    CONTRACT: keys of contracts, of pools or of providers; all of them without one.

    Wrong is: a circuit that is not up, diversity lost, a headroom date or a contract's end within 90 days, more
    committed than there is, more measured than a line carries.

    \b
    Examples:
      noc iru status
      noc iru status cables --month 2026-10
      noc iru status tix-port --check
      noc iru status --institutions
    """
    from dashboards.capacity.tables import overview_lines
    from dashboards.capacity.told import overview_told
    from dashboards.reports.document import Period
    from inventory.calendar import Month
    from noc.overview import overview_of

    now = time.time()
    config, inventory = configured(context)
    chosen = chosen_contracts(inventory, contract)
    period = Period.of(options["month"] or Month.of(now), now)
    grounds = grounds_of(config, inventory, now)
    if options["institutions"]:
        _print_institutions(grounds, period, chosen, machine=machine)
        return
    seen, warning = overview_of(grounds, period, chosen)
    if warning:
        click.echo(warning, err=True)
    if machine:
        click.echo(json.dumps(overview_told(seen, now), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(overview_lines(seen, now, room())))
    context.exit(1 if options["check"] and seen.wrong else 0)


def chosen_contracts(inventory: "Inventory", words: Sequence[str]) -> "list[Contract]":
    """By key, pool or provider; all of them without a word. Refused for a word that means none."""
    every = list(inventory.contracts.values())
    if not every:
        raise Refused("the inventory has no contracts: its `contracts` say what was bought of whom")
    for word in words:
        known = {name for one in every for name in (one.key, one.pool, one.provider) if name}
        if word not in known:
            from inventory.mistakes import did_you_mean

            hint = did_you_mean(word, known)
            raise Refused(f"{word!r} is no contract, pool or provider" + (f" ({hint})" if hint else ""))
    return [one for one in every if not words or {one.key, one.pool, one.provider} & set(words)]


def grounds_of(config: "Config", inventory: "Inventory", now: float) -> "Grounds":
    """With the ledger as it stands; what cannot be asked is said as it comes."""
    from noc.cli.desk import looking
    from noc.ledger.capacity import read_book
    from noc.overview import Grounds

    with looking(config) as books:
        windows = books.windows() if books else ()
        return Grounds(config, inventory, read_book(books, now, inventory), windows, now, complaining)


def _print_institutions(grounds: "Grounds", period: "Period", chosen: "Sequence[Contract]", *, machine: bool) -> None:
    from dashboards.capacity.institutions import institution_lines, institution_told
    from dashboards.figures import iso
    from noc.overview import institutions_in

    found, now = institutions_in(grounds, period, chosen), grounds.now
    if machine:
        told = [institution_told(one, now) for one in found]
        head = {"at": iso(now), "month": str(period.month), "until": iso(period.until)}
        click.echo(json.dumps({**head, "institutions": told}, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join([f"{len(found)} institutions · {period.month}", *institution_lines(found, room())]))
