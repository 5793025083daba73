"""Sealing seen from the daemon: when it is due, the worker process that does it, and its results put into the file."""

import os
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Final, NamedTuple, Protocol, TypeVar

from noc.influx import owed
from noc.store.counters import StoreCounters
from noc.store.file import PIECE, Opening, SealFailed, StoreError, named
from noc.store.frames import Frames
from noc.store.jobs import DAY_S, HOUR_S, Cleared, Done, Job, Result, Sealed, Step
from noc.store.packs import Packs

LAG_S: Final = 120  # how long after an hour its last batches may still be on their way
LATE_S: Final = 600  # days that late batches belong to are sealed again at most so often

WORKER: Final = ("-c", "from noc.store.worker import main; main()")

_PUT = "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?)"
_GONE = "DELETE FROM chunk WHERE tier = ? AND frame = ? AND start = ?"
_OWE = "INSERT OR IGNORE INTO due VALUES (?, ?, ?, ?)"
_PAID = "DELETE FROM due WHERE tier = ? AND stream = ? AND start = ?"
_CUT = "UPDATE meta SET content = content + 1 WHERE name = 'changes of hot'"
_LEFT = "UPDATE hot SET first_at = ?2, last_at = ?3, head = ?4, body = ?5 WHERE id = ?1"

T = TypeVar("T")


class Transaction(Protocol):
    """Runs an act on the writing connection, between commits."""

    def __call__(self, act: Callable[[sqlite3.Connection], T]) -> T: ...


class _Limits(NamedTuple):
    """Before which hour, and before which day, everything is to be sealed; UTC seconds."""

    hour: int
    day: int

    @classmethod
    def at(cls, now: float) -> "_Limits":
        return cls(int(now - LAG_S) // HOUR_S * HOUR_S, int(now - LAG_S - HOUR_S) // DAY_S * DAY_S)


class Sealer:
    """`transaction` runs an act on the writing connection; every result is one, so commits go on between them."""

    def __init__(
        self,
        packs: Packs,
        transaction: Transaction,
        counters: StoreCounters,
        *,
        fast: bool,
        worker: Sequence[str] = WORKER,
    ) -> None:
        self._path = packs.main
        self._packs = packs
        self._worker = worker
        self._transaction = transaction
        self._counters = counters
        self._fast = fast
        self._running = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._days_until = 0
        self._late = False
        self._late_at = 0.0

    def run(self, now: float, frames: Frames) -> int:
        """Seal every hour and day that ended long enough ago. Raises SealFailed or StoreFull, counted."""
        with self._running:
            limits, before = _Limits.at(now), self._counters.seal_chunks
            if self._closed or not self._due(limits, now):
                return 0
            try:
                self._seal(limits, now, frames)
            except (OSError, EOFError, sqlite3.Error, StoreError) as error:
                if self._closed:
                    return self._counters.seal_chunks - before
                self._counters.seal_failures += 1
                raise self._named(error) from error
            finally:
                self._end()
            self._counters.seals += 1
            self._counters.sealed_until = float(limits.hour)
            return self._counters.seal_chunks - before

    def close(self) -> None:
        """Ends a running seal at once; what it had not delivered is sealed next time."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._running:
            pass

    @property
    def busy(self) -> bool:
        return self._process is not None

    def _days_wanted(self, limits: _Limits, now: float) -> bool:
        return limits.day > self._days_until or (self._late and abs(now - self._late_at) >= LATE_S)

    def _due(self, limits: _Limits, now: float) -> bool:
        def look(db: sqlite3.Connection) -> bool:
            self._counters.rolls_due = db.execute(
                "SELECT count(*) FROM due WHERE until <= ?", (limits.day,)
            ).fetchone()[0]
            hours = db.execute("SELECT 1 FROM hot WHERE first_at < ? LIMIT 1", (limits.hour,)).fetchone()
            if hours or not self._days_wanted(limits, now):
                return bool(hours)
            days = db.execute("SELECT 1 FROM chunk WHERE tier = 0 AND start < ? LIMIT 1", (limits.day,)).fetchone()
            return bool(days or self._counters.rolls_due)

        with Opening(self._path) as opening:
            return opening.run(look)

    def _seal(self, limits: _Limits, now: float, frames: Frames) -> None:
        shards = frames.shards
        for shard in range(shards):
            self._counters.seal_shards_left = shards - shard
            self._do(Job(shard, limits.hour, Step.HOURS), frames)
            if self._days_wanted(limits, now):
                for step in (Step.DAYS, Step.AGAIN, Step.LOCAL_DAYS, Step.MONTHS):
                    self._do(Job(shard, limits.day, step), frames)
        self._counters.seal_shards_left = 0
        if self._days_wanted(limits, now):
            if self._late:
                self._late, self._late_at = False, now
            self._days_until = max(limits.day, self._days_until)
            self._counters.rolls_due = 0

    def _do(self, job: Job, frames: Frames) -> None:
        process = self._process or self._started()
        assert process.stdin is not None and process.stdout is not None
        pickle.dump(job, process.stdin)
        process.stdin.flush()
        for result in _results(process.stdout):
            if isinstance(result, Sealed):
                self._put(result, frames)
            else:
                self._clear(result)

    def _put(self, result: Sealed, frames: Frames) -> None:
        kept = self._packs.keep(result.put, frames)

        def act(db: sqlite3.Connection) -> None:
            db.executemany(_GONE, result.gone)
            db.executemany(_PUT, kept)
            db.executemany(_PAID, result.paid)
            db.executemany(_OWE, result.owe)
            owed.rolled(db, result.put)

        self._transaction(act)
        self._late |= any(tier == PIECE and start < self._days_until for tier, _, start, *_ in result.put)
        self._counters.seal_chunks += len(result.put)
        self._counters.seal_bytes += result.size
        self._counters.seal_values += result.values
        self._counters.late_values_let_go += result.let_go

    def _clear(self, result: Cleared) -> None:
        def act(db: sqlite3.Connection) -> None:
            owed.clearing(db, [*result.gone, *(row[0] for row in result.left)])
            db.executemany("DELETE FROM hot WHERE id = ?", [(number,) for number in result.gone])
            db.executemany(_LEFT, result.left)
            db.execute(_CUT)

        self._transaction(act)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, *self._worker, str(self._path), "fast" if self._fast else "floor"]
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
        environment = os.environ | threads | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._process = process
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _named(self, error: Exception) -> Exception:
        if isinstance(error, sqlite3.Error | StoreError):
            return named(error, self._path)
        return SealFailed(
            f"the sealing process of {self._path} ended early; its own words are in the log, it is tried again"
        )


def _results(stream: IO[bytes]) -> Iterator[Sealed | Cleared]:
    while True:
        result: Result = pickle.load(stream)
        if isinstance(result, Done):
            return
        yield result
