"""`noc circuit status`: every circuit, how it stands and what it carries; with the month's p95, round trip, loss, faults."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dashboards.circuits_chosen import LABELS, Carrying, carrying
from dashboards.status import StatusView, view
from dashboards.status_told import wrong
from inventory.selector import SelectorError, parse_selector
from inventory.status import DaemonMark
from noc.cli.data import Refused, metrics_path
from noc.store.file import StoreError
from noc.store.status import read_mark, read_status

if TYPE_CHECKING:
    from inventory.calendar import Month
    from noc.cli.circuit_figures import Asked

WIDTH = 80


@click.group()
def circuit() -> None:
    """Circuits: what providers deliver, and how it stands.

    \b
    Examples:
      noc circuit status provider=seacom
    """


def _month(context: click.Context, parameter: click.Parameter, value: str | None) -> "Month | None":
    if value is None:
        return None
    from noc.cli.iru_status import month_option

    return month_option(context, parameter, value)


@circuit.command("status")
@click.argument("selector", nargs=-1)
@click.option("--now", "light", is_flag=True, help="Only how they stand: without the figures of the month, at once.")
@click.option("--month", metavar="YYYY-MM", callback=_month, help="Figures of that month  [default: this one, so far]")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.option("--check", is_flag=True, help="Exit with 1 when a circuit asked about is not up, or not known to be.")
@click.option("--limit", type=click.IntRange(min=0), default=0, help="Rows at most; 0 shows all.")
@click.pass_context
def status(context: click.Context, /, selector: tuple[str, ...], **options: Any) -> None:
    """How circuits stand, worst first: state, in, out, use; p95, round trip, loss and faults of the month.

    SELECTOR: label=value, label!=value, label~part, or a part of a key or name; several must all match.
    Labels: key, state, provider, link, kind (of the link), region, regions, site, name, name_sw, a, b.

    \b
    Examples:
      noc circuit status provider=seacom
      noc circuit status kind=upstream --month 2026-10
      noc circuit status --now --check
    """
    path = metrics_path(context)
    asked, mark, seen = _asked(path, selector)
    light, limit = options["light"], options["limit"]
    if light and options["month"]:
        raise Refused("--now shows no figures of a month: leave one of both away")
    shown = asked[:limit] if limit else asked
    heading = " · ".join([f"{len(asked)} circuit{'' if len(asked) == 1 else 's'}", *filter(None, seen.heading[1:])])
    if light:
        _print_light(shown, seen, heading, machine=options["machine"])
    else:
        from noc.cli.circuit_figures import Asked

        _print(shown, Asked(path, mark, options["month"], heading, seen.age), machine=options["machine"])
    if selector and not asked:
        click.echo(f"{' '.join(selector)}: no circuit is meant by that", err=True)
    if options["check"] and (not asked or any(wrong(seen, row) for one in asked for row in one.rows)):
        context.exit(1)


def _asked(path: Path, words: Sequence[str]) -> tuple[list[Carrying], DaemonMark | None, StatusView]:
    """The circuits that are meant, worst first; warnings go to the people at once."""
    try:
        meant = parse_selector(words, {"state", *LABELS})
    except SelectorError as error:
        raise Refused(str(error)) from error
    try:
        mark, rows = read_mark(path), read_status(path, "link")
    except StoreError as error:
        raise Refused(str(error)) from error
    seen = view("link", rows, mark, time.time())
    for warning in seen.warnings:
        click.echo(warning, err=True)
    return carrying(seen.rows, meant), mark, seen


def _print_light(shown: Sequence[Carrying], seen: StatusView, heading: str, *, machine: bool) -> None:
    """From the snapshot alone: nothing but click, sqlite3 and text."""
    from dashboards.circuits import circuit_lines, circuits_told

    pairs = [(one.key, one.worst) for one in shown]
    if machine:
        import json

        click.echo(json.dumps(circuits_told(pairs, seen), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(circuit_lines(pairs, seen, heading, _room())))


def _print(shown: Sequence[Carrying], asked: "Asked", *, machine: bool) -> None:
    from noc.cli.circuit_figures import figures_lines, figures_told

    circuits = [(one.key, one.rows) for one in shown]
    if machine:
        import json

        click.echo(json.dumps(figures_told(circuits, asked), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(figures_lines(circuits, asked, _room())))


def _room() -> int:
    import shutil
    import sys

    return max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if sys.stdout.isatty() else WIDTH
