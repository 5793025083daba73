"""A list of sites, links or devices as a page or as CSV; what is asked wrongly is said on the page itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import Response

from dashboards.languages import Language
from dashboards.places.listing import Asked, Listing, problems
from dashboards.places.sheet import sheet
from dashboards.status_chosen import ASKED
from dashboards.web.attachment import spreadsheet
from dashboards.web.frame import Crumb, Frame
from dashboards.web.pages.terms import Terms, facets, terms
from dashboards.web.refusal import mistaken
from inventory.sentence import Sentence
from inventory.status import Kind

FORMATS: Final = ("", "csv")
MOST_PAGES: Final = 9_999


@dataclass(frozen=True, slots=True)
class Query:
    """The parts of an address of a list; `format` csv gives all rows, not only those of the page."""

    q: str = ""
    state: str = ""
    sort: str = "worst"
    page: str = "1"
    format: str = ""

    @property
    def asked(self) -> Asked:
        number = int(self.page) if self.page.isascii() and self.page.isdigit() and len(self.page) < 5 else 1
        return Asked(self.q.strip(), self.state, self.sort, max(1, number))

    def wrong(self, kind: Kind) -> Mapping[str, str]:
        """Part -> what is wrong with it; all of it."""
        found = problems(kind, self.asked)
        if not (self.page.isascii() and self.page.isdigit() and 0 < int(self.page[:9]) <= MOST_PAGES):
            found["page"] = Sentence("no-page", "{given!r} is no number of a page", given=self.page[:20])
        if self.format not in FORMATS:
            found["format"] = Sentence(
                "format-unknown", "there is no format {key!r}; there is csv", key=self.format[:20]
            )
        return found


Question = Annotated[Query, Depends(Query)]


def listed(frame: Frame, kind: Kind, question: Query) -> Response:
    """The answer of `/sites`, `/links` and `/devices`."""
    wrong, places = question.wrong(kind), frame.sight.places
    if question.format == "csv" and not wrong:
        return _csv(kind, places.listing(kind, question.asked, frame.words))
    if question.format:
        raise mistaken(wrong)
    title, asked, path = titles(frame.language)[kind], question.asked, frame.request.url.path
    said = terms(frame.language)
    return frame.page(
        "places/list.html",
        title=title,
        crumbs=[Crumb(title)],
        status=422 if wrong else 200,
        kind=kind,
        asked=asked,
        list=None if wrong else places.listing(kind, asked, frame.words),
        wrong=wrong,
        known=("key", "state", "reason", *ASKED[kind]),
        facet_names=facets(frame.language),
        facet_terms=lambda label, value: _said(kind, label, value, said),
        page_address=lambda number: asked.address(path, page=number),
        sheet_address=asked.address(f"{path}.csv", page=1),
        data_age=places.age,
        terms=said,
        undeclared=frame.sight.scope.whole and not _declared(frame, kind),
    )


def _declared(frame: Frame, kind: Kind) -> int:
    inventory = frame.sight.inventory
    return len({"site": inventory.sites, "link": inventory.links, "device": inventory.devices}[kind])


def sheet_of(frame: Frame, kind: Kind, question: Query) -> Response:
    """The answer of `/sites.csv` and its sisters."""
    wrong = question.wrong(kind)
    if wrong:
        raise mistaken(wrong)
    return _csv(kind, frame.sight.places.listing(kind, question.asked, frame.words))


def titles(language: Language) -> Mapping[Kind, str]:
    gettext = language.gettext
    return {"site": gettext("Sites"), "link": gettext("Links"), "device": gettext("Devices")}


def _said(kind: Kind, label: str, value: str, said: Mapping[str, Terms]) -> str:
    """A value of a facet as people say it."""
    table = {"role": "roles", "kind": "links" if kind == "link" else "kinds"}.get(label)
    return said[table].get(value, value) if table else value


def _csv(kind: Kind, found: Listing) -> Response:
    return spreadsheet(sheet(kind, found.seen.rows), f"{kind}s")
