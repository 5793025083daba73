"""What a collector promises: ask once, answer wholly or say by name why not.

Exception tree (expected failures; the pipeline turns them into a `poll` batch with `reason`):

    CollectError
    ├── NoAnswer              silence until the last retry
    ├── CredentialsRefused    the device said so (v3 report, authorizationError)
    ├── NameUnresolved        the address is a name and DNS does not know it
    ├── BadAnswer             what came back cannot be understood, by no way we know
    ├── TooSlow               answers come, but the poll does not end in its time
    ├── Unsupported           the device has none of the objects asked for
    ├── ViewDenied            the user is known, but may not see what was asked (VACM)
    ├── NotParsed             CLI output that no template understands: never "nothing there" (SEMANTICS 48)
    ├── ConnectRefused        the port is closed
    ├── NoBanner              the port opens and nobody greets: a hung sshd (SEMANTICS 49)
    ├── HostKeyChanged        another host key than the one trusted
    └── HeldBack              not tried: after refusals logins wait, so that no account is locked out
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch, Facts
from inventory.model import Device
from inventory.notice import Notice

Oid = str  # dotted, no leading dot: "1.3.6.1.2.1.1.3.0"
Index = tuple[int, ...]  # what follows the column's OID
Value = (
    int | bytes | str | None
)  # integers of all kinds; OCTET STRING, IpAddress and Opaque as bytes; OID as dotted str; None: no such object


class CollectError(Exception):
    """The device could not be read this time; `said` is what was learnt all the same, and is kept."""

    code: ClassVar[int] = 1
    word: ClassVar[str] = "failed"
    said: "Sequence[Said]" = ()


class NoAnswer(CollectError):
    code, word = 2, "no answer"


class CredentialsRefused(CollectError):
    code, word = 3, "credentials refused"


class NameUnresolved(CollectError):
    code, word = 4, "name unresolved"


class BadAnswer(CollectError):
    code, word = 5, "bad answer"


class TooSlow(CollectError):
    code, word = 6, "too slow"


class Unsupported(CollectError):
    code, word = 7, "unsupported"


class ViewDenied(CollectError):
    code, word = 8, "view denied"


class NotParsed(CollectError):
    code, word = 9, "output not understood"


class ConnectRefused(CollectError):
    code, word = 10, "connection refused"


class NoBanner(CollectError):
    code, word = 11, "no banner"


class HostKeyChanged(CollectError):
    code, word = 12, "host key changed"


class HeldBack(CollectError):
    code, word = 13, "login held back"


_ALL: tuple[type[CollectError], ...] = (CollectError, *CollectError.__subclasses__())
CODES: Mapping[int, str] = {0: "", **{error.code: error.word for error in _ALL}}


@dataclass(frozen=True, slots=True)
class Target:
    """Who is asked what, and how often."""

    device: Device
    collector: str
    every_s: float

    @property
    def key(self) -> str:
        return f"{self.device.key}/{self.collector}"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One interface as counters need it. `key` is its lasting name (SEMANTICS 5, 39), `index` today's address."""

    key: str
    index: int
    speed_bps: float  # SEMANTICS 36; NaN when the device does not say
    wide: bool = True  # octets come from 64-bit counters

    def _same(self) -> tuple[str, int, float | None, bool]:
        return self.key, self.index, None if isnan(self.speed_bps) else self.speed_bps, self.wide

    def __eq__(self, other: object) -> bool:
        """Two rows that do not say their speed are alike, though NaN is unlike NaN."""
        return isinstance(other, Row) and self._same() == other._same()

    def __hash__(self) -> int:
        return hash(self._same())


@dataclass(frozen=True, slots=True)
class Reading:
    """What one device said of one table at one instant, as it said it: counters are not yet rates.

    `rows` is the same tuple object while the interface list stands, so rates may keep arrays beside it.
    `values` is (len(columns), len(rows)); `known` has the same shape, or is None when every value is known.
    """

    device: str
    at: float  # UTC seconds, when sysUpTime was read
    due: int  # UTC seconds of the schedule: becomes Batch.at
    uptime_ticks: int | None  # sysUpTime of the same poll, 1/100 s, wraps at 2^32
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    values: NDArray[np.uint64]
    known: NDArray[np.bool_] | None = None
    pdus: int = 0  # SNMP requests this poll took
    octets: int = 0  # SNMP octets, both ways
    late: NDArray[np.float64] | None = None  # as Matrix.late, for `values`
    anew: tuple[int, ...] = ()  # places of rows whose ifCounterDiscontinuityTime lies after the reading before


Said = Reading | Batch | Facts  # what a collector brings home


@dataclass(frozen=True, slots=True)
class Plan:
    """A poll prepared once and asked many times: `scalars` and `columns` at `indexes`."""

    scalars: tuple[Oid, ...]
    columns: tuple[Oid, ...]
    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The answer to a Plan: scalars in order; values (columns x indexes) as uint64, INTEGER as two's complement."""

    scalars: tuple[int | None, ...]
    values: NDArray[np.uint64]
    known: NDArray[np.bool_] | None  # None: all known
    pdus: int
    octets: int
    late: NDArray[np.float64] | None = None  # seconds each value is younger than the first scalar; None: hardly any
    age_s: float = 0.0  # of the first scalar when the answer is handed over, where that took long


class SnmpSession(Protocol):
    """One device, asked over SNMP. Every failure is a CollectError. The only thing tests fake."""

    async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
        """Values in the order asked; None where the device has no such object. Any number of OIDs."""

    async def table(self, columns: Sequence[Oid]) -> Mapping[Index, Sequence[Value]]:
        """Every row of the columns, by index, in the order met; None where a row lacks a column (SEMANTICS 37, 42)."""

    async def matrix(self, plan: Plan) -> Matrix:
        """The hot path: a prepared poll. Rows that went away are unknown, never another row's values."""


class Collector(Protocol):
    """Asks a device once. Raises a CollectError; never gives half an answer."""

    async def collect(self, target: Target, due: int) -> Sequence[Said]:
        """Readings go to rates and the store, Batches (gauges, states) and Facts to the store; `due` is their time."""

    def forget(self, device: str) -> None:
        """Drop what is remembered of a device that left the inventory, or whose address changed."""


class Listener(Protocol):
    """Hears what devices say unasked."""

    async def listen(self, emit: Callable[[Notice], None]) -> None:
        """Runs until cancelled. OSError when the port cannot be had."""
