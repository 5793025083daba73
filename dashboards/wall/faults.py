"""Open incidents as the wall has room for them: the worst first, among equals those that nobody has, the oldest first."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerts.alarm import Severity
from alerts.incident import Incident, IncidentState
from alerts.words.phrases import language_of, named, title
from dashboards.escalation import Escalation
from dashboards.incidents import IncidentsView, having, hurt
from dashboards.text import one_line
from dashboards.wall.scene import Scene

ROOM: Final = 556  # of the panel, in pixels of a wall of 1920 x 1080
TALL: Final = 73  # a row of what pages people
LOW: Final = 46  # of what does not
MORE: Final = 36  # of how many more there are
TALL_LETTERS: Final = 46  # of a title, that a row has room for
LOW_LETTERS: Final = 40
LEAST_LETTERS: Final = 12  # of a name, however long the rest of the title is
_LEFT: Final = "\0"


@dataclass(frozen=True, slots=True)
class Fault:
    """One incident in words. `title` fits its row, `whole` is all of it. `standing` is who has it; of what nobody has
    `next_at` (UTC seconds) is when others are told, said between `standing` and `after`."""

    number: int
    severity: str
    title: str
    whole: str
    since: float
    whom: str
    standing: str
    next_at: float | None
    after: str
    ticket: str
    tall: bool
    window: bool
    good: bool  # good again, and holds run


@dataclass(frozen=True, slots=True)
class Faults:
    """`more`: how many there is no room for. `readable`: False where the ledger cannot be read.

    `as_of`: UTC seconds since when no daemon looks after them; None: one does.
    """

    counts: tuple[tuple[str, int], ...]
    rows: tuple[Fault, ...]
    more: int
    readable: bool = True
    as_of: float | None = None

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


def faults_of(scene: Scene) -> Faults:
    if scene.incidents is None:
        return Faults((), (), 0, readable=False)
    view = IncidentsView(scene.names, scene.now, scene.language, Escalation(scene.plan, scene.names))
    ordered = scene.memory.recall("order", (scene.incidents,), lambda: sorted(scene.incidents or (), key=_order))
    counted = Counter(str(one.severity) for one in ordered)
    shown = _fitting(ordered)
    return Faults(
        tuple((str(each), counted[each]) for each in Severity if counted[each]),
        _worded(shown, view, scene),
        len(ordered) - len(shown),
        as_of=None if scene.age.blind else scene.age.silent_since,
    )


def _worded(shown: Sequence[Incident], view: IncidentsView, scene: Scene) -> tuple[Fault, ...]:
    """Until the next of them is told to others; a clock in a text may show its day by then."""
    of = (shown, scene.plan, scene.inventory)
    found = scene.memory.recall("faults", of, lambda: tuple(_fault(one, view) for one in shown), now=scene.now)
    coming = [one.next_at for one in found if one.next_at is not None]
    scene.memory.keep_until("faults", min(coming, default=math.inf))
    return found


def _order(incident: Incident) -> tuple[bool, int, bool, bool, float, int]:
    """That the NOC sees nothing stands before everything: whatever else is shown is of before."""
    unasked = incident.state is not IncidentState.OPEN
    sees = incident.family != "poller"
    return (sees, incident.severity.rank, incident.window is not None, unasked, incident.since, incident.number)


def _fitting(ordered: Sequence[Incident]) -> Sequence[Incident]:
    height, shown = 0, 0
    for incident in ordered:
        height += TALL if incident.severity.pages else LOW
        spare = ROOM if shown + 1 == len(ordered) else ROOM - MORE
        if height > spare:
            break
        shown += 1
    return ordered[:shown]


def _fault(incident: Incident, view: IncidentsView) -> Fault:
    standing, next_at, after = _standing(incident, view)
    whole = one_line(title(incident, view.language, view.names, short=True))
    name = one_line(named(incident, view.names, language_of(view.language), short=True))
    return Fault(
        number=incident.number,
        severity=str(incident.severity),
        title=fitted(whole, name, TALL_LETTERS if incident.severity.pages else LOW_LETTERS),
        whole=whole,
        since=incident.since,
        whom=hurt(incident, view),
        standing=standing,
        next_at=next_at,
        after=after,
        ticket=one_line(incident.ticket) if incident.state is not IncidentState.WAITING else "",
        tall=incident.severity.pages,
        window=incident.window is not None,
        good=not incident.bad,
    )


def fitted(whole: str, name: str, room: int) -> str:
    """A title in `room` letters: of a name that is too long the middle goes, so that what happened to it, and the key
    in brackets that tells it from its neighbour, can still be read."""
    if len(whole) <= room or name not in whole:
        return whole
    tail = name[name.rindex("(") :] if name.endswith(")") and "(" in name else ""
    head = max(LEAST_LETTERS, room - (len(whole) - len(name)) - len(tail) - 2)
    if head + len(tail) + 2 >= len(name):
        return whole
    return whole.replace(name, f"{name[:head].rstrip(' ,')}… {tail}".rstrip(), 1)


def _standing(incident: Incident, view: IncidentsView) -> tuple[str, float | None, str]:
    """A countdown that runs in the browser stands between two texts."""
    coming = view.next_step(incident) if incident.bad and incident.window is None else None
    if coming is None or coming.at <= view.now:
        return one_line(having(incident, view)), None, ""
    before, _, after = view.words["next"].format(whom=one_line(coming.whom), left=_LEFT).partition(_LEFT)
    return before, coming.at, after
