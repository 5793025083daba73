"""What the web keeps between questions is bounded by numbers that stand in the code, however much is asked."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from dashboards.web.kept import MOST, Kept
from inventory.batch import Batch
from inventory.skeleton import write_sample
from noc.config import Config, load
from noc.store.writer import MetricStore
from noc.web.series import MOST_IDLE, StoredSeries

NOW = int(time.time())


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    home = tmp_path_factory.mktemp("net")
    write_sample(home, sites=1)
    found = load(home / "noc.toml")
    found.data.dir.mkdir(exist_ok=True)
    with MetricStore(found.metrics_file) as store:
        for at in range(NOW - 60, NOW):
            store.append([Batch("interface", "cpe", at, ("wan",), ("in_bps",), np.array([[float(at)]]))])
            store.commit()
        yield found


def asked_at_once(series: StoredSeries, times: int) -> None:
    with ExitStack() as many:
        readers = [many.enter_context(series.reader()) for _ in range(times)]
        assert len({*map(id, readers)}) == times
        for reader in readers:
            reader.read_many([("interface", "cpe", "wan")], ["in_bps"], start=NOW - 60, end=NOW)


def test_given_many_who_ask_at_once_then_few_readers_stay_open(config: Config) -> None:
    series = StoredSeries(config)
    asked_at_once(series, 4 * MOST_IDLE)
    assert len(series.idle) == MOST_IDLE
    asked_at_once(series, 2)
    assert len(series.idle) == MOST_IDLE
    series.close()
    assert not series.idle


def test_given_readers_that_remember_much_then_only_the_one_used_last_stays(config: Config) -> None:
    series = StoredSeries(config, octets=1)
    asked_at_once(series, 3)
    assert len(series.idle) == 1 and series.idle[0].octets > 1
    with series.reader() as again:
        assert again.octets > 1
    series.close()


def test_given_more_answers_than_are_kept_then_those_asked_for_longest_ago_go() -> None:
    kept, made = Kept(), []
    for number in range(3 * MOST):
        kept.of(number, "same", lambda number=number: made.append(number))  # type: ignore[misc]
        kept.of(0, "same", lambda: made.append(-1))
    assert len(kept) == MOST
    assert made.count(-1) == 0  # asked for again and again, it stayed
