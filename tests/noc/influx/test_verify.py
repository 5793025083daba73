"""The copy is compared with the store: faithful after sending, and every tampering is found, named and counted."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from click.testing import CliRunner

from inventory.batch import Batch
from inventory.calendar import DAY_S, EAT_S, day_of
from noc.cli.main import main
from noc.influx import owed
from noc.influx.access import Access, Place
from noc.influx.client import InfluxServer, open_server
from noc.influx.findings import Findings
from noc.influx.source import Source
from noc.influx.tally import Difference, Tally, tallied
from noc.influx.verify import Day, Plan, Verifier, plan
from noc.store.file import FIVE_MINUTES
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.influx.influxd import Influxd
from tests.noc.influx.sea import House
from tests.noc.influx.test_lines import HOSTILE
from tests.noc.influx.test_servers import fresh
from tests.noc.store.polls import START

pytestmark = [pytest.mark.influxdb, pytest.mark.xdist_group("influxd")]
ROWS = HOSTILE[:4]
QUANTITIES = ("in_bps", "in_errors_ps", "oper_status", "flags")
EVERY_S = 300
POLLS = 2 * DAY_S // EVERY_S
NOW = START + POLLS * EVERY_S + 3 * 3600


def polled(number: int) -> Iterator[Batch]:
    """Devices with hostile names, links, states that changed and states restated."""
    at = START + EVERY_S * number
    random = np.random.default_rng(number)
    for scope in (HOSTILE[4], "dod-pe-1"):
        values = np.vstack(
            [random.integers(0, 10**9, (1, 4)), random.random((1, 4)), np.ones((1, 4)), np.zeros((1, 4))]
        )
        values[:, random.random(4) < 0.1] = np.nan
        yield Batch("interface", scope, at, ROWS, QUANTITIES, values)
    yield Batch("ping", "dod-pe-1", at, ("ping",), ("rtt_ms", "loss_ratio"), np.array([[at % 7 / 10], [0.0]]))
    yield Batch("link", "", at, ("dar-dod",), ("in_bps",), np.array([[float(at % 1000)]]))
    if number % 100 == 0:
        yield Batch("device_state", "dod-pe-1", at, ("dod-pe-1",), ("state",), np.array([[4.0]]))
        yield Batch("device_state", "", at, ("dod-pe-1", "dar-pe-1"), ("state",), np.array([[0.0, 1.0]]))


class Pair(NamedTuple):
    house: House
    server: InfluxServer
    place: Place

    def compared(self, now: float = NOW) -> tuple[list[Difference], Verifier]:
        with Source(self.house.path) as source, MetricReader(self.house.path) as reader:
            verifier = Verifier(reader, source, self.server)
            todo = plan(source, 0, int(now), now)
            assert not todo.owed_days and not todo.owed_chunks
            found = [one for day in todo.days for measured in reader.subjects() for one in verifier.day(day, measured)]
            found += [one for chunk in todo.chunks for one in verifier.chunk(chunk)]
            return found, verifier


@contextmanager
def shipped(influxd: Influxd, place: Path, polls: int, *, there: Sequence[bytes] = ()) -> Iterator[Pair]:
    """So many polls in the store, sealed and rolled up where they are over, and sent to the real server.

    `there`: lines that it has already.
    """
    bucket = Place(influxd.url, fresh())
    with closing(open_server(bucket, Access())) as server, House(place / "metrics.db", server, now=NOW) as house:
        for first in range(0, polls, 48):
            house.keep(one for number in range(first, min(polls, first + 48)) for one in polled(number))
        house.store.seal(NOW)
        if there:
            server.write(there)
        house.send()
        assert not house.owed()
        yield Pair(house, server, bucket)


@pytest.fixture(scope="module")
def whole(influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two days."""
    with shipped(influxd, tmp_path_factory.mktemp("store"), POLLS) as pair:
        yield pair


@pytest.fixture
def small(influxd: Influxd, tmp_path: Path) -> Iterator[Pair]:
    """Some hours, to be tampered with."""
    with shipped(influxd, tmp_path, 100) as pair:
        yield pair


