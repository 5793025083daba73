"""Incidents over the API: what is broken, whom it hurts and who has it, with the keys of `noc incident --json`."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import Field

from alerts.alarm import Alarm
from alerts.incident import Incident, IncidentState
from dashboards.addresses import Addresses
from dashboards.alarm_facts import alarm_as_json
from dashboards.figures import iso
from dashboards.incident_facts import as_json, story_as_json
from dashboards.incidents import ASKED, labels_of, worst_first
from dashboards.web.api import models_cases as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.pages import ListQuestion, Place
from dashboards.web.api.reading import reading
from dashboards.web.api.selecting import Terms, chosen
from dashboards.web.api.times import Moment
from dashboards.web.sight.cases import HIGHEST

State = Literal["open", "acknowledged", "in progress", "waiting", "resolved", "closed"]
Number = Annotated[int, Path(ge=1, le=HIGHEST, description="The number that people say and every message carries.")]


class IncidentQuestion(ListQuestion):
    """The questions of `noc incident list`."""

    select: Terms = ()
    state: Annotated[
        Sequence[State], Field(max_length=6, description="Only these; without it all but closed ones.")
    ] = ()
    since: Annotated[Moment | None, Field(description="Opened or changed then or later; closed ones, too.")] = None


class AlarmQuestion(ListQuestion):
    phase: Literal["pending", "firing"] | None = None
    family: Annotated[str, Field(max_length=20)] = ""


def incidents(asked: Asking, question: Annotated[IncidentQuestion, Query()]) -> Response:
    """The worst first; closed ones only when asked for."""
    selector = chosen(question.select, ("name", "name_sw", *ASKED))

    def make() -> dict[str, Any]:
        sight = asked.sight
        view = sight.cases.view(asked.language)
        found = sight.records.incidents(_states(question), question.since.timestamp() if question.since else 0.0)
        if selector.terms:
            found = [
                one for one in found if selector.matches(f"{one.number} {one.root.key}", labels_of(one, view.names))
            ]
        shown = asked.page(worst_first(found), _place, question)
        return {
            "at": iso(sight.now),
            "total": len(found),
            "incidents": [as_json(one, view) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.version())


def incident(asked: Asking, number: Number) -> Response:
    """One incident whole: alarms, who was told, and what happened when. Its ETag goes into If-Match of acts on it."""
    sight = asked.sight
    if known := asked.unchanged(sight.records.version()):
        return known
    case = sight.cases.case(number, None)
    view = sight.cases.view(asked.language)

    def make() -> dict[str, Any]:
        story = sight.records.told(replace(case.story, notices=[one.notice for one in case.heard]))
        return {"at": iso(sight.now), "incident": story_as_json(story, view, Addresses(sight.inventory))}

    return asked.told(make, sight.records.version(), revision=case.story.incident.revision)


def alarms(asked: Asking, question: Annotated[AlarmQuestion, Query()]) -> Response:
    """What rules say of devices, links and the NOC itself: everything that is not clear, the newest first."""

    def make() -> dict[str, Any]:
        found = [
            one
            for one in asked.sight.records.alarms()
            if question.phase in (None, one.phase) and question.family in ("", one.family)
        ]
        shown = asked.page(sorted(found, key=_alarm_place), _alarm_place, question)
        return {
            "at": iso(asked.sight.now),
            "total": len(found),
            "alarms": [alarm_as_json(one) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.version())


def _states(question: IncidentQuestion) -> Sequence[IncidentState]:
    if question.state:
        return tuple(map(IncidentState, question.state))
    every = tuple(IncidentState)
    return every if question.since else every[:-1]


def _place(one: Incident) -> Place:
    return (not one.unresolved, one.severity.rank, -one.since, -one.number)


def _alarm_place(one: Alarm) -> Place:
    return (-one.since, one.key)


ROUTES: Final = (
    reading("/incidents", incidents, models.IncidentList, "Incidents"),
    reading("/incidents/{number}", incident, models.OneIncident, "One incident whole"),
    reading("/alarms", alarms, models.AlarmList, "Alarms that are not clear"),
)
