"""Search: a page of what was found, a way to the one thing that was meant, and suggestions while somebody types."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Query
from fastapi.responses import JSONResponse, RedirectResponse, Response

from dashboards.search import LONGEST
from dashboards.web.frame import Crumb, Framed
from dashboards.web.route import Route
from dashboards.web.viewer import Right

SUGGESTED: Final = 10
Asked = Annotated[str, Query(max_length=LONGEST)]


def search(frame: Framed, q: Asked = "") -> Response:
    """303 to the page of the one thing that it can be."""
    sight, title = frame.sight, frame.gettext("Search")
    found = sight.search.ask(q, frame.language.key)
    if found.exact:
        return RedirectResponse(found.exact, 303)
    return frame.page(
        "search.html",
        title=title,
        crumbs=[Crumb(title)],
        q=q,
        found=found,
        state=sight.search.state,
        kinds=kinds(frame.gettext),
    )


def suggestions(frame: Framed, q: Asked = "") -> Response:
    words = kinds(frame.gettext)
    found = frame.sight.search.ask(q, frame.language.key)
    hits: list[dict[str, Any]] = [
        {"text": one.text, "kind": words[one.kind], "note": one.note, "address": one.address}
        for one in found.things[:SUGGESTED]
    ]
    return JSONResponse(hits)


def kinds(gettext: Callable[[str], str]) -> Mapping[str, str]:
    return {
        "site": gettext("site"),
        "device": gettext("device"),
        "link": gettext("link"),
        "circuit": gettext("circuit"),
        "provider": gettext("provider"),
        "service": gettext("service"),
        "region": gettext("region"),
        "institution": gettext("institution"),
        "contract": gettext("contract"),
        "incident": gettext("incident"),
    }


ROUTES: Final = (Route("/search", search, Right.SEE), Route("/search/suggestions", suggestions, Right.SEE))
