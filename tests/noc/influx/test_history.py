"""What the store let go is read back from the real server, slot for slot as the store itself had it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from inventory.secrets import Secrets
from inventory.slots import SlotTable
from noc.config import load
from noc.history import WhereThere
from noc.influx.access import Access, Place
from noc.influx.client import open_server
from noc.influx.history import InfluxHistory, opened_history
from noc.influx.pool import Limits
from noc.store.history import HistoryAway
from noc.store.reader import MetricReader
from tests.noc.influx.influxd import Influxd
from tests.noc.influx.test_lines import HOSTILE
from tests.noc.influx.test_verify import EVERY_S, QUANTITIES, ROWS, Pair, shipped
from tests.noc.store.polls import START

pytestmark = [pytest.mark.influxdb, pytest.mark.xdist_group("influxd")]
SCOPE = HOSTILE[4]
POLLS = 600  # a little more than two days
END = START + 2 * 86_400


@pytest.fixture(scope="module")
def pair(influxd: Influxd, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with shipped(influxd, tmp_path_factory.mktemp("history"), POLLS) as found:
        yield found


def kept(pair: Pair, step: int) -> SlotTable:
    with MetricReader(pair.house.path) as reader:
        return reader.table(
            "interface",
            SCOPE,
            ROWS,
            QUANTITIES,
            start=START,
            end=END,
            step=step,
            also=("extremes", "up"),  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("step", [300, 3600])
def test_given_rollups_that_were_sent_then_slots_are_those_of_the_store(pair: Pair, step: int) -> None:
    here = kept(pair, step)
    there = InfluxHistory(pair.server).table("interface", SCOPE, ROWS, QUANTITIES, start=START, end=END, step=step)
    assert (there.start, there.step_s, there.rows, there.quantities) == (START, step, ROWS, QUANTITIES)
    np.testing.assert_allclose(there.mean, here.mean, rtol=1e-12)
    np.testing.assert_array_equal(there.covered_s, here.covered_s)
    assert there.up_s is not None and here.up_s is not None
    np.testing.assert_allclose(there.up_s, here.up_s, atol=0.051)


def test_given_a_few_rows_in_any_order_then_those_alone(pair: Pair) -> None:
    history = InfluxHistory(pair.server)
    rows = (ROWS[3], "unheard of", ROWS[0])
    found = history.table("interface", SCOPE, rows, ("flags", "in_bps"), start=START, end=START + 3600, step=300)
    here = kept(pair, 300)
    np.testing.assert_allclose(found.of("in_bps")[0], here.of("in_bps")[3, :12])
    np.testing.assert_allclose(found.of("in_bps")[2], here.of("in_bps")[0, :12])
    assert np.isnan(found.mean[:, 1]).all() and not found.covered_s[:, 1].any()


def test_given_full_resolution_then_every_value_at_its_instant(pair: Pair) -> None:
    history = InfluxHistory(pair.server)
    for row in ROWS:
        at, values = history.full("interface", SCOPE, row, QUANTITIES, start=START + 1, end=END)
        with MetricReader(pair.house.path) as reader:
            here = reader.read("interface", SCOPE, row, QUANTITIES, start=START + 1, end=END)
        there = ~np.isnan(here.values).all(axis=0)
        np.testing.assert_array_equal(at, here.at[there])
        np.testing.assert_allclose(values, here.values[:, there], rtol=1e-12)
    at, values = history.full("ping", "dod-pe-1", "ping", ("rtt_ms", "cpu_ratio"), start=START, end=START + 3 * EVERY_S)
    assert len(at) == 3
    assert np.isnan(values[1]).all()


def test_given_nothing_there_then_nothing_is_known(pair: Pair) -> None:
    history = InfluxHistory(pair.server)
    found = history.table("link", "", ("dar-dod",), ("in_bps",), start=0, end=3600, step=300)
    assert np.isnan(found.mean).all() and found.count == 12
    assert history.table("link", "", (), ("in_bps",), start=START, end=END, step=300).mean.shape == (1, 0, 576)
    at, values = history.full("link", "", "dar-dod", ("in_bps",), start=0, end=3600)
    assert at.shape == (0,) and values.shape == (1, 0)


@pytest.mark.parametrize(
    "name", ["x' OR 'a'='a", 'x" OR time > 0 --', "x\\", "x\\' OR 1=1", "; DROP DATABASE noc", "x\n"]
)
def test_given_a_name_that_is_a_question_of_its_own_then_it_is_only_a_name(pair: Pair, name: str) -> None:
    history = InfluxHistory(pair.server)
    at, _ = history.full("link", name, name, (name, "in_bps"), start=START, end=END)
    assert not len(at)
    assert np.isnan(history.table(name, name, (name,), (name,), start=START, end=END, step=3600).mean).all()


def test_given_a_long_range_then_it_is_asked_in_bounded_parts(pair: Pair) -> None:
    class Counting:
        asked = 0

        def ping(self) -> str:
            return ""

        def write(self, lines: object) -> None:
            raise AssertionError

        def query(self, influxql: str) -> list[object]:
            self.asked += 1
            return []

    server = Counting()
    rows = tuple(f"ge-{port}" for port in range(100))
    InfluxHistory(server).table("interface", "a", rows, QUANTITIES, start=START, end=START + 30 * 86_400, step=300)  # type: ignore[arg-type]
    assert 10 < server.asked < 100


def test_given_a_server_that_is_away_then_history_is(pair: Pair) -> None:
    with closing(open_server(Place("http://127.0.0.1:1"), Access(), Limits(0.2, 0.2))) as server:
        history = InfluxHistory(server)
        with pytest.raises(HistoryAway, match=r"cannot be asked.*takes no connection"):
            history.full("link", "", "dar-dod", ("in_bps",), start=START, end=END)


def test_given_a_server_that_is_away_then_whoever_takes_less_is_told_once_and_has_what_is_kept(pair: Pair) -> None:
    said: list[str] = []
    with closing(open_server(Place("http://127.0.0.1:1"), Access(), Limits(0.2, 0.2))) as server:
        history = WhereThere(InfluxHistory(server), said.append)
        found = history.table("link", "", ("dar-dod",), ("in_bps",), start=START, end=START + 7200, step=3600)
        assert np.isnan(found.mean).all() and found.mean.shape == (1, 1, 2) and not found.covered_s.any()
        at, values = history.full("link", "", "dar-dod", ("in_bps",), start=START, end=END)
        assert not len(at) and values.shape == (1, 0)
    [text] = said
    assert "cannot be asked" in text and text.endswith("what is kept here answers alone")


@pytest.mark.parametrize(
    ("history", "url", "there"), [("influxdb", True, True), ("influxdb", False, False), ("embedded", True, False)]
)
def test_given_the_configuration_then_history_is_where_it_says(
    pair: Pair, tmp_path: Path, history: str, url: bool, there: bool
) -> None:
    path = tmp_path / "noc.toml"
    path.write_text(
        '[poller]\nattached_to = "a"\ngateway = "a"\n'
        f'[store]\nhistory = "{history}"\n'
        f'[influxdb]\nurl = "{pair.place.url if url else ""}"\nbucket = "{pair.place.bucket}"\n'
    )
    with opened_history(load(path), Secrets({})) as found:
        assert (found is not None) == there
        if found is not None:
            at, _ = found.full("link", "", "dar-dod", ("in_bps",), start=START, end=START + 3600)
            assert len(at) == 12


def test_given_a_store_that_forgot_then_a_reader_with_history_answers_as_before(pair: Pair, tmp_path: Path) -> None:
    """The same range from a store that has only the last hours, with the server behind it."""
    from noc.store.writer import MetricStore
    from tests.noc.influx.test_verify import polled

    young = tmp_path / "metrics.db"
    with MetricStore(young) as store:
        for number in range(576, POLLS):
            store.append(polled(number))
        store.commit()
    here = kept(pair, 300)
    with MetricReader(young, history=InfluxHistory(pair.server)) as reader:
        found = reader.table("interface", SCOPE, ROWS, QUANTITIES, start=START, end=END, step=300)
    np.testing.assert_allclose(found.mean, here.mean, rtol=1e-12)
