"""A report that somebody hands back, in any of its formats: parsed and bounded before anything of it is believed."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dashboards.reports.document import Period, Report, instant
from dashboards.reports.page import embedded
from dashboards.reports.sheet import HEAD
from inventory.calendar import Month

MOST_OCTETS: Final = 64 << 20
Iso = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
Row = dict[str, Any]


class NoReport(Exception):
    """The file is no report that can be verified; the text says why."""


class _Made(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Iso
    version: Annotated[str, Field(max_length=40)]
    language: Literal["sw", "en"]
    frozen_at: Iso | None


class _Period(BaseModel):
    until: Iso


class _Whole(BaseModel):
    """Only what is relied on; all else of it is compared."""

    report: Report
    month: Annotated[str, Field(max_length=7)]
    institution: Annotated[str, Field(max_length=200)] | None
    period: _Period
    inputs: dict[str, dict[str, Any]]
    figures: list[Row]
    made: _Made


@dataclass(frozen=True)
class Claim:
    """What a file says that it is. `content` of HTML and JSON, `cells` of CSV; `text` is the file itself."""

    format: Literal["html", "json", "csv"]
    report: Report
    period: Period
    institution: str
    known: int | None  # of the ledger, UTC seconds
    text: str
    content: Mapping[str, Any] | None = None
    cells: Sequence[Sequence[str]] = ()


def read(octets: bytes) -> Claim:
    if octets.startswith(b"%PDF"):
        raise NoReport("a PDF is for reading; verify the same report as HTML, JSON or CSV")
    if len(octets) > MOST_OCTETS:
        raise NoReport("too large to be a report")
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        raise NoReport("no report: it is not text") from None
    if text.startswith(",".join(HEAD)):
        return _of_sheet(text)
    page = not text.lstrip().startswith("{")
    try:
        content = embedded(text) if page else json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NoReport(f"no report: its JSON cannot be read ({error})") from None
    if content is None:
        raise NoReport("no report: neither HTML, JSON nor CSV that 'noc report' wrote")
    return _of_content(content, text, "html" if page else "json")


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _of_content(content: Any, text: str, form: Literal["html", "json"]) -> Claim:
    try:
        whole = _Whole.model_validate(content)
        known = whole.inputs.get("ledger", {}).get("known")
        period = _period(whole.month, whole.period.until)
        at = instant(known) if isinstance(known, str) else None
    except ValidationError as error:
        first = error.errors()[0]
        raise NoReport(f"no report: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:
        raise NoReport(f"no report: {error}") from None
    return Claim(form, whole.report, period, whole.institution or "", at, text, content)


def _of_sheet(text: str) -> Claim:
    try:
        cells = rows_of(text)
        first = dict(zip(cells[0], cells[1], strict=True))
        report: Any = first["report"]
        if report not in ("sla", "capacity", "iru"):
            raise ValueError(f"{report!r} is no report")
        known = instant(first["known"]) if first["known"] else None
        period = _period(first["month"], first["until"])
    except (ValueError, IndexError, KeyError, csv.Error) as error:
        raise NoReport(f"no report: its first lines cannot be read ({error})") from None
    return Claim("csv", report, period, first["for_institution"].removeprefix("'"), known, text, cells=cells)


def rows_of(text: str) -> list[list[str]]:
    """csv.Error for what is no CSV."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def _period(month: str, until: str) -> Period:
    found = Period(Month.parse(month), instant(until))
    if not found.start < found.until <= found.month.end or (found.until - found.start) % 300:
        raise ValueError(f"it is of {month} until {until}, which cannot be")
    return found
