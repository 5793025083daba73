"""What people do with incidents, over the API: the acts of the commands and pages, each on one incident."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Body
from fastapi.responses import Response
from pydantic import Field

from alerts.books import Books
from dashboards.cases import acts
from dashboards.incident_facts import as_json
from dashboards.web.api import models_cases as models
from dashboards.web.api.acting import Act, Acting, Doing
from dashboards.web.api.incidents import Number
from dashboards.web.api.reading import acting
from dashboards.web.api.times import Moment
from dashboards.web.refusal import Unseen

Text = Annotated[str, Field(min_length=1, max_length=2_000)]


class Nothing(Act):
    """Nothing more need be said."""


class Assign(Act):
    """Who works on it from now on."""

    owner: Annotated[str, Field(min_length=1, max_length=64, description="A contact of the inventory.")]


class Note(Act):
    """What is to be remembered."""

    text: Annotated[Text, Field(examples=["TTCL sends a crew from Iringa, two hours"])]


class Wait(Act):
    """The provider has it."""

    ticket: Annotated[str, Field(min_length=1, max_length=64, examples=["TTCL-77812"])]
    next_check_at: Annotated[Moment, Field(description="When to look again; ahead, within 90 days.")]


class Resolve(Act):
    """What made it well."""

    text: Annotated[str, Field(max_length=2_000)] = ""


class Close(Act):
    """What it was."""

    cause: Annotated[str, Field(max_length=2_000, description="Needed for critical and major ones.")] = ""


def ack_incident(doing: Acting, number: Number, said: Annotated[Nothing, Body()] = Nothing()) -> Response:  # noqa: B008
    """Take it: escalation and repeats end, messages not yet sent are cancelled."""
    return _done(doing, said, "ack", number, {})


def assign_incident(doing: Acting, number: Number, said: Assign) -> Response:
    """Give it to somebody; it counts as acknowledged."""
    return _done(doing, said, "assign", number, {"owner": said.owner})


def note_incident(doing: Acting, number: Number, said: Note) -> Response:
    """Write a line into the timeline; no message is sent."""
    return _done(doing, said, "note", number, {"text": said.text})


def wait_incident(doing: Acting, number: Number, said: Wait) -> Response:
    """The provider has it: wait, and look again at a given time."""
    return _done(doing, said, "wait", number, {"ticket": said.ticket, "check": said.next_check_at.isoformat()})


def resolve_incident(doing: Acting, number: Number, said: Resolve) -> Response:
    """Say that it is over; refused while it still fires, recovery resolves by itself."""
    return _done(doing, said, "resolve", number, {"text": said.text})


def close_incident(doing: Acting, number: Number, said: Close) -> Response:
    """End a resolved incident, with its cause; a closed one never opens again."""
    return _done(doing, said, "close", number, {"cause": said.cause})


def _done(doing: Doing, said: Act, name: str, number: int, typed: Mapping[str, str]) -> Response:
    sight = doing.sight

    def act(books: Books) -> Mapping[str, Any]:
        one = books.incident(number)
        if one is None or not sight.records.touches(one):
            raise Unseen(f"there is no incident {number}")
        doing.matching(one.revision)
        asked = acts.Doing(number, sight.cases.who, sight.now, typed, sight.inventory.contacts)
        kept = acts.carry_out(name, books, asked)
        view = sight.cases.view(doing.asked.language)
        return {"revision": kept.revision, "told": {"incident": as_json(kept, view)}}

    return doing.once(said, act)


ROUTES: Final = tuple(
    acting(f"/incidents/{{number}}/{answer.__name__.partition('_')[0]}", answer, models.ActedOn, summary, 412)
    for answer, summary in (
        (ack_incident, "Acknowledge an incident"),
        (assign_incident, "Assign an incident"),
        (note_incident, "Note something of an incident"),
        (wait_incident, "Wait for the provider"),
        (resolve_incident, "Resolve an incident"),
        (close_incident, "Close an incident"),
    )
)
