"""A report as flat CSV (RFC 4180): a line a row of figures, the same columns every month, and its SHA-256 in the last lines.

What a spreadsheet would take for a formula is led by an apostrophe; it stays text, and is read back as it was.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboards.reports.canonical import DECIMALS
from dashboards.reports.columns import CSV
from dashboards.reports.document import Report

HEAD: Final = ("report", "month", "for_institution", "until", "closed", "known")
_FORMULA: Final = re.compile(
    r"^[=+\-@'\uff1d\uff0b\uff0d\uff20]"
)  # the last four: full-width, which some take for the same
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


def sheet(content: Mapping[str, Any]) -> str:
    report: Report = content["report"]
    fields = CSV[report]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*HEAD, *fields])
    head = _head(content)
    for row in content["figures"]:
        writer.writerow([*head, *(cell(row.get(field)) for field in fields)])
    for name in ("inputs", "result"):
        writer.writerow([*head, *_padded((f"sha256-{name}", content["sha256"][name]), len(fields))])
    return out.getvalue()


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
    text = _BREAKS.sub(" ", str(value))
    return f"'{text}" if _FORMULA.match(text) else text
