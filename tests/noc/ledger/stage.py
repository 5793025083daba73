"""Ledgers and what is put into them, for the tests of the ledger."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from alerts.alarm import Alarm, Evidence, Phase, Severity
from alerts.cause import Impact, Role
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Notification
from alerts.subject import Subject
from noc.ledger.ledger import SqlLedger, open_ledger

NOW = 1_800_000_000.0
URL = "sqlite:///{}"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def ledger(path: Path, *, migrate: bool = True, clock: Callable[[], float] | None = None) -> SqlLedger:
    return open_ledger(URL.format(path), migrate=migrate, clock=clock or Clock(), source=random.Random(7))


def device(key: str) -> Subject:
    return Subject("device", key, key)


def alarm(key: str, phase: Phase = Phase.FIRING) -> Alarm:
    evidence = Evidence("silent", {"probes": 10, "where": "Dodoma\n\0\ud800"})
    return Alarm(
        "unreachable", device(key), "reachability", Severity.MAJOR, phase, NOW, NOW, NOW, NOW, None, evidence=evidence
    )


def incident(root: str = "mby-pe-1", **changed: object) -> Incident:
    made = Incident(
        0,
        IncidentState.OPEN,
        Severity.MAJOR,
        Severity.CRITICAL,
        "reachability",
        (device(root), Subject("link", "up-1")),
        NOW - 20,
        NOW,
        NOW,
        members={f"unreachable device {root}": Role.ROOT, "unreachable device x": Role.BEHIND},
        impact=Impact(sites=("lga-a", "lga-b"), institutions=("a", "b"), core=True),
        evidence=(Evidence("silent", {"ratio": 0.5, "name": "Ünïcode"}),),
        fine=("iru-eassy-1",),
        linked=(3, 4),
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def entry(number: int, text: str = "", at: float = NOW) -> Entry:
    return Entry(number, at, "note", "juma", "", {"figure": 1.5}, text)


def notification(key: str, number: int = 0, contact: str = "juma") -> Notification:
    return Notification(key, number, "opened", contact, ("sms", "mail"), "short", "subject", "body", NOW, page=True)
