"""What becomes of a message: which channel is next and when, when it is too late, and what must not wait for a gateway.

A message is tried on its first channel, then on the next ones, round after round, with growing pauses between the
rounds. A page is a page only by a channel that wakes: where none of those takes it, a copy goes out by the others and
the page itself goes on, until it is accepted, cancelled, over or a day old.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from alerts.incident import Incident
from alerts.notification import WAKING, Fate, Notification

PAUSES_S = (15.0, 15.0, 30.0, 60.0, 180.0, 300.0, 600.0)  # tried at 0, 15 s, 30 s, 1, 2, 5, 10, 20 min, ...
PAGE_PAUSE_S = (
    120.0  # at most between tries of a page that surely did not go out: it is wanted as soon as it can be had
)
PATIENCE = 3  # tries on the first channel before the next has its turn; a critical page has none
LONGEST_S = 86_400.0
OF_NOW = frozenset({"opened", "update", "repeat", "escalation", "overdue"})  # worth nobody's sleep once it is over
SUPERSEDED = frozenset({"update", "repeat"})  # the newest says all
RANKS = {"critical": 0, "major": 1, "minor": 2, "warning": 3}

Usable = Callable[[str], bool]  # whether this channel is configured and the contact has an address there


@dataclass(frozen=True, slots=True)
class Next:
    """The row as it goes on, and a copy for the channels that wake nobody, where one is due."""

    row: Notification
    copy: Notification | None = None


def urgency(row: Notification) -> tuple[bool, int, float, str]:
    """Pages first, critical first, then in the order queued."""
    return not row.page, RANKS.get(row.severity, len(RANKS)), row.queued_at, row.key


def lanes(row: Notification, usable: Usable) -> tuple[int, ...]:
    """Places of the channels that can be used now, in the order they are tried: of a page those first that wake."""
    places = [place for place, channel in enumerate(row.channels) if usable(channel)]
    if row.page:
        places.sort(key=lambda place: row.channels[place] not in WAKING)
    return tuple(places)


def lane(row: Notification, usable: Usable) -> int | None:
    """The place to try now; None where there is none at all."""
    places = lanes(row, usable)
    return row.place if row.place in places and row.tries else places[0] if places else None


def too_late(row: Notification, incident: Incident | None, now: float) -> Notification | None:
    """The row as it ends when it must not be sent any more; None when it may."""
    if row.expires_at is not None and now >= row.expires_at:
        return ended(row, Fate.EXPIRED, now, "too old to be of use")
    if row.page and row.occasion in OF_NOW and incident is not None and not incident.unresolved:
        return ended(row, Fate.CANCELLED, now, "over before it went out")
    if now - row.queued_at >= LONGEST_S:
        return ended(row, Fate.FAILED, now, f"not accepted for a day; {row.error}" if row.error else "a day old")
    return None


def ended(row: Notification, fate: Fate, now: float, error: str = "") -> Notification:
    return replace(row, fate=fate, ended_at=now, error=error)


def failed(row: Notification, place: int, now: float, usable: Usable, error: str, *, doubt: bool = False) -> Next:
    """After a failure on the channel at `place`; `row.tries` counts it already. `doubt`: perhaps it did go out."""
    row = replace(row, place=place, error=error)
    places = lanes(row, usable)
    ring = tuple(one for one in places if row.channels[one] in WAKING) if row.page else ()
    ring = ring or places
    if row.tries < (1 if doubt and row.page else _patience(row)):  # no answer took long enough already
        return Next(_later(row, now, doubt))
    following = [one for one in ring if ring.index(one) > ring.index(place)] if place in ring else list(ring)
    if following:
        return Next(replace(row, place=following[0], tries=max(1, row.tries - 1), next_try_at=now))
    again = _later(replace(row, place=ring[0]), now, doubt)
    return _spilt(again, now) if row.channels[ring[0]] in WAKING else Next(again)


def refused(row: Notification, place: int, now: float, usable: Usable, error: str) -> Next:
    """The channel at `place` will never take it: it is struck out, and the next has its turn at once."""
    kept = tuple(channel for one, channel in enumerate(row.channels) if one != place)
    row = replace(row, channels=kept, place=0, tries=0, next_try_at=now, error=error)
    if not lanes(row, usable):
        return Next(ended(row, Fate.FAILED, now, error))
    return Next(row)


def _patience(row: Notification) -> int:
    return 1 if row.page and row.severity == "critical" else PATIENCE


def _later(row: Notification, now: float, doubt: bool) -> Notification:
    """Who may have had a page already is not to have it every other minute."""
    pause = PAUSES_S[min(row.tries, len(PAUSES_S)) - 1]
    return replace(row, next_try_at=now + (min(pause, PAGE_PAUSE_S) if row.page and not doubt else pause))


def _spilt(row: Notification, now: float) -> Next:
    """Nothing that wakes took the page: others learn of it meanwhile, by a row of its own with a key of its own."""
    others = tuple(channel for channel in row.channels if channel not in WAKING)
    if not row.page or not others:
        return Next(row)
    kept = tuple(channel for channel in row.channels if channel in WAKING)
    place = kept.index(row.channels[row.place])
    copy = replace(row, key=f"{row.key}.copy", channels=others, page=False, place=0, tries=0, next_try_at=now, error="")
    return Next(replace(row, channels=kept, place=place), copy)
