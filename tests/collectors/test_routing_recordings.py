"""Routing peers of recorded devices, served over UDP and read by our engine: right on all, and under every fault."""

import asyncio
import json
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from collectors.contract import CollectError, Target
from collectors.neighbours import Neighbours
from collectors.peers import Peers
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from inventory.batch import Batch, Facts
from inventory.model import Device
from tests.collectors.snmp.replays import replay
from tests.collectors.test_recordings import RECORDINGS, _compare
from tests.collectors.test_replay import devices_of

HOLDING = (
    *("arista_eos", "dell-os10", "edgeos", "fortigate_60f3g4g", "iosxe", "iosxe_c9400", "iosxr_asr9001"),
    *("junos_mx5t-isis", "junos_vmx", "timos_7705", "vrp_5720", "zino-cisco-bgp-oper-down", "zino-juniper-bgp"),
)
BGP_STATE = "1.3.6.1.2.1.15.3.1.2"
LASTING = (  # the poll succeeds by a lesser way (SEMANTICS 43)
    {"device": "edgeos", "kind": "nobulk"},
    {"device": "fortigate_60f3g4g", "kind": "bulkcap", "n": 3},
    {"device": "iosxe", "kind": "toobig", "n": 8},
    {"device": "junos_vmx", "kind": "dup"},
    {"device": "vrp_5720", "kind": "nobulk_drop"},
    {"device": "arista_eos", "kind": "loss", "p": 0.1},
    {"device": "timos_7705", "kind": "generr", "oid": "1.3.6.1.4.1.9.9.187.1.2.9.1.5"},
    {"device": "iosxr_asr9001", "kind": "loop", "oid": "1.3.6.1.4.1.9.9.187.1.2.8.1.1"},
)

pytestmark = [
    pytest.mark.xdist_group("routing-replay"),
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/recordings"),
]


@contextmanager
def served(place: Path, names: Sequence[str], faults: Sequence[dict[str, Any]]) -> Iterator[list[Device]]:
    """These recordings as agents on loopback."""
    with replay(place, [RECORDINGS / f"{name}.snmprec" for name in names], faults=faults, network=68):
        yield devices_of(place)


Said = dict[str, list[Batch | Facts]]


async def _asked(devices: Sequence[Device], rounds: int = 1) -> list[Said]:
    """What every device said in each round; a failed one says nothing."""
    async with Engine() as engine:
        sessions = Sessions(engine, lambda name: name)
        peers = Peers(sessions.of, time.time)
        neighbours = Neighbours(sessions.of, lambda _: None, time.time)

        async def one(device: Device) -> tuple[str, list[Batch | Facts]]:
            said: list[Batch | Facts] = []
            for collector in (peers, neighbours):
                try:
                    said += await collector.collect(Target(device, "peers", 30), int(time.time()))
                except CollectError:
                    continue
            return device.key, said

        return [dict(await asyncio.gather(*map(one, devices))) for _ in range(rounds)]


def _answers(said: Sequence[Batch | Facts]) -> dict[str, Any]:
    """In the form of compare.py, states joined to facts by key."""
    found: dict[str, dict[str, dict[str, Any]]] = {"bgp": {}, "ospf": {}}
    for each in said:
        if isinstance(each, Facts) and each.part in found:
            listed = each.content["peers" if each.part == "bgp" else "neighbours"]
            found[each.part] = {key: dict(one) for key, one in listed.items()}
    for each in said:
        part = {"bgp_peer": "bgp", "ospf_neighbour": "ospf"}.get(each.measurement) if isinstance(each, Batch) else None
        if part and isinstance(each, Batch):
            for key, state in zip(each.rows, each.values[0].tolist(), strict=True):
                found[part][key]["state"] = state
    return {part: list(one.values()) for part, one in found.items()}


