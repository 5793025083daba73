"""How the NOC itself is, over the API: polls, lateness, store, InfluxDB, channels, disk, and what noc doctor finds."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Final

from fastapi.responses import Response

from dashboards.figures import iso
from dashboards.web.api import models_own as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.reading import reading
from dashboards.web.refusal import Away
from dashboards.web.viewer import Right
from inventory.sentence import Sentence

BUSY: Final = Sentence("busy", "that is being read: ask again")
INSTANTS: Final = frozenset({"at", "since", "started", "stopped", "blind_since", "failing_since", "kept_since"})


def health(asked: Asking) -> Response:
    """At most a few seconds old; it is there while the daemon is down."""
    return _told(asked, asked.sight.own.health)


def store(asked: Asking) -> Response:
    """What lies in which layer of the metric store, how it grows and what retention frees within 30 days."""
    return _told(asked, asked.sight.own.store)


def counts(asked: Asking) -> Response:
    """Everything that is counted in the daemon, as its /metrics has it."""
    return _told(asked, asked.sight.own.counts)


def findings(asked: Asking) -> Response:
    """What noc doctor finds of this machine without being root."""
    names = ("topic", "grade", "text", "advice")

    seen = asked.sight.own.findings
    if seen is None:
        raise Away(BUSY)
    found = [dict(zip(names, one, strict=True)) for one in seen]
    return asked.told(lambda: {"at": iso(asked.sight.now), "findings": found}, repr(found))


def _told(asked: Asking, seen: Any) -> Response:
    if seen is None:
        raise Away(BUSY)
    found = plain(seen)
    return asked.told(lambda: {**found, "asked_at": iso(asked.sight.now)}, repr(found))


def plain(value: Any, name: str = "") -> Any:
    """A value with its instants as ISO 8601 has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name), one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(each) for each in value]
    if isinstance(value, int | float) and (name in INSTANTS or name.endswith("_at")):
        return iso(value)
    return value


ROUTES: Final = (
    reading("/health", health, models.Health, "The NOC itself", needs=Right.WATCH),
    reading("/health/store", store, models.Store, "The metric store", needs=Right.WATCH),
    reading("/health/counts", counts, models.Counts, "What the daemon counts", needs=Right.WATCH),
    reading("/health/findings", findings, models.Findings, "Is this machine fit for its work?", needs=Right.WATCH),
)
