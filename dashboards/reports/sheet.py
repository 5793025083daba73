"""A report as flat CSV (RFC 4180): a line a row of figures, the same columns every month, and its SHA-256 in the last lines.

What a spreadsheet would take for a formula is led by an apostrophe; it stays text, and is read back as it was.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboards.reports.canonical import DECIMALS
from dashboards.reports.columns import CSV
from dashboards.reports.document import Report
from dashboards.spreadsheet import guarded, written

HEAD: Final = ("report", "month", "for_institution", "until", "closed", "known")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


def sheet(content: Mapping[str, Any]) -> str:
    report: Report = content["report"]
    fields = CSV[report]
    head, sums = _head(content), content["sha256"]
    figures = ([*head, *(cell(row.get(field)) for field in fields)] for row in content["figures"])
    ends = ([*head, *_padded((f"sha256-{name}", sums[name]), len(fields))] for name in ("inputs", "result"))
    return written([[*HEAD, *fields], *figures, *ends])


def _head(content: Mapping[str, Any]) -> list[str]:
    period = content["period"]
    known = content["inputs"].get("ledger", {}).get("known")
    words = (content["report"], content["month"], content["institution"], period["until"], period["closed"], known)
    return [cell(word) for word in words]


def _padded(words: tuple[str, ...], width: int) -> Iterator[str]:
    yield from words
    yield from [""] * (width - len(words))


def cell(value: Any) -> str:
    """Numbers as they are, with six decimals where they are no whole ones; texts on one line and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.{DECIMALS}f}"
    if isinstance(value, int):
        return str(value)
    return guarded(_BREAKS.sub(" ", str(value)))
