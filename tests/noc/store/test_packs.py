"""Many devices: sealed days lie in packs, a file a month and layer; growing, shrinking, letting go and readers all go on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.calendar import DAY_S
from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, PIECE, StoreDamaged, StoreFull
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.store.layers import chunks, same_chunks
from tests.noc.store.polls import QUANTITIES, ROOT, START, batch, open_place, python
from tests.noc.store.test_durability import refusing_disk
from tests.noc.store.test_retention import SHORT, filled, layers

EVERY = (PIECE, DAY, FIVE_MINUTES, HOURLY, DAILY, MONTHLY)
PACKS = ["metrics-2026-09-5min.pack", "metrics-2026-09-hourly.pack", "metrics-2026-09-raw.pack"]
NOBODY = 65534
LOOK = """
import json, os, sys
from noc.store.reader import MetricReader
if user := int(sys.argv[2]):
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
with MetricReader(sys.argv[1]) as reader:
    raw = reader.read("interface", "dar-edge-1", "lo0", ("in_bps",), start=0, end=1 << 32)
    slots = reader.read("interface", "dar-edge-1", "lo0", ("in_bps",), start=0, end=1 << 32, step=3600)
print(json.dumps([os.geteuid(), len(raw.at), len(slots.at)]))
"""
KILLED = """
import os, signal, sys
from noc.store.writer import MetricStore
from tests.noc.store.polls import START
from tests.noc.store.test_retention import filled
with MetricStore(sys.argv[1]) as store:
    store.split(True)
    filled(store)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def beside(path: Path) -> list[str]:
    return sorted(found.name for found in path.parent.glob("*.pack"))


def instants(path: Path) -> list[int]:
    with MetricReader(path) as reader:
        found: list[int] = reader.read("interface", "dar-edge-1", "lo0", QUANTITIES, start=0, end=1 << 32).at.tolist()
    return found


def test_given_many_devices_then_packs_say_what_one_file_would(tmp_path: Path) -> None:
    for name, split in (("metrics", True), ("one", False)):
        with MetricStore(tmp_path / f"{name}.db") as store:
            store.split(split)
            filled(store)
    assert beside(tmp_path / "metrics.db") == PACKS
    found = chunks(tmp_path / "metrics.db", *EVERY)
    assert same_chunks(found, chunks(tmp_path / "one.db", *EVERY))
    assert instants(tmp_path / "metrics.db") == instants(tmp_path / "one.db")
    with MetricReader(tmp_path / "metrics.db") as reader, MetricReader(tmp_path / "one.db") as other:
        assert reader.stats().pack_bytes > 0
        assert [batch.at for batch in reader.last("interface")] == [batch.at for batch in other.last("interface")]


def test_given_an_installation_that_grew_and_shrank_again_then_nothing_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        filled(store)
        whole = chunks(path, *EVERY)
        store.split(True)
        store.seal(START + 2 * DAY_S + 7300)
        assert beside(path) == PACKS
        assert store.counters.packed_chunks == 6
        assert same_chunks(chunks(path, *EVERY), whole)
        sizes = [(tmp_path / name).stat().st_size for name in PACKS]
        store.split(False)
        store.append(batch(START + 600 * k) for k in range(288, 500))
        store.append([batch(START + 7)])
        store.commit()
        store.seal(START + 5 * DAY_S)
        assert [(tmp_path / name).stat().st_size for name in PACKS] == sizes
    assert instants(path) == [START + 7, *(START + 600 * k for k in range(1, 500))]
    with MetricStore(path) as store:
        store.split(True)
        store.seal(START + 5 * DAY_S + 60)
    assert instants(path) == [START + 7, *(START + 600 * k for k in range(1, 500))]


def test_given_a_month_whose_time_is_over_then_its_pack_goes_as_one(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT) as store:
        store.split(True)
        filled(store)
        store.seal(START + 10 * DAY_S)
        assert layers(path)[DAY] == []
        assert beside(path) == PACKS, "the month is not over"
        store.seal(START + 34 * DAY_S)
        assert beside(path) == PACKS[:2]
        assert store.counters.retired_packs == 1
        store.seal(START + 200 * DAY_S)
        assert beside(path) == []
        assert len(layers(path)[MONTHLY]) == 1
        with MetricReader(path) as reader:
            assert len(reader.read("link_state", "l-1", "l-1", ("state",), start=0, end=1 << 32).at) == 0


def test_given_what_is_held_then_its_pack_stays(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path, lifetimes=SHORT, held=lambda _, layer, start, end: layer == DAY and start == START) as store:
        store.split(True)
        filled(store)
        store.seal(START + 34 * DAY_S)
        assert beside(path) == PACKS
        assert layers(path)[DAY] == [START]


@pytest.mark.parametrize(
    "user",
    [0, pytest.param(NOBODY, marks=[pytest.mark.root, pytest.mark.skipif(os.geteuid() != 0, reason="needs root")])],
)
def test_given_another_user_then_packs_are_read_while_written_after_a_stop_and_after_kill(user: int) -> None:
    def looked(path: Path) -> None:
        found = python(LOOK, str(path), str(user))
        assert found.returncode == 0, found.stderr
        assert json.loads(found.stdout) == [user or os.geteuid(), 287, 48]

    with open_place() as place:
        with MetricStore(place / "metrics.db") as store:
            store.split(True)
            filled(store)
            looked(place / "metrics.db")
        looked(place / "metrics.db")
        subprocess.run([sys.executable, "-c", KILLED, str(place / "killed.db")], cwd=ROOT, check=False)
        looked(place / "killed.db")


def test_given_a_pack_that_is_gone_or_damaged_then_the_rest_is_read_or_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.split(True)
        filled(store)
    raw = tmp_path / PACKS[2]
    octets = raw.read_bytes()
    raw.write_bytes(octets[: len(octets) // 2])
    with pytest.raises(StoreDamaged, match=r"2026-09-raw\.pack"):
        instants(path)
    raw.unlink()
    assert instants(path) == []
    with MetricReader(path) as reader:
        assert len(reader.read("interface", "dar-edge-1", "lo0", ("in_bps",), start=0, end=1 << 32, step=3600).at) == 48


def test_given_a_disk_that_refuses_then_the_pack_ends_where_it_did_and_sealing_goes_on_later(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.split(True)
        filled(store)
        size = (tmp_path / PACKS[2]).stat().st_size
        store.append(batch(START + 600 * k) for k in range(288, 500))
        store.commit()
        with refusing_disk(size + 10), pytest.raises(StoreFull):
            store.seal(START + 5 * DAY_S)
        assert (tmp_path / PACKS[2]).stat().st_size == size
        assert store.counters.seal_failures == 1
        assert instants(path) == [START + 600 * k for k in range(1, 500)]
        store.seal(START + 5 * DAY_S)
        assert not chunks(path, PIECE)
        assert instants(path) == [START + 600 * k for k in range(1, 500)]
