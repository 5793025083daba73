"""Who asks and what that may do; accounts, tokens and the audit log for admins; and looking for anything by its name."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.figures import iso
from dashboards.search import LONGEST
from dashboards.web.api import models_own as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.own import plain
from dashboards.web.api.pages import ListQuestion, Question
from dashboards.web.api.reading import reading
from dashboards.web.api.times import Moment
from dashboards.web.sources.accounts import Sought
from dashboards.web.viewer import Right


class AuditQuestion(ListQuestion):
    """Which lines of the audit log."""

    who: Annotated[str, Field(max_length=100)] = ""
    act: Annotated[str, Field(max_length=100)] = ""
    text: Annotated[str, Field(max_length=100, description="Words in what it was done with.")] = ""
    since: Moment | None = None
    until: Moment | None = None


class SearchQuestion(Question):
    """What is looked for."""

    q: Annotated[
        str,
        Field(max_length=LONGEST, description="Name, address, circuit, institution, number.", examples=["chamwino"]),
    ]
    limit: Annotated[int, Field(ge=1, le=200)] = 50


Asks = Annotated[ListQuestion, Query()]


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
    every = sorted(asked.sight.access.everybody.accounts(), key=lambda one: one.name)

    def make() -> Mapping[str, Any]:
        shown = asked.page(every, lambda one: (one.name,), question)
        rows = [
            {name: value for name, value in plain(one).items() if name in models.Account.model_fields}
            for one in shown.rows
        ]
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            "accounts": rows,
            "next": shown.next or None,
        }

    return asked.told(make, repr(every))


def tokens(asked: Asking, question: Asks) -> Response:
    """Tokens of programs: whose, for what, used when."""
    every = sorted(asked.sight.access.everybody.tokens(), key=lambda one: one.number)

    def make() -> Mapping[str, Any]:
        shown = asked.page(every, lambda one: (one.number,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            "tokens": [plain(one) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, repr(every))


def displays(asked: Asking, question: Asks) -> Response:
    """Wallboards, and when each was seen last."""
    every = sorted(asked.sight.access.everybody.displays(), key=lambda one: one.number)

    def make() -> Mapping[str, Any]:
        shown = asked.page(every, lambda one: (one.number,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            "displays": [plain(one) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, repr(every))


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


def search(asked: Asking, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Sites, devices, links, circuits, providers, services, institutions, incidents that you may see."""
    sight = asked.sight

    def make() -> Mapping[str, Any]:
        found = sight.search.ask(question.q, asked.language)
        hits = [_hit(one.kind, one.key, one.text, one.note, one.address) for one in found.things[: question.limit]]
        for hit, one in zip(hits, found.things, strict=False):
            hit["state"] = sight.search.state(one)
        if found.exact and not hits:
            hits = [_hit("incident", found.exact.rpartition("/")[2], "", "", found.exact)]
        return {"at": iso(sight.now), "total": max(found.total, len(hits)), "hits": hits}

    return asked.told(make, asked.standing(), sight.records.version())


def _hit(kind: str, key: str, text: str, note: str, address: str) -> dict[str, Any]:
    return {"kind": kind, "key": key, "text": text, "note": note, "address": address, "state": None}


ROUTES: Final = (
    reading("/me", me, models.Me, "Who asks"),
    reading("/search", search, models.Hits, "Look for anything"),
    reading("/accounts", accounts, models.AccountList, "Accounts", needs=Right.ADMIN),
    reading("/tokens", tokens, models.TokenList, "API tokens", needs=Right.ADMIN),
    reading("/displays", displays, models.DisplayList, "Displays", needs=Right.ADMIN),
    reading("/audit", audit, models.Audit, "The audit log", needs=Right.ADMIN),
)
