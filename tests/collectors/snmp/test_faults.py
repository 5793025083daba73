"""Every fault kind of the replay tool is survived: right values by a lesser way, or one clean named failure."""

import asyncio
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from collectors.contract import BadAnswer, CollectError, NoAnswer, Plan, TooSlow
from collectors.snmp.engine import Engine
from collectors.snmp.session import Session
from tests.collectors.snmp.agent import ENGINES, session_to
from tests.collectors.snmp.replays import RECORDINGS, needs_shared, replay
from tests.collectors.snmp.sealed_agent import REPLAYED, secured
from tests.patience import HANGS_S

pytestmark = needs_shared

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
COLUMNS = (f"{IF}.2", f"{IF}.7", f"{IF}.8", f"{IFX}.1", f"{IFX}.6", f"{IFX}.10")
SYSTEM = ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.2.1.0")
UPTIME = "1.3.6.1.2.1.1.3.0"
FAULTS: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "dead": [{"kind": "dead"}],
    "delay": [{"kind": "delay", "ms": 150, "jitter_ms": 100}],
    "late": [{"kind": "delay", "ms": 600}],
    "loss": [{"kind": "loss", "p": 0.2}],
    "v1only": [{"kind": "v1only"}],
    "nobulk": [{"kind": "nobulk"}],
    "nobulk_drop": [{"kind": "nobulk_drop"}],
    "bulkcap": [{"kind": "bulkcap", "n": 1}],
    "bulkcap3": [{"kind": "bulkcap", "n": 3}],
    "toobig": [{"kind": "toobig", "n": 5}],
    "toobig1": [{"kind": "toobig", "n": 1}],
    "loop": [{"kind": "loop", "oid": f"{IF}.8"}],
    "wrongid": [{"kind": "wrongid"}],
    "othersrc": [{"kind": "othersrc"}],
    "dup": [{"kind": "dup"}],
    "truncate": [{"kind": "truncate"}],
    "garbage": [{"kind": "garbage"}],
    "generr": [{"kind": "generr", "oid": f"{IF}.8"}],
    "missing": [{"kind": "missing", "oid": IFX}],
    "nosuch": [{"kind": "nosuch", "oid": f"{IF}.7"}],
    "reboot": [{"kind": "reboot"}],
    "ifdown": [{"kind": "ifdown", "ifIndex": 1}],
    "freeze": [{"kind": "freeze"}],
    "wrap32": [{"kind": "wrap32"}],
    "speed0": [{"kind": "speed0"}],
    "reindex": [{"kind": "reindex", "offset": 1000}],
    "unordered": [{"kind": "unordered"}],
}
FAILURES: dict[str, type[CollectError]] = {
    "dead": NoAnswer,
    "v1only": NoAnswer,
    "wrongid": BadAnswer,
    "othersrc": BadAnswer,
    "truncate": BadAnswer,
    "garbage": BadAnswer,
}
RECORDING = "thola-routeros-CHR_1.snmprec"


async def told(session: Session, rows: list[int]) -> dict[str, Any]:
    """What a session says of one device: system values, table and matrix, twice over, or the failure."""
    plan = Plan((UPTIME,), (f"{IF}.7", f"{IF}.8", f"{IFX}.6"), tuple(rows))
    said: dict[str, Any] = {"session": session}
    try:
        said["system"] = await session.get(SYSTEM)
        said["table"] = await session.table(COLUMNS)
        said["matrices"] = [await session.matrix(plan) for _ in range(4)]
    except CollectError as failure:
        said["failure"] = failure
    return said


@pytest.fixture(scope="module", params=[*ENGINES, "v3"])
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    """Fault -> what was said; all faults at once, each on a device of its own."""
    where = tmp_path_factory.mktemp("faults")
    files = []
    for name in FAULTS:
        files.append(where / f"{name}.snmprec")
        files[-1].write_bytes((RECORDINGS / RECORDING).read_bytes())
    faults = [{"device": name, **fault} for name, kinds in FAULTS.items() for fault in kinds]

    sealed = request.param == "v3"
    network = 76 if sealed else 75 if request.param else 71
    if sealed:  # the tool speaks v3 all the same
        faults = [fault | {"kind": "dead"} if fault["kind"] == "v1only" else fault for fault in faults]

    async def ask(addresses: Mapping[str, tuple[str, int]]) -> dict[str, dict[str, Any]]:
        async with Engine(pause_s=0.4, fast=bool(request.param)) as engine:
            index = await session_to(engine, addresses["none"]).table([f"{IF}.1"])
            rows = [row[0] for row in index]
            assert len(rows) > 8
            to = secured if sealed else session_to
            asked = [told(to(engine, addresses[name]), rows) for name in FAULTS]
            return dict(zip(FAULTS, await asyncio.gather(*asked), strict=True))

    with replay(where, files, "--v3", REPLAYED, faults=faults, network=network) as addresses:
        return asyncio.run(asyncio.wait_for(ask(addresses), HANGS_S))


@pytest.mark.parametrize("fault", FAILURES)
def test_given_a_fault_past_mending_then_one_clean_failure_names_it(
    fault: str, answers: Mapping[str, dict[str, Any]]
) -> None:
    assert type(answers[fault].get("failure")) is FAILURES[fault], answers[fault]


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in FAILURES])
def test_rule_43_given_a_fault_then_no_value_is_wrong(fault: str, answers: Mapping[str, dict[str, Any]]) -> None:
    said, truth = answers[fault], answers["none"]
    if fault in ("late", "loss") and "failure" in said:
        assert isinstance(said["failure"], NoAnswer | TooSlow)
        return
    assert "failure" not in said, said["failure"]
    assert said["system"] == truth["system"]
    offset = 1000 if fault == "reindex" else 0
    hidden = {"missing": (3, 4, 5), "nosuch": (), "generr": (2,)}.get(fault, ())
    changed = {("ifdown", 1, 2): 2}
    for (index,), row in truth["table"].items():
        got = said["table"][index + offset,]
        for place, value in enumerate(row):
            assert got[place] == changed.get((fault, index, place), None if place in hidden else value), (index, place)
    assert len(said["table"]) == len(truth["table"])


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in FAILURES])
def test_rule_43_given_a_fault_then_no_cell_of_a_matrix_is_wrong(
    fault: str, answers: Mapping[str, dict[str, Any]]
) -> None:
    said, truth = answers[fault], answers["none"]
    if "failure" in said:
        return
    hidden = {"missing": (2,), "generr": (1,), "reindex": (0, 1, 2)}.get(fault, ())
    for got, right in zip(said["matrices"], truth["matrices"], strict=True):
        assert got.values.shape == right.values.shape
        for column in range(3):
            known = np.ones(len(right.values[0]), bool) if got.known is None else got.known[column]
            if column in hidden:
                assert not known.any(), column
            else:
                assert known.all(), column
                same = got.values[column] == right.values[column]
                assert same.all() or (fault == "ifdown" and (~same).sum() == 1), column
