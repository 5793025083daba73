"""The NOC's own health on the web: from store and ledger with the daemon up or down, counters from the daemon itself."""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.notification import Notification
from dashboards.own import grouped, troubles
from dashboards.web.entrance.counted import Counted, Tally
from dashboards.web.sources.own import Channel, Counts, Health, Influx, Polls
from inventory.batch import Batch
from inventory.status import DaemonMark
from noc.channel_health import Pulse
from noc.ledger.ledger import open_ledger
from noc.own_metrics import Health as Well
from noc.own_metrics import Own, OwnMetrics, read_own
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from noc.web.cases import LedgerCases
from noc.web.counters import asked, risen
from noc.web.own import StoredOwn
from noc.web.processes import Processes
from noc.web.renewed import Renewed, RenewedBeside
from tests.noc.reported import Reported
from tests.noc.web.capacity_stage import Stage, stage, waited, words

POLL = ("answered", "duration_ms", "late_ms", "reason")
NOTHING = Polls(None, 60, 0, 0, None, None, None, None)


class Clock:
    def __init__(self, now: float | None = None) -> None:
        self.now = time.time() if now is None else now

    def __call__(self) -> float:
        return self.now


@contextmanager
def own(reported: Reported, clock: Clock) -> Iterator[StoredOwn]:
    cases = LedgerCases(reported.config.ledger_url, clock)
    found = StoredOwn(reported.config, cases, clock)
    try:
        yield found
    finally:
        found.close()
        cases.close()


def poll(device: str, at: int, took_ms: float, *, answered: bool = True, late_ms: float = 1.0) -> Batch:
    values = np.array([[float(answered)], [took_ms], [late_ms], [0.0]])
    return Batch("poll", device, at, ("interfaces",), POLL, values)


@pytest.fixture
def reported(tmp_path: Path) -> Reported:
    return Reported(tmp_path / "home", sites=1)


def test_given_a_store_then_polls_of_the_last_minute_lateness_and_the_slowest_devices_are_told(
    reported: Reported,
) -> None:
    clock = Clock()
    now = int(clock.now)
    batches = [poll(f"d-{number}", now - number, 10.0 * number, late_ms=float(number)) for number in range(50)]
    batches.append(poll("d-9", now - 200, 9000.0))
    batches.append(poll("d-1", now - 5, 700.0, answered=False))
    batches.append(Batch("own", "", now, ("disk", "channel sms"), ("failing",), np.array([[1.0, 0.0]])))
    with MetricStore(reported.config.metrics_file) as store:
        store.append(batches)
        store.mark(DaemonMark(at=clock.now - 1, started=clock.now - 100, pid=os.getpid(), version="1"))
        store.commit()
        with own(reported, clock) as found:
            health = found.health()
            assert health.running and health.daemon is not None and health.daemon.memory > 1 << 20
            assert (health.polls.count, health.polls.failed, health.polls.at) == (51, 1, now)
            assert health.polls.per_s == 51 / 60
            assert [one.device for one in health.polls.slowest[:2]] == ["d-1", "d-49"]
            assert (health.polls.late_p50_ms, health.polls.late_p99_ms) == (24.0, 49.0)
            assert health.parts == {"disk": True, "channel sms": False} and health.influx is None
            assert health.wrong  # there is no ledger
            assert health.store_octets and health.disk_free and health.web is not None
    with own(reported, clock) as found:
        down = found.health()
        assert not down.running and down.daemon is None and down.polls.count == 51


def test_given_a_ledger_then_channels_and_what_waits_are_told(reported: Reported) -> None:
    clock = Clock()
    reported.write([Batch("own", "", int(clock.now), ("channel sms",), ("failing",), np.array([[1.0]]))])
    with open_ledger(reported.config.ledger_url, migrate=True, clock=clock) as ledger, ledger.transaction() as books:
        pulse = Pulse("sms")
        pulse.accept(clock.now - 4000)
        pulse.fail(clock.now - 600, "gateway says no")
        pulse.save(books)
        waiting = Notification("k", 1, "opened", "asha", ("sms",), "s", "s", "b", queued_at=clock.now - 700)
        books.queue(waiting)
    with own(reported, clock) as found:
        health = found.health()
    (sms,) = health.channels
    assert sms == Channel("sms", clock.now - 4000, clock.now - 600, "gateway says no", 1, 700.0)
    said = {one.text for one in troubles(health, clock.now)}
    assert {"channel", "queue"} <= said


