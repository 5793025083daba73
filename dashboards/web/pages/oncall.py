"""On call: who is told now and until when, the week ahead, who stands in, and what the on-call file lacks."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from alerts.desk import planned
from alerts.desk.acts import ActRefused
from alerts.oncall.standing_in import OverrideRefused
from alerts.oncall.telephones import masked
from alerts.roster import Override
from dashboards.cases.planning import Asking
from dashboards.cases.rota import clocks, days, holidays, weekday
from dashboards.moments import MomentError, moment
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.pages.incidents import whole_number
from dashboards.web.pages.terms import shifts
from dashboards.web.refusal import Away, BadQuestion, NotNow
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

MOST_TYPED: Final = 2_000


class Typed(BaseModel):
    """What stands in the form of who stands in."""

    model_config = ConfigDict(populate_by_name=True)
    schedule: str = Field("", max_length=MOST_TYPED)
    contact: str = Field("", max_length=MOST_TYPED)
    begins: str = Field("", alias="from", max_length=MOST_TYPED)
    ends: str = Field("", alias="to", max_length=MOST_TYPED)
    length: str = Field("", alias="for", max_length=MOST_TYPED)
    reason: str = Field("", max_length=MOST_TYPED)


EMPTY: Final = Typed()


def oncall(frame: Framed) -> Response:
    return shown(frame)


def shown(
    frame: Frame,
    *,
    status: int = 200,
    typed: Typed = EMPTY,
    problems: Mapping[str, str] | None = None,
    refused: str = "",
) -> Response:
    sight, at = frame.sight, _at(frame)
    rota = sight.rota.rota(at)
    schedules = [held.schedule for held in rota.roster.held] if rota.roster else []
    return frame.page(
        "cases/oncall.html",
        title=frame.gettext("On call"),
        crumbs=[Crumb(frame.gettext("On call"))],
        status=status,
        at=at,
        then=abs(at - sight.now) > 60,
        rota=rota,
        roster=rota.roster,
        schedules=schedules,
        days=days(rota.roster.coming, schedules, at) if rota.roster else [],
        holidays=list(holidays(rota.plan, at)) if rota.plan else [],
        telephones=telephones(frame),
        weekday=lambda begins: weekday(begins, frame.gettext),
        clocks=clocks,
        shifts=shifts(frame.language),
        contacts=[one for one in sight.inventory.contacts.values() if one.telephone],
        words=sight.cases.view(frame.language.key).names,
        typed=typed.model_dump(by_alias=True),
        problems=problems or {},
        refused=refused,
        may_act=sight.viewer.may(Right.ACT),
    )


def _at(frame: Frame) -> float:
    """Now, or when the address says."""
    text = frame.request.query_params.get("at", "").strip()
    try:
        return moment(text[:100], frame.sight.now) if text else frame.sight.now
    except MomentError as error:
        raise BadQuestion(str(error), {"at": str(error)}) from error


def telephones(frame: Frame) -> Mapping[str, str]:
    """By contact: in full for who may act, else only that there is one."""
    clear = frame.sight.viewer.may(Right.ACT)
    contacts = frame.sight.inventory.contacts.items()
    return {key: one.telephone if clear else masked(one.telephone) for key, one in contacts if one.telephone}


def stand_in(frame: Framed, typed: Annotated[Typed, Form()]) -> Response:
    """303 when it is kept; 422 with every field that cannot be meant, 409 where nobody would be told by it."""
    sight = frame.sight
    asking = Asking(typed.model_dump(by_alias=True), sight.now)
    made = _made(asking, sight.cases.who)
    if asking.problems:
        return shown(frame, status=422, typed=typed, problems=asking.problems)
    try:
        sight.rota.stand_in(made)
    except OverrideRefused as error:
        return shown(frame, status=409, typed=typed, problems={error.field: str(error)}, refused=str(error))
    except (Away, NotNow) as error:
        return shown(frame, status=error.status, typed=typed, refused=str(error))
    return RedirectResponse("/oncall#overrides", 303)


def _made(asking: Asking, who: str) -> Override:
    typed = asking.typed
    for name in ("schedule", "contact"):
        if not typed[name].strip():
            asking.problems[name] = Sentence("choose-one", "choose one")
    begins = asking.begins()
    ends = asking.ends(begins)
    reason = asking.read("reason", lambda text: planned.one_line(text) if text else "", "")
    return Override(
        0, typed["schedule"].strip(), typed["contact"].strip(), begins, ends, who, reason, created_at=asking.now
    )


def end(frame: Framed, number: str) -> Response:
    try:
        frame.sight.rota.end(whole_number(number), frame.sight.cases.who)
    except (ActRefused, NotNow) as error:
        if _ended_by_me(frame.sight.rota.rota(frame.sight.now).overrides, whole_number(number), frame.sight.cases.who):
            return RedirectResponse("/oncall#overrides", 303)
        return shown(frame, status=409, refused=str(error))
    except Away as error:
        return shown(frame, status=error.status, refused=str(error))
    return RedirectResponse("/oncall#overrides", 303)


def _ended_by_me(overrides: Sequence[Override], number: int, who: str) -> bool:
    return any(one.number == number and one.ended_by == who for one in overrides)


def back(number: str) -> Response:
    """The page that says why it was not ended is read again as the roster."""
    return RedirectResponse("/oncall", 303)


ROUTES: Final = (
    Route("/oncall/{number}/end", back, Right.WATCH),
    Route("/oncall", oncall, Right.WATCH),
    Route("/oncall", stand_in, Right.ACT, ("POST",)),
    Route("/oncall/{number}/end", end, Right.ACT, ("POST",)),
)
