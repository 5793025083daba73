"""Logging in and out, and the links by which a first admin is created or a password is chosen."""

from collections.abc import Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from dashboards.access_words import problem_words
from dashboards.web.entrance import doorstep
from dashboards.web.entrance.gate import SESSION
from dashboards.web.forms import Form, words_of
from dashboards.web.frame import Framed
from dashboards.web.route import Route
from dashboards.web.sources.accounts import Declined, TooOften
from dashboards.web.viewer import Right


def asked(frame: Framed, next: str = "/") -> Response:
    """Who is logged in already may come in as somebody else."""
    return _login(frame, next)


def _login(frame: Framed, way: str, name: str = "", problem: str = "", status: int = 200) -> Response:
    return frame.page(
        "access/login.html",
        title=frame.gettext("Log in"),
        status=status,
        bare=True,
        next=doorstep.local(way),
        name=name[:64],
        problem=problem,
    )


def entered(frame: Framed, form: Form) -> Response:
    request, name, way = frame.request, form.text("name"), doorstep.local(form.text("next"))
    before = request.cookies.get(SESSION, "")
    try:
        cookie = frame.sight.access.log_in(name, form.secret("password"), doorstep.caller(request), before)
    except TooOften as error:
        return _too_often(frame, way, name, error.retry_s)
    except Declined as error:
        return _login(frame, way, name, words_of(frame, error)["password"], 403)
    return _inside(request, cookie, way)


def _too_often(frame: Framed, way: str, name: str, seconds: int) -> Response:
    said = frame.ngettext(
        "Too many tries. Wait %(seconds)d second.", "Too many tries. Wait %(seconds)d seconds.", seconds
    )
    answer = _login(frame, way, name, said % {"seconds": seconds}, 429)
    answer.headers["retry-after"] = str(seconds)
    return answer


def _inside(request: Request, cookie: str, way: str) -> Response:
    answer = RedirectResponse(way, 303)
    doorstep.give(answer, request, SESSION, cookie)
    return answer


def left(frame: Framed) -> Response:
    frame.sight.access.keys.log_out(frame.request.cookies.get(SESSION, ""))
    answer = RedirectResponse("/login", 303)
    doorstep.take(answer, frame.request, SESSION)
    return answer


def invited(frame: Framed, key: str = "") -> Response:
    return _choosing(frame, key, {})


def _choosing(frame: Framed, key: str, problems: Mapping[str, str], name: str = "", status: int = 200) -> Response:
    account = frame.sight.access.keys.invited(key)
    if account is None:
        problems, status = {"key": problem_words(frame.gettext)["link-spent"]}, 410
    title = frame.gettext("Create the first admin") if account == "" else frame.gettext("Choose a password")
    answer = frame.page(
        "access/setup.html",
        title=title,
        status=status,
        bare=True,
        key=key if account is not None else "",
        account=account,
        name=name[:64],
        problems=problems,
    )
    answer.headers["referrer-policy"] = "same-origin"
    return answer


def accepted(frame: Framed, form: Form) -> Response:
    key, name, password = form.text("key"), form.text("name"), form.secret("password")
    try:
        if password != form.secret("again"):
            raise Declined({"again": "password-twice"})
        caller, language = doorstep.caller(frame.request), frame.language.key
        cookie = frame.sight.access.keys.accept(key, name, password, caller, language=language)
    except Declined as error:
        return _choosing(frame, key, words_of(frame, error), name, 422)
    return _inside(frame.request, cookie, "/")


ROUTES: Final = (
    Route("/login", asked, Right.PUBLIC),
    Route("/login", entered, Right.PUBLIC, ("POST",)),
    Route("/logout", left, Right.SEE, ("POST",)),
    Route("/setup", invited, Right.PUBLIC),
    Route("/setup", accepted, Right.PUBLIC, ("POST",)),
)
