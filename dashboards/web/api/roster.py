"""Who is on call, over the API, and standing in for them; what devices said unasked."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Body, Path, Query
from fastapi.responses import Response
from pydantic import Field

from alerts.books import Books
from alerts.oncall import standing_in
from alerts.roster import Override
from dashboards.figures import iso
from dashboards.notices import as_json as notice_as_json
from dashboards.oncall import as_json, override_json
from dashboards.web.api import models_cases as models
from dashboards.web.api import models_roster as roster
from dashboards.web.api.acting import Act, Acting, there
from dashboards.web.api.asked import Asking
from dashboards.web.api.incident_acts import Nothing
from dashboards.web.api.pages import ListQuestion, Question
from dashboards.web.api.reading import acting, reading
from dashboards.web.api.selecting import Terms, chosen
from dashboards.web.api.times import Moment
from dashboards.web.api.windows import Number
from dashboards.web.refusal import Unseen
from dashboards.web.sources.notices import Listening
from dashboards.web.viewer import Right

LABELS: Final = ("name", "site", "region", "kind", "role", "address")


class RosterQuestion(Question):
    """The questions of `noc oncall show`."""

    when: Annotated[Moment | None, Field(alias="at", description="Not now but then.")] = None
    week: Annotated[bool, Field(description="Turn by turn for seven days, too.")] = False


class StandIn(Act):
    """Somebody stands in on a schedule; of several at a time the one made last counts."""

    schedule: Annotated[str, Field(min_length=1, max_length=64)]
    contact: Annotated[str, Field(min_length=1, max_length=64)]
    begins: Annotated[Moment | None, Field(alias="from", description="Without it from now on.")] = None
    ends: Annotated[Moment, Field(alias="to")]
    reason: Annotated[str, Field(max_length=200)] = ""


class NoticeQuestion(ListQuestion):
    """The questions of `noc notice list`."""

    select: Terms = ()
    since: Moment | None = None
    until: Moment | None = None
    kind: Literal["trap", "inform", "syslog"] | None = None
    name: Annotated[
        str, Field(max_length=100, description="What it is called; * stands for anything.", examples=["linkDown"])
    ] = ""
    text: Annotated[str, Field(max_length=200, description="Words of its line or its subject.")] = ""
    severity: Annotated[
        int | None, Field(ge=0, le=7, description="Syslog of this severity or worse: 0 emergency, 7 debug.")
    ] = None


def oncall(asked: Asking, question: Annotated[RosterQuestion, Query()]) -> Response:
    """Who is on call, until when, who takes over; overrides, gaps in 60 days, who is told when nobody answers."""
    sight = asked.sight
    at = question.when.timestamp() if question.when else sight.now

    def make() -> Mapping[str, Any]:
        return as_json(sight.records.roster(at, week=question.week), sight.now)

    return asked.told(make, sight.records.version())


def add_override(doing: Acting, said: StandIn) -> Response:
    """Somebody stands in from now on, or from then on."""
    sight = doing.sight
    begins = said.begins.timestamp() if said.begins else sight.now
    made = Override(
        *(0, said.schedule, said.contact, begins, said.ends.timestamp(), sight.cases.who),
        reason=" ".join(said.reason.split()),
        created_at=sight.now,
    )
    plan = sight.records.plan()

    def act(books: Books) -> Mapping[str, Any]:
        if not made.reason.isprintable():
            raise standing_in.OverrideRefused("some words on one line", "reason")
        standing_in.look_over(made, plan, sight.inventory, sight.now)
        kept = standing_in.keep(books, made)
        return {"number": kept.number, "told": {"override": override_json(kept)}}

    return doing.once(said, act, status=201)


def end_override(doing: Acting, number: Number, said: Annotated[Nothing, Body()] = Nothing()) -> Response:  # noqa: B008
    """The schedule goes on as planned."""
    sight = doing.sight

    def act(books: Books) -> Mapping[str, Any]:
        there(found=any(one.number == number for one in books.overrides()), what=f"override {number}")
        ended = standing_in.end(books, number, sight.cases.who, sight.now)
        return {"number": number, "told": {"override": override_json(ended)}}

    return doing.once(said, act)


def notices(asked: Asking, question: Annotated[NoticeQuestion, Query()]) -> Response:
    """What devices said unasked, the newest first."""
    sight = asked.sight
    wanted = Listening(
        devices=_devices(asked, question),
        since=question.since.timestamp() if question.since else None,
        until=question.until.timestamp() if question.until else None,
        kind=question.kind or "",
        name=question.name,
        text=question.text,
        severity=question.severity,
        before=asked.after(question),
    )

    def make() -> Mapping[str, Any]:
        found = sight.records.heard(wanted, question.limit + 1)
        listened_at = sight.records.listened_at()
        shown = found[: question.limit]
        return {
            "at": iso(sight.now),
            "listened_at": None if listened_at is None else iso(listened_at),
            "notices": [notice_as_json(one.number, one.notice) for one in shown],
            "next": asked.onward(shown[-1].number, question) if len(found) > len(shown) else None,
        }

    newest = sight.records.heard(Listening(), 1)
    return asked.told(make, newest[0].number if newest else 0)


def notice(asked: Asking, number: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    """One notice with all that was in it; they are kept for as long as the configuration says."""
    sight = asked.sight
    found = sight.records.heard(Listening(number=number), 1)
    if not found:
        raise Unseen(f"there is no notice {number}, or it is no longer kept")
    told = notice_as_json(found[0].number, found[0].notice)
    return asked.told(lambda: {"at": iso(sight.now), "notice": told}, repr(told))


def _devices(asked: Asking, question: NoticeQuestion) -> list[str] | None:
    """Keys of the devices that are meant; None for all."""
    meant = chosen(question.select, LABELS)
    if not meant.terms:
        return None
    rows = asked.sight.picture.devices.values()
    return [row.key for row in rows if meant.matches(row.key, row.labels)]


ROUTES: Final = (
    reading("/oncall", oncall, roster.Roster, "Who is on call", needs=Right.WATCH),
    acting("/oncall/overrides", add_override, roster.OneOverride, "Stand in", made=True),
    acting("/oncall/overrides/{number}/end", end_override, roster.OneOverride, "End standing in"),
    reading("/notices", notices, models.NoticeList, "Notices", needs=Right.WATCH),
    reading("/notices/{number}", notice, models.OneNotice, "One notice", needs=Right.WATCH),
)
