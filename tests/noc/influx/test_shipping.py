"""The sending process beside a store that is written: killed, hung up on, denied, cut off; and the real 1.6.7."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from inventory.secret import Secret
from noc.influx import owed
from noc.influx.access import Access, Place
from noc.influx.client import open_server
from noc.influx.pool import Limits
from noc.influx.sending import Order
from noc.influx.shipping import Shipping
from noc.store.file import Opening, StoreFull
from noc.store.writer import MetricStore
from tests.noc.influx.fault_server import (
    FaultServer,
    Script,
    cut_mid_answer,
    fault_server,
    hang,
    kept_then_dropped,
    refuse,
    status,
    yes_then_dropped,
)
from tests.noc.influx.influxd import PROGRAM, Influxd
from tests.noc.influx.sea import House, Sea
from tests.noc.store.polls import QUANTITIES, ROOT, ROWS, START, batch
from tests.noc.store.test_durability import refusing_disk
from tests.patience import HANGS_S

pytestmark = pytest.mark.xdist_group("influxd")

LIFE = """
import sys, time
from pathlib import Path
from noc.influx.access import Access, Place
from noc.influx.sending import Order
from noc.influx.shipping import Shipping
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch

path, url, polled = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with MetricStore(path) as store:
    shipping = Shipping(store, Order(path, Place(url), Access(), 0.5), time.time)
    shipping.open()
    while True:
        store.append(batch(START + 30 * k, scope=scope) for k in range(polled, polled + 15) for scope in ("a", "b"))
        store.commit()
        polled += 15
        print(polled, shipping.pid or 0, flush=True)
        if polled % 120 == 0:
            store.seal(START + 30 * polled)
        time.sleep(0.02)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[MetricStore]:
    with MetricStore(tmp_path / "metrics.db") as opened:
        yield opened


def order(path: Path, url: str, token: str = "") -> Order:
    return Order(path, Place(url), Access(Secret(token)) if token else Access(), 0.5)


def until(store: MetricStore, there: Callable[[], bool], within_s: float = HANGS_S) -> None:
    """Commits go on meanwhile."""
    deadline = time.monotonic() + within_s
    while not there():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.05)
        store.commit()


def sent(store: MetricStore, commit: int) -> Callable[[], bool]:
    def look() -> bool:
        with Opening(store.path) as opening:
            left, cursor = opening.run(lambda db: (owed.counted(db), owed.cursor(db)))
        return not left and cursor >= commit

    return look


def polls(store: MetricStore, first: int, last: int) -> int:
    for number in range(first, last):
        store.append([batch(START + 30 * number)])
    return store.commit()


def taken(server: FaultServer) -> int:
    """How many values the server has, each once."""
    return len({line.split(b" ")[0] + line.rsplit(b" ", 1)[1] for line in server.script.lines()})


def test_given_every_way_to_fail_then_all_of_it_arrives(tmp_path: Path) -> None:
    faults = [
        *(cut_mid_answer, kept_then_dropped, yes_then_dropped, refuse, hang(1.0)),
        *(status(500), status(503, "2"), status(429, "7"), status(401), status(404)),
    ]
    with fault_server() as server, closing(open_server(Place(server.url), Access(), Limits(answer_s=0.2))) as client:
        with House(tmp_path / "metrics.db", client) as house:
            for number, fault in enumerate(faults):
                server.script.faults.append(fault)
                house.poll(10 * number, 10 * number + 10)
                house.send()
            assert house.owed() == []
        assert not server.script.faults
        assert taken(server) == 10 * len(faults) * 2 * len(ROWS)
        assert house.shipper.figures.unreachable >= 6
        assert house.shipper.figures.denied == 2


def test_given_a_hanging_server_then_commits_go_on_and_stopping_waits_for_nothing(store: MetricStore) -> None:
    with fault_server(Script(always=hang(300))) as server:
        shipping = Shipping(store, order(store.path, server.url), time.time)
        shipping.open()
        polls(store, 0, 40)
        until(store, lambda: server.script.bodies > 0)
        number = polls(store, 40, 50)
        assert store.commit() >= number
        pid = shipping.pid
        began = time.monotonic()
        shipping.close()
        assert time.monotonic() - began < HANGS_S, "it waits for the answer"
        assert pid is not None
        assert not Path(f"/proc/{pid}").exists()


def test_given_a_wrong_token_then_it_fails_aloud_and_a_mended_one_heals_it(
    store: MetricStore, caplog: pytest.LogCaptureFixture
) -> None:
    with fault_server(Script(version="2.7.1", token="right")) as server:
        shipping = Shipping(store, order(store.path, server.url, "wrong"), time.time)
        shipping.open()
        try:
            number = polls(store, 0, 20)
            until(store, lambda: shipping.failing is True)
            assert "token" in shipping.trouble()
            assert {own.name: own.value for own in shipping.gather()}["influxdb_failing"] == 1
            shipping.renew(order(store.path, server.url, "right"))
            until(store, sent(store, number))
            until(store, lambda: "InfluxDB takes data again" in caplog.text)
            assert shipping.failing is False
            assert shipping.restarts == 0
            assert "wrong" not in caplog.text.replace("wrong token", "")
        finally:
            shipping.close()


