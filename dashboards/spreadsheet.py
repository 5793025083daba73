"""Tables as CSV (RFC 4180) that spreadsheets take: no text of a device or a person in them is reckoned with."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

# The last four are full-width signs, which some spreadsheets take for the same; an apostrophe would be swallowed.
FORMULA: Final = re.compile(r"[=+\-@'\t\r\uff1d\uff0b\uff0d\uff20]")


def guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet would take for the beginning of a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def written(rows: Iterable[Sequence[str]]) -> str:
    """Cells as they are given, quoted where they must be; lines end with CRLF."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
