"""kill -9 while a link comes and goes: whatever is killed meanwhile, every fault is told, under one key."""

import random
import time
from functools import partial
from pathlib import Path

import pytest

from tests.alerts.notify.gateway import KEY, running
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.noc.test_alerting import all_up, configured, incidents
from tests.patience import wait_until

pytestmark = [
    pytest.mark.xdist_group("soak-faults"),
    pytest.mark.soak,
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
]

LINK = "lga-chamwino-a"
FAULT_PER = 100  # kills of the other run: a fault, its recovery and the kills between take some four minutes
WHILE_DOWN = 4  # kills while the link is cut; one more follows when it is mended


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
