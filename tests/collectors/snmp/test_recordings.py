"""On every recorded device our session and pysnmp say the same, in the agent's own order too."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collectors.contract import Plan
from collectors.snmp.engine import Engine
from collectors.snmp.pysnmp_session import PysnmpSession
from tests.collectors.snmp.agent import needs_fast, session_to
from tests.collectors.snmp.replays import RECORDINGS, needs_shared, replay
from tests.patience import HANGS_S

pytestmark = needs_shared

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
SYSTEM = [f"1.3.6.1.2.1.1.{n}.0" for n in (1, 2, 3, 5, 9)]
COLUMNS = [f"{IF}.{n}" for n in (1, 2, 5, 6, 8, 10)] + [f"{IFX}.{n}" for n in (1, 6, 15, 18)]
NUMBERS = (f"{IF}.8", f"{IF}.10", f"{IFX}.6", f"{IFX}.15")
FEW = 40  # rows up to which pysnmp, 800 times slower, is asked again where only the agent's order differs


async def ours(engine: Engine, address: tuple[str, int]) -> dict[str, Any]:
    session = session_to(engine, address)
    table = await session.table(COLUMNS)
    rows = tuple(index[0] for index, row in table.items() if row[0] is not None and len(index) == 1)
    plan = Plan((SYSTEM[2],), NUMBERS, rows)
    return {
        "system": await session.get(SYSTEM),
        "table": table,
        "rows": rows,
        "matrices": [await session.matrix(plan) for _ in range(4)],
    }


async def theirs(address: tuple[str, int], columns: list[str]) -> dict[str, Any]:
    session = PysnmpSession(*address, "public")
    try:
        return {"system": await session.get(SYSTEM), "table": await session.table(columns)}
    finally:
        session.close()


def asked(where: Path, *options: str, network: int, fast: bool) -> dict[str, Any]:
    async def ask(addresses: Mapping[str, tuple[str, int]]) -> dict[str, Any]:
        async with Engine(fast=fast) as engine:
            got = dict(
                zip(addresses, await asyncio.gather(*(ours(engine, a) for a in addresses.values())), strict=True)
            )
        for name, address in addresses.items():
            every = not options and not fast
            asked_too = COLUMNS if every or len(got[name]["table"]) <= FEW else []
            got[name]["oracle"] = await theirs(address, asked_too)
        return got

    with replay(where, [RECORDINGS], *options, network=network) as addresses:
        return asyncio.run(asyncio.wait_for(ask(addresses), HANGS_S))


@pytest.fixture(scope="module", params=["sorted", "file-order", pytest.param("compiled", marks=needs_fast)])
def answers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    options = ("--file-order",) if request.param == "file-order" else ()
    return asked(
        tmp_path_factory.mktemp("recordings"), *options, network=72 if options else 73, fast=request.param == "compiled"
    )


def test_given_recordings_then_both_sessions_say_the_same(answers: dict[str, Any]) -> None:
    assert len(answers) > 50
    assert sum(len(got["oracle"]["table"]) for got in answers.values()) > 200
    for name, got in answers.items():
        assert list(got["system"]) == list(got["oracle"]["system"]), name
        for index, row in got["oracle"]["table"].items():
            mine = got["table"][index]
            assert list(mine) == list(row), (name, index)


def test_given_recordings_then_tables_and_matrices_say_the_same(answers: dict[str, Any]) -> None:
    for name, got in answers.items():
        for column, oid in enumerate(NUMBERS):
            told = [got["table"][row,][COLUMNS.index(oid)] for row in got["rows"]]
            for matrix in got["matrices"]:
                known = np.ones(len(told), bool) if matrix.known is None else matrix.known[column]
                numbers = matrix.values[column].tolist()
                said = [number if sure else None for number, sure in zip(numbers, known, strict=True)]
                assert said == told, (name, oid)