def test_given_everything_sent_then_the_copy_is_faithful_in_raw_and_in_rollups(whole: Pair) -> None:
    found, verifier = whole.compared()
    assert found == []
    accounts = verifier.accounts
    assert {"interface", "ping", "link", "device_state", "interface_5m", "interface_1h", "link_5m"} <= set(accounts)
    assert accounts["link"].values == POLLS
    assert len(accounts["interface"].days) == len({day_of(START + EVERY_S * number) for number in range(POLLS)})
    assert accounts["device_state"].values == 3 * len(range(0, POLLS, 100))
    assert accounts["interface_5m"].values > accounts["interface"].values


def test_given_a_copy_that_was_changed_then_each_difference_is_named(small: Pair) -> None:
    at = START + EVERY_S * 50
    small.server.write([b"link,link=dar-dod in_bps=7777777i %d" % at, b"link,link=other in_bps=5i %d" % at])
    small.server.write([b"link_5m,link=dar-dod mean_in_bps=1.5,n_in_bps=9i %d" % at])
    small.server.write([b"ping,device=dod-pe-1 rtt_ms=0.1000001 %d" % (START + EVERY_S)])
    found, verifier = small.compared()
    said = {(one.stretch.measurement, one.row, one.field): one for one in found}
    assert set(said) >= {("link", "dar-dod", "in_bps"), ("link", "other", "in_bps"), ("ping", "ping", "rtt_ms")}
    changed = said["link", "dar-dod", "in_bps"]
    assert changed.here.n == changed.there.n
    assert changed.there.total - changed.here.total == 7777777 - at % 1000
    assert day_of(changed.stretch.start) == day_of(at)
    assert said["link", "other", "in_bps"][3:] == (Tally(0, 0), Tally(1, 5))
    assert verifier.accounts["link"].differ == 2


def test_given_a_field_of_another_type_there_then_it_is_named_and_the_rest_compared(
    influxd: Influxd, tmp_path: Path
) -> None:
    there = [b'link,link=dar-dod in_bps="text" %d' % (START + EVERY_S)]
    with shipped(influxd, tmp_path, 50, there=there) as pair:
        found, verifier = pair.compared()
        [wrong] = [one for one in found if one.stretch.measurement == "link"]
        assert (wrong.row, wrong.field, wrong.here.n, wrong.there.n) == ("dar-dod", "in_bps", 50, 1)
        assert verifier.accounts["interface"].values and not verifier.accounts["interface"].differ
        assert verifier.accounts["ping"].values and not verifier.accounts["ping"].differ
        said = Findings(pair.place, "1.6.7", Plan((), ()), verifier.accounts, 0)
        said.add(found)
        assert any("there 1 values of another type" in line for line in said.as_lines())
        assert json.loads(said.as_json())["differ"] == len(found)


def test_given_a_day_that_is_owed_then_it_is_left_out_and_said(whole: Pair) -> None:
    hour = START + DAY_S + 7200
    house = whole.house
    house.store.acknowledge(owed.Receipt(owed={owed.Interval(owed.RAW, hour), owed.Interval(FIVE_MINUTES, START)}))
    house.store.commit()
    with Source(house.path) as source:
        todo, everything = (plan(source, 0, NOW, NOW, everything=all_) for all_ in (False, True))
    assert [day_of(day.start) for day in todo.owed_days] == [day_of(hour)]
    assert [tuple(chunk) for chunk in todo.owed_chunks] == [(FIVE_MINUTES, START)]
    assert len(everything.days) == len(todo.days) + 1
    assert len(everything.chunks) == len(todo.chunks) + 1
    house.send()
    assert whole.compared()[0] == []


