"""Who asks and what that may do; accounts, tokens and the audit log for admins."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Annotated, Any, Final

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.figures import iso
from dashboards.web.api import models_access as models
from dashboards.web.api.asked import Asked, Asking
from dashboards.web.api.models import Told
from dashboards.web.api.own import plain
from dashboards.web.api.pages import ListQuestion
from dashboards.web.api.reading import reading
from dashboards.web.api.times import Moment
from dashboards.web.refusal import Unseen
from dashboards.web.sources.accounts import Sought
from dashboards.web.viewer import Right


class AuditQuestion(ListQuestion):
    """Which lines of the audit log."""

    who: Annotated[str, Field(max_length=100)] = ""
    act: Annotated[str, Field(max_length=100)] = ""
    text: Annotated[str, Field(max_length=100, description="Words in what it was done with.")] = ""
    since: Moment | None = None
    until: Moment | None = None


Asks = Annotated[ListQuestion, Query()]
Name = Annotated[str, Path(min_length=1, max_length=64, examples=["juma"])]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


def me(asked: Asking) -> Response:
    """Whom this token or session belongs to."""
    viewer = asked.sight.viewer

    def make() -> Mapping[str, Any]:
        return {
            "at": iso(asked.sight.now),
            "name": viewer.name,
            "role": str(viewer.role),
            "rights": sorted(map(str, viewer.rights)),
            "sites": None if viewer.sites is None else sorted(viewer.sites),
            "language": viewer.language,
        }

    return asked.told(make)


def accounts(asked: Asking, question: Asks) -> Response:
    """Who may log in, and as what."""
    return _listed(asked, question, "accounts", asked.sight.access.everybody.accounts(), models.Account)


def tokens(asked: Asking, question: Asks) -> Response:
    """Tokens of programs: whose, for what, used when."""
    return _listed(asked, question, "tokens", asked.sight.access.everybody.tokens(), models.Token)


def displays(asked: Asking, question: Asks) -> Response:
    """Wallboards, and when each was seen last."""
    return _listed(asked, question, "displays", asked.sight.access.everybody.displays(), models.Display)


def _listed(asked: Asked, question: ListQuestion, name: str, found: Iterable[Any], model: type[Told]) -> Response:
    """Of each what its model has, in the order of what the model has first."""
    first, *_ = model.model_fields
    every = sorted((plain(one) for one in found), key=itemgetter(first))

    def make() -> Mapping[str, Any]:
        shown = asked.page(every, lambda one: (one[first],), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            name: [{field: one[field] for field in model.model_fields} for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, repr(every))


def told_of(one: Any, model: type[Told]) -> Mapping[str, Any]:
    """What its model has of it."""
    every = plain(one)
    return {field: every[field] for field in model.model_fields}


def account(asked: Asking, name: Name) -> Response:
    """One account; no secret of it."""
    found = asked.sight.access.everybody.account(name)
    return _one(asked, "account", name, found, models.Account)


def token(asked: Asking, number: Number) -> Response:
    """One token of a program, and when it was used last; not the token itself."""
    every = asked.sight.access.everybody.tokens()
    return _one(asked, "token", number, next((one for one in every if one.number == number), None), models.Token)


def display(asked: Asking, number: Number) -> Response:
    """One display, and when it was seen last; not its token."""
    every = asked.sight.access.everybody.displays()
    return _one(asked, "display", number, next((one for one in every if one.number == number), None), models.Display)


def _one(asked: Asked, what: str, key: str | int, found: Any, model: type[Told]) -> Response:
    if found is None:
        raise Unseen(f"there is no {what} {key!r}")
    told = told_of(found, model)
    return asked.told(lambda: {"at": iso(asked.sight.now), what: told}, repr(told))


def audit(asked: Asking, question: Annotated[AuditQuestion, Query()]) -> Response:
    """Who did what when, the newest first, as far back as there is anything."""
    sought = Sought(
        *(question.who.strip(), question.act.strip(), question.text.strip()),
        since=question.since.timestamp() if question.since else 0.0,
        until=question.until.timestamp() if question.until else None,
        before=asked.after(question),
        most=question.limit + 1,
    )
    found = asked.sight.access.everybody.deeds(sought)

    def make() -> Mapping[str, Any]:
        shown = found[: question.limit]
        return {
            "at": iso(asked.sight.now),
            "deeds": [plain(one) for one in shown],
            "next": asked.onward(shown[-1].number, question) if len(found) > len(shown) else None,
        }

    return asked.told(make, found[0].number if found else 0)


ROUTES: Final = (
    reading("/me", me, models.Me, "Who asks"),
    reading("/accounts", accounts, models.AccountList, "Accounts", needs=Right.ADMIN),
    reading("/tokens", tokens, models.TokenList, "API tokens", needs=Right.ADMIN),
    reading("/displays", displays, models.DisplayList, "Displays", needs=Right.ADMIN),
    reading("/accounts/{name}", account, models.OneAccount, "One account", needs=Right.ADMIN),
    reading("/tokens/{number}", token, models.OneToken, "One token", needs=Right.ADMIN),
    reading("/displays/{number}", display, models.OneDisplay, "One display", needs=Right.ADMIN),
    reading("/audit", audit, models.Audit, "The audit log", needs=Right.ADMIN),
)
