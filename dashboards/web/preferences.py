"""Language and colours of the one who looks: of this one page (?lang=sw), of this browser, else of the account."""

from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from dashboards.languages import KNOWN
from dashboards.web.entrance import doorstep
from dashboards.web.refusal import BadQuestion
from dashboards.web.route import Route
from dashboards.web.viewer import NOBODY, Right, Viewer
from inventory.sentence import Sentence

LANGUAGE: Final = "noc_language"  # cookies
THEME: Final = "noc_theme"
THEMES: Final = ("auto", "light", "dark")


def language(request: Request, viewer: Viewer) -> str:
    """Raises BadQuestion for a language in the address that there is not."""
    asked = request.query_params.get("lang")
    if asked is not None:
        if asked not in KNOWN:
            none = Sentence(
                "language-unknown", "there is no language {key!r}: {known}", key=asked[:20], known=", ".join(KNOWN)
            )
            raise BadQuestion(none, {"lang": Sentence("language-unknown", "there is no such language")})
        return asked
    return preferred(request, viewer)


def possible(request: Request, viewer: Viewer) -> str:
    """The same for a page that has to come whatever was asked."""
    asked = request.query_params.get("lang")
    return asked if asked in KNOWN else preferred(request, viewer)


def preferred(request: Request, viewer: Viewer) -> str:
    """Of the browser's cookie, else of the account; who is not known yet is asked by what the browser says."""
    kept = request.cookies.get(LANGUAGE, "")
    if kept in KNOWN:
        return kept
    return accepted(request.headers.get("accept-language", "")) if viewer is NOBODY else viewer.language


def accepted(header: str) -> str:
    """The first of `Accept-Language` that we have; browsers write the best one first (RFC 9110, 12.5.4)."""
    wanted = (part.split(";")[0].strip()[:2].lower() for part in header[:200].split(","))
    return next((each for each in wanted if each in KNOWN), KNOWN[0])


def theme(request: Request, viewer: Viewer) -> str:
    kept = request.cookies.get(THEME, "")
    return kept if kept in THEMES else viewer.theme


def own_address(request: Request) -> str:
    """Path and query of this page, as it can be pasted elsewhere."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def prefer(request: Request) -> Response:
    """Kept in this browser, and back to where one was."""
    language, theme, back = (str(request.state.form.get(name, "")) for name in ("language", "theme", "back"))
    problems = {
        name: Sentence("choice-unknown", "{given!r} is none of {known}", given=given[:20], known=", ".join(there))
        for name, given, there in (("language", language, KNOWN), ("theme", theme, THEMES))
        if given and given not in there
    }
    if problems:
        raise BadQuestion(Sentence("choice-unknown", "this cannot be chosen"), problems)
    way = doorstep.local(back)
    answer = RedirectResponse(_without_language(way) if language else way, 303)
    for name, value in ((LANGUAGE, language), (THEME, theme)):
        if value:
            doorstep.give(answer, request, name, value, doorstep.KEPT_S)
    return answer


def _without_language(address: str) -> str:
    """The language in an address gives way to the one that was chosen."""
    path, _, query = address.partition("?")
    kept = "&".join(each for each in query.split("&") if each and not each.startswith("lang="))
    return path + (f"?{kept}" if kept else "")


ROUTES: Final = (Route("/preferences", prefer, Right.PUBLIC, ("POST",)),)
