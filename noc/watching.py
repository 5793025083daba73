"""When somebody watched: starts, stops, pauses and blindness of the poller, kept beside the states that they bear on.

Availability is only of time that was watched (SEMANTICS 21, 30). Every stretch of watching begins with all states as
they stand, and every local day as well, so that whoever reads a month need not look further back than a day.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import numpy as np

from alerts.board import STATE_CODES
from inventory.batch import Batch
from inventory.calendar import day_of
from inventory.states import REASON_CODES, Reason, State
from inventory.status import Kind

QUANTITIES: Final = ("state", "held_s", "state_reason")
MEASUREMENT: Final = "watch_state"
POLLER: Final = ("poller",)
SETTLED_S: Final = (
    15.0  # after a start what is down is confirmed down; states restored from before say nothing until then
)
PAUSE_S: Final = 30.0  # a daemon that did nothing for so long (suspended, stopped, swapped out) did not watch

Standing = tuple[Kind, str, State, float | None, Reason]


def told(measurement: str, scope: str, at: int, standings: Iterable[tuple[str, State, float | None, Reason]]) -> Batch:
    """States of some subjects at an instant; `held_s` reaches back to the first failed probe, or the first answer."""
    rows = list(standings)
    lines = [
        [float(STATE_CODES[state]) for _, state, _, _ in rows],
        [np.nan if since is None else at - since for _, _, since, _ in rows],
        [float(REASON_CODES[reason]) for _, _, _, reason in rows],
    ]
    return Batch(measurement, scope, at, tuple(key for key, *_ in rows), QUANTITIES, np.array(lines))


def restated(at: int, standings: Iterable[Standing]) -> Iterator[Batch]:
    """Everything as it stands, a batch for devices, for links, for sites, and that it is watched; their scope is empty."""
    kinds: dict[str, list[tuple[str, State, float | None, Reason]]] = {}
    for kind, key, state, since, reason in standings:
        kinds.setdefault(kind, []).append((key, state, since, reason))
    yield from (told(f"{kind}_state", "", at, rows) for kind, rows in kinds.items())
    yield told(MEASUREMENT, "", at, [(POLLER[0], State.UP, None, Reason.NONE)])


class Watch:
    """Looks every second whether the poller watches and sees; what changed comes back as batches."""

    def __init__(self) -> None:
        self.sees = False
        self._ended_at: float | None = None  # of the life before, as far as it is known
        self._begins_at: float | None = None
        self._looked_at: float | None = None
        self._restated: date | None = None

    def take_up(self, ended_at: float | None) -> None:
        """A daemon ran before, until then: what happened since then nobody saw."""
        self._ended_at = ended_at

    def look(self, now: float, blind_since: float | None) -> list[Batch]:
        found = []
        if self._looked_at is None or not 0 <= now - self._looked_at <= PAUSE_S:
            found += self._interrupted(now)
        self._looked_at = now
        assert self._begins_at is not None
        sees = now >= self._begins_at and blind_since is None
        if sees != self.sees:
            self.sees = sees
            since, reason = (now, Reason.NONE) if sees else (blind_since, Reason.BLIND)
            found.append(self._mark(now, sees, since, reason))
        return found

    def restates(self, now: float) -> bool:
        """Whether all states are to be kept now: once a local day, and when watching begins."""
        today = day_of(now)
        due = self.sees and today != self._restated
        if due:
            self._restated = today
        return due

    def end(self, now: float) -> list[Batch]:
        was, self.sees = self.sees, False
        return [self._mark(now, False, None, Reason.STALE)] if was else []

    def _interrupted(self, now: float) -> list[Batch]:
        """Between the last sign of life and now nobody watched."""
        last = self._ended_at if self._looked_at is None else self._looked_at
        self._begins_at, self._restated, self.sees = now + SETTLED_S, None, False
        return [] if last is None else [self._mark(min(last, now), False, None, Reason.STALE)]

    def _mark(self, at: float, sees: bool, since: float | None, reason: Reason) -> Batch:
        return told(MEASUREMENT, "", int(at), [(POLLER[0], State.UP if sees else State.UNKNOWN, since, reason)])
