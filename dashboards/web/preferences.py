"""Language and colours of the one who looks: of this one page (?lang=sw), of this browser, else of the account."""

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response

from dashboards.languages import KNOWN
from dashboards.web.refusal import BadQuestion
from dashboards.web.route import Route
from dashboards.web.viewer import NOBODY, Right, Viewer

LANGUAGE: Final = "noc_language"  # cookies
THEME: Final = "noc_theme"
THEMES: Final = ("auto", "light", "dark")
KEPT_S: Final = 400 * 86400  # browsers keep no cookie longer (RFC 6265bis, 5.5)


def language(request: Request, viewer: Viewer) -> str:
    """Raises BadQuestion for a language in the address that there is not."""
    asked = request.query_params.get("lang")
    if asked is not None:
        if asked not in KNOWN:
            raise BadQuestion(f"there is no language {asked[:20]!r}: {', '.join(KNOWN)}", {"lang": "no such language"})
        return asked
    return preferred(request, viewer)


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


def prefer(
    request: Request,
    language: Annotated[str, Form(max_length=20)] = "",
    theme: Annotated[str, Form(max_length=20)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Kept in this browser, and back to where one was."""
    problems = {
        name: f"{given!r} is none of {', '.join(there)}"
        for name, given, there in (("language", language, KNOWN), ("theme", theme, THEMES))
        if given and given not in there
    }
    if problems:
        raise BadQuestion("this cannot be chosen", problems)
    answer = RedirectResponse(_inside(back, keep_language=not language), 303)
    for name, value in ((LANGUAGE, language), (THEME, theme)):
        if value:
            answer.set_cookie(
                name, value, max_age=KEPT_S, httponly=True, samesite="lax", secure=request.url.scheme == "https"
            )
    return answer


def _inside(address: str, *, keep_language: bool) -> str:
    """A way within this site, whatever was sent; the language in it gives way to the one that was chosen."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    path = parts.path
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//") or "\\" in address:
        return "/"
    if any(ord(sign) < 0x21 or ord(sign) > 0x7E for sign in address):
        return "/"
    query = "&".join(
        each for each in parts.query.split("&") if each and (keep_language or not each.startswith("lang="))
    )
    return path + (f"?{query}" if query else "")


ROUTES: Final = (Route("/preferences", prefer, Right.PUBLIC, ("POST",)),)
