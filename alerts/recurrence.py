"""Windows that come again, every Sunday or every first of the month, by RFC 5545 RRULE on East African clocks.

The only door to dateutil.
"""

import re
from datetime import datetime
from typing import Any

from dateutil.rrule import rrulestr

from alerts.local_time import EAT, local

PARTS = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
MOST_INTERVAL = 366
LONGEST_SERIES_S = 5 * 366 * 86_400  # so that a rule that never comes, 31 February, is looked through quickly
_TEXT = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*\Z")


class RepeatError(ValueError):
    """No rule that windows repeat by; the text says why."""


def checked(rule: str) -> str:
    """The rule in capitals, without RRULE: before it; RepeatError when it cannot be used here."""
    text = rule.strip().upper().removeprefix("RRULE:")
    if len(text) > 200 or not _TEXT.match(text):
        raise RepeatError(f"{rule!r} is no repetition; write FREQ=WEEKLY;BYDAY=SU")
    parts = dict(part.split("=") for part in text.split(";"))
    strange = sorted(set(parts) - PARTS)
    if strange:
        known = {"UNTIL": "its end is said apart", "COUNT": "its end is said apart, as a date"}
        raise RepeatError(
            f"{strange[0]} is not used in a repetition: {known.get(strange[0], 'the first time says it')}"
        )
    if parts.get("FREQ") not in FREQUENCIES:
        raise RepeatError(f"{rule!r}: FREQ is one of {', '.join(FREQUENCIES)}")
    interval = parts.get("INTERVAL", "1")
    if not (interval.isdecimal() and 1 <= int(interval) <= MOST_INTERVAL):
        raise RepeatError(f"{rule!r}: INTERVAL is 1 to {MOST_INTERVAL}")
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1))
    except ValueError as error:
        raise RepeatError(f"{rule!r}: {error}") from None
    return text


class Recurrence:
    """The beginnings of one series, UTC seconds; `until_at` is exclusive. RepeatError for a rule that is none."""

    def __init__(self, rule: str, first_at: float, until_at: float) -> None:
        until = _plain(min(until_at, first_at + LONGEST_SERIES_S))
        self._until_at = until_at
        series: Any = rrulestr(checked(rule), dtstart=_plain(first_at))
        self._rule = series.replace(until=until)

    def last_begun(self, at: float) -> float | None:
        """The newest beginning at this instant or before."""
        found = self._rule.before(_plain(min(at, self._until_at - 1)), inc=True)
        return None if found is None else _instant(found)

    def next_begins(self, at: float) -> float | None:
        """The first beginning after this instant."""
        found = self._rule.after(_plain(at))
        begins = None if found is None else _instant(found)
        return begins if begins is not None and begins < self._until_at else None


def _plain(at: float) -> datetime:
    """dateutil counts in whole seconds on a clock without a zone: here that clock is East Africa's, with no jumps."""
    return local(at).replace(tzinfo=None, microsecond=0)


def _instant(then: datetime) -> float:
    return then.replace(tzinfo=EAT).timestamp()
