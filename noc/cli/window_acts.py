"""Making, listing and ending windows: what `noc silence` and `noc maintenance` have in common."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from noc.cli.data import Refused
from noc.cli.desk import acting, configured, looking

if TYPE_CHECKING:
    from alerts.window import Window, WindowKind
    from alerts.windows import Windows
    from dashboards.windows import WindowRow
    from inventory.model import Inventory
    from noc.config import Config

LONGEST_S = 31 * 86_400
WIDTH = 80


def add_window(context: click.Context, window: "Window", *, anyway: bool) -> None:
    """Keep it, and say what it is over and until when; Refused when that is nothing, or no time."""
    from dashboards.windows import announced

    now = time.time()
    _refuse_time(window, now)
    config, inventory = configured(context)
    row = _row(_windows(inventory), window, now)
    if not row.places and not anyway:
        raise Refused(
            f"{window.selector}: that matches nothing now{_near(window, inventory)}; --anyway if it soon will"
        )
    with acting(config) as books:
        kept = books.add_window(replace(window, created_at=now))
        books.audit(now, kept.author, f"{kept.kind} add", asdict(kept))
    click.echo(announced(replace(row, window=kept), now))


def _near(window: "Window", inventory: "Inventory") -> str:
    from inventory.mistakes import did_you_mean

    word = window.selector.removeprefix("key=")
    hint = did_you_mean(word, [*inventory.sites, *inventory.devices, *inventory.links, *inventory.circuits])
    return f" ({hint})" if hint else ""


def _windows(inventory: "Inventory") -> "Windows":
    from alerts.windows import Windows

    return Windows(inventory)


def _refuse_time(window: "Window", now: float) -> None:
    if window.to_at <= window.from_at:
        raise Refused("it would end before it begins")
    if window.to_at <= now and not window.repeat:
        raise Refused("it would be over already")
    if window.to_at - window.from_at > LONGEST_S:
        raise Refused("longer than 31 days at a time: nobody remembers such a window; make it shorter, or --repeat")
    if window.repeat:
        _refuse_repeat(window, now)


def _refuse_repeat(window: "Window", now: float) -> None:
    from alerts.recurrence import LONGEST_SERIES_S, Recurrence, RepeatError

    assert window.until_at is not None
    if not now < window.until_at <= window.from_at + LONGEST_SERIES_S:
        raise Refused("--until: a day ahead, within five years")
    try:
        series = Recurrence(window.repeat, window.from_at, window.until_at)
    except RepeatError as error:
        raise Refused(f"--repeat: {error}") from error
    second = series.next_begins(window.from_at)
    if second is not None and second < window.to_at:
        raise Refused("it would run into its own next time: end it sooner, or repeat it less often")


def _row(windows: "Windows", window: "Window", now: float) -> "WindowRow":
    from alerts.windows import expires_soon, occurrence, state
    from dashboards.windows import WindowRow
    from inventory.selector import SelectorError

    try:
        places = tuple(windows.matched(window.selector, window.target))
    except SelectorError as error:
        if not window.number:
            raise Refused(str(error)) from error
        places = ()  # kept by another version, shown as it is
    return WindowRow(window, state(window, now), occurrence(window, now), expires_soon(window, now), places)


def list_windows(context: click.Context, kind: "WindowKind", *, everything: bool, machine: bool) -> None:
    """Those that run or will; with `everything` also those that are over."""
    from dashboards.figures import iso
    from dashboards.windows import as_json, window_lines

    now = time.time()
    config, inventory = configured(context)
    windows = _windows(inventory)
    rows = [_row(windows, window, now) for window in _kept(config) if window.kind == kind]
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
    from alerts.windows import state

    now = time.time()
    config, _ = configured(context)
    with acting(config) as books:
        window = next((each for each in books.windows() if each.number == number and each.kind == kind), None)
        if window is None:
            raise Refused(f"there is no {kind} {number}; 'noc {kind} list' shows them")
        was = state(window, now)
        if was == "expired":
            raise Refused(
                f"{kind} {number} is over already" + (f": {window.ended_by} ended it" * bool(window.ended_by))
            )
        books.put_window(_over(replace(window, ended_by=who), now))
        books.audit(now, who, f"{kind} end", {"number": number})
    click.echo(
        f"{kind} {number} is over" + (" before it began" if was == "pending" else "; what is still bad is told now")
    )


def _over(window: "Window", now: float) -> "Window":
    if window.repeat:
        return replace(window, until_at=now)
    return replace(window, to_at=max(window.from_at, min(now, window.to_at)))
