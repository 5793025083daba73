"""One's own account: password, language and colours, where one is logged in, and the tokens that act in one's name."""

from collections.abc import Mapping
from typing import Final

from fastapi.responses import RedirectResponse, Response

from dashboards.access_words import role_words, theme_words
from dashboards.browsers import browser_of
from dashboards.web import preferences
from dashboards.web.entrance import doorstep
from dashboards.web.entrance.gate import SESSION
from dashboards.web.forms import Form, words_of
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.route import Route
from dashboards.web.sources.accounts import Declined
from dashboards.web.viewer import Right

HERE: Final = "/account"


def account(frame: Framed) -> Response:
    return _account(frame, {})


def _account(frame: Frame, problems: Mapping[str, str], status: int = 200) -> Response:
    access, title = frame.sight.access, frame.gettext("My account")
    return frame.page(
        "access/account.html",
        title=title,
        crumbs=[Crumb(title)],
        status=status,
        mine=access.mine(),
        roles=role_words(frame.gettext),
        themes=theme_words(frame.gettext),
        institutions=[one.name.in_language(frame.language.key) for one in access.institutions()],
        sessions=access.sessions(),
        browser_of=browser_of,
        current=access.session_key(_cookie(frame)),
        tokens=access.tokens(),
        problems=problems,
        done=frame.request.query_params.get("done", ""),
    )


def _cookie(frame: Frame) -> str:
    return frame.request.cookies.get(SESSION, "")


def password(frame: Framed, form: Form) -> Response:
    """Wrong old passwords slow down the next try as a log-in does; all other sessions end."""
    try:
        if form.secret("password") != form.secret("again"):
            raise Declined({"again": "password-twice"})
        old, new, caller = form.secret("old"), form.secret("password"), doorstep.caller(frame.request)
        frame.sight.access.choose_password(old, new, cookie=_cookie(frame), caller=caller)
    except Declined as error:
        return _account(frame, words_of(frame, error), 422)
    return RedirectResponse(f"{HERE}?done=password", 303)


def prefer(frame: Framed, form: Form) -> Response:
    """Kept in the account, and in this browser, which would else go on with what it had."""
    language, theme = form.text("language"), form.text("theme")
    try:
        frame.sight.access.prefer(language, theme)
    except Declined as error:
        return _account(frame, words_of(frame, error), 422)
    answer = RedirectResponse(HERE, 303)
    for name in (preferences.LANGUAGE, preferences.THEME):
        doorstep.take(answer, frame.request, name)
    return answer


def end(frame: Framed, key: str) -> Response:
    frame.sight.access.end_session(key)
    return RedirectResponse(HERE, 303)


def end_others(frame: Framed) -> Response:
    frame.sight.access.end_others(_cookie(frame))
    return RedirectResponse(HERE, 303)


def revoke(frame: Framed, number: int) -> Response:
    try:
        frame.sight.access.revoke_token(number)
    except Declined as error:
        return _account(frame, words_of(frame, error), 404)
    return RedirectResponse(HERE, 303)


ROUTES: Final = (
    Route(HERE, account, Right.SEE),
    Route(f"{HERE}/password", password, Right.SEE, ("POST",)),
    Route(f"{HERE}/preferences", prefer, Right.SEE, ("POST",)),
    Route(f"{HERE}/sessions/end", end_others, Right.SEE, ("POST",)),
    Route(f"{HERE}/sessions/{{key}}/end", end, Right.SEE, ("POST",)),
    Route(f"{HERE}/tokens/{{number}}/revoke", revoke, Right.SEE, ("POST",)),
)
