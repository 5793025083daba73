"""Circuits as the snapshot has them, without the figures of a month: quick, with the standard library alone."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards.figures import iso, mbps, percent
from dashboards.layout import NOTHING, Column, Line, plain_table
from dashboards.status import StatusView, note, use
from dashboards.terminal import GLYPHS
from inventory.status import StatusRow

Carried = Sequence[tuple[str, StatusRow]]  # circuit, and the row of the link that carries it (the worst of them)
_COLUMNS: Final = (
    Column("state"),
    Column("circuit", flexible=True),
    Column("provider", flexible=True),
    *(Column(word, right=True) for word in ("in", "out", "use")),
)


def circuit_lines(circuits: Carried, seen: StatusView, heading: str, room: int) -> Sequence[str]:
    lines = [_line(key, row, seen) for key, row in circuits]
    return [heading, "rates in Mb/s; use: of the contracted rate, the worse way", *plain_table(_COLUMNS, lines, room)]


def _line(key: str, row: StatusRow, seen: StatusView) -> Line:
    stale, measured = seen.age.stale(row), seen.age.measured(row)
    word = (seen.words.was if stale else seen.words.states)[row.state]
    glyph = GLYPHS["unknown" if stale and row.state == "up" else row.state]
    rates = [_bps(row, way) if measured else None for way in ("in", "out")]
    known = measured and ("in_ratio" in row.figures or "out_ratio" in row.figures)
    cells = (f"{glyph} {word}", key, str(row.labels.get("provider", "")), *map(mbps, rates))
    return Line(row.state, (*cells, percent(use(row)) if known else NOTHING), note(row, seen.words), stale)


def _bps(row: StatusRow, way: str) -> float | None:
    value = row.figures.get(f"{way}_bps")
    return float(value) if value is not None else None


def circuits_told(circuits: Carried, seen: StatusView) -> Mapping[str, Any]:
    """For machines: stable keys, UTC times."""
    return {
        "at": iso(seen.age.now),
        "warnings": list(seen.warnings),
        "circuits": [_told(*one, seen) for one in circuits],
    }


def _told(key: str, row: StatusRow, seen: StatusView) -> Mapping[str, Any]:
    return {
        "key": key,
        "provider": row.labels.get("provider", ""),
        "link": row.key,
        "state": row.state,
        "stale": seen.age.stale(row),
        "since": iso(row.since) if row.since is not None else None,
        "reason": row.reason,
        "flags": list(row.flags),
        "in_bps": _bps(row, "in"),
        "out_bps": _bps(row, "out"),
        "ratio": use(row) if "in_ratio" in row.figures or "out_ratio" in row.figures else None,
        "measured": seen.age.measured(row),
    }
