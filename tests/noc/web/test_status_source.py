import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboards.web.refusal import Away
from inventory.skeleton import write_sample
from inventory.status import DaemonMark, StatusRow
from noc.config import Config, load
from noc.store.writer import MetricStore
from noc.web.declared import Declared
from noc.web.life import Life
from noc.web.series import StoredSeries
from noc.web.status import StoredStatus
from tests.patience import wait_until


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    home = tmp_path_factory.mktemp("net")
    write_sample(home, sites=3)
    found = load(home / "noc.toml")
    found.data.dir.mkdir(exist_ok=True)
    return found


@pytest.fixture
def status(config: Config) -> Iterator[StoredStatus]:
    series = StoredSeries(config)
    found = StoredStatus(config, series, Life(time.time, time.monotonic))
    yield found
    found.close()
    series.close()


def soon(what: Callable[[], Any]) -> Any:
    return wait_until("it comes", what, every_s=0.05)


def test_given_no_store_then_it_is_away_and_there_as_soon_as_it_is(config: Config, status: StoredStatus) -> None:
    with pytest.raises(Away, match="noc run"):
        status.picture()
    with MetricStore(config.metrics_file) as store:
        store.put_status([StatusRow("site", "a", {}, "up")])
        store.mark(DaemonMark(at=7.0))
        store.commit()
        assert status.picture().sites["a"].state == "up"
    config.metrics_file.unlink()


def test_given_many_threads_then_each_gets_a_whole_picture_and_versions_only_rise(
    config: Config, status: StoredStatus
) -> None:
    wrong: list[object] = []
    ended = threading.Event()

    def look() -> None:
        last = 0
        while not ended.is_set():
            found = status.picture()
            marks = {row.at for row in found.devices.values()} | {found.mark.at if found.mark else None}
            if len(marks) != 1 or found.version < last:
                wrong.append((marks, found.version, last))
            last = found.version

    with MetricStore(config.metrics_file) as store:

        def write(at: float) -> None:
            store.put_status([StatusRow("device", f"d-{number}", {}, "up", at=at) for number in range(20)])
            store.mark(DaemonMark(at=at))
            store.commit()

        write(1.0)
        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(2, 40):
            write(float(number))
        soon(lambda: status.picture().mark == DaemonMark(at=39.0))
        ended.set()
        for thread in threads:
            thread.join()
    assert not wrong
    config.metrics_file.unlink()


def test_given_an_old_picture_and_several_who_look_then_none_of_them_gets_it(
    config: Config, status: StoredStatus
) -> None:
    with MetricStore(config.metrics_file) as store:
        store.put_status([StatusRow("site", f"s-{number}", {}, "up", at=1.0) for number in range(2000)])
        store.mark(DaemonMark(at=1.0))
        store.commit()
        assert status.picture().mark == DaemonMark(at=1.0)
        time.sleep(2.1)
        store.put_status([StatusRow("site", f"s-{number}", {}, "down", at=2.0) for number in range(2000)])
        store.mark(DaemonMark(at=2.0))
        store.commit()
        seen: list[object] = []
        threads = [threading.Thread(target=lambda: seen.append(status.picture().mark)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == [DaemonMark(at=2.0)] * 6
    config.metrics_file.unlink()


def test_given_a_changed_file_then_the_new_inventory_comes_and_nobody_waits_for_it(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=3)
    declared = Declared(load(tmp_path / "noc.toml"))
    before = declared.inventory()
    assert declared.topology() is not None and declared.inventory() is before
    added = "regions:\n  Zanzibar Test:\n    name: {en: Zanzibar Test}\n"
    (tmp_path / "inventory" / "more.yaml").write_text(added)
    after = soon(lambda: (found := declared.inventory()) is not before and found)
    assert len(after.regions) == len(before.regions) + 1
    assert declared.inspection().mistakes == () and declared.inspection().used_at


def test_given_files_with_mistakes_then_the_last_good_inventory_stays_and_they_are_told(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=3)
    declared = Declared(load(tmp_path / "noc.toml"))
    before = declared.inventory()
    wrong = tmp_path / "inventory" / "more.yaml"
    wrong.write_text("sites:\n  x:\n    region: Nowhere\n")
    mistakes = soon(lambda: declared.inspection().mistakes)
    assert any(one.file.endswith("more.yaml") for one in mistakes) and declared.inventory() is before
    wrong.unlink()
    soon(lambda: not declared.inspection().mistakes)
    assert declared.inventory().sites.keys() == before.sites.keys()


def test_given_an_inventory_that_was_never_good_then_it_is_away_with_its_mistakes(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=3)
    config = load(tmp_path / "noc.toml")
    (tmp_path / "inventory" / "more.yaml").write_text("site: {}\n")
    declared = Declared(config)
    with pytest.raises(Away, match=r"more\.yaml:1"):
        declared.inventory()
    assert declared.inspection().mistakes


def test_given_the_inventory_then_its_single_points_are_worked_out_once(config: Config, status: StoredStatus) -> None:
    found = status.singles()
    assert found and found is status.singles() and found[0].key == config.poller.attached_to
