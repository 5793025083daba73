"""An incident as tests of pages and commands tell it: Mbeya's router is down, and two councils behind it are cut off."""

import time
from collections.abc import Callable
from dataclasses import replace

from alerts.alarm import Evidence, Severity
from alerts.cause import Impact, Role
from alerts.incident import Incident, IncidentState
from alerts.subject import Subject
from noc.ledger.books import SqlBooks

PE = Subject("device", "mby-pe-1", "mby-pe-1")
MINOR = {"severity": Severity.MINOR, "worst": Severity.MINOR, "roots": (Subject("link", "up"),), "impact": Impact()}


def incident(age_s: float = 300.0, **changed: object) -> Incident:
    """Opened, and told, so long ago; open and critical unless `changed` says otherwise."""
    opened_at = time.time() - age_s
    made = Incident(
        0,
        IncidentState.OPEN,
        Severity.CRITICAL,
        Severity.CRITICAL,
        "reachability",
        (PE,),
        opened_at - 20,
        opened_at,
        opened_at,
        members={"device-down device mby-pe-1": Role.ROOT, "device-down device cpe-a": Role.BEHIND},
        impact=Impact(sites=("lga-a", "lga-b"), institutions=("chunya",), devices=("cpe-a", "mby-pe-1")),
        evidence=(Evidence("device-down"),),
        told_at=opened_at,
        step=1,
        step_at=opened_at,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def adds(age_s: float = 300.0, **changed: object) -> Callable[[SqlBooks], object]:
    return lambda books: books.add(incident(age_s, **changed))
