"""Lists of places as CSV that spreadsheets take: one row a line, units in the headings, no cell that is a formula."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from dashboards.figures import iso
from inventory.status import Kind, StatusRow

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of one
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
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["key", "state", "reason", "flags", "since", "at", *LABELS[kind], *FIGURES[kind]])
    for row in rows:
        writer.writerow([guarded(cell) for cell in _cells(kind, row)])
    return text.getvalue()


def guarded(cell: str) -> str:
    """A cell that a spreadsheet would reckon with has an apostrophe before it; a number is a number."""
    return f"'{cell}" if cell.startswith(FORMULA) and not _number(cell) else cell


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _cells(kind: Kind, row: StatusRow) -> Iterable[str]:
    yield from (row.key, row.state, row.reason, " ".join(row.flags))
    yield from ("" if at is None else iso(at) for at in (row.since, row.at))
    yield from (_text(row.labels.get(name, "")) for name in LABELS[kind])
    yield from (_text(row.figures.get(name, "")) for name in FIGURES[kind])


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return f"{value:.10g}" if isinstance(value, float) else str(value)