def test_given_neither_store_nor_ledger_then_it_says_so_and_answers(reported: Reported) -> None:
    clock = Clock()
    with own(reported, clock) as found:
        health = found.health()
        assert len(health.wrong) == 2 and health.polls == NOTHING and health.store_octets is None
        assert waited(lambda: found.findings() or None)
        clock.now += 5
        assert found.health() is health
        reported.write([poll("d-1", int(clock.now), 3.0)])
        clock.now += 6
        assert found.health().polls.count == 1


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 120), st.integers(0, 900)), max_size=30))
def test_given_any_batches_then_lately_has_each_of_the_window_once(written: list[tuple[int, int, int]]) -> None:
    begin = 1_790_000_000
    latest = {(device, at): took for device, at, took in written}
    with TemporaryDirectory() as place, MetricStore(Path(place) / "m.db") as store:
        for (device, at), took in latest.items():
            store.append([poll(f"d-{device}", begin + at, float(took))])
            store.commit()
        with MetricReader(Path(place) / "m.db") as reader:
            found = reader.lately("poll", ("duration_ms",), start=begin + 30, end=begin + 90)
    told = sorted(zip(found.scopes, (found.at - begin).tolist(), found.values[0].tolist(), strict=True))
    assert told == sorted((f"d-{d}", at, float(took)) for (d, at), took in latest.items() if 30 <= at < 90)


def test_given_the_daemons_own_metrics_then_every_counter_is_read_as_it_was_told() -> None:
    told = [
        Own("polls_skipped", "Polls skipped", 3, {"collector": "ping"}, counter=True),
        Own("polls_skipped", "Polls skipped", 0, {"collector": "peers"}, counter=True),
        Own("store_pending_values", "Values", 7.5),
    ]
    metrics = OwnMetrics("127.0.0.1:0", lambda: told, Well)
    metrics.start()
    try:
        found = asked(f"127.0.0.1:{metrics.port}", Clock(5.0))
        anywhere = asked(f"0.0.0.0:{metrics.port}", Clock(5.0))
    finally:
        metrics.stop()
    assert found.at == 5.0 and anywhere.rows == found.rows
    assert [(row.name, row.label, row.value, row.counter) for row in found.rows] == [
        ("polls_skipped", "ping", 3.0, True),
        ("polls_skipped", "peers", 0.0, True),
        ("store_pending_values", "", 7.5, False),
    ]
    assert list(grouped(found.rows)) == ["polls", "store"]
    later = Counts(15.0, [replace(row, value=row.value + 20) for row in found.rows])
    rising = risen(later, found)
    assert [row.per_s for row in rising.rows] == [2.0, 2.0, None]
    assert (rising.rate("polls_skipped"), rising.total("polls_skipped"), rising.total("nothing")) == (4.0, 43.0, None)
    assert (
        risen(found, later).rows[0].per_s is None
        and risen(replace(found, at=20.0), later).rate("polls_skipped") is None
    )
    gone = asked(f"127.0.0.1:{metrics.port}", Clock())
    assert gone.at is None and "refused" in gone.error
    with pytest.raises(ValueError):
        list(read_own("# TYPE x counter\nx{ 1"))


def test_given_processes_then_what_they_take_is_told_and_the_gone_are_not_there(tmp_path: Path) -> None:
    clock = Clock()
    found = Processes(clock)
    first = found.of(os.getpid())
    assert first is not None and first.cpu_share is None and first.started < clock.now
    clock.now += 10
    again = found.of(os.getpid())
    assert again is not None and again.cpu_share is not None and 0 <= again.cpu_share < 3
    assert found.of(2**22 + 1) is None
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "stat").write_text("7 (a) b) S 1 2")
    assert Processes(clock, tmp_path).of(7) is None