def test_given_a_killed_sender_then_another_one_goes_on(store: MetricStore, caplog: pytest.LogCaptureFixture) -> None:
    with fault_server() as server:
        shipping = Shipping(store, order(store.path, server.url), time.time)
        shipping.open()
        try:
            until(store, sent(store, polls(store, 0, 20)))
            assert shipping.pid is not None
            os.kill(shipping.pid, signal.SIGKILL)
            number = polls(store, 20, 40)
            until(store, sent(store, number))
            assert taken(server) == 40 * len(ROWS)
            assert shipping.restarts == 1
            until(store, lambda: "runs again" in caplog.text)
        finally:
            shipping.close()


def test_given_no_url_then_nothing_is_kept_and_nothing_runs(store: MetricStore) -> None:
    shipping = Shipping(store, None, time.time)
    shipping.open()
    polls(store, 0, 10)
    shipping.close()
    with Opening(store.path) as opening:
        assert opening.run(owed.counted) == {}
        assert not opening.run(lambda db: owed.held(db, owed.RAW, 0, 1 << 32))
    assert shipping.failing is None
    assert not list(shipping.gather())


def test_given_a_full_disk_then_receipts_wait_with_what_is_measured(tmp_path: Path) -> None:
    sea = Sea()
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, 10)
        house.store.append([batch(START + 900)])
        with refusing_disk(4096):
            for _ in range(20):
                house.now += house.shipper.step()
            with pytest.raises(StoreFull):
                house.store.commit()
            house.shipper.step()
            with pytest.raises(StoreFull):
                house.store.commit()
        assert house.source.run(owed.cursor) == 0
        house.send()
        assert house.source.run(owed.cursor) >= 10
        assert house.lacks(10) == []
        assert ("interface,device=dar-edge-1,interface=lo0", START + 900, "in_bps") in sea.values


def figures_there(url: str, scope: str) -> dict[str, tuple[int, float]]:
    """Row -> how many values of in_bps the server has, and their sum."""
    server = open_server(Place(url), Access())
    try:
        found = server.query(
            f"SELECT count(in_bps), sum(in_bps) FROM interface WHERE device = '{scope}' GROUP BY interface"
        )
        return {one.tags["interface"]: (int(one.values[0][1] or 0), float(one.values[0][2] or 0)) for one in found}
    finally:
        server.close()


def figures_due(polled: int, scope: str) -> dict[str, tuple[int, float]]:
    every = [batch(START + 30 * number, scope=scope).of("in_bps") for number in range(polled)]
    return {row: (polled, float(sum(values[place] for values in every))) for place, row in enumerate(ROWS)}


def life(path: Path, url: str, polled: int, chance: random.Random, *, whole: bool) -> int:
    """One life of a daemon that polls, seals and sends; killed, or only its sender, at some instant. What was committed."""
    process = subprocess.Popen(
        [sys.executable, "-c", LIFE, str(path), url, str(polled)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    deadline, killed = time.monotonic() + chance.uniform(0.7, 2.5), False
    for line in process.stdout:
        polled, sender = map(int, line.split())
        if sender and not whole and not killed and chance.random() < 0.1:
            os.kill(sender, signal.SIGKILL)
            killed = True
        if time.monotonic() > deadline:
            break
    process.kill()
    rest = process.stdout.read().split("\n")[:-1]
    process.wait()
    process.stdout.close()
    return int(rest[-1].split()[0]) if rest else polled


def killed_again_and_again(tmp_path: Path, kills: int) -> None:
    path, polled, chance = tmp_path / "metrics.db", 0, random.Random(11)
    with Influxd(tmp_path / "influx") as influx:
        for number in range(kills):
            if number % 5 == 3:
                influx.stop()
            polled = life(path, influx.url, polled, chance, whole=number % 2 == 0)
            if number % 5 == 3:
                influx.start()
        with MetricStore(path) as store:
            found = newest(path) + 1
            shipping = Shipping(store, order(path, influx.url), time.time)
            shipping.open()
            store.seal(START + 30 * polled)
            store.append([batch(START - 30, scope="end")])
            try:
                until(store, sent(store, store.commit()), 3 * HANGS_S)
            finally:
                shipping.close()
        assert found >= polled
        for scope in ("a", "b"):
            assert figures_there(influx.url, scope) == figures_due(found, scope)


def newest(path: Path) -> int:
    from noc.store.reader import MetricReader

    with MetricReader(path) as reader:
        return int(reader.read("interface", "a", "lo0", QUANTITIES, start=0, end=1 << 32).at[-1] - START) // 30


@pytest.mark.soak
@pytest.mark.influxdb
@pytest.mark.skipif(PROGRAM is None, reason="influxd is not installed")
def test_given_kills_of_sender_and_daemon_then_the_real_server_has_every_value_once(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    killed_again_and_again(tmp_path, int(pytestconfig.getoption("--kills")))
