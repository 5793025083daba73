"""What came of a run: truth, incidents and messages as one JSON document with stable keys, and how they score."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Any

from alerts.desk.story import Story
from alerts.incident import Incident, IncidentState
from noc.scenario.fault import Deaf, Fault, Quiet
from noc.scenario.past import capacity_faults
from noc.scenario.record import iso
from noc.scenario.stage import Stage
from noc.scenario.surroundings import detours_of, quiet_of
from noc.scenario.truth import faults_of

_DEAF = ("gateway", "daemon", "poller")


def truth_of(stage: Stage) -> list[Fault]:
    """The faults there truly were."""
    end_s = stage.play.lasts_s
    quiet = [Quiet(stretch.from_s, stretch.to_s, keys) for stretch, keys in stage.quiet]
    quiet += quiet_of(stage.world.plant, stage.play.house)
    deaf = [
        Deaf(stretch.from_s, end_s if stretch.to_s == inf else stretch.to_s, what)  # type: ignore[arg-type]
        for what in _DEAF
        for stretch in stage.deaf.get(what, ())
    ]
    deaf += detours_of(stage.play.house, stage.play.channels, end_s)
    liveness_s = stage.play.config.poll.liveness_s
    found = faults_of(stage.world, stage.play.start + end_s, quiet, deaf, liveness_s=liveness_s)
    return [*found, *(capacity_faults(stage.play.past) if stage.play.past is not None else ())]


def outcome_of(stage: Stage, incidents: Sequence[Incident]) -> dict[str, Any]:
    """Everything but the score: `score` is put in by who counts it."""
    return {
        "scenario": stage.play.name,
        "title": stage.play.title,
        "seed": stage.seed,
        "loss": stage.loss,
        "started": iso(stage.play.start),
        "lasts_s": stage.play.lasts_s,
        "truth": [{**fault.to_json(), **_moments(stage, fault)} for fault in truth_of(stage)],
        "incidents": [incident_row(one, stage) for one in _at_their_widest(stage, incidents)],
        "notifications": stage.recorder.messages(),
    }


def _at_their_widest(stage: Stage, incidents: Sequence[Incident]) -> list[Incident]:
    """Whom each hurt while it lasted: of what is over the newest impact is what came back last."""
    with stage.raw_ledger.reading() as books:
        return [replace(one, impact=Story.of(books.entries(one.number)).widest(one)) for one in incidents]


def _moments(stage: Stage, fault: Fault) -> dict[str, Any]:
    to = None if fault.to_s is None else iso(stage.play.start + fault.to_s)
    return {"from": iso(stage.play.start + fault.from_s), "to": to}


def incident_row(incident: Incident, stage: Stage) -> dict[str, Any]:
    """One incident; times in UTC, `*_s` in seconds since the start."""
    start = stage.play.start
    moments = {
        "opened": incident.opened_at,
        "since": incident.since,
        "told": incident.told_at,
        "acknowledged": incident.acknowledged_at,
        "recovered": incident.recovered_at,
        "resolved": incident.resolved_at,
        "closed": incident.closed_at,
    }
    times: dict[str, Any] = {}
    for name, at in moments.items():
        times[name] = None if at is None else iso(at)
        times[f"{name}_s"] = None if at is None else round(at - start, 3)
    return {
        "number": incident.number,
        **times,
        "root": incident.root.key,
        "roots": [{"kind": root.kind, "key": root.key} for root in incident.roots],
        "members": members_of(incident, stage),
        "sites": sorted(stage.recorder.sites.get(incident.number, incident.impact.sites)),
        "institutions": list(incident.impact.institutions),
        "severity": str(incident.severity),
        "worst": str(incident.worst),
        "family": incident.family,
        "power": incident.power,
        "state": str(incident.state),
        "window": incident.window is not None,
        "linked": list(incident.linked),
        "previous": incident.previous,
        "times": incident.times,
    }


def members_of(incident: Incident, stage: Stage) -> list[str]:
    """Devices that at any time were not reached because of it; where there are none, the links it is about."""
    devices = sorted(stage.recorder.unreached.get(incident.number, incident.impact.devices))
    return devices or sorted(root.key for root in incident.roots if root.kind == "link")


def incidents_of(stage: Stage) -> Sequence[Incident]:
    """All there were, by number."""
    with stage.raw_ledger.reading() as books:
        return books.incidents(tuple(IncidentState))
