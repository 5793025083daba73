"""How long each layer is kept, and what is done about it beside polling: letting go, moving into packs, giving pages back.

All of it in small transactions between which commits go on, in the sealer's thread.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from noc.influx import owed
from noc.store.counters import StoreCounters
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, Opening, StoreError, named
from noc.store.frames import Frames
from noc.store.jobs import DAY_S, LET_GO, Put
from noc.store.packs import Packs
from noc.store.sealing import Transaction
from noc.store.shelf import PACKED, REFERENCE, packs_beside

WHOLE_MONTH_DAYS: Final = (
    40  # a month is rolled again when something late comes: its five-minute means must all be there
)
SLICE_BYTES: Final = 1 << 20  # of one transaction
SLICE_PAGES: Final = 256
LOOK_AT: Final = 64  # frames at once
SPARE: Final = 4  # of so many parts one may be free: tomorrow's pieces fill it again

Held = Callable[[sqlite3.Connection, int, int, int], bool]
Old = tuple[int, int, int, int]  # tier, frame, start, octets in metrics.db

_OLD = "SELECT tier, frame, start, length(body) FROM chunk WHERE tier = ? AND frame = ? AND start < ?"
_LOOSE = f"SELECT tier, frame, start, length(body) FROM chunk WHERE tier = ? AND frame = ? AND length(body) > {REFERENCE.size}"
_POINTS = f"""SELECT 1 FROM chunk
WHERE tier = ? AND frame = ? AND start >= ? AND start < ? AND length(body) = {REFERENCE.size} LIMIT 1"""
_WHOLE = "SELECT * FROM chunk WHERE tier = ? AND frame = ? AND start = ?"
_GONE = "DELETE FROM chunk WHERE tier = ? AND frame = ? AND start = ?"
_NEEDED = "SELECT ifnull(min(start), 1 << 40) FROM due WHERE tier BETWEEN ? AND ?"
_UNTIL = (
    "INSERT OR REPLACE INTO meta SELECT ?1, ?2 WHERE ?2 > ifnull((SELECT content + 0 FROM meta WHERE name = ?1), 0)"
)
_PUT = "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Days that each layer is kept; 0: for ever. A coarser one is never let go before a finer one."""

    raw_days: float = 90.0
    five_minute_days: float = 730.0
    hourly_days: float = 3650.0
    daily_days: float = 0.0

    def cutoffs(self, now: float) -> Iterator[tuple[int, bool, int]]:
        """Layer, whether of transitions, and the UTC day before which its chunks go."""
        five = max(self.five_minute_days, self.raw_days + WHOLE_MONTH_DAYS)
        hourly = max(self.hourly_days, five)
        kept = {(DAY, False): self.raw_days, (DAY, True): hourly}
        for evidence in (False, True):
            kept |= {(FIVE_MINUTES, evidence): five, (HOURLY, evidence): hourly}
            if self.daily_days:  # a chunk holds a month
                kept |= {(tier, evidence): max(self.daily_days, hourly) + 31 for tier in (DAILY, MONTHLY)}
        for (tier, evidence), days in kept.items():
            yield tier, evidence, int(now - days * DAY_S) // DAY_S * DAY_S

    def measured_until(self, now: float) -> dict[int, int]:
        """For each layer of measurements the UTC day before which it goes; layers that stay for ever are absent."""
        return {tier: cutoff for tier, evidence, cutoff in self.cutoffs(now) if not evidence}


FOR_EVER: Final = Lifetimes(*[float(1 << 20)] * 3)


