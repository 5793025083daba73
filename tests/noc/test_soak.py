"""kill -9 at random instants: nothing acknowledged is lost, and a daemon started again polls within five seconds."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from noc.store.reader import MetricReader
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.patience import wait_until
from tests.stalls import stalls

pytestmark = [
    pytest.mark.xdist_group("soak"),
    pytest.mark.soak,
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
]

WITHIN_S = 5.0  # in the middle of all restarts; on a slower machine no more than three times what the quickest takes
WATCHED = 12  # series whose every acknowledged value is compared
RATES = ("in_bps", "out_bps", "oper_status", "flags")
Kept = dict[tuple[str, str], dict[int, bytes]]


@pytest.fixture
def govnet(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path, sites=10) as one:
        quick = one.config.read_text().replace("counters_s = 30", "counters_s = 2")
        one.config.write_text(quick)
        one.start_lab()
        yield one


def watched(one: Stage) -> list[tuple[str, str]]:
    """(device, interface) of a dozen series."""
    with MetricReader(one.home / "data" / "metrics.db") as reader:
        return sorted((batch.scope, batch.rows[0]) for batch in reader.last("interface"))[:WATCHED]


def kept(one: Stage, series_of: list[tuple[str, str]], since: int) -> Kept:
    """What a second process can read is acknowledged: instant -> values, bit by bit."""
    found: Kept = {}
    with MetricReader(one.home / "data" / "metrics.db") as reader:
        for device, interface in series_of:
            series = reader.read("interface", device, interface, RATES, start=since, end=2**32 - 1)
            values = np.nan_to_num(series.values, nan=-1.0).T
            found[device, interface] = {int(at): line.tobytes() for at, line in zip(series.at, values, strict=True)}
    return found


def lost(before: Kept, after: Kept) -> list[tuple[str, str, int]]:
    return [
        (*key, at)
        for key, series in before.items()
        for at, line in series.items()
        if after.get(key, {}).get(at) != line
    ]


def test_given_kills_at_random_instants_then_nothing_acknowledged_is_lost(
    govnet: Stage, request: pytest.FixtureRequest
) -> None:
    kills, seed = request.config.getoption("--kills"), random.randrange(2**32)
    draw, began = random.Random(seed), int(time.time())
    print(f"seed {seed}, {kills} kills")
    govnet.start_daemon()
    wait_until("there is something to lose", lambda: govnet.metric("values_total") > 1000, 20)
    series, took = watched(govnet), []
    for number in range(kills):
        time.sleep(draw.uniform(0.05, 2.0))
        before = kept(govnet, series, max(began, int(time.time()) - 60))
        time.sleep(draw.uniform(0.0, 1.0))
        govnet.kill_daemon()
        assert not lost(before, kept(govnet, series, began)), f"seed {seed}, kill {number}: lost right after the kill"
        took.append(start_again(govnet))
        assert not lost(before, kept(govnet, series, began)), f"seed {seed}, kill {number}: lost after the restart"
    assert all(kept(govnet, series, began).values())
    print(f"restarts took {min(took):.1f} to {max(took):.1f} s, {median(took):.1f} in the middle")
    assert median(took) < max(WITHIN_S, 3 * min(took)), took


def start_again(one: Stage) -> float:
    """Until it polls: seconds, less those in which the machine let nobody run."""
    with stalls() as kept_back:
        started = time.monotonic()
        one.start("daemon", "run")
        wait_until("it polls again", lambda: polls(one), every_s=0.05)
        return time.monotonic() - started - kept_back.all_s()


def polls(one: Stage) -> bool:
    try:
        return one.metric("rounds_total") > 0
    except OSError:
        return False
