"""Nothing acknowledged is lost: kill -9 at any instant, a full disk, a broken seal; and one writer at a time."""

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from noc.store.file import SealFailed, StoreBusy, StoreDamaged, StoreDenied, StoreFull, StoreMissing, written_now
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.store.polls import QUANTITIES, ROOT, START, batch, python
from tests.patience import HANGS_S

WRITER = """
import sys, threading
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch

path, first = sys.argv[1], int(sys.argv[2])
with MetricStore(path) as store:
    polled = first
    def seal():
        while True:
            store.seal(START + 30 * polled)
    threading.Thread(target=seal, daemon=True).start()
    while True:
        store.append(batch(START + 30 * k, scope=scope) for k in range(polled, polled + 20) for scope in ("a", "b"))
        store.commit()
        polled += 20
        print(polled, flush=True)
"""


def killed_after(path: Path, first: int, wait_s: float) -> int:
    """Let a writer run, kill it at some instant, say up to where it had acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(first)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    acknowledged = int(process.stdout.readline() or first)
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline:
        acknowledged = int(process.stdout.readline() or acknowledged)
    process.kill()
    rest = process.stdout.read().split("\n")[:-1]
    process.wait()
    process.stdout.close()
    return int(rest[-1]) if rest else acknowledged


def instants(path: Path, scope: str) -> list[int]:
    with MetricReader(path) as reader:
        found: list[int] = reader.read("interface", scope, "lo0", QUANTITIES, start=0, end=1 << 32).at.tolist()
    return found


def chunks(path: Path) -> int:
    with MetricReader(path) as reader:
        return sum(reader.stats().chunks[:2])


def test_kill_at_any_instant_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path, polled, kills, chance = tmp_path / "metrics.db", 0, 0, random.Random(7)
    while kills < 6 or not chunks(path):  # a seal was cut, too
        kills += 1
        assert kills < 100, "nothing is ever sealed"
        acknowledged = killed_after(path, polled, chance.uniform(0.05, 1.2))
        assert acknowledged > polled
        for scope in ("a", "b"):
            found = instants(path, scope)
            assert found == [START + 30 * k for k in range(len(found))]
            assert len(found) >= acknowledged
        polled = len(found)
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.close()
    with MetricStore(path) as store, MetricReader(path) as reader:
        store.seal(START + 30 * polled + 3 * 86400)
        assert reader.stats().hot_blobs == 0
        assert instants(path, "a") == [START + 30 * k for k in range(polled)]


def test_a_killed_sealing_process_is_named_and_the_next_seal_finishes(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db", worker=("-c", "raise SystemExit(3)")) as store:
        store.append(batch(START + 30 * k) for k in range(300))
        store.commit()
        with pytest.raises(SealFailed):
            store.seal(START + 86400)
        assert store.counters.seal_failures == 1
    with MetricStore(tmp_path / "metrics.db") as store:
        assert store.seal(START + 2 * 86400) > 0
    assert instants(tmp_path / "metrics.db", "dar-edge-1") == [START + 30 * k for k in range(300)]


def test_closing_in_the_middle_of_a_seal_does_not_wait_for_it(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db", worker=("-c", "import time; time.sleep(600)")) as store:
        store.append([batch(START)])
        store.commit()
        sealing = threading.Thread(target=store.seal, args=(START + 86400,))
        sealing.start()
        while not store.sealing:
            time.sleep(0.01)
    sealing.join(HANGS_S)
    assert not sealing.is_alive()


def test_a_second_writer_is_told_who_holds_the_file(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db"):
        with pytest.raises(StoreBusy, match=f"process {os.getpid()}"):
            MetricStore(tmp_path / "metrics.db").__enter__()
        code = "import sys\nfrom noc.store.writer import MetricStore\nMetricStore(sys.argv[1]).__enter__()"
        found = python(code, str(tmp_path / "metrics.db"))
        assert f"is being written by process {os.getpid()}" in found.stderr
    with MetricStore(tmp_path / "metrics.db") as store:
        assert store.commit() == 0


def test_readers_that_look_for_a_writer_never_keep_one_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            written_now(path)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(30):
            with MetricStore(path) as store:
                assert store.commit() == 0
    finally:
        stop.set()
        for looker in lookers:
            looker.join()


def test_what_is_no_store_is_named_so(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing), MetricReader(tmp_path / "none.db") as reader:
        reader.stats()
    (tmp_path / "text.db").write_text("not a database at all, whatever its name says\n" * 100)
    with pytest.raises(StoreDamaged), MetricReader(tmp_path / "text.db") as reader:
        reader.stats()
    with pytest.raises(StoreDamaged), MetricStore(tmp_path / "text.db"):
        pass
    with sqlite3.connect(tmp_path / "other.db") as db:
        db.execute("CREATE TABLE theirs (a)")
    db.close()
    with pytest.raises(StoreDamaged, match="no metric store"), MetricStore(tmp_path / "other.db"):
        pass
    with pytest.raises(StoreDenied), MetricStore(tmp_path / "no" / "such" / "place.db"):
        pass


@contextmanager
def refusing_disk(limit: int) -> Iterator[None]:
    """Files of this process cannot grow beyond `limit` bytes: every write past it is an I/O error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_error_is_named_and_what_waited_is_written_later(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        store.append([batch(START)])
        assert store.commit() == 1
        store.append([batch(START + 30)])
        with refusing_disk(4096):
            for _ in range(2):
                with pytest.raises(StoreFull, match=r"metrics\.db"):
                    store.commit()
        assert store.counters.commit_failures == 2
        assert store.counters.pending_values == 12
        store.append([batch(START + 60)])
        assert store.commit() == 2
        assert store.counters.pending_values == 0
        assert instants(store.path, "dar-edge-1") == [START, START + 30, START + 60]


def test_rule_33_with_the_disk_refusing_the_oldest_is_dropped_and_counted(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db", pending_values=60) as store:
        store.commit()
        with refusing_disk(0):
            for k in range(10):
                store.append([batch(START + 30 * k)])
                with pytest.raises(StoreFull):
                    store.commit()
        assert (store.counters.dropped_batches, store.counters.dropped_values) == (5, 60)
        store.commit()
        assert instants(store.path, "dar-edge-1") == [START + 30 * k for k in range(5, 10)]


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system of its own needs root")
def test_a_full_disk_is_survived_and_emptied_again(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        fills_up_and_recovers(place)
        seals_when_there_is_room_again(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def fills_up_and_recovers(place: Path) -> None:
    with MetricStore(place / "metrics.db") as store:
        store.append([batch(START)])
        store.commit()
        ballast = place / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(place).free))
        store.append(batch(START + 30 * k) for k in range(1, 3000))
        with pytest.raises(StoreFull, match="full"):
            store.commit()
        assert instants(store.path, "dar-edge-1") == [START]
        ballast.unlink()
        store.commit()
        assert instants(store.path, "dar-edge-1") == [START + 30 * k for k in range(3000)]


def seals_when_there_is_room_again(place: Path) -> None:
    """Full while days are sealed into packs: polling goes on, what does not fit is counted, nothing sealed is lost."""
    with MetricStore(place / "other.db", pending_values=12 * 100) as store:
        store.split(True)
        for first in range(1, 5760, 90):
            store.append(batch(START + 30 * k) for k in range(first, min(first + 90, 5760)))
            store.commit()
        ballast = place / "ballast"
        ballast.write_bytes(bytes(shutil.disk_usage(place).free))
        with pytest.raises(StoreFull):
            store.seal(START + 3 * 86400)
        for k in range(5760, 5960):
            store.append([batch(START + 30 * k)])
            with pytest.raises(StoreFull):
                store.commit()
        assert (store.counters.dropped_batches, store.counters.pending_values) == (100, 12 * 100)
        assert store.counters.seal_failures == 1
        assert len(instants(store.path, "dar-edge-1")) == 5759
        ballast.unlink()
        store.commit()
        store.seal(START + 3 * 86400)
        assert [*place.glob("other-2026-09-raw.pack")]
        assert instants(store.path, "dar-edge-1") == [START + 30 * k for k in (*range(1, 5760), *range(5860, 5960))]
