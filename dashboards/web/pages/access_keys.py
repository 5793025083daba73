"""Tokens of programs and displays on walls, for admins: made, shown once, and revoked."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi.responses import RedirectResponse, Response

from dashboards.access_words import scope_words, theme_words
from dashboards.languages import KNOWN
from dashboards.web.entrance import doorstep
from dashboards.web.entrance.gate import WALL
from dashboards.web.forms import Form, words_of
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.refusal import Unseen
from dashboards.web.route import Route
from dashboards.web.sources.accounts import Declined
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

TOKENS: Final = "/tokens"
DISPLAYS: Final = "/displays"


def tokens(frame: Framed) -> Response:
    return _tokens(frame)


def _tokens(frame: Frame, problems: Mapping[str, str] | None = None, **typed: Any) -> Response:
    title, everybody = frame.gettext("Tokens"), frame.sight.access.everybody
    return frame.page(
        "access/tokens.html",
        title=title,
        crumbs=[Crumb(title)],
        status=422 if problems else 200,
        tokens=everybody.tokens(),
        names=[one.name for one in everybody.accounts() if one.disabled_at is None],
        scopes=scope_words(frame.gettext),
        problems=problems or {},
        typed=typed,
        made="",
    )


def add_token(frame: Framed, form: Form) -> Response:
    account, label, scopes, days = form.text("account"), form.text("label"), form.several("scopes"), form.text("days")
    try:
        if days and not (days.isascii() and days.isdecimal() and len(days) <= 5):
            raise Declined({"days": "days-wrong"})
        many = int(days) if days else None
        made = frame.sight.access.everybody.add_token(frame.sight.viewer.name, account, label, scopes, many)
    except Declined as error:
        return _tokens(frame, words_of(frame, error), account=account, label=label, scopes=scopes, days=days)
    return _made(frame, frame.gettext("Tokens"), TOKENS, label, made)


def _made(frame: Frame, above: str, address: str, name: str, secret: str) -> Response:
    """Shown once: nobody can read it again."""
    return frame.page("access/made.html", title=name, crumbs=[Crumb(above, address), Crumb(name)], secret=secret)


def revoke_token(frame: Framed, number: int) -> Response:
    try:
        frame.sight.access.everybody.revoke_token(frame.sight.viewer.name, number)
    except Declined as error:
        raise Unseen(Sentence("token-unknown", "there is no token {number}", number=number)) from error
    return RedirectResponse(TOKENS, 303)


def displays(frame: Framed) -> Response:
    return _displays(frame)


def _displays(frame: Frame, problems: Mapping[str, str] | None = None, **typed: Any) -> Response:
    title = frame.gettext("Displays")
    return frame.page(
        "access/displays.html",
        title=title,
        crumbs=[Crumb(title)],
        status=422 if problems else 200,
        displays=frame.sight.access.everybody.displays(),
        languages=KNOWN,
        themes=theme_words(frame.gettext),
        problems=problems or {},
        typed=typed,
    )


def add_display(frame: Framed, form: Form) -> Response:
    name, language, theme = form.text("name"), form.text("language") or KNOWN[0], form.text("theme") or "dark"
    try:
        made = frame.sight.access.everybody.add_display(frame.sight.viewer.name, name, language, theme)
    except Declined as error:
        return _displays(frame, words_of(frame, error), name=name, language=language, theme=theme)
    address = f"{doorstep.url_of(frame.request)}{WALL}?token={made}"
    return _made(frame, frame.gettext("Displays"), DISPLAYS, name, address)


def revoke_display(frame: Framed, number: int) -> Response:
    try:
        frame.sight.access.everybody.revoke_display(frame.sight.viewer.name, number)
    except Declined as error:
        raise Unseen(Sentence("display-unknown", "there is no display {number}", number=number)) from error
    return RedirectResponse(DISPLAYS, 303)


ROUTES: Final = (
    Route(TOKENS, tokens, Right.ADMIN),
    Route(TOKENS, add_token, Right.ADMIN, ("POST",)),
    Route(f"{TOKENS}/{{number}}/revoke", revoke_token, Right.ADMIN, ("POST",)),
    Route(DISPLAYS, displays, Right.ADMIN),
    Route(DISPLAYS, add_display, Right.ADMIN, ("POST",)),
    Route(f"{DISPLAYS}/{{number}}/revoke", revoke_display, Right.ADMIN, ("POST",)),
)
