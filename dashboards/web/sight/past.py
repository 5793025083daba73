"""What a viewer may ask of the past of places: how they stood, availability, cases around them, planned work ahead."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from alerts.incident import Incident
from alerts.subject import Subject
from alerts.window import Window
from alerts.windows import Windows, occurrence
from dashboards.cases.asked import Asked
from dashboards.places.availability import Available, availability, before
from dashboards.places.strip import RANGES, Strip, strip
from dashboards.web.house import House
from inventory.calendar import DAY_S, Month
from inventory.status import Kind

if TYPE_CHECKING:
    from dashboards.web.sight.sight import Sight

AHEAD_S: Final = 14 * DAY_S
MOST_CASES: Final = 10


@dataclass(frozen=True, slots=True)
class Ahead:
    """Planned work that runs or is to come within AHEAD_S: [from_at, to_at) in UTC seconds."""

    window: Window
    from_at: float
    to_at: float


@dataclass(frozen=True, slots=True)
class Past:
    strip: Strip
    months: Sequence[Available]  # this one so far, the last one


class Pasts:
    """Of one request; keys were looked up in the viewer's inventory before."""

    def __init__(self, sight: "Sight", house: House) -> None:
        self._sight = sight
        self._house = house

    def of_site(self, key: str, range_: str) -> Past:
        now, place = self._sight.now, ("site", key)
        start = min(before(Month.of(now)).start, int(now) - RANGES[range_])
        states = self._house.history.states([place], start, int(now))
        return Past(strip(place, states, range_, now), availability(self._sight.inventory, key, states, now))

    def strip(self, kind: Kind, key: str, range_: str) -> Strip:
        now, place = self._sight.now, (str(kind), key)
        return strip(place, self._house.history.states([place], int(now) - RANGES[range_], int(now)), range_, now)

    def standing(self, label: str, key: str) -> Sequence[Incident]:
        """Incidents that are not closed: `label` as in the incident list's filters (site, region)."""
        return self._sight.cases.found(Asked(labels={label: key}))[:MOST_CASES]

    def closed(self, label: str, key: str) -> Sequence[Incident]:
        """The last of the last 30 days, newest first."""
        return self._sight.cases.found(Asked(states=("closed",), labels={label: key}))[:MOST_CASES]

    def ahead(self, kind: Kind, key: str) -> Sequence[Ahead]:
        """Planned work over it, the next first; why and by whom is for those who see the whole network."""
        now = self._sight.now
        with self._house.cases.reading() as books:
            windows = [window for window in books.windows() if window.kind == "maintenance"]
        coming = [
            Ahead(window, *times)
            for window in windows
            if (times := occurrence(window, now)) is not None and times[0] < now + AHEAD_S
        ]
        subject = Subject(kind, key, key if kind == "device" else "")
        covers = Windows(self._sight.inventory)
        mine = [one for one in coming if covers.covering([one.window], subject, max(now, one.from_at))]
        if not self._sight.scope.whole:
            mine = [replace(one, window=replace(one.window, selector="", reason="", author="")) for one in mine]
        return sorted(mine, key=lambda one: one.from_at)
