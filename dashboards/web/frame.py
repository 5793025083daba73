"""What stands round every page: where one is, search, language, theme, and how fresh the data is."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from dashboards.languages import Language
from dashboards.page import Templates
from dashboards.status import Age, age_of, silence
from dashboards.web import marks, preferences
from dashboards.web.assets import Assets
from dashboards.web.filters import FILTERS
from dashboards.web.navigation import Entry, entries
from dashboards.web.refusal import Away
from dashboards.web.sight.sight import Sight
from dashboards.web.viewer import Right, Viewer
from dashboards.words import LANGUAGES, Words

SEARCH: Final = "/search"


class Crumb(NamedTuple):
    """One step of region › site › device › interface."""

    text: str
    address: str = ""


class Fresh(NamedTuple):
    """`at`: UTC seconds of what is shown; `banner`: what is wrong with it, in words."""

    at: float | None
    banner: str = ""


class Stationery:
    """What all pages are written on: templates and words of every language, addresses of assets, ways to pages."""

    def __init__(self, languages: Mapping[str, Language], assets: Assets, needs: Mapping[str, Right]) -> None:
        self.languages = languages
        self.assets = assets
        self.needs = needs
        self.entries: Mapping[str, Sequence[Entry]] = {key: entries(one, needs) for key, one in languages.items()}
        self._templates = {
            key: Templates(one, {**FILTERS, **marks.filters(one), "asset": assets.address, "needs": assets.needs})
            for key, one in languages.items()
        }

    def templates(self, language: str) -> Templates:
        return self._templates[language]

    def around(self, viewer: Viewer, language: str) -> dict[str, Any]:
        """What of the frame depends on nothing but who looks."""
        return {
            "viewer": viewer,
            "language": language,
            "navigation": [entry for entry in self.entries[language] if viewer.may(entry.needs)],
            "searches": SEARCH in self.needs and viewer.may(self.needs[SEARCH]),
            "build": self.assets.build,
        }


class Frame:
    """Of one request: `page` renders a template that extends "frame.html" with what every page needs."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sight: Sight = request.state.sight
        self._stationery: Stationery = request.app.state.stationery
        self.language: Language = self._stationery.languages[self._language()]

    def _language(self) -> str:
        return preferences.language(self.request, self.sight.viewer)

    def gettext(self, text: str) -> str:
        return self.language.gettext(text)

    def said(self, text: str) -> str:
        """What was refused anywhere, in the viewer's language."""
        return self.language.said(text)

    def ngettext(self, one: str, several: str, count: int) -> str:
        return self.language.ngettext(one, several, count)

    @property
    def words(self) -> Words:
        """States, reasons and sentences of status tables, in the viewer's language."""
        return LANGUAGES[self.language.key]

    def page(
        self, template: str, *, title: str, crumbs: Sequence[Crumb] = (), status: int = 200, **values: Any
    ) -> HTMLResponse:
        viewer = self.sight.viewer
        around = {
            **self._stationery.around(viewer, self.language.key),
            "title": title,
            "crumbs": crumbs,
            "bare": False,
            "now": self.sight.now,
            "theme": preferences.theme(self.request, viewer),
            "fresh": self.fresh(),
            "path": self.request.url.path,
            "address": preferences.own_address(self.request),
        }
        text = self._stationery.templates(self.language.key).render(template, {**around, **values})
        return HTMLResponse(text, status)

    @property
    def age(self) -> Age:
        """How old what is shown may be."""
        return age_of(self.sight.mark, self.sight.now)

    def fresh(self) -> Fresh | None:
        """None for who may see nothing of it; a page goes on without where the store is away."""
        if not self.sight.viewer.rights:
            return None
        try:
            mark = self.sight.mark
        except Away as error:
            return Fresh(None, self.said(str(error)))
        if mark is None:
            return Fresh(None, self.words.sentences["no daemon"])
        return Fresh(min(mark.at, self.age.written), silence(self.age, self.words))


async def framed(request: Request) -> Frame:
    """Reads nothing, so it needs no thread of its own."""
    return Frame(request)


Framed = Annotated[Frame, Depends(framed)]


def sight_of(request: Request) -> Sight:
    found = request.state.sight
    assert isinstance(found, Sight)
    return found


async def seen(request: Request) -> Sight:
    return sight_of(request)


Seen = Annotated[Sight, Depends(seen)]