def _scored(said: Said) -> tuple[Counter[str], Counter[str], list[str]]:
    compare = _compare()
    right, asked, wrong = Counter[str](), Counter[str](), []
    for name, each in said.items():
        expected = json.loads((RECORDINGS / "expected" / f"{name}.json").read_text())
        ok, n, notes = compare.score(expected, _answers(each), {}, Namespace(static=True))
        right += ok
        asked += n
        wrong += [f"{name} {note}" for note in notes if note.split(":")[0] in ("bgp", "ospf")]
    return right, asked, wrong


def test_every_recorded_peer_and_neighbour_reads_as_it_was(tmp_path: Path) -> None:
    names = sorted(path.stem for path in RECORDINGS.glob("*.snmprec"))
    with served(tmp_path, names, ()) as devices:
        [said] = asyncio.run(_asked(devices))
    right, asked, wrong = _scored(said)
    assert wrong == []
    assert (asked["bgp"], asked["ospf"]) == (right["bgp"], right["ospf"])
    assert asked["bgp"] >= 24 and asked["ospf"] >= 3
    heard = {
        name: each.content["neighbours"]
        for name, answers in said.items()
        for each in answers
        if isinstance(each, Facts) and each.part == "neighbours" and each.content["neighbours"]
    }
    assert len(heard) >= 14
    placed = [one["ifIndex"] is not None for rows in heard.values() for one in rows]
    assert all(placed), "every neighbour stands at an interface"


def test_rule_43_every_lasting_fault_leaves_the_peers_right(tmp_path: Path) -> None:
    with served(tmp_path, HOLDING, LASTING) as devices:
        said, again = asyncio.run(_asked(devices, rounds=2))
    assert _scored(said)[2] == []
    for name, answers in again.items():
        first = {each.measurement: each for each in said[name] if isinstance(each, Batch)}
        for each in answers:
            if isinstance(each, Batch):
                assert (each.rows, each.values[0].tolist()) == (
                    first[each.measurement].rows,
                    first[each.measurement].values[0].tolist(),
                ), name


def test_a_peer_missing_from_the_table_in_a_later_poll_is_unknown(tmp_path: Path) -> None:
    faults = [{"device": "vrp_5720", "kind": "missing", "oid": f"{BGP_STATE}.5.5.5.5", "at": 4.0}]
    with served(tmp_path, ("vrp_5720",), faults) as devices:

        async def twice() -> list[dict[str, float]]:
            async with Engine() as engine:
                peers = Peers(Sessions(engine, lambda name: name).of, time.time)
                states = []
                for pause in (5.0, 0.0):
                    said = await peers.collect(Target(devices[0], "peers", 30), int(time.time()))
                    [batch] = [each for each in said if isinstance(each, Batch) and each.measurement == "bgp_peer"]
                    states.append(dict(zip(batch.rows, batch.values[0].tolist(), strict=True)))
                    await asyncio.sleep(pause)
                return states

        first, second = asyncio.run(twice())
    assert first == {"2.2.2.2": 6, "5.5.5.5": 6}
    assert second["2.2.2.2"] == 6
    assert second["5.5.5.5"] != second["5.5.5.5"]


def test_a_device_without_peers_costs_two_requests_an_hour_and_one_with_peers_one_a_poll(tmp_path: Path) -> None:
    names = ("routeros", "panos", "edgeos", "junos_vmx")
    with served(tmp_path, names, ()) as devices:

        async def costs() -> dict[str, list[int]]:
            async with Engine() as engine:
                sessions, now = Sessions(engine, lambda name: name), [1e9]
                peers, found = Peers(sessions.of, lambda: now[0]), dict[str, list[int]]()
                for device in devices:
                    session, counts = sessions.of(device), list[int]()
                    for _ in range(3):
                        await peers.collect(Target(device, "peers", 30), 0)
                        counts.append(getattr(session, "pdus") - sum(counts))  # noqa: B009  # no part of the contract
                        now[0] += 30
                    found[device.key] = counts
                return found

        found = asyncio.run(costs())
    assert found["routeros"] == found["panos"] == [2, 0, 0]
    assert found["edgeos"][1:] == found["junos_vmx"][1:] == [1, 1]
