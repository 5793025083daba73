"""Recordings with moving counters, polled over UDP by our engine: rates are right, and faults make no spike."""

import asyncio
import json
import time
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from collectors.contract import Reading, Target
from collectors.interfaces import Interfaces
from collectors.rates import RateMeter
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from inventory.model import Device, Snmp
from tests.collectors.snmp.replays import replay
from tests.stalls import stalls

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
RECORDINGS = SHARED / "recordings" / "snmp"
SOUND = ("arista_eos", "ssd-vyatta-unknown", "mimosa_b5")
FAULTS = [
    {"device": "routeros", "kind": "reboot", "at": 4},
    {"device": "junos_vmx", "kind": "reindex", "at": 4, "offset": 1000},
    {"device": "panos", "kind": "freeze", "at": 4, "until": 7},
]
ROUNDS, EVERY_S = 6, 2.0
BEARS_S = 0.05  # of the 3 % that a mean may be off

pytestmark = [
    pytest.mark.xdist_group("replay"),
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/recordings"),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("replay")
    files = [RECORDINGS / f"{name}.snmprec" for name in (*SOUND, *(str(fault["device"]) for fault in FAULTS))]
    with replay(place, files, "--live", "--truth", str(place / "truth.json"), faults=FAULTS, network=67):
        yield place


Seen = dict[str, dict[int, list[tuple[float, float]]]]  # device -> ifIndex -> (in, out) per round


async def polled(devices: list[Device]) -> Seen:
    seen: Seen = {device.key: {} for device in devices}
    meter = RateMeter(EVERY_S)
    async with Engine() as engine:
        interfaces = Interfaces(Sessions(engine, lambda name: name).of, time.time)
        rounds = 0
        while rounds < ROUNDS:
            targets = [Target(device, "interfaces", EVERY_S) for device in devices]
            with stalls() as kept_back:
                said = await asyncio.gather(*(interfaces.collect(target, int(time.time())) for target in targets))
            if kept_back.worst_s() > BEARS_S:  # the agents slept, too: counters ran on after sysUpTime was read
                continue
            rounds += 1
            readings = {each.device: each for one in said for each in one if isinstance(each, Reading)}
            for batch in meter.feed(list(readings.values())):
                if batch.measurement == "interface":
                    rates = zip(batch.of("in_bps").tolist(), batch.of("out_bps").tolist(), strict=True)
                    for row, pair in zip(readings[batch.scope].rows, rates, strict=True):
                        seen[batch.scope].setdefault(row.index, []).append(pair)
            await asyncio.sleep(EVERY_S)
    return seen


DIRECTIONS = ("in_bps", "out_bps")


def known(rates: list[tuple[float, float]], direction: int) -> list[float]:
    return [pair[direction] for pair in rates if not isnan(pair[direction])]


def devices_of(place: Path) -> list[Device]:
    said = json.loads((place / "inventory.json").read_text())
    agents = said["devices"] if isinstance(said, dict) else said
    return [Device(each["name"], "s", each["address"], snmp=Snmp("2c", "public", each["port"])) for each in agents]


def test_rule_02_rates_of_replayed_devices_are_right_and_faults_make_no_spike(served: Path) -> None:
    truth: dict[str, dict[str, dict[str, Any]]] = json.loads((served / "truth.json").read_text())
    devices = devices_of(served)
    seen = asyncio.run(polled(devices))
    assert len(devices) == len(SOUND) + len(FAULTS)
    checked = 0
    for name in (*SOUND, "routeros", "panos"):
        for index, true in truth[name].items():
            for direction, quantity in enumerate(DIRECTIONS):
                found = known(seen[name][int(index)], direction)
                if true["oper"] != 1 or not found:
                    continue
                checked += 1
                assert max(found) <= 2 * true[quantity] + 500, (name, index, found, true)
                if name in SOUND:  # the mean over all rounds: time is taken per answer, and the machine may be busy
                    assert mean(found) == pytest.approx(true[quantity], rel=0.03, abs=500), (name, index, found)
    assert checked > 80
    for name in ("routeros", "panos"):
        assert all(not isnan(rates[-1][0]) for rates in seen[name].values())
    assert any(index > 1000 for index in seen["junos_vmx"])
