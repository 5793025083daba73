"""Is InfluxDB a faithful copy? Counts and sums of every field of every series and day, in the store and on the server.

Raw data go by days of Dar es Salaam, rollups by the chunks they were sent from (a day or a month). What is still owed to the
server is left out and said.
"""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.calendar import DAY_S, Month, day_of, midnight
from noc.influx import owed
from noc.influx.backlog import LAYER_NAMES, Backlog
from noc.influx.contract import Server
from noc.influx.fields import LAYERS, is_repeated
from noc.influx.lines import Lines, Subject
from noc.influx.source import Source
from noc.influx.tally import Difference, Stretch, Tallies, differences, on_server, tallied
from noc.store.file import DAILY, MONTHLY
from noc.store.reader import MetricReader
from noc.store.series import Measured

VALUES_AT_ONCE: Final = 4_000_000  # read together
UNSETTLED_S: Final = 120  # what is younger may still be on its way
_INSTANTS: Final = DAY_S // 5  # of a day at most: nothing is measured more often than every 5 s
_HOUR_S: Final = 3600


class Day(NamedTuple):
    """A local day of raw data; `end` is earlier than midnight on the day that is not over."""

    start: int
    end: int


class Chunk(NamedTuple):
    """The chunks of one layer of rollups that begin at `start`: of a UTC day, or a local month."""

    tier: int
    start: int

    @property
    def end(self) -> int:
        return Month.of(self.start).end if self.tier in (DAILY, MONTHLY) else self.start + DAY_S

    @property
    def suffix(self) -> str:
        """Of its measurements' names on the server."""
        return LAYERS[LAYER_NAMES[self.tier]]

    def holds(self, measurement: str) -> bool:
        return measurement.endswith(self.suffix)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is looked at, and what is left out because the server is still owed it."""

    days: tuple[Day, ...]
    chunks: tuple[Chunk, ...]
    owed_days: tuple[Day, ...] = ()
    owed_chunks: tuple[Chunk, ...] = ()
    server: str = ""  # whom the store's books speak of; "" where nothing was ever to be sent


@dataclass(slots=True)
class Account:
    """Of one measurement: what was compared so far."""

    series: int = 0  # times days
    values: int = 0
    differ: int = 0
    days: set[int] = field(default_factory=set)


def plan(source: Source, start: int, end: int, now: float, *, everything: bool = False) -> Plan:
    """Of [start, end), UTC seconds, what the store has; `everything` takes also what is owed."""
    unsettled = min(end, int(now - UNSETTLED_S) // _HOUR_S * _HOUR_S)

    def act(db: sqlite3.Connection) -> tuple[str, int, set[int], set[Chunk], list[Chunk], tuple[int, int]]:
        kept = owed.is_kept(db)
        found = [one.interval for one in owed.newest_first(db)] if kept else []
        hours = {interval.start for interval in found if interval.layer == owed.RAW}
        held = {Chunk(*interval) for interval in found if interval.layer != owed.RAW}
        layers = ", ".join(str(tier) for tier in LAYER_NAMES)
        chunks = db.execute(
            f"SELECT DISTINCT tier, start FROM chunk WHERE tier IN ({layers}) AND start >= ? AND start < ? ORDER BY 2, 1",
            (start, end),
        )
        return owed.target(db), owed.cursor(db), hours, held, [Chunk(*one) for one in chunks], _extent(db)

    server, cursor, hours, held, chunks, extent = source.run(act)
    hours |= source.hours(cursor, source.newest_commit())
    days, owed_days = _days(max(start, extent[0]), min(end, extent[1]), hours, unsettled, everything=everything)
    looked_at = chunks if everything else [chunk for chunk in chunks if chunk not in held]
    left = [] if everything else [chunk for chunk in chunks if chunk in held]
    return Plan(tuple(days), tuple(looked_at), tuple(owed_days), tuple(left), server)


def _extent(db: sqlite3.Connection) -> tuple[int, int]:
    """From when to when the store has anything at full resolution."""
    first, last = db.execute(
        "SELECT min(a), max(b) FROM (SELECT min(first_at) a, max(last_at) b FROM hot"
        " UNION ALL SELECT min(start), max(until) FROM chunk WHERE tier < 2)"
    ).fetchone()
    return (int(first), int(last) + 1) if first is not None else (0, 0)


def _days(
    start: int, end: int, hours: Collection[int], unsettled: int, *, everything: bool
) -> tuple[list[Day], list[Day]]:
    """Those that can be compared and those that are owed; the day that runs is compared up to the first hour owed."""
    good, left = [], []
    for begin in range(midnight(day_of(start)), end, DAY_S) if start < end else ():
        low, high = max(begin, start), min(begin + DAY_S, end)
        if everything:
            good.append(Day(low, high))
            continue
        mine = [hour for hour in hours if low - _HOUR_S < hour < high]
        if high > unsettled:  # the day that runs
            settled = min([unsettled, *mine])
            if settled > low:
                good.append(Day(low, settled))
        elif mine:
            left.append(Day(low, high))
        else:
            good.append(Day(low, high))
    return good, left


class Verifier:
    """Compares stretch by stretch; not for two threads at once. Raises StoreError and InfluxError."""

    def __init__(self, reader: MetricReader, source: Source, server: Server) -> None:
        self._reader = reader
        self._source = source
        self._server = server
        self.accounts: dict[str, Account] = {}  # measurement as on the server -> what was compared

    def day(self, day: Day, one: Measured) -> Iterator[Difference]:
        """Raw data of a day, of one measurement of one scope."""
        names, here = one.quantities, Tallies()
        together = max(1, VALUES_AT_ONCE // (len(names) * _INSTANTS))
        for first in range(0, len(one.rows), together):
            rows = one.rows[first : first + together]
            subjects = [(one.measurement, one.scope, row) for row in rows]
            found = self._reader.read_many(subjects, names, start=day.start, end=day.end)
            for row, series in zip(rows, found, strict=True):
                here.update(tallied(row, names, series.values))
        if here:
            yield from self._compared(Stretch(one.measurement, one.scope, *day), here, names)

    def chunk(self, chunk: Chunk, measurements: Collection[str] | None = None) -> Iterator[Difference]:
        """Rollups of a day or month (None: of all measurements)."""
        sums = _Sums()
        for _ in Backlog(self._source, sums).rolled(*chunk):
            yield from self._rolled(sums, chunk, last=False, measurements=measurements)
        yield from self._rolled(sums, chunk, last=True, measurements=measurements)

    def _rolled(
        self, sums: "_Sums", chunk: Chunk, *, last: bool, measurements: Collection[str] | None
    ) -> Iterator[Difference]:
        for (measurement, scope), (names, tallies) in sums.taken(last=last).items():
            if measurements is None or measurement in measurements:
                stretch = Stretch(measurement, scope, chunk.start, chunk.end)
                yield from self._compared(stretch, tallies, tuple(names))

    def _compared(self, stretch: Stretch, here: Tallies, names: Sequence[str]) -> Iterator[Difference]:
        rows = {row for row, _ in here}
        account = self.accounts.setdefault(stretch.measurement, Account())
        account.series += len(rows)
        account.values += sum(tally.n for tally in here.values())
        account.days.add(stretch.start)
        untagged = next((row for row in rows if is_repeated(stretch.measurement, stretch.scope, row)), "")
        for difference in differences(stretch, here, on_server(self._server, stretch, names, untagged)):
            account.differ += 1
            yield difference


class _Sums(Lines):
    """Stands where lines are made, and adds up instead what they would carry."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[tuple[str, str], tuple[dict[str, None], Tallies]] = {}

    def of_series(
        self, subject: Subject, names: tuple[str, ...], at: NDArray[np.int64], values: NDArray[np.float64]
    ) -> list[bytes]:
        known, tallies = self._found.setdefault((subject.measurement, subject.scope), ({}, {}))
        known.update(dict.fromkeys(names))
        tallies.update(tallied(subject.row, names, values))
        return []

    def taken(self, *, last: bool) -> dict[tuple[str, str], tuple[dict[str, None], Tallies]]:
        """All that is complete: but for the last measurement and scope, of which more may come."""
        done = dict(self._found)
        newest = None if last else next(reversed(done), None)
        self._found = {newest: done.pop(newest)} if newest else {}
        return done
