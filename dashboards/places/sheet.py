"""Lists of places as CSV that spreadsheets take: one row a line, units in the headings, no cell that is a formula."""

from collections.abc import Iterable, Mapping
from typing import Final

from dashboards.figures import iso
from dashboards.spreadsheet import guarded, written
from inventory.status import Kind, StatusRow

LABELS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "link": ("name", "region", "kind", "provider", "circuit", "a", "b", "in_committed_bps", "out_committed_bps"),
    "site": ("name", "name_sw", "region", "kind", "institutions", "devices"),
    "device": ("name", "site", "region", "kind", "role", "address"),
}
FIGURES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "link": ("in_bps", "out_bps", "in_ratio", "out_ratio", "errors_ps", "discards_ps", "cause"),
    "site": ("devices_up", "links_up", "links", "cause"),
    "device": ("rtt_ms", "loss_ratio", "uptime_s", "cause"),
}


def sheet(kind: Kind, rows: Iterable[StatusRow]) -> str:
    """The first line names the columns; times are UTC, ISO 8601; what is not known is empty."""
    head = ["key", "state", "reason", "flags", "since", "at", *LABELS[kind], *FIGURES[kind]]
    return written([head, *([*_cells(kind, row)] for row in rows)])


def _cells(kind: Kind, row: StatusRow) -> Iterable[str]:
    yield from (guarded(row.key), row.state, row.reason, " ".join(row.flags))
    yield from ("" if at is None else iso(at) for at in (row.since, row.at))
    yield from (_text(row.labels.get(name, "")) for name in LABELS[kind])
    yield from (_text(row.figures.get(name, "")) for name in FIGURES[kind])


def _text(value: object) -> str:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.10g}"
    return guarded(value) if isinstance(value, str) else str(value)
