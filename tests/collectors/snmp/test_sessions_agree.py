"""On random devices our session says what the objects are, and pysnmp says the same."""

import asyncio
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import Index, Plan, Value
from collectors.snmp import ber
from collectors.snmp.engine import Engine
from collectors.snmp.pysnmp_session import PysnmpSession
from tests.collectors.snmp.agent import ENGINES, Agent, Arcs, arcs, serving, session_to

COLUMNS = ("1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.31.1.1.1.18")
UPTIME = "1.3.6.1.2.1.1.3.0"

integers = st.integers(-(2**31), 2**31 - 1).map(lambda n: (n, ber.integer(n)))
counters = st.integers(0, 2**32 - 1).map(lambda n: (n, ber.unsigned(n, ber.COUNTER32)))
wides = st.integers(0, 2**64 - 1).map(lambda n: (n, ber.unsigned(n, ber.COUNTER64)))
texts = st.binary(max_size=40).map(lambda text: (text, ber.tlv(ber.OCTETS, text)))
kinds = (integers, counters, wides, texts)
indexes = st.lists(st.integers(1, 2**32 - 1) | st.integers(1, 60), unique=True, max_size=40)


@st.composite
def devices(draw: st.DrawFn) -> tuple[dict[Arcs, bytes], dict[tuple[int, int], Value], list[int]]:
    """Objects as the agent holds them; (column, row) -> value; the rows of any column."""
    rows = draw(indexes)
    objects = {arcs(UPTIME): ber.unsigned(draw(st.integers(0, 2**32 - 1)), ber.TIMETICKS)}
    cells: dict[tuple[int, int], Value] = {}
    holes = draw(st.sets(st.tuples(st.integers(0, 3), st.sampled_from(rows or [1])), max_size=6))
    for row in rows:
        for place, column in enumerate(COLUMNS):
            if (place, row) not in holes:
                value, objects[(*arcs(column), row)] = draw(kinds[place])
                cells[place, row] = value
    return objects, cells, rows


def table_of(cells: dict[tuple[int, int], Value], width: int) -> dict[Index, list[Value]]:
    return {(row,): [cells.get((place, row)) for place in range(width)] for _, row in cells}


@pytest.mark.parametrize("fast", ENGINES)
@settings(deadline=None, max_examples=40)
@given(device=devices(), largest=st.sampled_from([300, 700, 1472]))
def test_given_any_device_then_get_table_and_matrix_are_what_it_holds(device: Any, largest: int, fast: bool) -> None:
    objects, cells, rows = device

    async def ask() -> None:
        async with Engine(fast=fast) as engine, serving(Agent(objects, largest=largest)) as agent:
            session = session_to(engine, agent.address)
            assert await session.table(COLUMNS) == table_of(cells, len(COLUMNS))
            names = [f"{column}.{row}" for column in COLUMNS for row in rows]
            assert list(await session.get(names)) == [cells.get((p, row)) for p in range(len(COLUMNS)) for row in rows]
            plan = Plan((UPTIME,), COLUMNS, tuple(rows))
            for _ in range(4):
                matrix = await session.matrix(plan)
                known = np.ones(matrix.values.shape, bool) if matrix.known is None else matrix.known
                for (place, column), _ in np.ndenumerate(matrix.values):
                    value = cells.get((place, rows[column]))
                    assert known[place, column] == isinstance(value, int)
                    if isinstance(value, int):
                        assert int(matrix.values[place, column]) == value & 0xFFFFFFFFFFFFFFFF

    asyncio.run(ask())


@pytest.mark.parametrize("fast", ENGINES)
@settings(deadline=None, max_examples=8)
@given(device=devices(), version=st.sampled_from(["1", "2c"]))
def test_given_any_device_then_pysnmp_says_the_same(device: Any, version: str, fast: bool) -> None:
    objects, cells, _ = device
    narrow = COLUMNS[:2]

    async def ask() -> None:
        async with Engine(fast=fast) as engine, serving(Agent(objects)) as agent:
            session = PysnmpSession(*agent.address, "public", version=version)
            try:
                expected = table_of({cell: value for cell, value in cells.items() if cell[0] < 2}, 2)
                assert await session.table(narrow) == expected
                assert await session_to(engine, agent.address).table(narrow) == expected
                assert (await session.get(["1.3.6.1.9.9.0", UPTIME]))[0] is None
                assert list(await session.get([UPTIME])) == list(await session_to(engine, agent.address).get([UPTIME]))
            finally:
                session.close()

    asyncio.run(ask())
