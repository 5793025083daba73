"""Closed months in the ledger: each report's figures as they were when the month was closed, once and for ever."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from dashboards.reports.canonical import canonical
from noc.ledger.books import SqlBooks
from noc.ledger.schema import CLOSED_MONTH


@dataclass(frozen=True, slots=True)
class Closed:
    """`content` is the whole report as JSON, `sha256` that of its result; `who` closed it ("" the daemon)."""

    month: str
    report: str
    closed_at: float  # UTC seconds
    who: str
    sha256: str
    content: Mapping[str, Any]


def closed_reports(books: SqlBooks, month: str) -> dict[str, Closed]:
    """By report, those of a month that are closed."""
    rows = books.read(select(CLOSED_MONTH).where(CLOSED_MONTH.c.month == month))
    return {row["report"]: _closed(row) for row in rows}


@dataclass(frozen=True, slots=True)
class Seal:
    """Of one report of a closed month, without the report: when it was closed, by whom, and the SHA-256 of its result."""

    month: str
    report: str
    closed_at: float
    who: str
    sha256: str


def seals(books: SqlBooks) -> list[Seal]:
    """Of every closed month, by month and report."""
    columns = [CLOSED_MONTH.c[name] for name in ("month", "report", "closed_at", "who", "sha256")]
    found = books.read(select(*columns).order_by(CLOSED_MONTH.c.month, CLOSED_MONTH.c.report))
    return [Seal(**row) for row in found]


def keep(books: SqlBooks, one: Closed) -> None:
    """Together with its line in the audit; a month that is closed already is not closed again (LedgerError)."""
    text = canonical(one.content).encode()
    row = {"month": one.month, "report": one.report, "who": one.who, "closed_at": one.closed_at, "sha256": one.sha256}
    books.insert(CLOSED_MONTH, [row | {"content": zlib.compress(text)}])
    books.audit(
        one.closed_at, one.who, "report close", {"month": one.month, "report": one.report, "sha256": one.sha256}
    )


def _closed(row: Mapping[str, Any]) -> Closed:
    content = json.loads(zlib.decompress(row["content"]))
    return Closed(row["month"], row["report"], row["closed_at"], row["who"], row["sha256"], content)
