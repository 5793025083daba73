"""Days and months as Tanzania counts them: UTC+3 since 1961, no summer time (SEMANTICS 31); instants are UTC seconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from inventory.sentence import Sentence

EAT_S: Final = 3 * 3600
DAY_S: Final = 86_400
SLOT_S: Final = 300
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def midnight(day: date) -> int:
    """When that day begins in Dar es Salaam."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) - EAT_S


def parse_day(text: str) -> date:
    """ "2026-10-01"; ValueError says how it is written."""
    if not _DAY.match(text):
        raise ValueError(Sentence("no-day", "{text!r} is not a day: write 2026-10-01", text=text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(Sentence("no-day", "{text!r} is not in the calendar", text=text)) from None


def day_of(at: float) -> date:
    """The day it is there at that instant."""
    return datetime.fromtimestamp(at + EAT_S, UTC).date()


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of local days; July 2026 begins 30 June 21:00 UTC."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """ "2026-10"; ValueError says how it is written."""
        found = _MONTH.fullmatch(text)
        if not found or int(found[1]) < 1970:
            raise ValueError(Sentence("no-month", "{text!r} is no month, as 2026-10", text=text))
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, at: float) -> "Month":
        day = day_of(at)
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def start(self) -> int:
        return midnight(self.first)

    @property
    def end(self) -> int:
        return self.next.start

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def slots(self) -> int:
        """Five-minute slots in it: 8064 of 28 days, 8640 of 30, 8928 of 31."""
        return (self.end - self.start) // SLOT_S

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range((self.end - self.start) // DAY_S))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
