"""The week ahead as a table: a day a row, a schedule a column, in each cell whose turns they are; and the holidays."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from alerts.local_time import DAY_S, local
from alerts.oncall.plan import Plan
from dashboards.oncall import Held

HOLIDAYS_AHEAD = 92  # days


@dataclass(frozen=True, slots=True)
class Day:
    """`begins` in UTC seconds; `cells` in the order of the schedules: the turns that run in some of it."""

    begins: float
    cells: Sequence[Sequence[Held]]


@dataclass(frozen=True, slots=True)
class Holiday:
    """Who stands in that day on a schedule: names, or another schedule."""

    day: date
    schedule: str
    who: str


def days(coming: Sequence[Held], schedules: Sequence[str], at: float, count: int = 7) -> list[Day]:
    """From the day of `at` on, on clocks of East Africa."""
    first = local(at).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    return [_day(coming, schedules, first + place * DAY_S) for place in range(count)]


def _day(coming: Sequence[Held], schedules: Sequence[str], begins: float) -> Day:
    cells = [
        [one for one in coming if one.schedule == name and _begins_in(one, begins) and (one.to_at or begins) > begins]
        for name in schedules
    ]
    return Day(begins, cells)


def _begins_in(one: Held, begins: float) -> bool:
    return one.from_at < begins + DAY_S


def holidays(plan: Plan, at: float) -> Iterator[Holiday]:
    """Those of the coming three months, day by day."""
    today = local(at).date()
    last = today + timedelta(days=HOLIDAYS_AHEAD)
    found = [
        Holiday(day, name, stand.schedule or ", ".join(stand.crew))
        for name, schedule in plan.schedules.items()
        for day, stand in schedule.holidays.items()
        if today <= day <= last
    ]
    return iter(sorted(found, key=lambda one: (one.day, one.schedule)))


def weekday(begins: float, gettext: Callable[[str], str]) -> str:
    """As shifts are spoken of: Sun 22.11."""
    names = (
        gettext("Mon"),
        gettext("Tue"),
        gettext("Wed"),
        gettext("Thu"),
        gettext("Fri"),
        gettext("Sat"),
        gettext("Sun"),
    )
    then = local(begins)
    return f"{names[then.weekday()]} {then.day}.{then.month}."


def clocks(held: Held, begins: float) -> str:
    """From when to when within the day that begins at `begins`: 07:00–19:00."""
    ends = begins + DAY_S
    to_at = ends if held.to_at is None else min(held.to_at, ends)
    return f"{local(max(held.from_at, begins)):%H:%M}–{'24:00' if to_at >= ends else f'{local(to_at):%H:%M}'}"
