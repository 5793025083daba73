"""`noc maintenance`: planned work on a site, link, device, circuit, at a provider or in a region, once or again and again."""

import re
import time
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import acts_refusing, as_person, configured, one_line
from noc.cli.moments import moment
from noc.cli.silence import end_of
from noc.cli.window_acts import add_window, end_window, list_windows

if TYPE_CHECKING:
    from inventory.model import Inventory

TARGETS = ("site", "link", "device", "circuit", "provider", "region")
DAY_S = 86_400
SMALLEST_S = 60  # clocks are said to the minute


@click.group()
def maintenance() -> None:
    """Maintenance windows: planned work, of which nobody is told and no availability is charged.

    \b
    Examples:
      noc maintenance add --device dod-pe-1 --from 22:00 --to "in 4h" --reason "upgrade"
      noc maintenance list
    """


@maintenance.command("add")
@click.option("--site", metavar="KEY", help="Over a site: its devices, and the links that serve no other.")
@click.option("--link", metavar="KEY", help="Over a link and the circuit it carries.")
@click.option("--device", metavar="KEY", help="Over a device: its interfaces, and the links that end on it.")
@click.option("--circuit", metavar="KEY", help="Over a circuit and its link.")
@click.option("--provider", metavar="KEY", help="Over all circuits and links of a provider.")
@click.option("--region", metavar="NAME", help="Over all sites of a region.")
@click.option("--from", "begins", metavar="TIME", help='When it begins: 22:00, "sun 02:00"  [default: now]')
@click.option("--to", "ends", metavar="TIME", help="When it ends, counted from the beginning: 02:00, 4h.")
@click.option("--for", "length", metavar="LENGTH", help="Or how long: 90m, 4h.")
@click.option("--repeat", metavar="RRULE", default="", help='Again and again: "FREQ=WEEKLY;BYDAY=SU" (RFC 5545).')
@click.option("--until", metavar="TIME", help="With --repeat, and needed there: its last day, 2026-12-31.")
@click.option("--reason", default="", help="What is done, by whom.")
@as_person
@click.pass_context
def add(context: click.Context, /, reason: str, who: str, **options: Any) -> None:
    """Plan work. What fails inside is on the screens and told to nobody; what is still bad at its end is told then.

    \b
    Examples:
      noc maintenance add --device dod-pe-1 --from 22:00 --to 02:00 --reason "new line card"
      noc maintenance add --provider ttcl --from "sun 01:00" --to 05:00 --reason "TTCL CHG-1182"
      noc maintenance add --site gdc-dar --from "sun 02:00" --to 04:00 \\
          --repeat "FREQ=WEEKLY;BYDAY=SU" --until 2026-12-31 --reason "generator test"
    """
    import shlex

    from alerts.window import Window

    target, key = _target(options, configured(context)[1])
    now = time.time()
    from_at = moment(options["begins"], now) // SMALLEST_S * SMALLEST_S if options["begins"] else now
    to_at = end_of(options["length"], options["ends"], from_at)
    window = Window(
        0,
        "maintenance",
        shlex.quote(f"key={key}"),
        who,
        one_line(reason, "--reason (what is done?)"),
        from_at,
        to_at,
        target=target,
        repeat=_repeat(options["repeat"]),
        until_at=_until(options["repeat"], options["until"], now),
    )
    add_window(context, window, anyway=False)


def _target(options: dict[str, Any], inventory: "Inventory") -> tuple[str, str]:
    from alerts.desk import planned

    said = [(target, options[target]) for target in TARGETS if options[target]]
    if len(said) != 1:
        raise Refused(f"work on what? say one of {', '.join(f'--{target}' for target in TARGETS)}")
    target, key = said[0]
    with acts_refusing(target=f"--{target}"):
        return target, planned.work_on(inventory, target, key)


def _repeat(rule: str) -> str:
    from alerts.desk import planned

    with acts_refusing(repeat="--repeat"):
        return planned.repetition(rule)


def _until(repeat: str, until: str | None, now: float) -> float | None:
    """The end of the series; a bare day counts to its end."""
    if not repeat:
        if until:
            raise Refused("--until is the last day of --repeat; work that is done once ends at --to")
        return None
    if not until:
        raise Refused("--repeat needs a last day: --until 2026-12-31; nothing is repeated for ever")
    bare = re.fullmatch(r"\d{4}-\d{2}-\d{2}", until.strip())
    return moment(until, now) + (DAY_S if bare else 0)


@maintenance.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that are over.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def list_(context: click.Context, everything: bool, machine: bool) -> None:
    """Work that goes on or is planned, when next, why and by whom.

    \b
    Examples:
      noc maintenance list
      noc maintenance list --all --json
    """
    list_windows(context, "maintenance", everything=everything, machine=machine)


@maintenance.command("end")
@click.argument("number", type=click.IntRange(min=1))
@as_person
@click.pass_context
def end(context: click.Context, number: int, who: str) -> None:
    """End a window now, or call off one that has not begun; what is still bad is told.

    \b
    Examples:
      noc maintenance end 7
    """
    end_window(context, "maintenance", number, who)
