"""Which sites and links were in planned work, and when: maintenance windows of the ledger held against the inventory.

A window counts from when it was entered: work that is entered after the fault was not planned. What has no way to the
poller but through what is worked on is in planned work as well (SEMANTICS 20, 30).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from typing import Final, Protocol

from alerts.subject import Subject
from alerts.window import Window
from alerts.windows import Windows, occurrence
from dashboards.figures import iso
from dashboards.reports.document import Row
from inventory.model import Inventory
from inventory.topology import Topology

Place = tuple[str, str]
Stretch = tuple[int, int]
Times = Sequence[tuple[Window, Stretch]]
MOST_TIMES: Final = 2000  # of one window in a month; one a minute is no plan


class Over(Protocol):
    """A period, or any other stretch of time; UTC seconds."""

    @property
    def start(self) -> int: ...
    @property
    def until(self) -> int: ...


def times(windows: Iterable[Window], period: Over) -> list[tuple[Window, Stretch]]:
    """When each maintenance window ran within the period; silences are no planned work."""
    return [
        (window, stretch)
        for window in windows
        if window.kind == "maintenance"
        for stretch in _stretches(window, period)
    ]


def _stretches(window: Window, period: Over) -> Iterator[Stretch]:
    at = float(max(period.start, window.created_at))
    for _ in range(MOST_TIMES):
        found = occurrence(window, at)
        if found is None or found[0] >= period.until:
            return
        low, high = ceil(max(found[0], at)), int(min(found[1], period.until))  # whole seconds in which it runs
        if low < high:
            yield low, high
        at = found[1]


def told(ran: Times) -> list[Row]:
    return [
        {
            "number": window.number,
            "from": iso(low),
            "to": iso(high),
            "target": window.target,
            "selector": window.selector,
            "author": window.author,
            "reason": window.reason,
        }
        for window, (low, high) in ran
    ]


class Plan:
    """Holds windows against one inventory; what runs together is looked up once."""

    def __init__(self, inventory: Inventory, topology: Topology) -> None:
        self._inventory = inventory
        self._topology = topology
        self._windows = Windows(inventory)
        self._covers: dict[frozenset[int], Mapping[Place, int]] = {}
        self._attached = topology.reachable()

    def planned(self, ran: Times) -> dict[Place, list[tuple[int, Stretch]]]:
        """Site or link -> number of a window that covers it, and when."""
        found: dict[Place, list[tuple[int, Stretch]]] = {}
        edges = sorted({edge for _, stretch in ran for edge in stretch})
        for low, high in pairwise(edges):
            running = [window for window, (begins, ends) in ran if begins <= low and high <= ends]
            for place, number in self._covered(running, low).items():
                stretches = found.setdefault(place, [])
                if stretches and stretches[-1][0] == number and stretches[-1][1][1] == low:
                    stretches[-1] = number, (stretches[-1][1][0], high)
                else:
                    stretches.append((number, (low, high)))
        return found

    def _covered(self, running: Sequence[Window], at: int) -> Mapping[Place, int]:
        if not running:
            return {}
        numbers = frozenset(window.number for window in running)
        if numbers not in self._covers:
            self._covers[numbers] = self._look(running, at)
        return self._covers[numbers]

    def _look(self, running: Sequence[Window], at: int) -> Mapping[Place, int]:
        inventory = self._inventory
        subjects = [Subject("site", key) for key in inventory.sites]
        subjects += [Subject("link", key) for key in inventory.links]
        subjects += [Subject("device", key, key) for key in inventory.devices]
        found: dict[Place, int] = {}
        for subject in subjects:
            window = self._windows.covering(running, subject, at)
            if window is not None:
                found[str(subject.kind), subject.key] = window.number
        return {place: number for place, number in self._with_those_behind(found).items() if place[0] != "device"}

    def _with_those_behind(self, found: dict[Place, int]) -> dict[Place, int]:
        if not found:
            return found
        inventory, first = self._inventory, min(found.values())
        devices, links = ({key for kind, key in found if kind == meant} for meant in ("device", "link"))
        gone = self._attached - self._topology.reachable(devices, links)
        behind = [("site", key) for key, own in inventory.devices_at.items() if _all_in(gone, (one.key for one in own))]
        for key, link in inventory.links.items():
            if _all_in(gone, (end.device for end in link.ends)):
                behind.append(("link", key))
        return dict.fromkeys(behind, first) | found


def _all_in(gone: set[str], devices: Iterable[str]) -> bool:
    own = list(devices)
    return bool(own) and gone.issuperset(own)
