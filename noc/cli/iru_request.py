"""`noc iru request`: institutions ask for capacity; people approve, refuse, change and end, and the ledger keeps it all."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, as_person, configured, one_line
from noc.cli.iru_import import import_
from noc.cli.iru_request_view import list_, show
from noc.cli.iru_words import day, number, rate

if TYPE_CHECKING:
    from inventory.accounts.acts import Acts, Signature
    from inventory.accounts.request import Request

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def request() -> None:
    """Requests for capacity: what institutions ask for is reserved, what is approved is allocated.

    \b
    Examples:
      noc iru request add --institution school-mzumbe --in 2M --out 2M --pool cables \\
          --from 2027-01-01 --reference MS/2026/14
      noc iru request approve 188
      noc iru request list --pending
    """


def signed(command: Command) -> Command:
    """`--over-subscribe NAME --why TEXT`: what goes beyond capacity has a name and a reason, and shows them."""
    why = click.option("--why", metavar="TEXT", default="", help="With --over-subscribe, and needed there: the reason.")
    over = click.option(
        "--over-subscribe", "over", metavar="NAME", help="Let it go beyond capacity: who answers for it."
    )
    return over(why(command))


def _signature(over: str | None, why: str) -> "Signature | None":
    from inventory.accounts.acts import Signature

    if over is None:
        if why:
            raise Refused("--why is the reason of --over-subscribe NAME")
        return None
    return Signature(one_line(over, "--over-subscribe (who answers for it?)", 64), one_line(why, "--why (for what?)"))


@contextmanager
def acts(context: click.Context, who: str, signature: "Signature | None" = None) -> "Iterator[Acts]":
    """One transaction: read, checked and written before anybody else may write. Refused acts leave nothing."""
    from inventory.accounts.acts import ActError
    from noc.ledger.capacity import begin_acts, keep

    config, inventory = configured(context)
    try:
        with acting(config) as books:
            found = begin_acts(books, inventory, who, time.time(), signature)
            yield found
            keep(books, found)
    except ActError as error:
        raise Refused(f"{error}{_way_out(str(error))}") from error


def _way_out(refusal: str) -> str:
    from dashboards.iru_form import may_be_signed

    return "; --over-subscribe NAME --why TEXT lets it go beyond" if may_be_signed(refusal) else ""


def said(kept: "Request", signature: "Signature | None" = None) -> None:
    """One sentence on what was done."""
    from dashboards.iru_request import announced

    click.echo(announced(kept, signed=signature is not None))


@request.command("add")
@click.option("--institution", metavar="KEY", required=True, help="Who asks; it may have no site.")
@click.option("--in", "in_bps", metavar="RATE", callback=rate, required=True, help="Committed rate towards them: 10M.")
@click.option("--out", "out_bps", metavar="RATE", callback=rate, required=True, help="And from them.")
@click.option("--contract", "named", metavar="KEY[:SHARE]", multiple=True, help="Of this contract; several share it.")
@click.option("--pool", metavar="WORD", help="Or of all contracts of a pool, in equal shares.")
@click.option("--from", "start", metavar="DAY", callback=day, help="First day  [default: today]")
@click.option("--until", "end", metavar="DAY", callback=day, help="First day without it  [default: with the contract]")
@click.option("--reference", default="", help="Of the letter that asks; of one request alone.")
@click.option("--beside", is_flag=True, help="The institution holds some of it in that time, and both are meant.")
@signed
@as_person
@click.pass_context
def add(context: click.Context, /, who: str, over: str | None, why: str, **options: Any) -> None:
    """Enter a request. What is asked for is reserved until somebody else approves or refuses it.

    \b
    Examples:
      noc iru request add --institution school-mzumbe --in 2M --out 2M --pool cables \\
          --from 2027-01-01 --reference MS/2026/14
      noc iru request add --institution university-udom --in 10M --out 5M \\
          --contract seacom-iru:2 --contract eassy-iru:1 --reference UDOM/7
    """
    from inventory.accounts.acts import Ask, pool_of
    from inventory.accounts.importing import shares_of
    from inventory.accounts.request import Term
    from inventory.calendar import day_of

    reference = one_line(options["reference"], "--reference (of the letter)")
    named, pool, signature = options["named"], options["pool"], _signature(over, why)
    if bool(named) == bool(pool):
        raise Refused("of what? --contract KEY, several times if it is several, or --pool WORD")
    start = options["start"] or day_of(time.time())
    term = Term(start, options["end"], options["in_bps"], options["out_bps"])
    with acts(context, who, signature) as act:
        shares = pool_of(act.inventory.contracts, pool) if pool else shares_of(named)
        ask = Ask(reference, options["institution"], shares, term, pool or "", options["beside"])
        kept = act.add(ask)
    said(kept, signature)


@request.command("approve")
@click.argument("number", callback=number)
@signed
@as_person
@click.pass_context
def approve(context: click.Context, number: int, over: str | None, why: str, who: str) -> None:
    """Allocate what is reserved. Whoever entered it cannot approve it.

    \b
    Examples:
      noc iru request approve 188
      noc iru request approve R-188 --as h-mfinanga
    """
    signature = _signature(over, why)
    with acts(context, who, signature) as act:
        kept = act.approve(number)
    said(kept, signature)


@request.command("refuse")
@click.argument("number", callback=number)
@click.option("--reason", default="", help="What they are told.")
@as_person
@click.pass_context
def refuse(context: click.Context, number: int, reason: str, who: str) -> None:
    """Refuse what is asked for and not approved; what was approved before stays.

    \b
    Examples:
      noc iru request refuse 188 --reason "no room before SEACOM is raised in July"
    """
    why = one_line(reason, "--reason (why?)")
    with acts(context, who) as act:
        kept = act.refuse(number, why)
    said(kept)


@request.command("withdraw")
@click.argument("number", callback=number)
@click.option("--reason", default="", help="Why they do not want it any more.")
@as_person
@click.pass_context
def withdraw(context: click.Context, number: int, reason: str, who: str) -> None:
    """Take back what is asked for and not approved; what was approved before stays.

    \b
    Examples:
      noc iru request withdraw 188 --reason "entered twice"
    """
    why = one_line(reason, "--reason") if reason else ""
    with acts(context, who) as act:
        kept = act.withdraw(number, why)
    said(kept)


@request.command("change")
@click.argument("number", callback=number)
@click.option("--in", "in_bps", metavar="RATE", callback=rate, help="New rate towards them.")
@click.option("--out", "out_bps", metavar="RATE", callback=rate, help="New rate from them.")
@click.option("--from", "start", metavar="DAY", callback=day, help="From that day on  [default: today]")
@click.option("--until", "end", metavar="DAY", callback=day, help="New end: first day without it.")
@click.option("--open", "endless", is_flag=True, help="Or no end but the contract's.")
@signed
@as_person
@click.pass_context
def change(context: click.Context, /, number: int, who: str, over: str | None, why: str, **options: Any) -> None:
    """Other rates, or another end, from a day on. Less is given back at once, more waits for an approver.

    \b
    Examples:
      noc iru request change 17 --in 20M --from 2027-01-01
      noc iru request change 17 --until 2027-07-01
    """
    from dashboards.iru_form import first_day
    from inventory.calendar import day_of

    end, endless, signature = options["end"], options["endless"], _signature(over, why)
    if end and endless:
        raise Refused("--until DAY, or --open: not both")
    if not (end or endless or options["in_bps"] or options["out_bps"]):
        raise Refused("what changes? --in, --out, --until or --open")
    rates = {"in_bps": options["in_bps"], "out_bps": options["out_bps"]}
    with acts(context, who, signature) as act:
        start = options["start"] or first_day(act.book, number, day_of(time.time()))
        kept = act.change(number, start, until=None if endless else end or "kept", **rates)
    said(kept, signature)


@request.command("end")
@click.argument("number", callback=number)
@click.option("--from", "start", metavar="DAY", callback=day, help="First day without it  [default: tomorrow]")
@click.option("--reason", default="", help="Why it ends.")
@as_person
@click.pass_context
def end(context: click.Context, number: int, start: date | None, reason: str, who: str) -> None:
    """Give back from a day on what is allocated.

    \b
    Examples:
      noc iru request end 17 --from 2027-01-01 --reason "moved to its own line"
    """
    from inventory.calendar import DAY_S, day_of

    why = one_line(reason, "--reason") if reason else ""
    with acts(context, who) as act:
        kept = act.end(number, start or day_of(time.time() + DAY_S), why)
    said(kept)


for command in (list_, show, import_):
    request.add_command(command)
