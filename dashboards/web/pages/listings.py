"""A list of sites, links or devices as a page or as CSV; what is asked wrongly is said on the page itself."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.responses import Response

from dashboards.places.listing import Asked, Listing
from dashboards.places.sheet import sheet
from dashboards.web.frame import Crumb, Frame
from dashboards.web.refusal import BadQuestion
from inventory.status import Kind

TITLES: dict[Kind, str] = {"site": "Sites", "link": "Links", "device": "Devices"}


@dataclass(frozen=True, slots=True)
class _Query:
    """The parts of an address of a list; `format`: "" or "csv" (all rows, not only those of the page)."""

    q: str = ""
    state: str = ""
    sort: str = "worst"
    page: int = 1
    format: str = ""


Question = Annotated[_Query, Depends(_Query)]


def listed(frame: Frame, kind: Kind, question: _Query) -> Response:
    asked, format = Asked(question.q.strip(), question.state, question.sort, question.page), question.format
    places = frame.sight.places
    wrong = dict(places.problems(kind, asked))
    if format not in ("", "csv"):
        wrong["format"] = f"there is no format {format!r}; there is csv"
    if wrong and format == "csv":
        raise BadQuestion("; ".join(wrong.values()), wrong)
    found = places.listing(kind, Asked() if wrong else asked)
    if format == "csv":
        return _csv(kind, found)
    title = frame.gettext(TITLES[kind])
    return frame.page(
        "places/list.html",
        title=title,
        crumbs=[Crumb(title)],
        status=422 if wrong else 200,
        kind=kind,
        list=found,
        asked=asked,
        wrong=wrong,
        words=places.words,
        age_of=places.age,
    )


def _csv(kind: Kind, found: Listing) -> Response:
    return Response(
        sheet(kind, found.seen.rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{kind}s.csv"'},
    )
