"""The way of one datum in memory: silence is data, is logged once, and healing too; texts make no series."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest

from alerts.transition import Transition
from collectors.contract import NoAnswer, Reading, Row, Target
from collectors.rates import RateMeter
from inventory.batch import Facts
from noc.naming import LinkFigures
from noc.pipeline import Pipeline
from noc.points import PointFigures
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.test_naming import NETWORK, board

COLUMNS = (
    *("in_octets", "out_octets", "in_packets", "out_packets", "in_errors", "out_errors"),
    *("in_discards", "out_discards", "oper", "admin"),
)


class Script:
    """A collector that says what it is told to."""

    def __init__(self, *said: Sequence[Reading | Facts] | None) -> None:
        self.said = list(said)

    async def collect(self, target: Target, due: int) -> Sequence[Reading | Facts]:
        found = self.said.pop(0)
        if found is None:
            raise NoAnswer("silence")
        return found


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def pipeline(store: MetricStore, script: Script, clock: Clock, told: list[Transition]) -> Pipeline:
    def tell(transitions: Iterable[Transition]) -> None:
        told.extend(transitions)

    links = LinkFigures(board(), NETWORK)
    points = PointFigures(NETWORK)
    return Pipeline({"interfaces": script}, RateMeter(30), links, points, store, clock=clock, tell=tell)


def target() -> Target:
    return Target(NETWORK.devices["cpe-1"], "interfaces", 30)


async def polled(line: Pipeline, clock: Clock, times: int) -> None:
    for _ in range(times):
        await line.poll(target(), clock.now)
        line.tick()
        clock.now += 30


def test_given_silence_then_it_is_data_and_logged_once_and_healing_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="noc.outcomes")
    with MetricStore(tmp_path / "metrics.db") as store:
        clock, told = Clock(), list[Transition]()
        line = pipeline(store, Script(None, None, None, ()), clock, told)
        asyncio.run(polled(line, clock, 3))
        assert line.outcomes.broken == {"cpe-1/interfaces": "no answer"}
        asyncio.run(polled(line, clock, 1))
        assert not line.outcomes.broken
        store.commit()
        with MetricReader(tmp_path / "metrics.db") as reader:
            series = reader.read("poll", "cpe-1", "interfaces", ("answered", "reason"), start=0, end=2000)
    assert series.values[0].tolist() == [0, 0, 0, 1] and series.values[1].tolist() == [2, 2, 2, 0]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_rule_32_an_alias_renamed_a_hundred_times_makes_no_new_series(tmp_path: Path) -> None:
    def facts(number: int) -> Facts:
        return Facts("cpe-1", "interfaces", number, {"interfaces": [{"key": "wan", "ifAlias": f"alias {number}"}]})

    rows = (Row("wan", 1, 1e9),)
    values = np.zeros((len(COLUMNS), 1), dtype=np.uint64)
    said = [
        (facts(n), Reading("cpe-1", 1000.0 + 30 * n, 1000 + 30 * n, n * 3000, rows, COLUMNS, values))
        for n in range(100)
    ]
    with MetricStore(tmp_path / "metrics.db") as store:
        clock, told = Clock(), list[Transition]()
        line = pipeline(store, Script(*said), clock, told)
        asyncio.run(polled(line, clock, 100))
        store.commit()
        with MetricReader(tmp_path / "metrics.db") as reader:
            found = list(reader.subjects("interface"))
    assert len(found) == 1
