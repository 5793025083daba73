"""A figure over days, bit/s: capacity, what is free, what an institution holds; it changes at local midnights only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

Run = tuple[date, date | None, tuple[int, ...]]  # from that day up to before that one (None: for ever), the figures


@dataclass(slots=True)
class Course:
    """By how much it changes, by the day it does; zero before the first of them."""

    changes: dict[date, int] = field(default_factory=dict)

    def add(self, bps: int, start: date, end: date | None) -> None:
        """So much more over [start, end)."""
        self._change(start, bps)
        if end is not None:
            self._change(end, -bps)

    def _change(self, day: date, bps: int) -> None:
        changed = self.changes.get(day, 0) + bps
        if changed:
            self.changes[day] = changed
        else:
            self.changes.pop(day, None)

    def on(self, day: date) -> int:
        return sum(bps for at, bps in self.changes.items() if at <= day)

    @property
    def end(self) -> date | None:
        """The first day from which it is nothing for ever; None where it never is. Of one that is empty: `date.min`."""
        return None if sum(self.changes.values()) else max(self.changes, default=date.min)

    def until(self, day: date) -> "Course":
        """The same before that day, nothing from then on."""
        kept = Course({at: bps for at, bps in self.changes.items() if at < day})
        kept._change(day, -sum(kept.changes.values()))
        return kept


def total(*courses: Course) -> Course:
    found = Course()
    for course in courses:
        for day, bps in course.changes.items():
            found._change(day, bps)
    return found


def runs(*courses: Course) -> Iterator[Run]:
    """Side by side, from the first day on which one of them changes; each run is as long as none does."""
    days = sorted({day for course in courses for day in course.changes})
    figures = [0] * len(courses)
    for place, day in enumerate(days):
        for number, course in enumerate(courses):
            figures[number] += course.changes.get(day, 0)
        yield day, days[place + 1] if place + 1 < len(days) else None, tuple(figures)
