"""Circuits as CSV: one line each, rates in bit/s, ratios as ratios, times in UTC; text that no spreadsheet runs."""

from collections.abc import Iterable, Sequence
from typing import Final

from dashboards.figures import iso
from dashboards.lines.circuit import CircuitRow, title_of
from dashboards.spreadsheet import guarded, written
from inventory.allocation import DIRECTIONS

HEADS: Final = (
    *("circuit", "name", "reference", "provider", "kind", "state", "stale", "since_utc", "in_bps", "out_bps"),
    *("in_agreed_bps", "out_agreed_bps", "in_p95_month_bps", "out_p95_month_bps", "rtt_ms", "loss_ratio"),
    *("available_ratio", "down_s", "faults", "links"),
)


def sheet(rows: Iterable[CircuitRow], language: str) -> str:
    return written([HEADS, *([_cell(value) for value in _line(row, language)] for row in rows)])


def _line(row: CircuitRow, language: str) -> Sequence[object]:
    one, month = row.circuit, row.standing
    since = iso(row.since) if row.since is not None else None
    head = [one.key, title_of(one, row.links, language), one.reference, one.provider, one.kind, row.state]
    figures: list[object] = [None] * 7
    if month is not None:
        percentiles = [month.uses[way].p95.bps for way in DIRECTIONS]
        course, well = month.course, month.quality
        figures = [*percentiles, well.rtt_ms, well.loss, course.available, course.down_s, course.faults]
    links = " ".join(link.key for link in row.links)
    return [*head, int(row.stale), since, *row.rates, *row.agreed, *figures, links]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
    return guarded(str(value)) if isinstance(value, str) else str(value)
