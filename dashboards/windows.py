"""Silences and maintenance windows as people see them: what runs, what comes, over what, why and by whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.window import Window
from alerts.windows import Windows, expires_soon, occurrence, state
from dashboards.figures import ZONE, clock, duration, iso
from dashboards.layout import Column, Line, plain_table
from dashboards.text import one_line
from inventory.model import Inventory
from inventory.selector import SelectorError

ORDER = ("active", "pending", "expired")
COLUMNS = (
    Column("no", right=True),
    Column("state"),
    Column("from"),
    Column("to"),
    Column("over", flexible=True),
    Column("reason", flexible=True),
    Column("by", flexible=True),
)


@dataclass(frozen=True, slots=True)
class WindowRow:
    """`span`: the time that runs or comes next, UTC seconds, None when it is over; `places`: (kind, key) it is over."""

    window: Window
    state: str
    span: tuple[float, float] | None
    soon: bool  # it ends within half an hour
    places: tuple[tuple[str, str], ...] = ()


def window_row(places: Iterable[tuple[str, str]], window: Window, now: float) -> WindowRow:
    return WindowRow(window, state(window, now), occurrence(window, now), expires_soon(window, now), tuple(places))


def window_rows(windows: Iterable[Window], inventory: Inventory, now: float) -> list[WindowRow]:
    """In the order given, with what each is over now; one that another version kept is shown as it is."""
    known = Windows(inventory)
    return [window_row(_places(known, window), window, now) for window in windows]


def _places(known: Windows, window: Window) -> list[tuple[str, str]]:
    try:
        return known.matched(window.selector, window.target)
    except SelectorError:
        return []


def window_lines(rows: Iterable[WindowRow], now: float, room: int) -> Sequence[str]:
    """A table of `room` columns: what runs first, then what comes, then what was."""
    ordered = sorted(rows, key=lambda row: (ORDER.index(row.state), (row.span or (row.window.from_at,))[0]))
    lines = [Line(row.state, _cells(row, now), _note(row, now)) for row in ordered]
    return list(plain_table(COLUMNS, lines, room))


def _cells(row: WindowRow, now: float) -> tuple[str, ...]:
    window = row.window
    from_at, to_at = row.span or (window.from_at, window.to_at)
    over = f"{window.target} {window.selector}" if window.target else window.selector
    return (
        str(window.number),
        "ends soon" if row.soon else row.state,
        clock(from_at, now),
        clock(to_at, now),
        one_line(over.replace(" key=", " ")),
        one_line(window.reason),
        one_line(window.author),
    )


def _note(row: WindowRow, now: float) -> str:
    said = []
    if row.window.repeat:
        until = f" until {clock(row.window.until_at, now)}" if row.window.until_at is not None else ""
        said.append(f"again by {row.window.repeat}{until}")
    if row.window.ended_by:
        said.append(f"ended by {one_line(row.window.ended_by)}")
    return "; ".join(said)


def announced(row: WindowRow, now: float) -> str:
    """One sentence on a window just made."""
    window = row.window
    from_at, to_at = row.span or (window.from_at, window.to_at)
    begins = "now" if from_at <= now else clock(from_at, now)
    again = ""
    if window.repeat and window.until_at is not None:
        again = f", again by {window.repeat} until {clock(window.until_at, now)}"
    length = duration(to_at - max(now, from_at))
    return f"{window.kind} {window.number} over {counted(row.places)}: {begins} to {clock(to_at, now)} {ZONE} ({length}){again}"


def counted(places: Iterable[tuple[str, str]]) -> str:
    """1 site, 2 devices; one thing by its name."""
    found = list(places)
    if len(found) == 1:
        return " ".join(found[0])
    counts = Counter(kind for kind, _ in found)
    return ", ".join(f"{number} {kind}{'s' * (number > 1)}" for kind, number in counts.items()) or "nothing yet"


def as_json(row: WindowRow) -> Mapping[str, Any]:
    """Stable keys; times in UTC."""
    window = row.window
    return {
        "number": window.number,
        "kind": window.kind,
        "state": row.state,
        "expires_soon": row.soon,
        "target": window.target or None,
        "selector": window.selector,
        "from": iso(window.from_at),
        "to": iso(window.to_at),
        "repeat": window.repeat or None,
        "until": None if window.until_at is None else iso(window.until_at),
        "next": None if row.span is None else {"from": iso(row.span[0]), "to": iso(row.span[1])},
        "author": window.author,
        "reason": window.reason,
        "created_at": iso(window.created_at),
        "ended_by": window.ended_by or None,
        "covers": [{"kind": kind, "key": key} for kind, key in row.places],
    }