class Retention:
    """`held`: whether InfluxDB lacks something of a layer in [start, end); what it lacks stays."""

    def __init__(
        self,
        packs: Packs,
        transaction: Transaction,
        counters: StoreCounters,
        *,
        lifetimes: Lifetimes,
        held: Held = owed.held,
    ) -> None:
        self._packs = packs
        self._transaction = transaction
        self._counters = counters
        self._lifetimes = lifetimes
        self._held = held
        self._running = threading.Lock()
        self._closed = False
        self._day = -1
        self._all_packed = False

    def run(self, now: float, frames: Frames) -> None:
        """Whatever is to be done just now. Raises StoreError."""
        with self._running, Opening(self._packs.main) as opening:
            try:
                if int(now) // DAY_S != self._day:
                    self._let_go(opening, now, frames)
                    self._day = int(now) // DAY_S
                self._pack(opening, frames)
                self._reclaim()
            except (sqlite3.Error, OSError, StoreError) as error:
                self._counters.retention_failures += 1
                raise named(error, self._packs.main) from error

    def close(self) -> None:
        """Ends after the transaction that runs."""
        self._closed = True
        with self._running:
            pass

    def _let_go(self, opening: Opening, now: float, frames: Frames) -> None:
        """Nothing that rollups are still to be made of, and nothing that InfluxDB lacks."""
        held: set[tuple[int, int]] = set()
        for tier, evidence, cutoff in self._lifetimes.cutoffs(now):
            chosen, until = _chosen(frames, evidence), min(cutoff, _needed_from(opening, tier))
            if tier == DAY:
                self._note(LET_GO[evidence], until)
            for part in _slices(_found(opening, _OLD, tier, chosen, until)):
                if self._closed:
                    return
                held |= self._drop(part)
        self._counters.held_days = len(held)
        self._drop_packs(opening, now, frames)

    def _note(self, name: str, until: int) -> None:
        self._transaction(lambda db: db.execute(_UNTIL, (name, until)))

    def _drop(self, rows: list[Old]) -> set[tuple[int, int]]:
        """Returns what stays because it is held: layer and day."""

        def act(db: sqlite3.Connection) -> set[tuple[int, int]]:
            days = {(tier, start) for tier, _, start, _ in rows}
            held = {day for day in days if self._held(db, *day, day[1] + DAY_S)}
            db.executemany(_GONE, [row[:3] for row in rows if (row[0], row[2]) not in held])
            return held

        held = self._transaction(act)
        dropped = [octets for tier, _, start, octets in rows if (tier, start) not in held]
        self._counters.retired_chunks += len(dropped)
        self._counters.retired_bytes += sum(octets for octets in dropped if octets > REFERENCE.size)
        return held

    def _drop_packs(self, opening: Opening, now: float, frames: Frames) -> None:
        """Packs of months that are over for their layer, where nothing points into them any more."""
        cutoffs = {tier: cutoff for tier, evidence, cutoff in self._lifetimes.cutoffs(now) if not evidence}
        numbers = [*frames.by_id]
        for pack in packs_beside(self._packs.main):
            if pack.end > cutoffs[pack.tier]:
                continue

            def points(db: sqlite3.Connection, place: tuple[int, int, int] = pack[1:]) -> bool:
                tier, *span = place
                return any(db.execute(_POINTS, (tier, number, *span)).fetchone() for number in numbers)

            if not opening.run(points):
                self._counters.retired_bytes += pack.path.stat().st_size
                self._counters.retired_packs += 1
                pack.path.unlink()

    def _pack(self, opening: Opening, frames: Frames) -> None:
        """What was sealed into `metrics.db` before there were so many devices follows, bit by bit."""
        if not self._packs.in_use or self._all_packed:
            self._all_packed &= self._packs.in_use
            return
        for tier in PACKED:
            for part in _slices(_found(opening, _LOOSE, tier, _chosen(frames, evidence=False))):
                if self._closed:
                    return
                self._move(opening, part, frames)
        self._all_packed = True

    def _move(self, opening: Opening, part: list[Old], frames: Frames) -> None:
        def whole(db: sqlite3.Connection) -> list[Put]:
            return [row for place in part for row in db.execute(_WHOLE, place[:3])]

        kept = self._packs.keep(opening.run(whole), frames)
        self._transaction(lambda db: db.executemany(_PUT, kept))
        self._counters.packed_chunks += len(kept)

    def _reclaim(self) -> None:
        """Files made before pages could be given back keep them, for what comes."""
        while not self._closed and (given := self._transaction(_shrunk)):
            self._counters.reclaimed_bytes += given


def _needed_from(opening: Opening, tier: int) -> int:
    """From when on rollups are still to be made of a layer."""
    rolls = {DAY: (FIVE_MINUTES, FIVE_MINUTES), FIVE_MINUTES: (DAILY, MONTHLY)}.get(tier, (-1, -1))
    found: int = opening.run(lambda db: db.execute(_NEEDED, rolls).fetchone())[0]
    return found


def _chosen(frames: Frames, evidence: bool) -> list[int]:
    """Frames of transitions, or all others; in another thread the daemon may learn of more."""
    return [frame.id for frame in [*frames.by_id.values()] if frame.is_evidence == evidence]


def _found(opening: Opening, sql: str, tier: int, frames: list[int], *more: int) -> Iterator[Old]:
    """What a query finds frame by frame, some frames in one picture."""
    for first in range(0, len(frames), LOOK_AT):

        def look(db: sqlite3.Connection, some: list[int] = frames[first : first + LOOK_AT]) -> list[Old]:
            return [row for frame in some for row in db.execute(sql, (tier, frame, *more))]

        yield from opening.run(look)


def _slices(rows: Iterable[Old]) -> Iterator[list[Old]]:
    """So much in each that its transaction is short."""
    part: list[Old] = []
    for row in rows:
        part.append(row)
        if sum(octets for *_, octets in part) >= SLICE_BYTES or len(part) >= SLICE_PAGES:
            yield part
            part = []
    if part:
        yield part


def _shrunk(db: sqlite3.Connection) -> int:
    """Gives some free pages at the end of the file back; octets."""

    def number(name: str) -> int:
        return int(db.execute(f"PRAGMA {name}").fetchone()[0])

    free = number("freelist_count")
    if number("auto_vacuum") != 2 or free - number("page_count") // SPARE < SLICE_PAGES:
        return 0
    db.execute(f"PRAGMA incremental_vacuum({SLICE_PAGES})").fetchall()
    return (free - number("freelist_count")) * number("page_size")
