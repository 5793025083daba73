"""What people did and were told, on the time axis of a chart: incidents as marks, planned work as bands."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from alerts.incident import Incident
from alerts.window import Window
from alerts.windows import occurrence

MOST: Final = 200  # of each on one chart; more could not be told apart


class Mark(NamedTuple):
    """An incident: `at` its first evidence, `end` when it was good again (None: it is not yet)."""

    at: int
    end: int | None
    number: int
    severity: str
    text: str


class Band(NamedTuple):
    """Planned work: [start, end) in UTC seconds."""

    start: int
    end: int
    number: int
    text: str


def within(incidents: Iterable[Incident], start: int, end: int) -> list[Incident]:
    """Those that were bad at some time of [start, end), by when they began; the newest of very many."""
    found = {one.number: one for one in incidents if one.since < end and (_end(one) or end) >= start}
    return sorted(found.values(), key=lambda one: one.since)[-MOST:]


def mark(incident: Incident, text: str) -> Mark:
    return Mark(int(incident.since), _end(incident), incident.number, str(incident.severity), text)


def _end(incident: Incident) -> int | None:
    ended = incident.recovered_at or incident.resolved_at or incident.closed_at
    return None if ended is None else int(ended)


def bands(windows: Iterable[Window], start: int, end: int) -> list[Band]:
    """When these maintenance windows ran within [start, end), and will run."""
    found = [band for window in windows if window.kind == "maintenance" for band in _of_one(window, start, end)]
    return sorted(found)[:MOST]


def _of_one(window: Window, start: int, end: int) -> Iterator[Band]:
    at = float(start)
    for _ in range(MOST):
        found = occurrence(window, at)
        if found is None or found[0] >= end:
            return
        yield Band(int(found[0]), int(found[1]), window.number, window.reason)
        at = max(found[1], at + 1)
