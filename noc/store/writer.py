"""The one hand that writes `metrics.db`: batches are handed over at any time, `commit` makes them durable together."""

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self, TypeVar

from inventory.batch import Batch, Facts
from inventory.status import DaemonMark, Kind, StatusRow
from noc.influx import owed
from noc.store import hot
from noc.store.codec import Codec
from noc.store.counters import StoreCounters
from noc.store.file import WriterLock, named, open_writing
from noc.store.frames import SHARD_SHIFT, Frame, Frames
from noc.store.packs import Packs
from noc.store.pending import Pending
from noc.store.retention import FOR_EVER, Held, Lifetimes, Retention
from noc.store.sealing import WORKER, Sealer
from noc.store.sheets import Sheets

T = TypeVar("T")

PENDING_VALUES = 8_000_000  # 64 MB of values wait for a disk that is full


class MetricStore:
    """Opens for writing on entry (StoreBusy names the process that holds the file), closes cleanly on exit.

    `append`, `put_*`, `remove_status` and `mark` only hand over, from any thread; `commit` and `seal` work, each in
    a thread of its own, so that nobody who polls waits for a disk.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        fast: bool = True,
        pending_values: int = PENDING_VALUES,
        worker: Sequence[str] = WORKER,
        lifetimes: Lifetimes = FOR_EVER,
        held: Held = owed.held,
    ) -> None:
        """`fast=False` writes with zlib alone; `worker` are the interpreter's arguments for the sealing process.

        `lifetimes`: who says nothing lets nothing go. `held(db, layer, start, end)`: whether something is still to be
        sent, and must not be let go.
        """
        self.path = Path(path)
        self.counters = StoreCounters()
        self._codec = Codec(fast)
        self._fast = fast
        self._worker = worker
        self._lifetimes = lifetimes
        self._held = held
        self._packs = Packs(self.path)
        self._wanted = False
        self._pending = Pending(pending_values, self.counters)
        self._writing = threading.Lock()
        self._open = ExitStack()
        self._commit = 0

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(WriterLock(self.path))
            self._db = open_writing(self.path)
            opening.callback(self._close)
            self._frames = Frames.load(self._db)
            self._sheets = Sheets.load(self._db)
            found = self._db.execute("SELECT content FROM meta WHERE name = 'commit'").fetchone()
            self._commit = int(found[0]) if found else 0
            parts = (self._packs, self._transaction, self.counters)
            self._sealer = Sealer(*parts, fast=self._fast, worker=self._worker)
            self._retention = Retention(*parts, lifetimes=self._lifetimes, held=self._held)
            opening.callback(self._sealer.close)
            opening.callback(self._retention.close)
            self._open = opening.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Commits what was handed over; a disk that refuses even now has it counted and named, not hidden."""
        try:
            self.commit()
        finally:
            self._open.close()

    def append(self, batches: Iterable[Batch]) -> None:
        """Memory only. `at` is within [0, 2**32); a batch sent again (same measurement, scope, at) replaces the first."""
        self._pending.append(batches)

    def put_facts(self, facts: Facts) -> None:
        """Written when the content differs from what is kept."""
        self._pending.put_facts(facts)

    def put_status(self, rows: Iterable[StatusRow]) -> None:
        """Only the rows given are touched; labels are written only when they changed."""
        self._pending.put_status(rows)

    def remove_status(self, kind: Kind, keys: Iterable[str]) -> None:
        self._pending.remove_status(kind, keys)

    def mark(self, mark: DaemonMark) -> None:
        self._pending.put_mark(mark)

    def acknowledge(self, receipt: owed.Receipt) -> None:
        """What InfluxDB has, or is to be sent again: kept with the next commit."""
        self._pending.put_receipt(receipt)

    def ship_to(self, server: str) -> None:
        """From now on it is kept what `server` does not have; another one than before has nothing of it."""
        with self._writing, self._begun():
            if not owed.is_kept(self._db) or owed.target(self._db) != server:
                owed.begin(self._db, server, owed.everything(self._db))

    def commit(self) -> int:
        """Everything handed over so far, in one transaction; when it returns it survives kill -9 and power loss.

        Returns the commit's number. Raises StoreFull (or another StoreError) when the disk would not take it: it is
        then kept (up to `pending_values`, the oldest dropped and counted) and the next commit tries again.
        """
        self._wanted = True
        with self._writing:
            self._wanted = False
            began = time.perf_counter()
            handed = self._pending.take()
            if not handed:
                return self._commit
            try:
                with self._begun():
                    size = self._write_hot(handed.batches)
                    self._sheets.write(self._db, handed, self._commit + 1)
                    if handed.receipt is not None:
                        owed.settle(self._db, handed.receipt)
                    self._db.execute("INSERT OR REPLACE INTO meta VALUES ('commit', ?)", (str(self._commit + 1),))
            except sqlite3.Error as error:
                self.counters.commit_failures += 1
                self._pending.give_back(handed)
                raise named(error, self.path) from error
            self._commit += 1
            self._frames.unsaved.clear()
            self._sheets.settle(handed)
            self._pending.settle(handed)
            self._count(handed.batches, size, time.perf_counter() - began)
            return self._commit

    def seal(self, now: float) -> int:
        """Turn hours, days and months that ended well before `now` into sealed chunks; returns how many were written.

        Takes its time in a worker process of low priority; call it every few minutes from a thread. What fails is
        counted and tried again by the next call. What was kept long enough is let go first. Raises StoreError.
        """
        try:
            self._retention.run(now, self._frames)
        finally:
            sealed = self._sealer.run(now, self._frames)
        return sealed

    def split(self, wanted: bool) -> None:
        """From now on what is sealed goes into packs beside the file, or into the file itself; either is read."""
        self._packs.in_use = wanted

    @property
    def sealing(self) -> bool:
        """Whether the sealing process runs."""
        return self._sealer.busy

    def _write_hot(self, batches: list[Batch]) -> int:
        shards: dict[int, list[tuple[Frame, Batch]]] = defaultdict(list)
        for batch in batches:
            frame = self._frames.of(batch)
            shards[frame.shard].append((frame, batch))
        for insert in self._frames.unsaved:
            self._db.execute(insert.sql, insert.parameters)
        size = 0
        for shard, entries in shards.items():
            blob = hot.encode(entries, self._codec)
            self._db.execute("INSERT INTO hot VALUES (?, ?, ?, ?, ?)", (shard << SHARD_SHIFT | self._commit + 1, *blob))
            size += len(blob.head) + len(blob.body)
        return size

    @contextmanager
    def _begun(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _transaction(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """The sealer's way to the connection; between commits, never during one, and after one that waits."""
        while self._wanted:
            time.sleep(0.001)
        with self._writing, self._begun():
            return act(self._db)

    def _count(self, batches: list[Batch], size: int, took_s: float) -> None:
        counters = self.counters
        counters.commits += 1
        counters.last_commit_s = took_s
        counters.batches += len(batches)
        counters.values += sum(batch.values.size for batch in batches)
        counters.bytes += size

    def _close(self) -> None:
        with self._writing:
            with suppress(sqlite3.Error):  # a full disk: the log stays beside the file, and readers read it
                self._db.execute("PRAGMA busy_timeout = 200")  # a reader that stays must not hold up the stop
                self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._db.close()
