"""What the NOC asks of an InfluxDB server, of whatever version, and how it may fail.

InfluxError          the text says what a person can do
├── Unreachable      refused, cut off, too slow, 429, 5xx: tried again for ever; `after_s` when the server said so
├── Denied           401, 403, 404: held until a person mends it
└── Refused          400: the server will never take (all of) these lines
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class InfluxError(Exception):
    """Something about InfluxDB that a person can act on."""


class Unreachable(InfluxError):
    """Try again; `after_s` is what the server asked for (Retry-After), None where it said nothing."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        self.after_s = after_s
        super().__init__(message)


class Denied(InfluxError):
    """Wrong token, no permission, no such bucket."""


class Refused(InfluxError):
    """Malformed, of another type than the field has there, or too old for it; some of the lines may have been taken.

    `dropped` is how many were not, where the server counted them; 0 where it did not.
    """

    def __init__(self, message: str, dropped: int = 0) -> None:
        self.dropped = dropped
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Answered:
    """One series of an InfluxQL answer; times are UTC seconds in column "time"."""

    name: str
    tags: Mapping[str, str]
    columns: tuple[str, ...]
    values: Sequence[Sequence[float | int | str | bool | None]]


class Server(Protocol):
    """Not for two threads at once. Every call is bounded in time and raises InfluxError."""

    def ping(self) -> str:
        """Its version, "1.6.7"; "" where it does not say."""

    def write(self, lines: Sequence[bytes]) -> None:
        """Line protocol with second precision; returns when the server said that it has them."""

    def query(self, influxql: str) -> Sequence[Answered]: ...
