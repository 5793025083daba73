"""The desk: turns causes into incidents and messages, all of it inside the one ledger transaction that it is given."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.alarm import Alarm
from alerts.books import Books
from alerts.cause import Cause, Role
from alerts.desk.asked import Compose, Covering, OnCall, Staff
from alerts.desk.digest import send_gathered
from alerts.desk.escalation import follow
from alerts.desk.lifecycle import (
    closed,
    link,
    may_reopen,
    open_new,
    reopened,
    resolved,
    take_stock,
    without_cause,
    worth_opening,
)
from alerts.desk.matching import Matches, match, swallowed
from alerts.desk.sitting import Sitting, revised, weighty
from alerts.desk.telling import open_to_people, opening_due, recover, telling_at, update
from alerts.incident import UNRESOLVED, Incident, IncidentState
from alerts.places import Places
from alerts.subject import Subject
from inventory.model import Inventory

log = logging.getLogger(__name__)

THAW_S = 15.0  # after the poller sees again: everybody is asked anew first
LOOK_BACK_S = 7200.0  # resolved incidents are read no further back, but after a start
LATE_S = 60.0  # a message that was on its way when the recovery was told has arrived by then

_S = IncidentState


@dataclass(frozen=True, slots=True)
class Settled:
    """`next_due`: UTC seconds when it must be settled again though nothing changed; None: not before something does."""

    queued: int = 0  # messages
    opened: tuple[int, ...] = ()
    resolved: tuple[int, ...] = ()
    next_due: float | None = None
    dropped: tuple[Subject, ...] = ()  # were bad for less than their telling time: nobody was told


class Desk:
    """Keeps nothing that is not in the ledger but when it first saw what it has not opened yet."""

    def __init__(
        self,
        plan: OnCall,
        compose: Compose,
        inventory: Inventory,
        covering: Covering,
        *,
        channels: frozenset[str],
        replies: bool = False,
    ) -> None:
        """`covering`: `Windows(inventory).covering`. `channels` that are configured; `replies`: SMS can be answered."""
        self._staff = Staff(plan, compose, inventory, Places(inventory), covering, channels, replies)
        self._seen: dict[Subject, float] = {}
        self._looked: dict[tuple[int, float], float] = {}
        self._whole = True  # read all that is resolved: something may have been missed

    def settle(self, books: Books, causes: tuple[Cause, ...], alarms: Mapping[str, Alarm], now: float) -> Settled:
        """Idempotent; raises only what `books` raises."""
        sitting = Sitting(books, self._staff, alarms, now)
        sitting.unresolved = {each.number: each for each in books.incidents(UNRESOLVED)}
        if self._frozen(sitting, causes):
            self._whole = True
            causes = tuple(cause for cause in causes if cause.family == "poller")
            sitting.unresolved = {key: each for key, each in sitting.unresolved.items() if each.family == "poller"}
            self._sit(sitting, causes, [])
            return self._settled(sitting, ())
        since = 0.0 if self._whole else now - LOOK_BACK_S
        over = list(books.incidents((_S.RESOLVED,), since))
        dropped = self._sit(sitting, causes, over)
        self._over(sitting, over)
        send_gathered(sitting)
        self._whole = False
        return self._settled(sitting, dropped)

    def _settled(self, sitting: Sitting, dropped: tuple[Subject, ...]) -> Settled:
        return Settled(sitting.queued, tuple(sitting.opened), tuple(sitting.resolved), sitting.next_due, dropped)

    def _frozen(self, sitting: Sitting, causes: Iterable[Cause]) -> bool:
        """While the poller is isolated nothing can be said of anybody else (SEMANTICS 21)."""
        for cause in causes:
            if cause.family != "poller":
                continue
            good = [alarm.good_since for key in cause.alarms if (alarm := sitting.alarms.get(key)) and alarm.good_since]
            if cause.bad or (good and not sitting.due(max(good) + THAW_S)):
                return True
        return False

    # causes and incidents

    def _sit(self, sitting: Sitting, causes: Sequence[Cause], over: list[Incident]) -> tuple[Subject, ...]:
        """What was dropped without a word."""
        matches = match(causes, list(sitting.unresolved.values()))
        of = dict(matches.of)
        waiting = self._open_new(sitting, matches, over, of)
        self._take_stock(sitting, matches, waiting)
        owners = {key: number for number, cause in of.items() for key in cause.alarms}
        for incident in matches.left:
            self._left(sitting, incident, of, owners)
        for number in sorted(sitting.unresolved):
            sitting.unresolved[number] = self._told(sitting, sitting.unresolved[number], of.get(number))
        over += [each for number in sitting.resolved if (each := sitting.books.incident(number))]
        return self._dropped(sitting, waiting, {cause.root for cause in of.values()})

    def _open_new(self, sitting: Sitting, matches: Matches, over: list[Incident], of: dict[int, Cause]) -> list[Cause]:
        """Open what is due; the rest is returned."""
        explained = {key for incident in sitting.unresolved.values() for key in incident.members}
        waiting = []
        for cause in matches.new:
            if not worth_opening(cause):
                waiting.append(cause)
                continue
            seen_at = self._seen.setdefault(cause.root, sitting.now)
            roots = [key for key, role in cause.alarms.items() if role is Role.ROOT]
            split = any(key in explained for key in roots)
            if not sitting.due(telling_at(cause, seen_at if split else None)):
                waiting.append(cause)
                continue
            incident = self._opened(sitting, cause, over)
            of[incident.number] = cause
            sitting.unresolved[incident.number] = incident
        return waiting

    def _opened(self, sitting: Sitting, cause: Cause, over: list[Incident]) -> Incident:
        again = next((each for each in reversed(over) if may_reopen(each, cause, sitting.now)), None)
        if again is None:
            return open_new(sitting, cause)
        over.remove(again)
        return reopened(sitting, again, cause)

    def _take_stock(self, sitting: Sitting, matches: Matches, waiting: Sequence[Cause]) -> None:
        """Members that nobody else has opened yet stay where they were explained before."""
        homeless = {key for cause in waiting for key in cause.alarms}
        for number, cause in matches.of.items():
            incident = sitting.unresolved[number]
            kept = {k: role for k, role in weighty(incident.members).items() if k in homeless and sitting.fires(k)}
            sitting.unresolved[number] = take_stock(sitting, incident, cause, kept)

    def _left(self, sitting: Sitting, incident: Incident, of: Mapping[int, Cause], owners: Mapping[str, int]) -> None:
        """No cause of its own any more: swallowed by another, still firing, or over."""
        incident = sitting.unresolved[incident.number]
        firing = [key for key in weighty(incident.members) if sitting.fires(key)]
        takers = sorted({owners[key] for key in firing if key in owners})
        taker = next((number for number in takers if swallowed(of[number], incident, firing)), None)
        if taker is not None:
            sitting.line(taker, "linked", "swallowed", number=incident.number)
            sitting.unresolved[taker] = link(sitting, sitting.unresolved[taker], incident.number, "part")
            resolved(sitting, link(sitting, incident, taker, "part"), taker)
            return
        homeless = [key for key in firing if key not in owners]
        if homeless:
            still = without_cause(sitting, incident, homeless)
            sitting.unresolved[incident.number] = sitting.keep(incident, still)
        else:
            resolved(sitting, incident)

    # what is told

    def _told(self, sitting: Sitting, incident: Incident, cause: Cause | None) -> Incident:
        window = sitting.window_over(incident)
        if (window.number if window else None) != incident.window:
            code = "covered" if window else "window-over"
            sitting.line(incident.number, "changed", code, window=window.number if window else incident.window)
        now = revised(incident, window=window.number if window else None)
        if not window and now.bad:
            if now.told_at is None:
                if cause is not None and cause.bad and sitting.due(opening_due(sitting, now, cause)):
                    now = open_to_people(sitting, now)
            else:
                now = follow(sitting, update(sitting, now), cause)
        return sitting.keep(incident, now)

    def _over(self, sitting: Sitting, over: Iterable[Incident]) -> None:
        """Recoveries of what is over, whoever said so; and the end of what ends by itself."""
        over = list(over)
        recent = sitting.books.incidents((_S.CLOSED,), sitting.now - LATE_S)
        for incident in (*over, *recent):
            if incident.resolved_at is not None and not self._part(incident) and self._look(sitting, incident):
                recover(sitting, incident)
        keys = {(each.number, each.resolved_at) for each in (*over, *recent)}
        self._looked = {key: at for key, at in self._looked.items() if key in keys}
        closed(sitting, over)

    def _part(self, incident: Incident) -> bool:
        return incident.state is _S.RESOLVED and bool(incident.closing)

    def _look(self, sitting: Sitting, incident: Incident) -> bool:
        """At once, and once more when what was on its way has arrived."""
        at = incident.resolved_at or 0.0
        looked_at = self._looked.get((incident.number, at))
        if looked_at is not None and not (looked_at < at + LATE_S and sitting.due(at + LATE_S)):
            return False
        self._looked[incident.number, at] = sitting.now
        sitting.due(at + LATE_S)
        return True

    def _dropped(self, sitting: Sitting, waiting: Sequence[Cause], opened: set[Subject]) -> tuple[Subject, ...]:
        """Bad for too short a time to be told: one line in the log (SEMANTICS 15); not what another fault explains now."""
        still = {cause.root for cause in waiting if worth_opening(cause)}
        gone = sorted(root for root in self._seen if root not in still and root not in opened)
        bad = {alarm.subject for alarm in sitting.alarms.values() if alarm.bad} if gone else set()
        gone = [root for root in gone if root not in bad]
        for root in gone:
            log.info("%s was bad for %.0f s: nobody is told", root, sitting.now - self._seen[root])
        self._seen = {root: at for root, at in self._seen.items() if root in still}
        return tuple(gone)