def test_given_the_day_that_runs_then_it_is_compared_up_to_what_is_settled(small: Pair) -> None:
    now = START + 100 * EVERY_S
    with Source(small.house.path) as source:
        todo = plan(source, 0, now, now)
        last = todo.days[-1]
        assert last.end == (now - 120) // 3600 * 3600
        small.house.keep(polled(80))  # something came late, and is not sent
        assert plan(source, 0, now, now).days[-1].end == (START + 80 * EVERY_S) // 3600 * 3600
    assert small.compared(now)[0] == []


def test_given_a_range_then_only_that_is_looked_at(whole: Pair) -> None:
    first = START - START % DAY_S - EAT_S
    with Source(whole.house.path) as source:
        assert plan(source, first + DAY_S, first + 2 * DAY_S, NOW).days == (Day(first + DAY_S, first + 2 * DAY_S),)


def test_given_nothing_stored_then_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db"), Source(tmp_path / "metrics.db") as source:
        assert plan(source, 0, NOW, NOW) == Plan((), ())


def test_given_floats_then_sums_agree_within_the_rounding_of_the_server_and_integers_exactly() -> None:
    values = np.array([[0.1] * 1000, [1.0] * 1000])
    told = dict(tallied("a", ("loss_ratio", "in_bps"), values))
    assert told["a", "in_bps"] == Tally(1000, 1000)
    server = Tally(1000, sum([0.1] * 1000))
    assert server.total != told["a", "loss_ratio"].total
    assert told["a", "loss_ratio"].agrees(server)
    assert not told["a", "loss_ratio"].agrees(Tally(1000, 100.001))
    assert not told["a", "in_bps"].agrees(Tally(1000, 1001))
    assert not told["a", "in_bps"].agrees(Tally(999, 1000))


def invoked(pair: Pair, *words: str, home: Path) -> tuple[int, str]:
    config = home / "noc.toml"
    config.write_text(
        '[poller]\nattached_to = "a"\ngateway = "a"\n'
        f'[data]\ndir = "{pair.house.path.parent}"\n'
        f'[influxdb]\nurl = "{pair.place.url}"\nbucket = "{pair.place.bucket}"\n'
    )
    done = CliRunner().invoke(main, ["-c", str(config), "store", "verify", *words])
    return done.exit_code, done.output


def test_given_the_command_then_it_says_faithful_or_what_differs_by_words_and_status(
    small: Pair, tmp_path: Path
) -> None:
    status, said = invoked(small, home=tmp_path)
    assert (status, said.splitlines()[-1]) == (0, "the copy is faithful")
    assert "InfluxDB 1.6.7" in said and " link " in said.replace("\n", " ")
    at = START + EVERY_S * 50
    small.server.write([b"link,link=dar-dod in_bps=7777777i %d" % at])
    status, said = invoked(small, "--measurement", "link", home=tmp_path)
    assert status == 1
    assert "1 figure differs" in said and "dar-dod" in said and "ship --since" in said
    assert "interface" not in said
    assert max(map(len, said.splitlines())) <= 80
    status, said = invoked(small, "--json", home=tmp_path)
    answer = json.loads(said)
    assert (status, answer["faithful"], answer["differ"]) == (1, False, 1)
    assert answer["differences"][0]["field"] == "in_bps"
    assert answer["measurements"]["link"]["values"] == 100
    assert answer["owed"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--measurement", "lnik"], "nothing is measured as 'lnik' (did you mean 'link'?)"),
        (["--from", "2026-13-01"], "not in the calendar"),
        (["--from", "2036-01-01"], "still to come"),
        (["--from", "2026-09-02", "--to", "2026-09-01"], "before --to"),
    ],
)
def test_given_bad_input_then_one_line_says_what_is_wrong(
    whole: Pair, tmp_path: Path, words: list[str], said: str
) -> None:
    status, told = invoked(whole, *words, home=tmp_path)
    assert status == 2
    assert said in told


def test_given_a_server_that_is_away_then_one_line_says_so(whole: Pair, tmp_path: Path) -> None:
    away = whole._replace(place=Place("http://127.0.0.1:1", "noc"))
    status, told = invoked(away, home=tmp_path)
    assert status == 2
    assert "takes no connection" in told
