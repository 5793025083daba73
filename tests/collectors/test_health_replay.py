"""Recordings asked over UDP by our engine: the same facts as in memory, and under every fault no wrong value."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from collectors.contract import CollectError, Target
from collectors.health import Health
from collectors.snmp.engine import Engine
from collectors.snmp.session import Session
from collectors.snmp.sessions import Sessions
from collectors.system import System
from inventory.batch import Batch
from inventory.model import Device, Snmp
from tests.collectors.played import RECORDINGS, Played, compare, load, shaped, spoken
from tests.collectors.recording import read_recording
from tests.collectors.snmp.replays import replay
from tests.patience import HANGS_S

NAMES = (
    "junos_mx5t-isis",
    "vrp_5720",
    "routeros_crs317",
    "ios_2960x",
    "edgeos",
    "eaton-mgeups_93ps",
    "timos_7705",
    "asa",
)
HOLD = {"at": 0, "until": 600}
# Each holds while the device is asked; what it may cost is a poll, never a wrong value
FAULTS: Sequence[dict[str, Any]] = (
    {"kind": "delay", "ms": 150, "jitter_ms": 100},
    {"kind": "loss", "p": 0.1},
    {"kind": "v1only"},
    {"kind": "nobulk"},
    {"kind": "nobulk_drop"},
    {"kind": "bulkcap", "n": 2},
    {"kind": "toobig", "n": 600},
    {"kind": "loop", "oid": "1.3.6.1.2.1.25.2.3.1.3"},
    {"kind": "wrongid"},
    {"kind": "othersrc"},
    {"kind": "dup"},
    {"kind": "truncate"},
    {"kind": "garbage"},
    {"kind": "generr", "oid": "1.3.6.1.2.1.25.3.3.1.2"},
    {"kind": "missing", "oid": "1.3.6.1.2.1.47"},
    {"kind": "nosuch", "oid": "1.3.6.1.2.1.25"},
    {"kind": "unordered"},
    {"kind": "dead"},
)
USELESS = ("wrongid", "othersrc", "truncate", "garbage", "dead")  # the device cannot be read at all so

pytestmark = [
    pytest.mark.xdist_group("health-replay"),
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/recordings"),
]


@contextmanager
def served(files: Sequence[Path], place: Path, faults: Sequence[dict[str, Any]]) -> Iterator[list[Device]]:
    """The replay agents of the shared tools, until the end of the block."""
    with replay(place, files, faults=faults, network=69) as found:
        yield [Device(name, "s", host, snmp=Snmp("2c", "public", port)) for name, (host, port) in found.items()]


async def asked(devices: Sequence[Device], limit_s: float) -> tuple[dict[str, list[Any]], dict[str, tuple[int, int]]]:
    """What System and two polls of Health say of each device, and requests and octets of the second poll."""
    found: dict[str, list[Any]] = {}
    cost: dict[str, tuple[int, int]] = {}
    async with Engine() as engine:
        sessions = Sessions(engine, lambda name: name)
        system, health = System(sessions.of, time.time), Health(sessions.of, time.time)

        async def one(device: Device) -> None:
            session = sessions.of(device)
            assert isinstance(session, Session)
            said = found.setdefault(device.key, [])
            try:
                async with asyncio.timeout(limit_s):
                    said += await system.collect(Target(device, "system", 60), 0)
                    said += await health.collect(Target(device, "health", 60), 0)
                    before = session.pdus, session.octets
                    said += await health.collect(Target(device, "health", 60), 60)
                    cost[device.key] = session.pdus - before[0], session.octets - before[1]
            except (CollectError, TimeoutError):
                return

        await asyncio.gather(*(one(device) for device in devices))
    return found, cost


def wrong(said: Sequence[Any], expected: dict[str, Any]) -> list[str]:
    """What is told and is not so; less than all may be told."""
    _, _, notes = compare().score(expected, shaped(said), {}, SimpleNamespace(static=False))
    return [note for note in notes if note.startswith(("cpu_right", "memory_right", "temperature_right"))]


def test_given_recordings_over_udp_then_all_is_told_in_few_requests(tmp_path: Path) -> None:
    with served([RECORDINGS / f"{name}.snmprec" for name in NAMES], tmp_path, ()) as devices:
        found, cost = asyncio.run(asked(devices, HANGS_S))
    for name in NAMES:
        session, _ = load(name)
        assert shaped(found[name]) == spoken(session, name), name
        requests, octets = cost[name]
        assert requests <= 6, (name, requests)
        assert octets <= 12_000, (name, octets)


def test_given_a_fault_then_a_device_tells_the_truth_or_fails_by_name(tmp_path: Path) -> None:
    """Every kind at once, each on recordings of its own, so that the slow ones wait together."""
    originals = ("routeros_crs317", "edgeos", "ios_2960x")
    names = {f"{fault['kind']}-{name}": name for fault in FAULTS for name in originals}
    for copy, name in names.items():
        (tmp_path / f"{copy}.snmprec").symlink_to(RECORDINGS / f"{name}.snmprec")
    faults = [{"device": f"{fault['kind']}-*", **HOLD, **fault} for fault in FAULTS]
    with served([tmp_path / f"{copy}.snmprec" for copy in names], tmp_path, faults) as devices:
        found, _ = asyncio.run(asked(devices, HANGS_S))
    expected = {name: load(name)[1] for name in originals}
    assert {
        copy: wrong(found[copy], expected[name]) for copy, name in names.items() if wrong(found[copy], expected[name])
    } == {}
    answered = Counter(copy.partition("-")[0] for copy in names if any(isinstance(one, Batch) for one in found[copy]))
    sound = {str(fault["kind"]) for fault in FAULTS} - {*USELESS, "v1only"}  # how v1 is noticed is the sessions' matter
    assert {kind: answered[kind] for kind in sound if answered[kind] < 2} == {}
    assert {kind: answered[kind] for kind in USELESS if answered[kind]} == {}


def test_given_values_that_cannot_be_then_no_poll_breaks(tmp_path: Path) -> None:
    """A recording whose every number is nonsense."""
    lines = (RECORDINGS / "vrp_5720.snmprec").read_text("utf-8", "surrogateescape").split("\n")
    spoilt = [line.rpartition("|")[0] + "|2147483647" if "|2|" in line else line for line in lines]
    (tmp_path / "spoilt.snmprec").write_text("\n".join(spoilt), "utf-8", "surrogateescape")
    told = spoken(Played(read_recording(tmp_path / "spoilt.snmprec")), "spoilt")
    assert not any(not isnan(one) for one in told["cpu"])
    assert told["temperature"] == []
