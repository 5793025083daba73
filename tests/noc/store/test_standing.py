import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inventory.status import DaemonMark, StatusRow
from noc.store.file import StoreDamaged, StoreMissing
from noc.store.standing import Standing
from noc.store.status import read_status
from noc.store.writer import MetricStore

NOW = 1_784_581_200.0
ROWS = [
    StatusRow(kind, f"{kind}-{number}", {"name": f"{kind} {number}"}, "up", since=NOW, at=NOW, figures={"rtt_ms": 1.0})
    for kind in ("site", "link", "device")
    for number in range(3)
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.db"


@pytest.fixture
def store(path: Path) -> Iterator[MetricStore]:
    with MetricStore(path) as found:
        found.put_status(ROWS)
        found.mark(DaemonMark(at=NOW))
        found.commit()
        yield found


def test_given_rows_then_they_are_those_that_commands_read(path: Path, store: MetricStore) -> None:
    standing = Standing(path)
    for kind in ("site", "link", "device"):
        assert list(standing.now().rows[kind].values()) == read_status(path, kind)
    assert standing.now().mark == DaemonMark(at=NOW)
    standing.close()


def test_given_nothing_written_then_the_same_picture_comes_back(path: Path, store: MetricStore) -> None:
    standing = Standing(path)
    first = standing.now()
    assert standing.now() is first
    store.commit()
    assert standing.now() is first
    standing.close()


def test_given_one_row_written_then_only_that_one_is_another(path: Path, store: MetricStore) -> None:
    standing = Standing(path)
    first = standing.now()
    store.put_status([replace(ROWS[0], state="down", at=NOW + 5)])
    store.commit()
    second = standing.now()
    assert second.version == first.version + 1 and second.rows["site"]["site-0"].state == "down"
    assert second.rows["site"]["site-1"] is first.rows["site"]["site-1"]
    assert second.rows["device"] is first.rows["device"]
    standing.close()


def test_given_only_a_new_mark_then_the_rows_stay_and_the_version_rises(path: Path, store: MetricStore) -> None:
    standing = Standing(path)
    first = standing.now()
    store.mark(DaemonMark(at=NOW + 1))
    store.commit()
    second = standing.now()
    assert (second.version, second.mark) == (first.version + 1, DaemonMark(at=NOW + 1))
    assert all(second.rows[kind] is first.rows[kind] for kind in second.rows)
    standing.close()


def test_given_other_labels_and_rows_gone_then_both_are_seen(path: Path, store: MetricStore) -> None:
    standing = Standing(path)
    standing.now()
    store.put_status([replace(ROWS[0], labels={"name": "renamed"})])
    store.remove_status("link", ["link-1"])
    store.commit()
    found = standing.now()
    assert found.rows["site"]["site-0"].labels == {"name": "renamed"} and "link-1" not in found.rows["link"]
    standing.close()


def test_given_no_file_at_first_then_it_is_read_as_soon_as_there_is_one(path: Path) -> None:
    standing = Standing(path)
    with pytest.raises(StoreMissing):
        standing.now()
    with MetricStore(path) as store:
        store.put_status(ROWS)
        store.commit()
        assert len(standing.now().rows["site"]) == 3 and standing.now().mark is None
    standing.close()


def test_given_a_daemon_that_stops_and_starts_then_what_it_writes_is_seen(path: Path) -> None:
    standing = Standing(path)
    for state in ("up", "down", "degraded"):
        with MetricStore(path) as store:
            store.put_status([replace(ROWS[0], state=state)])
            store.commit()
            assert standing.now().rows["site"]["site-0"].state == state
        assert standing.now().rows["site"]["site-0"].state == state
    standing.close()


def test_given_a_life_of_the_daemon_between_two_looks_then_the_second_sees_it(path: Path) -> None:
    standing = Standing(path)
    for state in ("up", "down"):
        with MetricStore(path) as store:
            store.put_status([replace(ROWS[0], state=state)])
        assert standing.now().rows["site"]["site-0"].state == state
    standing.close()


def test_given_another_file_in_its_place_then_that_one_is_read(path: Path, tmp_path: Path) -> None:
    with MetricStore(path) as store:
        store.put_status(ROWS)
    standing = Standing(path)
    assert len(standing.now().rows["device"]) == 3
    other = tmp_path / "other.db"
    with MetricStore(other) as store:
        store.put_status([replace(ROWS[-1], key="device-9")])
    other.replace(path)
    assert list(standing.now().rows["device"]) == ["device-9"]
    path.unlink()
    with pytest.raises(StoreMissing):
        standing.now()
    standing.close()


def test_given_a_file_that_is_no_store_then_it_is_said_and_a_good_one_is_read_again(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"no store at all" * 100)
    standing = Standing(path)
    with pytest.raises(StoreDamaged):
        standing.now()
    good = tmp_path / "good.db"
    with MetricStore(good) as store:
        store.put_status(ROWS)
    shutil.move(good, path)
    assert len(standing.now().rows["link"]) == 3
    standing.close()
