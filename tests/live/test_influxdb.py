"""A server of your own, named by the environment: lines, questions and the comparison, in measurements of its own.

NOC_LIVE_INFLUX_URL, and as the server has it NOC_LIVE_INFLUX_TOKEN (2.x, 3; 1.8 "user:password") or NOC_LIVE_INFLUX_USER and
NOC_LIVE_INFLUX_PASSWORD (1.x), NOC_LIVE_INFLUX_BUCKET, NOC_LIVE_INFLUX_ORG. It writes a few hundred values to measurements
whose names begin with "noc_live_", an hour ago and with 2 days of age; nothing is deleted.
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from inventory.batch import Batch
from inventory.secret import Secret
from noc.influx.access import Access, Place
from noc.influx.client import InfluxServer, open_server
from noc.influx.contract import Refused
from noc.influx.history import InfluxHistory
from noc.influx.lines import Lines
from noc.influx.tally import Stretch, differences, on_server, tallied
from tests.noc.influx.test_lines import HOSTILE

URL = os.environ.get("NOC_LIVE_INFLUX_URL", "")
pytestmark = [pytest.mark.live, pytest.mark.skipif(not URL, reason="NOC_LIVE_INFLUX_URL names no server")]
QUANTITIES = ("in_bps", "in_errors_ps", "flags")
EVERY_S = 300
POLLS = 24


@pytest.fixture(scope="module")
def server() -> Iterator[InfluxServer]:
    def secret(name: str) -> Secret | None:
        value = os.environ.get(f"NOC_LIVE_INFLUX_{name}")
        return Secret(value) if value else None

    place = Place(
        URL.rstrip("/"), os.environ.get("NOC_LIVE_INFLUX_BUCKET", "noc"), os.environ.get("NOC_LIVE_INFLUX_ORG", "")
    )
    with closing(open_server(place, Access(*map(secret, ("TOKEN", "USER", "PASSWORD"))))) as opened:
        print(f"\nInfluxDB {opened.ping()} at {URL}")
        yield opened


@pytest.fixture(scope="module")
def measurement() -> str:
    return f"noc_live_{int(time.time())}"


@pytest.fixture(scope="module")
def start() -> int:
    return int(time.time()) // 3600 * 3600 - 2 * 86_400


@pytest.fixture(scope="module")
def values() -> np.ndarray:
    random = np.random.default_rng(1)
    found = random.integers(0, 10**9, (len(QUANTITIES), len(HOSTILE), POLLS)).astype(float)
    found[1] = (found[1] / 1e6).round(3)
    found[random.random(found.shape) < 0.1] = np.nan
    return found


@pytest.fixture(scope="module", autouse=True)
def written(server: InfluxServer, measurement: str, start: int, values: np.ndarray) -> None:
    batches = [
        Batch(measurement, HOSTILE[1], start + EVERY_S * number, HOSTILE, QUANTITIES, values[:, :, number])
        for number in range(POLLS)
    ]
    lines = Lines().of_all(batches)
    server.write(lines)
    server.write(lines)  # twice is as once


def test_given_what_was_written_then_counts_and_sums_are_the_same(
    server: InfluxServer, measurement: str, start: int, values: np.ndarray
) -> None:
    stretch = Stretch(measurement, HOSTILE[1], start, start + EVERY_S * POLLS)
    here = {key: said for place, row in enumerate(HOSTILE) for key, said in tallied(row, QUANTITIES, values[:, place])}
    assert list(differences(stretch, here, on_server(server, stretch, QUANTITIES, ""))) == []


def test_given_what_was_written_then_it_is_read_back_value_by_value(
    server: InfluxServer, measurement: str, start: int, values: np.ndarray
) -> None:
    history = InfluxHistory(server)
    for place, row in enumerate(HOSTILE):
        at, found = history.full(measurement, HOSTILE[1], row, QUANTITIES, start=start, end=start + EVERY_S * POLLS)
        there = ~np.isnan(values[:, place]).all(axis=0)
        np.testing.assert_array_equal(at, (start + EVERY_S * np.arange(POLLS))[there])
        np.testing.assert_allclose(found, values[:, place][:, there], rtol=1e-12)


def test_given_a_rollup_then_its_slots_are_read_back(server: InfluxServer, measurement: str, start: int) -> None:
    from noc.influx.lines import Subject

    at = start + 300 * np.arange(12)
    said = {
        "mean": np.arange(12.0)[None] * 1000,
        "n": np.full((1, 12), 10.0),
        "covered_s": np.full((1, 12), 300.0),
        "up_s": np.full(12, 299.9),
    }
    server.write(Lines().of_rollup(Subject(measurement, "a", "b"), "5m", ("in_bps",), at, said))
    found = InfluxHistory(server).table(measurement, "a", ("b",), ("in_bps",), start=start, end=start + 3600, step=300)
    np.testing.assert_allclose(found.of("in_bps")[0], np.arange(12.0) * 1000)
    assert found.up_s is not None
    np.testing.assert_allclose(found.up_s[0], 299.9)


def test_given_a_field_of_another_type_then_the_line_is_refused(
    server: InfluxServer, measurement: str, start: int
) -> None:
    server.write([f"{measurement}_types x=1i {start}".encode()])
    with pytest.raises(Refused):
        server.write([f"{measurement}_types x=1.5 {start + 1}".encode()])
