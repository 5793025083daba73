"""Making, listing and ending windows: what `noc silence` and `noc maintenance` have in common."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, acts_refusing, configured, looking

if TYPE_CHECKING:
    from alerts.window import Window, WindowKind
    from noc.config import Config

WIDTH = 80


def add_window(context: click.Context, window: "Window", *, anyway: bool) -> None:
    """Keep it, and say what it is over and until when; Refused when that is nothing, or no time."""
    from alerts.desk import planned
    from alerts.windows import Windows
    from dashboards.windows import announced, window_row

    now = time.time()
    with acts_refusing(until="--until", repeat="--repeat"):
        planned.look_over(window, now)
        config, inventory = configured(context)
        row = window_row(planned.covered(Windows(inventory), window), window, now)
    if not row.places and not anyway:
        raise Refused(f"{window.selector}: {planned.nothing(window, inventory)}; --anyway if it soon will")
    with acting(config) as books:
        kept = planned.keep(books, window, now)
    click.echo(announced(replace(row, window=kept), now))


def list_windows(context: click.Context, kind: "WindowKind", *, everything: bool, machine: bool) -> None:
    """Those that run or will; with `everything` also those that are over."""
    from dashboards.figures import iso
    from dashboards.windows import as_json, window_lines, window_rows

    now = time.time()
    config, inventory = configured(context)
    rows = window_rows([window for window in _kept(config) if window.kind == kind], inventory, now)
    shown = [row for row in rows if everything or row.state != "expired"]
    if machine:
        key = "silences" if kind == "silence" else "windows"
        click.echo(json.dumps({"at": iso(now), key: list(map(as_json, shown))}, indent=1, ensure_ascii=False))
    elif shown:
        click.echo("\n".join(window_lines(shown, now, room())))
    else:
        over = len(rows) - len(shown)
        click.echo(f"no {kind}" + (f"; {over} over, --all shows them" if over else ""))


def _kept(config: "Config") -> Sequence["Window"]:
    with looking(config) as books:
        return books.windows() if books else ()


def room() -> int:
    """Columns of the terminal, 80 elsewhere."""
    import shutil
    import sys

    return max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if sys.stdout.isatty() else WIDTH


def end_window(context: click.Context, kind: "WindowKind", number: int, who: str) -> None:
    """It covers nothing from now on; what is still bad is told then."""
    from alerts.desk import planned

    config, _ = configured(context)
    with acts_refusing(), acting(config) as books:
        ending = planned.end(books, kind, number, who, time.time())
    click.echo(f"{kind} {number} is over" + ("; what is still bad is told now" if ending.begun else " before it began"))
