"""Reports for those who see the whole network; the names in an address are looked up before anything is made."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards.reports.document import REPORTS, Report
from dashboards.web.house import House
from dashboards.web.refusal import BadQuestion, Unseen, mistaken
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.reports import Sealed
from inventory.calendar import Month
from inventory.mistakes import absent
from inventory.sentence import Sentence, noted

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
        text = noted("there is no report {key!r}; there are {known}")
        raise Unseen(Sentence("report-unknown", text, key=word[:40], known=", ".join(REPORTS)))

    def month(self, word: str) -> Month:
        """BadQuestion for what is no month, or still to come."""
        try:
            month = Month.parse(word)
        except ValueError as error:
            raise mistaken({"month": str(error)}) from None
        if month > Month.of(self._now):
            raise mistaken({"month": Sentence("not-yet", "{at} is still to come", at=month)})
        return month

    def institution(self, key: str) -> str:
        if key and key not in self._scope.inventory.institutions:
            raise mistaken({"institution": absent("institution", key[:60])})
        return key

    def made(self, report: Report, month: Month, form: str, *, institution: str, language: str) -> bytes:
        self._whole()
        if form not in FORMS:
            text = noted("there is no format {key!r}; there are {known}")
            raise Unseen(Sentence("format-unknown", text, key=form[:20], known=", ".join(FORMS)))
        return self._house.reports.made(report, month, form, institution=institution, language=language)

    def closed(self, month: Month) -> None:
        """In the viewer's name."""
        self._whole()
        self._house.reports.closed(month, self._scope.viewer.name)

    def verified(self, text: bytes) -> Mapping[str, Any]:
        """What differs from what is kept; BadQuestion where the text is no report."""
        self._whole()
        found = self._house.reports.verified(text)
        if "mistake" in found:
            raise BadQuestion(str(found["mistake"])[:400], {"body": str(found["mistake"])[:400]})
        return found

    def _whole(self) -> None:
        if not self._scope.whole:
            raise Unseen(Sentence("page-unknown", "there is no such page"))
