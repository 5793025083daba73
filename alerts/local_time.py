"""Local time of Tanzania: East Africa Time, UTC+3 since 1961, without summer time (SEMANTICS 31)."""

from datetime import date, datetime, time, timedelta, timezone

from inventory.sentence import MONTHS, Sentence

EAT = timezone(timedelta(hours=3), "EAT")
DAY_S = 86_400


def local(at: float) -> datetime:
    """The instant (UTC seconds) on a clock in Dar es Salaam."""
    return datetime.fromtimestamp(at, EAT)


def spoken(at: float) -> Sentence:
    """ "21 Nov 02:14 EAT", with the month's name in the language of whoever reads it."""
    then = local(at)
    month = MONTHS[then.month - 1]
    return Sentence("moment", "{day} {month} {clock} EAT", day=f"{then:%d}", month=month, clock=f"{then:%H:%M}")


def instant(day: date, clock: time) -> float:
    """UTC seconds of a time of a day there."""
    return datetime.combine(day, clock, EAT).timestamp()
