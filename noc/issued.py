"""One report of a month, made whole in one of its formats: for the command that writes it and the web that shows it."""

import json
import time
from dataclasses import dataclass
from typing import Any, Final

from alerts.books import LedgerError
from dashboards.reports.document import NoData, Period, Report
from inventory.calendar import Month
from inventory.model import Inventory
from noc.config import Config
from noc.issuing import issuer
from noc.ledger.report import Looked, look

FORMATS: Final = ("html", "csv", "json", "pdf")


class NotIssued(Exception):
    """There is no such report, or it cannot be made now; the text says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`institution` "": of all."""

    report: Report
    month: Month
    form: str = "html"
    institution: str = ""
    language: str = "en"


def issue(config: Config, inventory: Inventory, wanted: Wanted, now: float) -> bytes:
    """The whole of it: what fails leaves no half file. NotIssued; StoreError."""
    period = period_of(wanted.month, now, 2.5 * config.poll.counters_s)
    with issuer(config, inventory, looked(config, inventory, wanted.month, now)) as made:
        try:
            content = made.content(wanted.report, period, wanted.institution, now=now, language=wanted.language)
        except NoData as error:
            raise NotIssued(f"no report: {error}") from error
    return formatted(content, wanted.form)


def period_of(month: Month, now: float, late_s: float) -> Period:
    if now < month.start:
        raise NotIssued(f"{month} is still to come")
    period = Period.of(month, now, late_s)
    if period.until <= period.start:
        raise NotIssued(f"{month} has only just begun: there is nothing to report yet")
    return period


def looked(config: Config, inventory: Inventory, month: Month, known: float) -> Looked:
    try:
        return look(config.ledger_url, inventory, month, known, clock=time.time)
    except LedgerError as error:
        raise NotIssued(str(error)) from error


def formatted(content: Any, form: str) -> bytes:
    if form == "json":
        return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
    if form == "csv":
        from dashboards.reports.sheet import sheet

        return sheet(content).encode("utf-8", "replace")
    from dashboards.reports.page import page
    from dashboards.reports.pdf import NoPdf, pdf

    text = page(content)
    try:
        return pdf(text) if form == "pdf" else text.encode("utf-8", "replace")
    except NoPdf as error:
        raise NotIssued(str(error)) from error
