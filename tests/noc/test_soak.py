"""kill -9 at random instants: nothing acknowledged is lost, and each restart polls within five seconds."""

import random
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from noc.store.reader import MetricReader
from tests.alerts.notify.gateway import KEY, running
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.noc.test_alerting import all_up, configured, incidents
from tests.patience import wait_until

pytestmark = [
    pytest.mark.xdist_group("soak"),
    pytest.mark.soak,
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
]

WATCHED = 12  # series whose every acknowledged value is compared
LINK = "lga-chamwino-a"
FAULT_PER = 100  # kills of the other run: a fault, its recovery and the kills between take some four minutes
WHILE_DOWN = 4  # kills while the link is cut; one more follows when it is mended
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
    series = watched(govnet)
    for number in range(kills):
        time.sleep(draw.uniform(0.05, 2.0))
        before = kept(govnet, series, max(began, int(time.time()) - 60))
        time.sleep(draw.uniform(0.0, 1.0))
        govnet.kill_daemon()
        assert not lost(before, kept(govnet, series, began)), f"seed {seed}, kill {number}: lost right after the kill"
        started = time.monotonic()
        govnet.start("daemon", "run")
        wait_until("it polls again", lambda: polls(govnet), 5 + 3)
        assert time.monotonic() - started < 5, "a restart took too long"
        assert not lost(before, kept(govnet, series, began)), f"seed {seed}, kill {number}: lost after the restart"
    assert all(kept(govnet, series, began).values())


def polls(one: Stage) -> bool:
    try:
        return one.metric("rounds_total") > 0
    except OSError:
        return False


def test_given_kills_while_a_link_comes_and_goes_then_every_fault_is_told_under_one_key(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The link stays down until it is told, whatever is killed meanwhile; a gateway counts what it is handed."""
    kills = request.config.getoption("--kills")
    draw = random.Random(4)
    with running("v2") as gateway, stage(tmp_path, sites=6) as one:
        configured(one.config, gateway.url, "")
        secrets = one.home / "secrets.toml"
        secrets.write_text(secrets.read_text() + f'\n[mgov]\nkey = "{KEY}"\n')
        one.start_lab()
        one.start_daemon()
        wait_until("everything is up", lambda: all_up(one), 60)
        for number in range(max(1, kills // FAULT_PER)):
            before = len(gateway.taken)
            one.noc("lab", "do", "link_down", LINK)
            for _ in range(WHILE_DOWN):
                time.sleep(draw.uniform(0.5, 12.0))
                one.kill_daemon()
                one.start_daemon()
            wait_until(f"fault {number} is told", lambda before=before: len(gateway.taken) > before, 90)
            one.noc("lab", "do", "link_up", LINK)
            time.sleep(draw.uniform(0.5, 20.0))
            one.kill_daemon()
            one.start_daemon()
            told = partial(recovered, one)
            wait_until(f"fault {number} is over", told, 240)
        texts = {message["message"]: message["messageId"] for message in gateway.taken}
        keys = [message["messageId"] for message in gateway.taken]
        assert len(texts) == len(set(keys)), "the same words under two keys"
        assert len(keys) - len(set(keys)) <= kills, "more duplicates than kills"
        assert not gateway.complaints


def recovered(one: Stage) -> bool:
    return all(each["state"] in ("resolved", "closed") for each in incidents(one))
