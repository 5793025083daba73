"""Silences and maintenance over the API: what is planned, planning it and ending it."""

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import Body, Path, Query
from fastapi.responses import Response
from pydantic import Field

from alerts.books import Books
from alerts.desk import planned
from alerts.window import Window, WindowKind
from alerts.windows import Windows
from dashboards.figures import iso
from dashboards.web.api import models_cases as models
from dashboards.web.api.acting import Act, Acting, Doing, there
from dashboards.web.api.asked import Asked, Asking
from dashboards.web.api.incident_acts import Nothing
from dashboards.web.api.pages import ListQuestion, Place
from dashboards.web.api.reading import acting, reading
from dashboards.web.api.selecting import Term
from dashboards.web.api.times import Moment
from dashboards.web.refusal import BadQuestion, Unseen
from dashboards.web.viewer import Right
from dashboards.windows import ORDER, WindowRow, as_json, window_row, window_rows
from inventory.sentence import Sentence, noted

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Reason = Annotated[str, Field(min_length=1, max_length=200, description="For whoever wonders, on one line.")]


class WindowQuestion(ListQuestion):
    """The questions of `noc silence list` and `noc maintenance list`."""

    all: Annotated[bool, Field(description="Also those that are over.")] = False


class Silence(Act):
    """Nobody is told of what the selector matches, for a while."""

    select: Annotated[
        list[Term], Field(min_length=1, max_length=20, examples=[["region=Dodoma", "kind=lga"], ["lga-chamwino"]])
    ]
    begins: Annotated[Moment | None, Field(alias="from", description="Without it from now on.")] = None
    ends: Annotated[Moment, Field(alias="to")]
    reason: Reason
    anyway: Annotated[bool, Field(description="Although the selector matches nothing now.")] = False


class Maintenance(Act):
    """Work that is planned."""

    target: Literal["site", "link", "device", "circuit", "provider", "region"]
    key: Annotated[str, Field(min_length=1, max_length=200, description="Of what is worked on.")]
    begins: Annotated[Moment | None, Field(alias="from", description="Without it from now on.")] = None
    ends: Annotated[Moment, Field(alias="to")]
    repeat: Annotated[str, Field(max_length=200, description="RFC 5545", examples=["FREQ=WEEKLY;BYDAY=SU"])] = ""
    until: Annotated[Moment | None, Field(description="With `repeat`, and needed there.")] = None
    reason: Reason


Asks = Annotated[WindowQuestion, Query()]


def silences(asked: Asking, question: Asks) -> Response:
    """What is silent now or will be, until when, why and by whom."""
    return _listed(asked, "silence", question)


def maintenance(asked: Asking, question: Asks) -> Response:
    """Work that goes on or is planned, when next, why and by whom."""
    return _listed(asked, "maintenance", question)


def silence(asked: Asking, number: Number) -> Response:
    """One silence, over or not."""
    return _one(asked, "silence", number)


def planned_work(asked: Asking, number: Number) -> Response:
    """One window of planned work, over or not."""
    return _one(asked, "maintenance", number)


def add_silence(doing: Acting, said: Silence) -> Response:
    """Tell nobody of what matches. When it ends, what is still bad is told then."""
    begins = said.begins.timestamp() if said.begins else doing.sight.now
    window = Window(0, "silence", shlex.join(said.select), doing.sight.cases.who, said.reason, begins, _at(said.ends))
    return _kept(doing, said, window, anyway=said.anyway)


def add_maintenance(doing: Acting, said: Maintenance) -> Response:
    """Plan work. What fails inside is on the screens and told to nobody; what is still bad at its end is told then."""
    begins = said.begins.timestamp() if said.begins else doing.sight.now
    if said.until and not said.repeat.strip():
        raise BadQuestion(
            Sentence("until-alone", "until is the end of what is repeated"),
            {"until": Sentence("until-alone", "it belongs to repeat")},
        )
    window = Window(
        0, "maintenance", said.key, doing.sight.cases.who, said.reason, begins, _at(said.ends), target=said.target
    )
    until = said.until.timestamp() if said.until else None
    return _kept(doing, said, window, anyway=False, repeat=said.repeat, until=until)