def health(**more: object) -> Health:
    mark = DaemonMark(at=1000.0, started=1.0, pid=1, version="1")
    return replace(Health(1000.0, mark, True, NOTHING), **more)  # type: ignore[arg-type]


INFLUX = Influx("http://i", 990.0, "sending", 1.0, False, "", 0.0, 0, 0, 10, 0)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (health(), []),
        (health(mark=None), [("never", True)]),
        (health(mark=DaemonMark(at=900.0)), [("stuck", True)]),
        (health(mark=DaemonMark(at=900.0), running=False), [("silent", True)]),
        (health(mark=DaemonMark(at=900.0, stopped=900.0)), [("stopped", True)]),
        (health(polls=replace(NOTHING, late_p99_ms=1500.0)), [("late", False)]),
        (health(parts={"clock": True, "store": True, "channel sms": True}), [("part", True), ("part", False)]),
        (health(disk_free=1 << 30), [("disk", False)]),
        (health(disk_free=1 << 20), [("disk", True)]),
        (health(influx=INFLUX), []),
        (health(influx=replace(INFLUX, behind_s=500.0, refused_lines=2)), [("behind", False), ("refused", False)]),
        (health(influx=replace(INFLUX, failing=True, error="401")), [("influx", False)]),
        (health(channels=[Channel("sms", None, 900.0, "no", 0, 0.0)]), [("channel", True)]),
        (health(queued=2, oldest_queued_s=10.0), []),
        (health(wrong=("no store",)), [("wrong", True)]),
    ],
)
def test_given_a_health_then_what_is_wrong_is_said_the_grave_first(seen: Health, said: list[tuple[str, bool]]) -> None:
    assert [(one.text, one.grave) for one in troubles(seen, 1001.0)] == said


def test_given_requests_then_the_web_counts_them() -> None:
    async def app(scope: dict[str, object], receive: object, send: object) -> None:
        if scope["path"] == "/broken":
            raise RuntimeError("broken")
        await send({"type": "http.response.start", "status": 200 if scope["path"] == "/" else 404, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"1234"})  # type: ignore[operator]

    tally = Tally(Clock(7.0))

    async def visit() -> None:
        transport = httpx.ASGITransport(Counted(app, tally), raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
            for path in ("/", "/x", "/broken"):
                await client.get(path)

    asyncio.run(visit())
    assert (dict(tally.ended), tally.broken, tally.requests) == ({"2xx": 1, "4xx": 1}, 1, 3)
    assert (tally.open, tally.most_open, tally.octets, tally.started) == (0, 1, 8, 7.0)


def test_given_what_is_kept_then_it_is_read_again_only_when_it_is_old() -> None:
    clock, reads = Clock(100.0), iter(range(1, 9))
    kept = Renewed(10.0, clock, lambda: next(reads))
    assert (kept.get(), kept.get()) == (1, 1)
    clock.now = 109.0
    assert kept.get() == 1
    clock.now = 111.0
    assert kept.get() == 2
    clock.now = 50.0  # set back
    assert kept.get() == 3
    beside = RenewedBeside(10.0, clock, lambda: next(reads))
    assert waited(beside.get) == 4
    beside.close()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("own") / "home") as found:
        yield found


def test_given_the_page_then_a_stopped_daemon_is_said_first_and_counters_are_missed_in_words(front: Stage) -> None:
    page = words(front.get("/noc"))
    assert page.index("The daemon wrote last") < page.index("Store and ledger")
    assert "The daemon could not be asked" in page and "layer by layer" in page
    assert waited(front.house.own.store).layers is not None
    assert "Vifaa vya polepole zaidi" in words(front.get("/noc", "sema"))
    assert front.get("/noc", "own").status_code in (403, 404)
