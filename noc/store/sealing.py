"""Sealing seen from the daemon: when it is due, the worker process that does it, and its results put into the file."""

import os
import pickle
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from noc.influx import owed
from noc.store.counters import StoreCounters
from noc.store.file import Opening, SealFailed, named
from noc.store.frames import Frames
from noc.store.worker import DAY_S, HOUR_S, Cleared, Done, Job, Result, Sealed

LAG_S: Final = 120  # how long after an hour its last batches may still be on their way

WORKER: Final = ("-c", "from noc.store.worker import main; main()")

_PUT = "INSERT OR REPLACE INTO chunk VALUES (?, ?, ?, ?, ?)"
_GONE = "DELETE FROM chunk WHERE tier = ? AND frame = ? AND start = ?"
_LEFT = "UPDATE hot SET first_at = ?2, last_at = ?3, head = ?4, body = ?5 WHERE id = ?1"

Transaction = Callable[[Callable[[sqlite3.Connection], None]], None]


class Sealer:
    """`transaction` runs an act on the writing connection; every result is one, so commits go on between them."""

    def __init__(
        self,
        path: Path,
        transaction: Transaction,
        counters: StoreCounters,
        *,
        fast: bool,
        worker: Sequence[str] = WORKER,
    ) -> None:
        self._path = path
        self._worker = worker
        self._transaction = transaction
        self._counters = counters
        self._fast = fast
        self._running = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._days_until = 0

    def run(self, now: float, frames: Frames) -> int:
        """Seal every hour and day that ended long enough ago. Raises SealFailed or StoreFull, counted."""
        with self._running:
            hour_limit = int(now - LAG_S) // HOUR_S * HOUR_S
            day_limit = int(now - LAG_S - HOUR_S) // DAY_S * DAY_S
            if self._closed or not self._due(hour_limit, day_limit):
                return 0
            before = self._counters.seal_chunks
            try:
                self._seal(
                    [
                        Job(shard, *due)
                        for shard in range(frames.shards)
                        for due in ((hour_limit, False), (day_limit, True))
                    ]
                )
            except (OSError, EOFError, sqlite3.Error) as error:
                if self._closed:
                    return self._counters.seal_chunks - before
                self._counters.seal_failures += 1
                raise self._named(error) from error
            finally:
                self._end()
            self._days_until = day_limit
            self._counters.seals += 1
            self._counters.sealed_until = float(hour_limit)
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

    def _due(self, hour_limit: int, day_limit: int) -> bool:
        def look(db: sqlite3.Connection) -> bool:
            hours = db.execute("SELECT 1 FROM hot WHERE first_at < ? LIMIT 1", (hour_limit,)).fetchone()
            days = "SELECT 1 FROM chunk WHERE tier = 0 AND start < ? LIMIT 1"
            return bool(hours or (day_limit > self._days_until and db.execute(days, (day_limit,)).fetchone()))

        with Opening(self._path) as opening:
            return opening.run(look)

    def _seal(self, jobs: list[Job]) -> None:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        for number, job in enumerate(jobs):
            self._counters.seal_shards_left = len(jobs) - number
            pickle.dump(job, process.stdin)
            process.stdin.flush()
            for result in _results(process.stdout):
                self._apply(result)
        self._counters.seal_shards_left = 0

    def _apply(self, result: Sealed | Cleared) -> None:
        def act(db: sqlite3.Connection) -> None:
            if isinstance(result, Sealed):
                db.executemany(_GONE, result.gone)
                db.executemany(_PUT, result.put)
                owed.rolled(db, result.put)
            else:
                owed.clearing(db, [*result.gone, *(row[0] for row in result.left)])
                db.executemany("DELETE FROM hot WHERE id = ?", [(number,) for number in result.gone])
                db.executemany(_LEFT, result.left)

        self._transaction(act)
        if isinstance(result, Sealed):
            self._counters.seal_chunks += len(result.put)
            self._counters.seal_bytes += sum(len(row[-1]) for row in result.put)
            self._counters.seal_values += result.values

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
        if isinstance(error, sqlite3.Error):
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
