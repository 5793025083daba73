"""Windows that come again, every Sunday or every first of the month, by RFC 5545 RRULE on East African clocks.

The only door to dateutil, which looks for the next time of a rule up to the year 9999: here only rules are let through
that come again before long, whenever they are asked.
"""

import re
from calendar import monthrange
from datetime import datetime
from itertools import product
from typing import Any

from dateutil.rrule import rrulestr

from alerts.local_time import EAT, local
from inventory.sentence import Sentence, noted

PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"})
APART = {
    "UNTIL": noted("{name} is not used in a repetition: the end of the series is said apart"),
    "COUNT": noted("{name} is not used in a repetition: the end of the series is said apart, as a time"),
}
ELSE = noted("{name} is not used in a repetition: the first time says the rest")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_INTERVAL = 366
MOST_WEEKS = 5  # of a month
LONGEST_SERIES_S = 5 * 366 * 86_400
_LEAP_YEAR = 2028
_TEXT = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*\Z")
_NUMBERED = re.compile(r"[+-]?([0-9]+)[A-Z]{2}")


class RepeatError(ValueError):
    """No rule that windows repeat by; the text says why."""


def checked(rule: str) -> str:
    """The rule in capitals, without RRULE: before it; RepeatError when it cannot be used here."""
    text = rule.strip().upper().removeprefix("RRULE:")
    if len(text) > 200 or not _TEXT.match(text):
        raise RepeatError(Sentence("no-rule", "{rule!r} is no repetition; write FREQ=WEEKLY;BYDAY=SU", rule=rule))
    parts = dict(part.split("=") for part in text.split(";"))
    if text.count(";") >= len(parts):
        raise RepeatError(Sentence("no-rule", "{rule!r} says something twice", rule=rule))
    for name in sorted(set(parts) - PARTS):
        raise RepeatError(Sentence("no-rule", APART.get(name, ELSE), name=name))
    if parts.get("FREQ") not in FREQUENCIES:
        known = ", ".join(FREQUENCIES)
        raise RepeatError(Sentence("no-rule", "{rule!r}: FREQ is one of {known}", rule=rule, known=known))
    interval = parts.get("INTERVAL", "1")
    if not (interval.isdecimal() and 1 <= int(interval) <= MOST_INTERVAL):
        raise RepeatError(Sentence("no-rule", "{rule!r}: INTERVAL is 1 to {most}", rule=rule, most=MOST_INTERVAL))
    _series(text, datetime(_LEAP_YEAR, 1, 1))
    if not _comes(parts):
        raise RepeatError(Sentence("no-rule", "{rule!r}: there is no such day", rule=rule))
    return text


def _series(text: str, first: datetime) -> Any:
    try:
        return rrulestr(text, dtstart=first)
    except ValueError as error:
        raise RepeatError(f"{text}: {error}") from None


def _comes(parts: dict[str, str]) -> bool:
    """Whether there is such a day in some month: no 31 February, no sixth Sunday, no first Sunday on a 31st."""
    numbers = [int(number) for number in _NUMBERED.findall(parts.get("BYDAY", ""))]
    days = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    months = [int(month) for month in parts.get("BYMONTH", "").split(",") if month] or list(range(1, 13))
    if any(not 0 < month <= 12 for month in months):
        return False
    if any(not 0 < number <= MOST_WEEKS for number in numbers) or (numbers and days):
        return False
    return not days or any(0 < abs(day) <= monthrange(_LEAP_YEAR, month)[1] for month, day in product(months, days))


class Recurrence:
    """The beginnings of one series, UTC seconds; `until_at` is exclusive.

    RepeatError for a rule that is none, and where `first_at` is not one of its times.
    """

    def __init__(self, rule: str, first_at: float, until_at: float) -> None:
        text, first = checked(rule), _plain(first_at)
        # without an interval the rule comes soon, and its first time counts whatever the interval is
        soonest = _series(re.sub(r";?INTERVAL=\d+", "", text).lstrip(";"), first).after(first, inc=True)
        if soonest != first:
            raise RepeatError(_first_time(text, soonest))
        self._until_at = until_at
        self._rule: Any = _series(text, first).replace(until=_plain(min(until_at, first_at + LONGEST_SERIES_S)))

    def last_begun(self, at: float) -> float | None:
        """The newest beginning at this instant or before."""
        found = self._rule.before(_plain(min(at, self._until_at - 1)), inc=True)
        return None if found is None else _instant(found)

    def next_begins(self, at: float) -> float | None:
        """The first beginning after this instant."""
        found = self._rule.after(_plain(at))
        begins = None if found is None else _instant(found)
        return begins if begins is not None and begins < self._until_at else None


def _first_time(rule: str, soonest: datetime | None) -> str:
    if soonest is None:
        return rule
    when = f"{soonest:%Y-%m-%d %H:%M}"
    return Sentence("first-time", "{rule}: its first time would be {when}", rule=rule, when=when)


def _plain(at: float) -> datetime:
    """dateutil counts in whole seconds on a clock without a zone: here that clock is East Africa's, with no jumps."""
    return local(at).replace(tzinfo=None, microsecond=0)


def _instant(then: datetime) -> float:
    return then.replace(tzinfo=EAT).timestamp()
