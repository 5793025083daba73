"""Reports for those who see the whole network; the names in an address are looked up before anything is made."""

from collections.abc import Sequence
from typing import Final

from dashboards.reports.document import REPORTS, Report
from dashboards.web.house import House
from dashboards.web.refusal import BadQuestion, Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.reports import Sealed
from inventory.calendar import Month

FORMS: Final = ("html", "csv", "json", "pdf")
MOST_MONTHS: Final = 1200


class ReportSight:
    """Unseen for whoever sees single sites only."""

    def __init__(self, house: House, scope: Scope, now: float) -> None:
        self._house, self._scope, self._now = house, scope, now

    def sealed(self) -> Sequence[Sealed]:
        self._whole()
        return self._house.reports.sealed()

    def months(self) -> list[Month]:
        """Since something is kept, the newest first."""
        self._whole()
        last = Month.of(self._now)
        kept = [*(one.month for one in self._house.reports.sealed()), self._house.reports.first_month()]
        first = min((month for month in kept if month is not None), default=last)
        found: list[Month] = []
        while first <= last and len(found) < MOST_MONTHS:
            found.append(first)
            first = first.next
        return found[::-1]

    def kind(self, word: str) -> Report:
        self._whole()
        for report in REPORTS:
            if report == word:
                return report
        raise Unseen(f"there is no report {word[:40]!r}; there are {', '.join(REPORTS)}")

    def month(self, word: str) -> Month:
        """BadQuestion for what is no month, or still to come."""
        try:
            month = Month.parse(word)
        except ValueError as error:
            raise BadQuestion(str(error)[:200], {"month": str(error)[:200]}) from None
        if month > Month.of(self._now):
            raise BadQuestion(f"{month} is still to come", {"month": f"{month} is still to come"})
        return month

    def institution(self, key: str) -> str:
        if key and key not in self._scope.inventory.institutions:
            raise BadQuestion(f"there is no institution {key[:60]!r}", {"institution": "there is no such institution"})
        return key

    def made(self, report: Report, month: Month, form: str, *, institution: str, language: str) -> bytes:
        self._whole()
        if form not in FORMS:
            raise Unseen(f"there is no format {form[:20]!r}; there are {', '.join(FORMS)}")
        return self._house.reports.made(report, month, form, institution=institution, language=language)

    def _whole(self) -> None:
        if not self._scope.whole:
            raise Unseen("there is no such page")
