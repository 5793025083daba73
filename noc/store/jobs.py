"""What the daemon and its sealing process say to each other: jobs one way, results the other."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

HOUR_S: Final = 3600
DAY_S: Final = 86_400
LET_GO: Final = ("raw until", "evidence until")  # meta: before which day full resolution is gone; of transitions

Put = tuple[int, int, int, int, bytes]  # tier, frame, start, until, body
Place = tuple[int, int, int]  # tier, frame, start
Due = tuple[int, int, int, int]  # tier, stream, start, until


class Step(IntEnum):
    """What is done with a shard, in this order: each sees the file as the results of the one before it left it."""

    HOURS = 0  # hot hours into pieces
    DAYS = 1  # pieces into days with their rollups
    AGAIN = 2  # rollups of days that something late reaches into, once more
    LOCAL_DAYS = 3  # five-minute rollups into local days
    MONTHS = 4  # and into local months


class Job(NamedTuple):
    """A step with what of one shard lies before an instant, UTC seconds."""

    shard: int
    limit: int
    step: Step


@dataclass(slots=True)
class Sealed:
    """Chunks to keep and chunks that they replace, what is to be rolled because of it and what was; in one transaction."""

    put: list[Put] = field(default_factory=list)
    gone: list[Place] = field(default_factory=list)
    values: int = 0
    owe: set[Due] = field(default_factory=set)
    paid: list[Place] = field(default_factory=list)  # tier, stream, start
    let_go: int = 0  # late values of days of which only rollups are left

    def add(self, more: "Sealed") -> None:
        self.put += more.put
        self.gone += more.gone
        self.values += more.values
        self.owe |= more.owe
        self.paid += more.paid
        self.let_go += more.let_go

    def __bool__(self) -> bool:
        return bool(self.put or self.gone or self.owe or self.paid)

    @property
    def size(self) -> int:
        return sum(len(row[-1]) for row in self.put)


class Cleared(NamedTuple):
    """Hot blobs of which everything is sealed, and what is left of those of which some is."""

    gone: list[int]
    left: list[tuple[int, int, int, bytes, bytes]]


class Done(NamedTuple):
    """The job is finished."""


Result = Sealed | Cleared | Done
