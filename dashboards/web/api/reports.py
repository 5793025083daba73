"""Reports of months over the API, as `noc report --json` writes them: what was verified there verifies here."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.figures import iso
from dashboards.reports.document import REPORTS
from dashboards.web.api import models_reports as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.pages import Question
from dashboards.web.api.reading import reading
from dashboards.web.sources.reports import Sealed
from dashboards.web.viewer import Right

OPEN_S: Final = 300  # a month that runs is told anew so often

Kind = Annotated[Literal["sla", "capacity", "iru"], Path()]
Month = Annotated[str, Path(pattern=r"^\d{4}-\d{2}$", description="YYYY-MM of local days.")]


class ReportQuestion(Question):
    """What of a report."""

    institution: Annotated[str, Field(max_length=100, description="Only what concerns this one.")] = ""
    lang: Annotated[Literal["en", "sw"], Field(description="Of its words.")] = "en"


def reports(asked: Asking) -> Response:
    """Of which months there are reports, and which of them are closed for ever."""
    sight = asked.sight.reports

    def make() -> Mapping[str, Any]:
        closed = [sealed_told(one) for one in sight.sealed()]
        months = [str(one) for one in sight.months()]
        return {"at": iso(asked.sight.now), "kinds": list(REPORTS), "months": months, "closed": closed}

    return asked.told(make, asked.sight.records.version())


def sealed_told(one: Sealed) -> Mapping[str, Any]:
    return {
        "month": str(one.month),
        "report": one.report,
        "closed_at": iso(one.closed_at),
        "who": one.who,
        "sha256": one.sha256,
    }


def report(asked: Asking, kind: Kind, month: Month, question: Annotated[ReportQuestion, Query()]) -> Response:
    """Availability, capacity or IRU of a month. Made beside: 503 with Retry-After while it is."""
    sight = asked.sight.reports
    which, when = sight.kind(kind), sight.month(month)
    whose = sight.institution(question.institution)
    sealed = next((one.sha256 for one in sight.sealed() if (one.month, one.report) == (when, which)), "")
    return asked.sent(
        lambda: sight.made(which, when, "json", institution=whose, language=question.lang),
        sealed or asked.sight.now // OPEN_S,
        asked.sight.records.declared(),
    )


ROUTES: Final = (
    reading("/reports", reports, models.Reports, "Reports", needs=Right.WATCH),
    reading("/reports/{kind}/{month}", report, models.Report, "A report of a month", 409, needs=Right.WATCH),
)
