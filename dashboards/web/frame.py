"""What stands round every page: where one is, search, language, theme, and how fresh the data is."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from dashboards.languages import Language
from dashboards.page import Templates
from dashboards.status import age_of
from dashboards.web.assets import Assets
from dashboards.web.filters import FILTERS
from dashboards.web.sight.sight import Sight


class Crumb(NamedTuple):
    """One step of region › site › device › interface."""

    text: str
    address: str = ""


class Stationery:
    """What all pages are written on: templates and words of every language, addresses of assets."""

    def __init__(self, languages: Mapping[str, Language], assets: Assets) -> None:
        self.languages = languages
        self.assets = assets
        self._templates = {key: Templates(one, {**FILTERS, "asset": assets.address}) for key, one in languages.items()}

    def templates(self, language: str) -> Templates:
        return self._templates[language]


class Frame:
    """Of one request: `page` renders a template that extends "frame.html" with what every page needs."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sight: Sight = request.state.sight
        self._stationery: Stationery = request.app.state.stationery
        self.language: Language = self._stationery.languages[self.sight.viewer.language]

    def gettext(self, text: str) -> str:
        return self.language.gettext(text)

    def page(
        self, template: str, *, title: str, crumbs: Sequence[Crumb] = (), status: int = 200, **values: Any
    ) -> HTMLResponse:
        viewer, now = self.sight.viewer, self.sight.now
        around = {
            "title": title,
            "crumbs": crumbs,
            "viewer": viewer,
            "now": now,
            "language": self.language.key,
            "path": self.request.url.path,
            "address": self.request.url.path + ("?" + self.request.url.query if self.request.url.query else ""),
        }
        text = self._stationery.templates(self.language.key).render(template, {**around, **values})
        return HTMLResponse(text, status)

    @property
    def age(self) -> Any:
        """How old what is shown may be (`dashboards.status.Age`)."""
        return age_of(self.sight.picture.mark, self.sight.now)


Framed = Annotated[Frame, Depends(Frame)]


def sight_of(request: Request) -> Sight:
    found = request.state.sight
    assert isinstance(found, Sight)
    return found


Seen = Annotated[Sight, Depends(sight_of)]
