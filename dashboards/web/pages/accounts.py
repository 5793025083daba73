"""Everybody's accounts, for admins: who may come in and do what; the first password is chosen by a one-time link."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi.responses import RedirectResponse, Response

from dashboards.access_words import role_words
from dashboards.browsers import browser_of
from dashboards.languages import KNOWN
from dashboards.web.entrance import doorstep
from dashboards.web.forms import Form, words_of
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.refusal import Unseen
from dashboards.web.route import Route
from dashboards.web.sources.accounts import Account, Declined
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

HERE: Final = "/accounts"


def accounts(frame: Framed) -> Response:
    return _accounts(frame)


def _accounts(frame: Frame, problems: Mapping[str, str] | None = None, **typed: Any) -> Response:
    title = frame.gettext("Accounts")
    return frame.page(
        "access/accounts.html",
        title=title,
        crumbs=[Crumb(title)],
        status=422 if problems else 200,
        accounts=frame.sight.access.everybody.accounts(),
        problems=problems or {},
        typed=typed,
        languages=KNOWN,
        **_choices(frame),
    )


def _choices(frame: Frame) -> dict[str, Any]:
    language = frame.language.key
    named = [(one.key, one.name.in_language(language)) for one in frame.sight.inventory.institutions.values()]
    return {"roles": role_words(frame.gettext), "institutions": sorted(named, key=lambda each: each[1])}


def add(frame: Framed, form: Form) -> Response:
    name, role, language = form.text("name"), form.text("role"), form.text("language") or KNOWN[0]
    mine = form.several("institutions")
    try:
        key = frame.sight.access.everybody.add(frame.sight.viewer.name, name, role, mine, language)
    except Declined as error:
        return _accounts(frame, words_of(frame, error), name=name, role=role, mine=mine, language=language)
    return _link(frame, name, key)


def _link(frame: Frame, name: str, key: str) -> Response:
    """Shown once: nobody can read it again."""
    title = frame.gettext("One-time link")
    return frame.page(
        "access/link.html",
        title=title,
        crumbs=[Crumb(frame.gettext("Accounts"), HERE), Crumb(title)],
        name=name,
        link=f"{doorstep.url_of(frame.request)}/setup?key={key}",
    )


def account(frame: Framed, name: str) -> Response:
    return _account(frame, name)


def _account(frame: Frame, name: str, problems: Mapping[str, str] | None = None) -> Response:
    one = _known(frame, name)
    everybody = frame.sight.access.everybody
    return frame.page(
        "access/one.html",
        title=one.name,
        crumbs=[Crumb(frame.gettext("Accounts"), HERE), Crumb(one.name)],
        status=422 if problems else 200,
        one=one,
        browser_of=browser_of,
        sessions=everybody.sessions(one.name),
        tokens=[each for each in everybody.tokens() if each.account == one.name],
        problems=problems or {},
        **_choices(frame),
    )


def _known(frame: Frame, name: str) -> Account:
    found = frame.sight.access.everybody.account(name)
    if found is None:
        raise Unseen(Sentence("account-unknown", "there is no account {key!r}", key=name[:64]))
    return found


def change(frame: Framed, name: str, form: Form) -> Response:
    one, who = _known(frame, name), frame.sight.viewer.name
    try:
        frame.sight.access.everybody.change(who, one.name, form.text("role"), form.several("institutions"))
    except Declined as error:
        return _account(frame, name, words_of(frame, error))
    return RedirectResponse(f"{HERE}/{one.name}", 303)


def disable(frame: Framed, name: str) -> Response:
    one = _known(frame, name)
    try:
        frame.sight.access.everybody.disable(frame.sight.viewer.name, one.name)
    except Declined as error:
        return _account(frame, name, words_of(frame, error))
    return RedirectResponse(f"{HERE}/{one.name}", 303)


def enable(frame: Framed, name: str) -> Response:
    one = _known(frame, name)
    frame.sight.access.everybody.enable(frame.sight.viewer.name, one.name)
    return RedirectResponse(f"{HERE}/{one.name}", 303)


def reset(frame: Framed, name: str) -> Response:
    one = _known(frame, name)
    try:
        key = frame.sight.access.everybody.reset(frame.sight.viewer.name, one.name)
    except Declined as error:
        return _account(frame, name, words_of(frame, error))
    return _link(frame, one.name, key)


ROUTES: Final = (
    Route(HERE, accounts, Right.ADMIN),
    Route(HERE, add, Right.ADMIN, ("POST",)),
    Route(f"{HERE}/{{name}}", account, Right.ADMIN),
    Route(f"{HERE}/{{name}}", change, Right.ADMIN, ("POST",)),
    Route(f"{HERE}/{{name}}/disable", disable, Right.ADMIN, ("POST",)),
    Route(f"{HERE}/{{name}}/enable", enable, Right.ADMIN, ("POST",)),
    Route(f"{HERE}/{{name}}/reset", reset, Right.ADMIN, ("POST",)),
)
