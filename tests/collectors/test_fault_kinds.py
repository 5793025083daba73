"""Every fault kind of the replay tool against the interface poll: right by a lesser way, or one named failure."""

import asyncio
import json
import time
from collections.abc import Mapping
from math import isnan
from typing import Any

import pytest

from collectors.contract import BadAnswer, CollectError, NoAnswer, Reading, Target, TooSlow
from collectors.interfaces import Interfaces
from collectors.rates import RateMeter
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from inventory.batch import Facts
from inventory.model import Device, Snmp
from tests.collectors.snmp.replays import RECORDINGS, TOOL, needs_shared, replay
from tests.patience import HANGS_S
from tests.stalls import Stalls, stalls

RECORDING = "thola-routeros-CHR_1.snmprec"
IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
FAULTS: Mapping[str, dict[str, Any]] = {
    "dead": {},
    "delay": {"ms": 150, "jitter_ms": 100},
    "loss": {"p": 0.2},
    "v1only": {},
    "nobulk": {},
    "nobulk_drop": {},
    "bulkcap": {"n": 3},
    "toobig": {"n": 5},
    "loop": {"oid": f"{IF}.8"},
    "wrongid": {},
    "othersrc": {},
    "dup": {},
    "truncate": {},
    "garbage": {},
    "generr": {"oid": f"{IF}.14"},
    "missing": {"oid": IFX},
    "nosuch": {"oid": f"{IF}.7"},
    "reboot": {"at": 6},
    "ifdown": {"ifIndex": 1},
    "freeze": {"at": 6},
    "wrap32": {},
    "speed0": {},
    "reindex": {"offset": 1000, "at": 6},
    "unordered": {},
}
FAILURES: Mapping[str, type[CollectError] | tuple[type[CollectError], ...]] = {
    "dead": NoAnswer,
    "wrongid": BadAnswer,
    "othersrc": BadAnswer,
    "truncate": BadAnswer,
    "garbage": BadAnswer,
}
PATIENT = ("loss", "v1only")  # a poll of theirs may fail while others are answered
ROUNDS, EVERY_S, MOST_ROUNDS = 4, 2.5, 20
BEARS_S = 0.2
NEAR = 0.1  # of the true rate: a poll spread over tenths of a second, and a busy machine
Said = dict[str, Any]

pytestmark = [*needs_shared, pytest.mark.xdist_group("fault-kinds")]  # its fixture takes long: once is enough


async def asked(interfaces: Interfaces, sessions: Sessions, device: Device, kept_back: Stalls) -> Said:
    """All rounds of one device: its last list, its rates, and what failed.

    A round in whose middle the machine slept, the tool with it, is played again: counters ran on after sysUpTime.
    """
    meter, said, rounds = RateMeter(EVERY_S), Said(rates=[], failures=[], keys=()), 0
    for _ in range(MOST_ROUNDS):
        began = time.monotonic()
        try:
            told = await interfaces.collect(Target(device, "interfaces", EVERY_S), int(time.time()))
            slept = kept_back.worst_s(began) > BEARS_S
            heard(said, meter, [each for each in told if isinstance(each, Facts) or not slept])
        except CollectError as error:
            slept = kept_back.worst_s(began) > BEARS_S and device.key not in FAILURES
            said["failures"] += [] if slept else [error]
            if device.key in FAILURES:
                break
            await sessions.fallback.settled(device)
        rounds += not slept
        if rounds == ROUNDS:
            break
        await asyncio.sleep(EVERY_S)
    return said


