"""How long what was so: events of state become spans without gaps, to the second, half-open in UTC seconds."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

UP: Final = "up"
DOWN: Final = "down"
SHUT: Final = "shut"  # a link that somebody of ours switched off by configuration
BEHIND: Final = "behind"  # a link whose both ends are silent because of something else
UNKNOWN: Final = "unknown"
UNWATCHED: Final = "unwatched"  # nobody watched, or the poller was blind
PLANNED: Final = "planned"  # in a maintenance window


@dataclass(frozen=True, slots=True)
class Event:
    """A state as it was judged or restated at `at`; it held since `since` (None: not known)."""

    at: int
    state: str
    since: int | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    state: str
    reason: str = ""

    @property
    def seconds(self) -> int:
        return self.end - self.start


Stretch = tuple[int, int]


def spans(events: Iterable[Event], start: int, end: int) -> list[Span]:
    """Every second of [start, end) once. Downtime begins at the first failed probe (`since`), not at its judgement.

    Where a later event says another state since before an earlier one was judged, the later one knows better; what was
    judged after `end` counts from its `since` on. Before the first event nothing is known.
    """
    turns: list[tuple[int, str, str]] = [(start, UNKNOWN, "")]
    for event in sorted(events, key=lambda event: event.at):
        _, state, reason = turns[-1]
        if event.at >= end and (event.since is None or event.since >= end):
            continue
        if event.state == state:
            if event.reason != reason:
                turns.append((max(event.at, turns[-1][0]), state, event.reason))
            continue
        begins = event.at if event.since is None else min(event.since, event.at)
        if len(turns) == 1 and state == UNKNOWN:
            begins = max(begins, start)
        while len(turns) > 1 and turns[-1][0] >= begins:
            turns.pop()
        turns.append((max(begins, start), event.state, event.reason))
    return joined(_between(turns, start, end))


def _between(turns: Sequence[tuple[int, str, str]], start: int, end: int) -> Iterator[Span]:
    for (begins, state, reason), (ends, *_) in pairwise([*turns, (end, "", "")]):
        if max(begins, start) < min(ends, end):
            yield Span(max(begins, start), min(ends, end), state, reason)


def joined(parts: Iterable[Span]) -> list[Span]:
    """Neighbours that say the same become one."""
    found: list[Span] = []
    for part in parts:
        last = found[-1] if found else None
        if last is not None and last.end == part.start and (last.state, last.reason) == (part.state, part.reason):
            found[-1] = Span(last.start, part.end, part.state, part.reason)
        else:
            found.append(part)
    return found


def covered(parts: Sequence[Span], covers: Iterable[Stretch], state: str, reason: str = "") -> list[Span]:
    """The same time, with the covers' own state wherever one lies over it."""
    for begins, ends in united(covers):
        cut: list[Span] = []
        for part in parts:
            low, high = max(part.start, begins), min(part.end, ends)
            if low >= high:
                cut.append(part)
                continue
            around = (
                Span(part.start, low, part.state, part.reason),
                Span(low, high, state, reason),
                Span(high, part.end, part.state, part.reason),
            )
            cut += [piece for piece in around if piece.seconds > 0]
        parts = cut
    return joined(parts)


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """In order, without overlaps."""
    found: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        elif ends > begins:
            found.append((begins, ends))
    return found


def seconds(parts: Iterable[Span], *states: str) -> int:
    return sum(part.seconds for part in parts if part.state in states)


def runs(parts: Iterable[Span], *states: str) -> list[Stretch]:
    """Unbroken times in any of these states, whatever the reasons."""
    return united((part.start, part.end) for part in parts if part.state in states)
