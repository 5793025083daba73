"""What is sent to InfluxDB, in which order, and that nothing is forgotten whatever happens on the way."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from noc.influx import owed
from noc.influx.contract import Denied, Refused, Unreachable
from noc.influx.owed import RAW, Interval
from noc.influx.refused import NAME, SetAside
from noc.store.file import DAY, FIVE_MINUTES, StoreError
from tests.noc.influx.sea import House, Sea
from tests.noc.store.polls import ROWS, START, batch

pytestmark = pytest.mark.xdist_group("shipper")

HOURS = 120  # polls in an hour


@pytest.fixture
def sea() -> Sea:
    return Sea()


def test_given_polls_then_the_server_has_them_and_the_cursor_stands_at_the_last_commit(
    tmp_path: Path, sea: Sea
) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, 50)
        house.send()
        assert house.lacks(50) == []
        last = house.source.newest_commit()
        assert house.source.run(owed.cursor) >= last - 1, "all but the commit of the receipt itself"
        assert house.owed() == []
        assert house.shipper.figures.lines == 50 * 2 * 3
        assert house.shipper.figures.values == 50 * 2 * 3 * 4


def test_given_a_gone_server_then_sealing_goes_on_and_everything_is_owed_and_sent_later(
    tmp_path: Path, sea: Sea
) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, 40)
        house.send()
        sea.refuses = lambda line: Unreachable("gone")
        for hour in range(4):
            house.poll(max(40, hour * HOURS), (hour + 1) * HOURS)
            house.send(3)
            assert house.store.seal(house.now + 200) > 0
        assert house.store.commit()
        assert [one.start for one in house.owed()] == [START + 3600 * hour for hour in (3, 2, 1, 0)]
        assert house.shipper.figures.state == "unreachable"
        sea.refuses = lambda line: None
        house.send()
        assert house.lacks(4 * HOURS) == []
        assert house.owed() == []


def test_given_an_outage_then_what_is_measured_now_comes_first_and_the_rest_newest_first(
    tmp_path: Path, sea: Sea
) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        sea.refuses = lambda line: Unreachable("gone")
        house.poll(0, 3 * HOURS + 60)
        house.store.seal(house.now)
        house.send(2)
        sea.refuses = lambda line: None
        house.poll(3 * HOURS + 60, 3 * HOURS + 61)
        house.now += 60
        house.send()
        hours = [at - at % 3600 for at in sea.order]
        assert hours[0] == START + 3 * 3600, "the hour that goes on"
        assert [*dict.fromkeys(hours)] == [START + 3600 * hour for hour in (3, 2, 1, 0)]
        assert house.lacks(3 * HOURS + 61) == []


def test_given_a_late_batch_in_an_hour_that_was_sent_then_the_server_gets_it_too(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, HOURS)
        house.send()
        house.store.seal(START + 2 * 3600)
        sea.refuses = lambda line: Unreachable("gone")
        house.keep([batch(START + 30 * 7, level=5000.0), batch(START + 30 * 7 + 1, level=5000.0)])
        house.now += 10
        house.send(2)
        house.store.seal(START + 2 * 3600)
        house.store.commit()
        assert house.owed() == [Interval(RAW, START)]
        sea.refuses = lambda line: None
        house.send()
        for at in (START + 210, START + 211):
            value = round(5000.0 + at % 1000)
            assert sea.values["interface,device=dar-edge-1,interface=xe-0/0/0", at, "in_bps"] == f"{value}i"


def test_given_a_newer_value_sent_while_its_hour_is_under_way_then_the_newer_one_stands(
    tmp_path: Path, sea: Sea
) -> None:
    with House(tmp_path / "metrics.db", sea, share=0.9) as house:
        sea.refuses = lambda line: Unreachable("gone")
        house.poll(0, HOURS)
        house.send(1)
        house.store.seal(START + 2 * 3600)
        sea.refuses = lambda line: None
        for _ in range(3):  # read, and not yet through
            sea.failures = [Unreachable("once more")]
            house.now += 70
            house.shipper.step()
        house.keep([batch(START + 30, level=9000.0)])
        house.now += 70
        house.send()
        value = sea.values["interface,device=dar-edge-1,interface=lo0", START + 30, "in_bps"]
        assert value == f"{round(9000.0 + (START + 30) % 1000 + 2)}i"
        assert house.owed() == []


def test_given_a_sender_killed_again_and_again_then_all_of_it_is_there_once(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.store.seal(START)
        for part in range(12):
            house.poll(part * 40, part * 40 + 40)
            house.send(part % 5)
            house.begin()
            house.store.seal(house.now + 100)
        house.store.seal(house.now + 4000)
        house.send()
        assert house.lacks(480) == []
        assert sum(name == "in_bps" for _, _, name in sea.values) == 480 * 2 * 3


def test_given_an_old_store_then_all_of_it_is_owed_at_the_first_start(tmp_path: Path, sea: Sea) -> None:
    from noc.store.writer import MetricStore

    with MetricStore(tmp_path / "metrics.db") as store:
        for number in range(0, 26 * HOURS, 2):
            store.append([batch(START + 30 * number), batch(START + 30 * number, scope="dod-pe-1")])
        store.commit()
        store.seal(START + 26 * 3600 + 300)
        store.seal(START + 26 * 3600 + 300)
    with House(tmp_path / "metrics.db", sea, now=START + 26 * 3600 + 400) as house:
        raw = [one for one in house.owed() if one.layer == RAW]
        assert len(raw) >= 26
        assert any(one.layer == FIVE_MINUTES for one in house.owed())
        house.send()
        assert house.owed() == []
        assert house.lacks(0) == []
        assert sum(
            name == "in_bps" and "5m" not in series for series, _, name in sea.values if "interface," in series
        ) == (13 * HOURS * 6)
        slots = [(series, at) for series, at, name in sea.values if name == "mean_in_bps" and "_5m" in series]
        assert len(slots) >= 24 * 12 * 6
        house.store.ship_to("sea")
        assert house.owed() == [], "the same server again"
        house.store.ship_to("another sea")
        assert len(house.owed()) > 26


def test_given_a_refusal_then_the_bad_lines_are_set_aside_and_the_rest_goes_on(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        sea.refuses = lambda line: Refused("field type conflict: in_bps") if b"lo0" in line and b"9" in line else None
        house.poll(0, 60)
        house.send()
        bad = house.shipper.figures.refused_lines
        kept = (tmp_path / NAME).read_bytes()
        assert bad > 0
        assert kept.count(b"interface=lo0") == bad
        assert b"# field type conflict" in kept
        assert {row for row, _ in house.lacks(60)} <= {"dar-edge-1 lo0 None", "dod-pe-1 lo0 None"}
        assert len(house.lacks(60)) == bad
        assert house.source.run(owed.cursor) > 0


def test_given_a_denial_then_it_is_held_and_tried_every_minute_and_said_twice(
    tmp_path: Path, sea: Sea, caplog: pytest.LogCaptureFixture
) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        sea.refuses = lambda line: Denied("wrong token; mend it in the secrets")
        house.poll(0, 10)
        began = house.now
        for _ in range(5):
            house.now += house.shipper.step()
        assert house.now - began == pytest.approx(300, abs=5)
        assert house.shipper.figures.failing(house.now)
        assert house.shipper.figures.denied == 5
        sea.refuses = lambda line: None
        house.send()
        assert not house.shipper.figures.failing(house.now)
        assert house.lacks(10) == []
        said = [record.getMessage() for record in caplog.records]
        assert [text for text in said if "mend it" in text] == [
            "InfluxDB: wrong token; mend it in the secrets; what is measured waits in the metric store"
        ]
        assert sum("takes data again" in text for text in said) == 1


def test_given_a_busy_server_then_what_it_asks_for_is_respected_and_delays_grow_to_a_minute(
    tmp_path: Path, sea: Sea
) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, 10)
        sea.failures = [Unreachable("429", after_s=17.0)]
        assert house.shipper.step() == pytest.approx(17.0)
        house.now += 17
        sea.refuses = lambda line: Unreachable("gone")
        waits = []
        for _ in range(9):
            waits.append(house.shipper.step())
            house.now += waits[-1]
        assert waits == sorted(waits)
        assert waits[-1] == 60.0
        assert not house.shipper.figures.failing(house.now - 500)
        assert house.shipper.figures.failing(house.now + 600)


def test_rule_33_with_influxdb_gone_no_commit_waits_and_nothing_is_lost(tmp_path: Path, sea: Sea) -> None:
    sea.refuses = lambda line: Unreachable("gone")
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, 2 * HOURS)  # two hours without InfluxDB
        house.store.seal(house.now)
        assert house.store.counters.values == 2 * HOURS * 2 * 12
        sea.refuses = lambda line: None
        house.send()
        assert house.lacks(2 * HOURS) == []


def test_given_a_large_backlog_then_requests_are_bounded_and_live_data_is_never_behind(
    tmp_path: Path, sea: Sea
) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        rows = tuple(f"xe-0/0/{port}" for port in range(60))
        for number in range(2 * HOURS):
            house.store.append([batch(START + 30 * number, rows=rows)])
        house.store.commit()
        house.store.seal(START + 3 * 3600)
        house.store.ship_to("everything anew")
        house.now = START + 3 * 3600
        house.send()
        assert max(sea.sent) <= 5000
        assert sea.octets <= 1_000_000
        assert sum(sea.sent) >= 2 * HOURS * 60


def test_given_an_hour_that_cannot_be_read_then_it_stays_owed_and_the_rest_goes_on(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        sea.refuses = lambda line: Unreachable("gone")
        house.poll(0, 3 * HOURS)
        house.store.seal(START + 3 * 3600 + 200)
        sea.refuses = lambda line: None
        whole = alter(house, "SELECT body FROM chunk WHERE start = ? AND frame = 1 AND tier = 0", START + 3600)
        alter(house, "UPDATE chunk SET body = x'09' || substr(body, 2) WHERE start = ? AND frame = 1", START + 3600)
        troubles = 0
        for _ in range(300):
            try:
                house.now += house.shipper.step()
            except StoreError:
                troubles += 1
                house.now += 5
            house.store.commit()
        assert troubles == 1
        assert house.owed() == [Interval(RAW, START + 3600)]
        assert {at - at % 3600 for scope, at in house.lacks(3 * HOURS)} == {START + 3600}
        alter(house, f"UPDATE chunk SET body = x'{whole[0][0].hex()}' WHERE start = ? AND frame = 1", START + 3600)
        house.now += 700
        house.send()
        assert house.owed() == []
        assert house.lacks(3 * HOURS) == []


def alter(house: House, sql: str, start: int) -> list[tuple[bytes]]:
    with closing(sqlite3.connect(house.path)) as db:
        found = db.execute(sql, (start,)).fetchall()
        db.commit()
    return found


def test_given_days_and_months_then_their_rollups_are_sent_with_the_percentile(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        for day in range(3):
            house.store.append(batch(START + 86_400 * day + 300 * slot) for slot in range(288))
            house.store.commit()
            house.now = START + 86_400 * (day + 1) + 4 * 3600
            house.store.seal(house.now)
            house.send()
        assert house.owed() == []
        for suffix, name, least in (("5m", "mean_in_bps", 800), ("1h", "max_in_bps", 70), ("1d", "p95_in_bps", 2)):
            found = [at for series, at, field in sea.values if f"interface_{suffix}," in series and field == name]
            assert len(found) >= least * len(ROWS), suffix


def test_given_a_seal_that_goes_on_then_what_it_owes_is_sent_once_when_it_is_over(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.poll(0, 10)
        house.send()
        for _ in range(30):  # owed again and again
            house.store.acknowledge(owed.Receipt(owed={Interval(RAW, START)}))
            house.store.commit()
            house.now += 1 + house.shipper.step()
        assert sum(sea.sent) == 60
        house.send()
        assert sum(sea.sent) == 120
        assert house.owed() == []


def test_given_what_is_owed_then_it_is_held_back_from_being_let_go(tmp_path: Path, sea: Sea) -> None:
    with House(tmp_path / "metrics.db", sea) as house:
        house.store.acknowledge(owed.Receipt(owed={Interval(RAW, START + 3600), Interval(FIVE_MINUTES, START)}))
        house.store.commit()

        def held(layer: int, start: int, end: int) -> bool:
            return house.source.run(lambda db: owed.held(db, layer, start, end))

        assert held(DAY, START, START + 86_400)
        assert held(RAW, START + 3600, START + 7200)
        assert not held(RAW, START, START + 3600)
        assert not held(DAY, START - 86_400, START)
        assert held(FIVE_MINUTES, START, START + 86_400)
        assert not held(FIVE_MINUTES, START + 86_400, START + 2 * 86_400)


def test_given_too_much_refused_then_the_file_stays_bounded_and_every_line_is_counted(tmp_path: Path) -> None:
    aside = SetAside(tmp_path / NAME, most=1000)
    for number in range(100):
        aside.put([b"interface,device=a in_bps=%di 1" % number], "field type\nconflict")
    text = (tmp_path / NAME).read_text()
    assert len(text) <= 1000
    assert text.startswith("# field type conflict\ninterface,device=a in_bps=0i 1\n")
