"""Who holds the shift: people in turn, by week or by shift, on the clocks of East Africa."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from alerts.local_time import DAY_S, instant, local

EVERY_DAY = frozenset(range(7))
WEEK_S = 7 * DAY_S
Crew = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of at most a day that begins on some weekdays (0 Monday); its crews take it in turn.

    Half-open [begins, ends); an end not after the beginning lies on the next day, so from 08:00 to 08:00 is a whole
    day. `first` is a day of the first crew's turn; turns change every `every_days` days, before it as well.
    """

    name: str
    begins: time
    ends: time
    crews: tuple[Crew, ...]
    first: date
    every_days: int = 7
    weekdays: frozenset[int] = EVERY_DAY

    @property
    def length_s(self) -> int:
        return (_seconds(self.ends) - _seconds(self.begins) - 1) % DAY_S + 1

    def span(self, day: date) -> tuple[float, float]:
        """[from, to) in UTC seconds of the shift that begins on this day."""
        from_at = instant(day, self.begins)
        return from_at, from_at + self.length_s

    def crew(self, day: date) -> Crew:
        return self.crews[(day - self.first).days // self.every_days % len(self.crews)]

    def day_at(self, at: float) -> date | None:
        """The day on which the shift began that runs at this instant; None where none runs."""
        today = local(at).date()
        for day in (today, today - timedelta(days=1)):
            from_at, to_at = self.span(day)
            if day.weekday() in self.weekdays and from_at <= at < to_at:
                return day
        return None

    def edges(self, from_at: float, to_at: float) -> Iterator[float]:
        """Where it begins and ends, in [from_at, to_at)."""
        day, last = local(from_at).date() - timedelta(days=1), local(to_at).date()
        while day <= last:
            if day.weekday() in self.weekdays:
                yield from (at for at in self.span(day) if from_at <= at < to_at)
            day += timedelta(days=1)

    def weekly(self) -> Iterator[tuple[int, int]]:
        """Its stretches in a week, seconds since Monday 00:00; the last may reach into the next week."""
        for weekday in sorted(self.weekdays):
            start = weekday * DAY_S + _seconds(self.begins)
            yield start, start + self.length_s


@dataclass(frozen=True, slots=True)
class Stand:
    """Instead of the turn that begins on a holiday: these people, or whoever holds another schedule."""

    crew: Crew = ()
    schedule: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    name: str
    shifts: tuple[Shift, ...]
    holidays: Mapping[date, Stand] = field(default_factory=dict)

    def running(self, at: float) -> tuple[Shift, date] | None:
        """The one shift that runs, and the day on which it began; None in a gap."""
        for shift in self.shifts:
            day = shift.day_at(at)
            if day is not None:
                return shift, day
        return None


def overlaps(shifts: tuple[Shift, ...]) -> Iterator[tuple[Shift, Shift, int]]:
    """Pairs that run at the same time somewhere in the week, and when first, in seconds since Monday 00:00."""
    for place, one in enumerate(shifts):
        for other in shifts[place + 1 :]:
            found = [start for start in _both(one, other) if start is not None]
            if found:
                yield one, other, min(found)


def _both(one: Shift, other: Shift) -> Iterator[int | None]:
    for a, b in one.weekly():
        for c, d in other.weekly():
            for turn in (-WEEK_S, 0, WEEK_S):
                start = max(a, c + turn)
                yield start % WEEK_S if start < min(b, d + turn) else None


def _seconds(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
