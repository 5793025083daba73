"""What silences and maintenance windows cover, and when: a site with its devices, a provider with its links, every Sunday."""

from collections.abc import Sequence, Set
from typing import Literal

from alerts.places import LABELS, Place, Places
from alerts.recurrence import Recurrence, RepeatError
from alerts.subject import Subject
from alerts.window import Window
from inventory.labels import Labels
from inventory.model import Inventory
from inventory.selector import Selector, SelectorError, parse_text

State = Literal["pending", "active", "expired"]
TARGETS = ("site", "link", "device", "circuit", "provider", "region")
SILENCEABLE = ("device", "link", "site", "circuit", "region")
MOST_SELECTORS = 1000  # remembered as parsed
SOON_S = 1800.0  # a window that ends within this is said to expire soon


def occurrence(window: Window, at: float) -> tuple[float, float] | None:
    """[from, to) of the time that runs at this instant, or of the next; None when it is over for good."""
    if not window.repeat:
        return (window.from_at, window.to_at) if max(at, window.from_at) < window.to_at else None
    until_at = window.until_at if window.until_at is not None else window.to_at
    if at >= until_at:
        return None
    try:
        series = Recurrence(window.repeat, window.from_at, until_at)
    except RepeatError:
        return None  # kept by another version: what cannot be read covers nothing
    length_s = window.to_at - window.from_at
    begun = series.last_begun(at)
    begins = begun if begun is not None and at < begun + length_s else series.next_begins(at)
    return None if begins is None else (begins, min(begins + length_s, until_at))


def active(window: Window, at: float) -> bool:
    found = occurrence(window, at)
    return found is not None and found[0] <= at < found[1]


def next_occurrence(window: Window, at: float) -> tuple[float, float] | None:
    """The first that begins after this instant."""
    found = occurrence(window, at)
    if found is not None and found[0] <= at:
        found = occurrence(window, found[1]) if window.repeat else None
    return found


def state(window: Window, at: float) -> State:
    found = occurrence(window, at)
    if found is None:
        return "expired"
    return "active" if found[0] <= at else "pending"


def expires_soon(window: Window, at: float) -> bool:
    """It runs, and ends within half an hour."""
    found = occurrence(window, at)
    return found is not None and found[0] <= at and found[1] - at <= SOON_S


def _running(windows: Sequence[Window], at: float) -> Sequence[Window]:
    """Those that run, the one that runs longest first."""
    found = [(span[1], window) for window in windows if (span := occurrence(window, at)) and span[0] <= at]
    return [window for _, window in sorted(found, key=lambda each: (-each[0], each[1].number))]


class Windows:
    """Subjects of alarms held against windows; what is asked of the inventory is asked once. One for each inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._places = Places(inventory)
        self._selectors: dict[str, Selector | None] = {}
        self._seen: tuple[tuple[tuple[Window, ...], float], Sequence[Window]] | None = None
        self._covered: dict[Subject, Window | None] = {}  # by those of `_seen`; a region asks for all that is in it

    def covering(self, windows: Sequence[Window], subject: Subject, at: float) -> Window | None:
        """The window that covers it now, of several the one that runs longest; None: nobody planned this."""
        asked = (tuple(windows), at)
        if self._seen is None or self._seen[0] != asked:
            self._seen = asked, _running(windows, at)  # one look of the desk asks of many subjects
            self._covered = {}
        running = self._seen[1]
        return self._covers(running, subject) if running else None

    def matched(self, selector: str, target: str = "") -> list[Place]:
        """Everything of the inventory that a window would be over; SelectorError when it cannot be read."""
        meant = parse_text(selector, LABELS)
        kinds = (target,) if target else SILENCEABLE
        places = [(kind, key) for kind in kinds for key in self._places.keys(kind)]
        return [place for place in places if meant.matches(place[1], self._places.labels(*place))]

    def _covers(self, running: Sequence[Window], subject: Subject) -> Window | None:
        if subject not in self._covered:
            found = self._directly(running, subject)
            self._covered[subject] = found if found is not None else self._by_parts(running, subject)
        return self._covered[subject]

    def _directly(self, running: Sequence[Window], subject: Subject) -> Window | None:
        own: Sequence[tuple[str, Labels]] | None = None
        around: dict[str, list[tuple[str, Labels]]] | None = None
        for window in running:
            meant = self._selector(window.selector)
            if window.target and around is None:
                around = self._around(subject, {each.target for each in running})
            elif not window.target and own is None:
                own = tuple(self._places.own(subject))
            texts = (around or {}).get(window.target, ()) if window.target else own or ()
            if meant is not None and any(meant.matches(key, labels) for key, labels in texts):
                return window
        return None

    def _around(self, subject: Subject, targets: Set[str]) -> dict[str, list[tuple[str, Labels]]]:
        """Places of these kinds in which work would explain it: (key, labels) by kind, each once."""
        found: dict[str, list[tuple[str, Labels]]] = {}
        for kind, key in dict.fromkeys(self._places.around(subject)):
            if kind in targets:
                found.setdefault(kind, []).append((key, self._places.labels(kind, key)))
        return found

    def _by_parts(self, running: Sequence[Window], subject: Subject) -> Window | None:
        """Nothing of it is left outside: all links of a device, all devices of a site, all sites of a region.

        A router whose every link is being worked on is as silent as a dead one, and nobody can tell which.
        """
        found: list[Window] = []
        for part in self._places.parts(subject):
            window = self._covers(running, part)
            if window is None:
                return None
            found.append(window)
        return max(found, key=running.index, default=None)

    def _selector(self, text: str) -> Selector | None:
        if text not in self._selectors:
            if len(self._selectors) >= MOST_SELECTORS:
                self._selectors.clear()
            try:
                self._selectors[text] = parse_text(text, LABELS)
            except SelectorError:
                self._selectors[text] = None  # kept by another version: what cannot be read covers nothing
        return self._selectors[text]
