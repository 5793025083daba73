"""Who would be called at any time, who stands in, and whether messages arrive, over the API."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from alerts.alarm import Severity
from alerts.books import Books
from alerts.incident import Incident, IncidentState
from alerts.oncall.chains import LABELS
from alerts.subject import Subject
from dashboards.figures import iso
from dashboards.incidents import places_of
from dashboards.oncall import override_json
from dashboards.oncall_calls import calls_json, trial_json
from dashboards.web.api import models_roster as models
from dashboards.web.api.acting import Act, Acting
from dashboards.web.api.asked import Asked, Asking
from dashboards.web.api.pages import ListQuestion, Question
from dashboards.web.api.reading import acting, reading
from dashboards.web.api.times import Moment
from dashboards.web.api.windows import Number
from dashboards.web.refusal import BadQuestion, Unseen
from dashboards.web.sight.cases import HIGHEST
from dashboards.web.viewer import Right
from inventory.mistakes import did_you_mean
from inventory.model import Inventory

Channel = Literal["sms", "modem", "mail", "webhook", "apprise"]
Key = Annotated[str, Field(max_length=200)]
MOST_TRIALS: Final = 500
ABOUT: Final[Mapping[str, str]] = {"site": "sites", "device": "devices", "link": "links", "circuit": "circuits"}


class CallQuestion(Question):
    """An incident, or what if something broke; at most one of site, device, link, circuit, incident."""

    when: Annotated[Moment | None, Field(alias="at", description="Told then; without it now.")] = None
    severity: Literal["critical", "major", "minor", "warning"] = "critical"
    family: Literal["reachability", "agent", "routing", "quality", "capacity", "health", "restart", "poller", "own"] = (
        "reachability"
    )
    site: Key = ""
    device: Key = ""
    link: Key = ""
    circuit: Key = ""
    incident: Annotated[int | None, Field(ge=1, le=HIGHEST, description="One that there is.")] = None


class OverrideQuestion(ListQuestion):
    """Which of those who stand in."""

    all: Annotated[bool, Field(description="Also those that are over.")] = False


class TrialQuestion(Question):
    """Which test messages."""

    key: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=100, description="Only these.")] = []  # noqa: RUF012


class Trial(Act):
    """Whom to send a message that says that it is none."""

    whom: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=64)]],
        Field(
            default_factory=list,
            max_length=20,
            description="Contacts or schedules; none: whoever is on call.",
            examples=[["noc"]],
        ),
    ]
    channels: Annotated[
        list[Channel],
        Field(default_factory=list, max_length=5, description="Only by these; none: by telephone, else by mail."),
    ]


def oncall_calls(asked: Asking, question: Annotated[CallQuestion, Query()]) -> Response:
    """Who would be called at that time, in which order: the chain of such an incident, and who holds it at each step."""
    sight = asked.sight
    at = question.when.timestamp() if question.when else sight.now
    imagined = _incident(asked, question, at)
    labels = _labels(imagined, sight.inventory)

    def make() -> Mapping[str, Any]:
        told = calls_json(sight.rota.calls(labels, at), labels, sight.inventory, clear=sight.viewer.may(Right.ACT))
        return {"at": iso(at), "asked_at": iso(sight.now), **told}

    return asked.told(make, sight.records.version(), question.when)


def _labels(incident: Incident, inventory: Inventory) -> dict[str, str | list[str]]:
    """By which its chain is chosen; who lives at its sites is hurt by it."""
    found = {name: value for name, value in places_of(incident, inventory).items() if name in LABELS}
    homes = [key for key, one in inventory.institutions.items() if one.site in found["site"]]
    return found | {"institution": list(dict.fromkeys([*found["institution"], *homes]))}


def _incident(asked: Asked, question: CallQuestion, at: float) -> Incident:
    """The one that there is, or one that might be."""
    named = [kind for kind in ABOUT if getattr(question, kind)]
    if len(named) + (question.incident is not None) > 1:
        raise BadQuestion("one of them at most", dict.fromkeys(named, "one of site, device, link, circuit, incident"))
    if question.incident is not None:
        return asked.sight.cases.story(question.incident).incident
    roots = tuple(_known(asked, kind, getattr(question, kind)) for kind in named) or (Subject("poller", ""),)
    severity = Severity(question.severity)
    return Incident(0, IncidentState.OPEN, severity, severity, question.family, roots, at, at, at)


def _known(asked: Asked, kind: str, key: str) -> Subject:
    there = getattr(asked.sight.inventory, ABOUT[kind])
    if key not in there:
        hint = did_you_mean(key, there)
        said = f"there is no {kind} {key!r}" + (f" ({hint})" if hint else "")
        raise BadQuestion(said, {kind: said}, [hint] if hint else [])
    return Subject(kind, key, key if kind == "device" else "")  # type: ignore[arg-type]


def overrides(asked: Asking, question: Annotated[OverrideQuestion, Query()]) -> Response:
    """Who stands in now or will, on which schedule, why and by whom."""
    sight = asked.sight

    def make() -> Mapping[str, Any]:
        found = [one for one in sight.records.overrides() if question.all or one.to_at > sight.now]
        shown = asked.page(sorted(found, key=lambda one: one.number), lambda one: (one.number,), question)
        return {
            "at": iso(sight.now),
            "total": len(found),
            "overrides": [override_json(one) for one in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, sight.records.version())


def override(asked: Asking, number: Number) -> Response:
    """Who stands in there, over or not."""
    sight = asked.sight
    one = next((one for one in sight.records.overrides() if one.number == number), None)
    if one is None:
        raise Unseen(f"there is no override {number}")
    return asked.told(lambda: {"at": iso(sight.now), "override": override_json(one)}, sight.records.version())


def oncall_tests(asked: Asking, question: Annotated[TrialQuestion, Query()]) -> Response:
    """What became of test messages, the newest first; fate `sent` or `delivered` is what one hopes for."""
    sight = asked.sight

    def make() -> Mapping[str, Any]:
        found = [one for one in sight.rota.tried() if not question.key or one.key in question.key]
        return {"at": iso(sight.now), "messages": [trial_json(one) for one in found[:MOST_TRIALS]]}

    return asked.told(make, sight.records.version())


def test_oncall(doing: Acting, said: Trial) -> Response:
    """Send a test message; it goes the way of every alert: queued, and sent by the daemon. 429 where it is too many."""
    sight = doing.sight

    def act(books: Books) -> Mapping[str, Any]:
        messages = sight.rota.trials(said.whom, said.channels)
        sight.rota.queue(books, messages, sight.cases.who)
        return {"told": {"messages": [trial_json(one) for one in messages]}}

    return doing.once(said, act, status=201)


ROUTES: Final = (
    reading("/oncall/calls", oncall_calls, models.Calls, "Who would be called", 404, needs=Right.WATCH),
    reading("/oncall/overrides", overrides, models.OverrideList, "Who stands in", needs=Right.WATCH),
    reading("/oncall/overrides/{number}", override, models.OneOverride, "One who stands in", needs=Right.WATCH),
    reading("/oncall/tests", oncall_tests, models.TrialList, "Test messages", needs=Right.WATCH),
    acting("/oncall/tests", test_oncall, models.MadeTrials, "Send a test message", 429, made=True),
)
