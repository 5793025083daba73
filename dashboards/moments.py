"""Times as people type them: `30m`, `in 2h`, `14:00`, `sun 02:00`, `2026-11-22 14:00`; clocks are East Africa Time.

Days of the week, and today, tomorrow, yesterday and now may be Swahili: `jumapili 02:00`, `kesho 08:00`, `baada ya 2h`.
"""

import re
from datetime import date, datetime, time, timedelta

from alerts.local_time import EAT, instant, local
from inventory.sentence import Sentence, noted

LONGEST_S = 10 * 366 * 86_400
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SIKU = ("jumatatu", "jumanne", "jumatano", "alhamisi", "ijumaa", "jumamosi", "jumapili")
AHEAD = ("in ", "baada ya ", "+")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_PART = r"(\d{1,6}(?:\.\d{1,3})?) ?(seconds?|s|minutes?|min|m|hours?|h|days?|d|weeks?|w)"
_LENGTH = re.compile(rf"{_PART}(?: ?{_PART})*\Z")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\Z")
_AHEAD = {"today": 0, "tomorrow": 1, "yesterday": -1, "leo": 0, "kesho": 1, "jana": -1}
LENGTHS = "30m, 2h, 1h30m, 3d"
MOMENTS = '"in 2h", 14:00, "tomorrow 08:00", "sun 02:00", "2026-11-22 14:00"'


class MomentError(ValueError):
    """Words that name no time; the text says which would."""


def duration(text: str) -> float:
    """A length of time, seconds; MomentError when it is none."""
    word = text.strip().casefold()
    if not _LENGTH.match(word):
        raise MomentError(
            Sentence("no-length", "{text!r} is no length of time; write {known}", text=text, known=LENGTHS)
        )
    seconds = sum(float(number) * _UNITS[unit[0]] for number, unit in re.findall(_PART, word))
    if not 0 < seconds <= LONGEST_S:
        far = noted("{text!r} is no length of time that makes sense here; write {known}")
        raise MomentError(Sentence("no-length", far, text=text, known=LENGTHS))
    return seconds


def moment(text: str, now: float) -> float:
    """UTC seconds of what is meant, said at `now`; MomentError when it cannot be known.

    A bare length counts from now; a bare clock or weekday is the next such time; ISO-8601 with an offset or Z is taken
    as it stands, all other clocks are East Africa Time.
    """
    word = " ".join(text.split()).casefold().removesuffix(" eat")
    if word in ("now", "sasa"):
        return now
    if word.endswith(" ago"):
        return now - duration(word[:-4])
    before = next((each for each in AHEAD if word.startswith(each)), "")
    if before:
        return now + duration(word.removeprefix(before))
    if _LENGTH.match(word):
        return now + duration(word)
    return _dated(text, word, now)


def _dated(text: str, word: str, now: float) -> float:
    day, _, clock = word.rpartition(" ")
    if not day and _CLOCK.match(word):
        return _next(local(now).date(), 1, _clock(text, word), now)
    if day in _AHEAD:
        return instant(local(now).date() + timedelta(days=_AHEAD[day]), _clock(text, clock))
    weekday = next((number for number, name in enumerate(DAYS) if day in (name, name[:3], SIKU[number])), None)
    if weekday is not None:
        today = local(now).date()
        return _next(today + timedelta(days=(weekday - today.weekday()) % 7), 7, _clock(text, clock), now)
    try:
        then = datetime.fromisoformat(word.upper())
        at = then.replace(tzinfo=then.tzinfo or EAT).timestamp()
    except (ValueError, OverflowError):
        raise _unclear(text) from None
    if abs(at - now) > LONGEST_S:
        raise MomentError(Sentence("too-far", "{text!r} is more than ten years from now", text=text))
    return at


def _next(first: date, every_days: int, clock: time, now: float) -> float:
    at = instant(first, clock)
    return at if at >= now else instant(first + timedelta(days=every_days), clock)


def _clock(text: str, word: str) -> time:
    found = _CLOCK.match(word)
    if found is None:
        raise _unclear(text)
    hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        raise _unclear(text) from None


def _unclear(text: str) -> MomentError:
    unclear = noted("{text!r} is no time that is understood here; write {known} (East Africa Time)")
    return MomentError(Sentence("no-time", unclear, text=text, known=MOMENTS))