def end_silence(doing: Acting, number: Number, said: Annotated[Nothing, Body()] = Nothing()) -> Response:  # noqa: B008
    """End it now; what is still bad is told."""
    return _ended(doing, said, "silence", number)


def end_maintenance(doing: Acting, number: Number, said: Annotated[Nothing, Body()] = Nothing()) -> Response:  # noqa: B008
    """End it now, or call off what has not begun; what is still bad is told."""
    return _ended(doing, said, "maintenance", number)


def _listed(asked: Asked, kind: WindowKind, question: WindowQuestion) -> Response:
    def make() -> dict[str, Any]:
        sight = asked.sight
        rows = window_rows(sight.records.windows(kind), sight.inventory, sight.now)
        meant = sorted((row for row in rows if question.all or row.state != "expired"), key=_place)
        shown = asked.page(meant, _place, question)
        return {
            "at": iso(sight.now),
            "total": len(meant),
            ("silences" if kind == "silence" else "windows"): [as_json(row) for row in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.version())


def _one(asked: Asked, kind: WindowKind, number: int) -> Response:
    sight = asked.sight
    one = next((one for one in sight.records.windows(kind) if one.number == number), None)
    if one is None:
        raise Unseen(f"there is no {kind} {number}")

    def make() -> Mapping[str, Any]:
        return {"at": iso(sight.now), "window": as_json(window_rows([one], sight.inventory, sight.now)[0])}

    return asked.told(make, sight.records.version())


def _kept(
    doing: Doing, said: Act, window: Window, *, anyway: bool, repeat: str = "", until: float | None = None
) -> Response:
    sight = doing.sight

    def act(books: Books) -> Mapping[str, Any]:
        made = window
        if made.target:
            key = planned.work_on(sight.inventory, made.target, made.selector)
            made = replace(made, selector=shlex.quote(f"key={key}"))
        rule = planned.repetition(repeat)
        made = replace(made, repeat=rule, until_at=until, reason=planned.one_line(made.reason))
        planned.look_over(made, sight.now)
        places = planned.covered(Windows(sight.inventory), made)
        if not places and not anyway:
            nothing = planned.nothing(made, sight.inventory)
            text = noted("{what}; `anyway` if it soon will")
            raise planned.WindowRefused(Sentence("matches-nothing", text, what=nothing), "select")
        return _told(window_row(places, planned.keep(books, made, sight.now), sight.now))

    return doing.once(said, act, status=201)


def _ended(doing: Doing, said: Act, kind: WindowKind, number: int) -> Response:
    sight = doing.sight

    def act(books: Books) -> Mapping[str, Any]:
        there(found=any(one.number == number and one.kind == kind for one in books.windows()), what=f"{kind} {number}")
        ending = planned.end(books, kind, number, sight.cases.who, sight.now)
        return _told(window_rows([ending.window], sight.inventory, sight.now)[0])

    return doing.once(said, act)


def _told(row: WindowRow) -> Mapping[str, Any]:
    return {"number": row.window.number, "told": {"window": as_json(row)}}


def _place(row: WindowRow) -> Place:
    return ORDER.index(row.state), (row.span or (row.window.from_at,))[0], row.window.number


def _at(moment: Moment) -> float:
    return float(moment.timestamp())


ROUTES: Final = (
    reading("/silences", silences, models.SilenceList, "Silences", needs=Right.WATCH),
    reading("/silences/{number}", silence, models.OneWindow, "One silence", needs=Right.WATCH),
    acting("/silences", add_silence, models.OneWindow, "Silence something", made=True),
    acting("/silences/{number}/end", end_silence, models.OneWindow, "End a silence"),
    reading("/maintenance", maintenance, models.WindowList, "Planned work", needs=Right.WATCH),
    reading("/maintenance/{number}", planned_work, models.OneWindow, "One window", needs=Right.WATCH),
    acting("/maintenance", add_maintenance, models.OneWindow, "Plan work", made=True),
    acting("/maintenance/{number}/end", end_maintenance, models.OneWindow, "End planned work"),
)