def heard(said: Said, meter: RateMeter, told: list[Any]) -> None:
    for each in told:
        if isinstance(each, Facts):
            said["keys"] = tuple(one["key"] for one in each.content["interfaces"])
        elif isinstance(each, Reading):
            for batch in meter.feed([each]):
                if batch.measurement == "interface":
                    indexes = [row.index for row in each.rows]
                    pairs = zip(batch.of("in_bps").tolist(), batch.of("out_bps").tolist(), strict=True)
                    said["rates"].append(dict(zip(indexes, pairs, strict=True)))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Said], dict[str, Any]]:
    """Fault -> what came of it; and the truth. All faults at once, each on a device of its own."""
    where = tmp_path_factory.mktemp("kinds")
    files = []
    for name in ("none", *FAULTS):
        files.append(where / f"{name}.snmprec")
        files[-1].write_bytes((RECORDINGS / RECORDING).read_bytes())
    faults = [{"device": name, "kind": name, **fault} for name, fault in FAULTS.items()]

    async def ask(addresses: Mapping[str, tuple[str, int]]) -> dict[str, Said]:
        devices = [Device(name, "s", host, snmp=Snmp("2c", "public", port)) for name, (host, port) in addresses.items()]
        async with Engine(pause_s=0.5) as engine:
            sessions = Sessions(engine, lambda name: name)
            interfaces = Interfaces(sessions.of, time.time)
            with stalls() as kept_back:
                said = await asyncio.gather(*(asked(interfaces, sessions, device, kept_back) for device in devices))
            sessions.close()
        return {device.key: one for device, one in zip(devices, said, strict=True)}

    truth = where / "truth.json"
    with replay(where, files, "--live", "--truth", str(truth), faults=faults, network=73) as addresses:
        return asyncio.run(asyncio.wait_for(ask(addresses), HANGS_S)), json.loads(truth.read_text())


def test_rule_43_every_fault_kind_of_the_tool_is_tried_here() -> None:
    written = TOOL.read_text()
    listed = written[written.index("Fault kinds:") : written.index("`missing`, `reindex`")]
    kinds = {word.partition("{")[0].strip(". \n()") for word in listed.removeprefix("Fault kinds:").split(";")}
    assert {kind.split("(")[0].strip() for kind in kinds} == set(FAULTS)


@pytest.mark.parametrize("fault", FAILURES)
def test_rule_43_given_a_fault_past_mending_then_each_poll_fails_by_name(
    fault: str, told: tuple[dict[str, Said], dict[str, Any]]
) -> None:
    said = told[0][fault]
    assert said["failures"]
    assert all(isinstance(error, FAILURES[fault]) for error in said["failures"]), said["failures"]
    assert not said["rates"]


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in FAILURES])
def test_rule_43_given_a_fault_then_the_list_is_right_and_no_rate_is_wrong(
    fault: str, told: tuple[dict[str, Said], dict[str, Any]]
) -> None:
    said, truth = told[0][fault], told[1][fault]
    if fault in PATIENT:
        assert all(isinstance(error, NoAnswer | TooSlow) for error in said["failures"]), said["failures"]
    else:
        assert not said["failures"]
    if fault == "missing":  # names of the extension table are gone with it
        assert len(said["keys"]) == len(told[0]["none"]["keys"])
    else:
        assert sorted(said["keys"]) == sorted(told[0]["none"]["keys"])
    assert said["rates"], "some poll was answered"
    off = [each for rates in said["rates"] for each in errors(rates, truth)]
    assert off or fault == "wrap32"
    if fault == "freeze":  # in mid-interval: that step is short of what was, and no step is over it
        assert max(off) < NEAR
    elif fault == "ifdown":  # its counters stand still
        assert sum(abs(each) > NEAR for each in off) <= 2 * ROUNDS
    else:
        assert max(map(abs, off), default=0.0) < NEAR


def errors(rates: Mapping[int, tuple[float, float]], truth: Mapping[str, dict[str, Any]]) -> list[float]:
    """How far off each known rate is, of the true one, where there is one to be held against.

    The tool gives an interface that it renumbered another rate, so its counters leap: there is no truth to that step.
    """
    found = []
    for index, pair in rates.items():
        true = truth.get(str(index))
        for rate, name in zip(pair, ("in_bps", "out_bps"), strict=True):
            if true is not None and true["oper"] == 1 and not isnan(rate) and true[name] > 1e5:
                found.append((rate - true[name]) / true[name])
    return found
