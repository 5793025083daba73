"""`noc silence`: nobody is told of what a selector matches, for a while, for a reason."""

import time
from typing import Any

import click

from noc.cli.data import Refused
from noc.cli.desk import as_person, one_line
from noc.cli.moments import duration, moment
from noc.cli.window_acts import add_window, end_window, list_windows


@click.group()
def silence() -> None:
    """Silences: alarms that nobody is told of for a while. They are on the screens all the same.

    \b
    Examples:
      noc silence add lga-chamwino --for 2h --reason "power works until noon"
      noc silence list
    """


@silence.command("add")
@click.argument("selector", nargs=-1)
@click.option("--for", "length", metavar="LENGTH", help="How long: 30m, 2h, 3d.")
@click.option("--until", metavar="TIME", help='Or until when: 06:00, "sun 02:00", "2026-11-22 14:00" (local time).')
@click.option("--from", "begins", metavar="TIME", help="From when on  [default: now]")
@click.option("--reason", default="", help="Why, for whoever wonders.")
@click.option("--anyway", is_flag=True, help="Although the selector matches nothing now.")
@as_person
@click.pass_context
def add(context: click.Context, /, selector: tuple[str, ...], reason: str, who: str, **options: Any) -> None:
    """Tell nobody of what SELECTOR matches. When it ends, what is still bad is told then.

    SELECTOR: label=value, label!=value, label~part, or a part of a key or name; all must hold. Labels: key, name,
    name_sw, subject (device, link, site ...), site, region, kind, role, institution, device, link, circuit, provider,
    address.

    \b
    Examples:
      noc silence add lga-chamwino --for 2h --reason "power works until noon"
      noc silence add region=Dodoma kind=lga --until 06:00 --reason "generator test"
      noc silence add key=dod-pe-1 --from 22:00 --for 4h --reason "upgrade"
    """
    import shlex

    from alerts.window import Window

    if not selector:
        raise Refused("silence what? say a selector: a key, region=Dodoma, provider=ttcl")
    now = time.time()
    from_at = moment(options["begins"], now) if options["begins"] else now
    to_at = end_of(options["length"], options["until"], from_at)
    words = shlex.join(selector)
    window = Window(0, "silence", words, who, one_line(reason, "--reason (why?)"), from_at, to_at)
    add_window(context, window, anyway=options["anyway"])


def end_of(length: str | None, until: str | None, from_at: float) -> float:
    """The end that must be said, one way or the other."""
    if (length is None) == (until is None):
        raise Refused("one end is needed, and one only: how long (--for 2h), or when it ends")
    return from_at + duration(length) if length is not None else moment(str(until), from_at)


@silence.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def list_(context: click.Context, everything: bool, machine: bool) -> None:
    """What is silent now or will be, until when, why and by whom.

    \b
    Examples:
      noc silence list
      noc silence list --all --json
    """
    list_windows(context, "silence", everything=everything, machine=machine)


@silence.command("end")
@click.argument("number", type=click.IntRange(min=1))
@as_person
@click.pass_context
def end(context: click.Context, number: int, who: str) -> None:
    """End a silence now; what is still bad is told.

    \b
    Examples:
      noc silence end 12
    """
    end_window(context, "silence", number, who)
