"""What people do with incidents, as commands: several at once, all of them or none, and every reason why not."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, as_person, configured, looking

if TYPE_CHECKING:
    from alerts.incident import Incident
    from inventory.model import Inventory
    from noc.ledger.books import SqlBooks

Command = TypeVar("Command", bound=Callable[..., Any])
Act = Callable[["SqlBooks", int, str, float], "Incident"]
HIGHEST = 2**31 - 1


def _numbers(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[int, ...]:
    """`4821`, `#4821`, `4821,4822`; each once, every mistake named."""
    words = [word for each in value for word in each.replace(",", " ").split()]
    bare = [word.removeprefix("#") for word in words]
    wrong = [
        word
        for word, number in zip(words, bare, strict=True)
        if not (number.isascii() and number.isdigit() and 0 < int(number[:12]) <= HIGHEST)
    ]
    if wrong:
        raise click.BadParameter(f"{', '.join(map(repr, wrong))}: an incident has a number, as 4821")
    return tuple(dict.fromkeys(map(int, bare)))


def numbers_option(command: Command) -> Command:
    return click.argument("numbers", nargs=-1, required=True, metavar="NUMBER...", callback=_numbers)(command)


def unknown(numbers: Sequence[int]) -> str:
    said = ", ".join(map(str, numbers))
    return f"there is no incident {said}" if len(numbers) == 1 else f"there are no incidents {said}"


def _person(inventory: "Inventory", who: str) -> str:
    """The contact whose key this is, however it is written; else the login itself."""
    return {key.casefold(): key for key in inventory.contacts}.get(who.casefold(), who)


def _contact(inventory: "Inventory", name: str) -> str:
    from inventory.mistakes import did_you_mean

    found = _person(inventory, name.strip())
    if found not in inventory.contacts:
        hint = did_you_mean(name, inventory.contacts)
        raise Refused(f"--to: {name!r} is no contact of the inventory" + (f" ({hint})" if hint else ""))
    return found


def _carry_out(context: click.Context, numbers: Sequence[int], who: str, act: Act) -> None:
    """In one transaction: all, or none and every reason."""
    from alerts.desk.acts import ActRefused

    config, inventory = configured(context)
    who = _person(inventory, who)
    with looking(config) as books:
        if books is None:
            raise Refused("there are no incidents yet: no daemon has run here")
    done, refused, now = [], [], time.time()
    with acting(config) as books:
        for number in numbers:
            try:
                done.append(act(books, number, who, now) if books.incident(number) else _missing(number))
            except ActRefused as error:
                refused.append(str(error))
        if refused:
            spared = "; nothing was done" if len(numbers) > 1 else ""
            raise Refused("\n".join(refused) + spared)
    _said(done, inventory, now)


def _missing(number: int) -> "Incident":
    from alerts.desk.acts import ActRefused

    raise ActRefused(unknown([number]))


def _said(done: "Sequence[Incident]", inventory: "Inventory", now: float) -> None:
    from alerts.words.names import Names
    from dashboards.incidents import IncidentsView, having, row

    view = IncidentsView(Names(inventory), now)
    for one in done:
        state = one.state if one.state in ("resolved", "closed") else having(one, view)
        click.echo(f"incident {one.number} ({one.severity}, {row(one, view).what}): {state}")


@click.command("ack")
@numbers_option
@as_person
@click.pass_context
def ack(context: click.Context, /, numbers: tuple[int, ...], who: str) -> None:
    """Take incidents: escalation and repeats end, messages not yet sent are cancelled.

    \b
    Examples:
      noc incident ack 4821
      noc incident ack 4821 4822 --as asha
    """
    from alerts.desk.acts import acknowledge

    _carry_out(context, numbers, who, acknowledge)


@click.command("assign")
@numbers_option
@click.option("--to", "owner", required=True, metavar="CONTACT", help="Who works on it from now on.")
@as_person
@click.pass_context
def assign(context: click.Context, /, numbers: tuple[int, ...], owner: str, who: str) -> None:
    """Give incidents to somebody; it counts as acknowledged.

    \b
    Examples:
      noc incident assign 4821 --to juma
    """
    from alerts.desk.acts import assign as give

    owner = _contact(configured(context)[1], owner)
    _carry_out(context, numbers, who, lambda books, number, who, now: give(books, number, who, owner, now))


@click.command("note")
@numbers_option
@click.option("-m", "--text", required=True, metavar="TEXT", help="What is to be remembered.")
@as_person
@click.pass_context
def note(context: click.Context, /, numbers: tuple[int, ...], text: str, who: str) -> None:
    """Write a line into the timeline; no message is sent.

    \b
    Examples:
      noc incident note 4821 -m "TTCL sends a crew from Iringa, two hours"
    """
    from alerts.desk.acts import note as write

    _carry_out(context, numbers, who, lambda books, number, who, now: write(books, number, who, text, now))


@click.command("wait")
@numbers_option
@click.option("--ticket", required=True, metavar="TICKET", help="Number of the provider's ticket.")
@click.option("--check", "check", required=True, metavar="TIME", help='When to look again: "in 2h", 14:00, ISO-8601.')
@as_person
@click.pass_context
def wait(context: click.Context, /, numbers: tuple[int, ...], ticket: str, check: str, who: str) -> None:
    """The provider has it: wait, and look again at a given time.

    \b
    Examples:
      noc incident wait 4821 --ticket TTCL-77812 --check "in 2h"
      noc incident wait 4821 --ticket TTCL-77812 --check 14:00
    """
    from alerts.desk.acts import wait as await_provider
    from noc.cli.moments import moment

    at = moment(check, time.time())

    def act(books: "SqlBooks", number: int, who: str, now: float) -> "Incident":
        return await_provider(books, number, who, now, ticket=ticket, next_check_at=at)

    _carry_out(context, numbers, who, act)


@click.command("resolve")
@numbers_option
@click.option("-m", "--text", default="", metavar="TEXT", help="What made it well.")
@as_person
@click.pass_context
def resolve(context: click.Context, /, numbers: tuple[int, ...], text: str, who: str) -> None:
    """Say that it is over; refused while it still fires, recovery resolves by itself.

    \b
    Examples:
      noc incident resolve 4821 -m "fibre spliced"
    """
    from alerts.desk.acts import resolve as end

    _carry_out(context, numbers, who, lambda books, number, who, now: end(books, number, who, now, text=text))


@click.command("close")
@numbers_option
@click.option("--cause", default="", metavar="TEXT", help="What it was; needed for critical and major ones.")
@as_person
@click.pass_context
def close(context: click.Context, /, numbers: tuple[int, ...], cause: str, who: str) -> None:
    """End resolved incidents, with their cause; a closed one never opens again.

    \b
    Examples:
      noc incident close 4821 --cause "fibre cut by road works near Chalinze, spliced by TTCL"
    """
    from alerts.desk.acts import ActRefused
    from alerts.desk.acts import close as end

    def act(books: "SqlBooks", number: int, who: str, now: float) -> "Incident":
        one = books.incident(number)
        if one is not None and one.worst.pages and one.state == "resolved" and not cause.strip():
            raise ActRefused(f"incident {number} was {one.worst}: say what it was with --cause")
        return end(books, number, who, now, cause=cause or "cause not given")

    _carry_out(context, numbers, who, act)


ACTS = (ack, assign, note, wait, resolve, close)
