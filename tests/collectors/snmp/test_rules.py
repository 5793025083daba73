"""The rules of asking (SEMANTICS 8, 9, 10, 42, 43, 45), one by one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from collectors.contract import NoAnswer, Plan
from collectors.snmp import ber
from collectors.snmp.call import ROWS
from collectors.snmp.engine import Engine
from collectors.snmp.message import Request
from tests.collectors.snmp.agent import ENGINES, Agent, Arcs, Asked, arcs, serving, session_to
from tests.patience import HANGS_S

UPTIME = "1.3.6.1.2.1.1.3.0"
COLUMNS = ("1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.31.1.1.1.6")
PAUSE_S = 0.1


def objects(rows: int = 30) -> dict[Arcs, bytes]:
    found = {arcs(UPTIME): ber.unsigned(4711, ber.TIMETICKS)}
    for row in range(1, rows + 1):
        for place, column in enumerate(COLUMNS):
            found[*arcs(column), row] = ber.unsigned(1000 * place + row, ber.COUNTER32)
    return found


def plan(rows: int = 30) -> Plan:
    return Plan((UPTIME,), COLUMNS, tuple(range(1, rows + 1)))


def run(
    what: Callable[[Engine, Agent], Awaitable[None]], agent: Agent, *, fast: bool, pause_s: float = PAUSE_S
) -> None:
    async def go() -> None:
        async with Engine(pause_s=pause_s, fast=fast) as engine, serving(agent):
            await what(engine, agent)

    asyncio.run(asyncio.wait_for(go(), HANGS_S))


def right(matrix, rows: int = 30) -> bool:  # type: ignore[no-untyped-def]
    expected = [[1000 * place + row for row in range(1, rows + 1)] for place in range(3)]
    return matrix.known is None and matrix.values.tolist() == expected and matrix.scalars == (4711,)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_08_given_large_bulks_unanswered_then_rows_are_halved_and_remembered(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        assert right(await session.matrix(plan()))
        assert session.way.rows < ROWS
        for _ in range(3):
            await session.matrix(plan())
        before = len(agent.asked)
        assert right(await session.matrix(plan()))
        assert session.way.bulk
        assert max(asked.second for asked in agent.asked[before:]) in (3, 4, 5)

    run(what, Agent(objects(), spoil=lambda asked, answer: [answer] if asked.second <= 5 else []), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_08_given_no_experience_then_max_repetitions_is_small(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        await session.table(COLUMNS)
        await session.matrix(plan())
        assert max(asked.second for asked in agent.asked) <= 10

    run(what, Agent(objects()), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_09_given_a_dead_device_then_one_cheap_probe_is_one_request(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        with pytest.raises(NoAnswer):
            await session.get([UPTIME], tries=1)
        assert len(agent.asked) == 1

    run(what, Agent(objects(), spoil=lambda asked, answer: []), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_09_given_all_devices_dead_then_every_poll_ends(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        dead = [session_to(engine, (f"127.77.0.{n}", 9)) for n in range(1, 150)]
        ended = await asyncio.gather(*(session.matrix(plan()) for session in dead), return_exceptions=True)
        assert {type(failure) for failure in ended} == {NoAnswer}
        assert engine.in_flight == 0

    run(what, Agent(objects()), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_10_given_one_slow_agent_then_the_others_are_done_before_it(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        async with serving(Agent(objects(), delay_s=2 * HANGS_S)) as slow:
            stuck = asyncio.ensure_future(session_to(engine, slow.address).matrix(plan(), limit_s=HANGS_S))
            quick = session_to(engine, agent.address)
            for _ in range(50):
                assert right(await quick.matrix(plan()))
            assert not stuck.done()
            stuck.cancel()
            with pytest.raises(asyncio.CancelledError):
                await stuck

    run(what, Agent(objects()), fast=fast, pause_s=HANGS_S / 4)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_42_given_a_loop_then_the_walk_is_cut_off_named_and_the_rest_kept(fast: bool) -> None:
    class Looping(Agent):
        def _next(self, name: Arcs) -> tuple[Arcs, bytes]:
            found, content = super()._next(name)
            return ((*arcs(COLUMNS[0]), 3), content) if found == (*arcs(COLUMNS[0]), 9) else (found, content)

    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        table = await session.table(COLUMNS)
        assert [table[row,] for row in range(1, 31)] == [[row, 1000 + row, 2000 + row] for row in range(1, 31)]
        assert session.cut_off == 1
        assert COLUMNS[0] in session.notes[0] and "comes back" in session.notes[0]

    run(what, Looping(objects()), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_42_given_a_table_without_end_then_it_is_cut_off_and_named(fast: bool) -> None:
    class Endless(Agent):
        def _next(self, name: Arcs) -> tuple[Arcs, bytes]:
            column = arcs(COLUMNS[0])
            return ((*column, name[len(column)] + 1 if len(name) > len(column) else 1), ber.integer(1))

    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        table = await session.table(COLUMNS[:1])
        assert len(table) >= 10_000
        assert session.cut_off == 1 and "does not end" in session.notes[0]

    run(what, Endless({}), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_42_given_rows_out_of_order_then_all_are_read(fast: bool) -> None:
    order = [10101, 10102, 5, 1, 4194316032, 7]

    class Unordered(Agent):
        def _next(self, name: Arcs) -> tuple[Arcs, bytes]:
            column = arcs(COLUMNS[0])
            at = order.index(name[-1]) + 1 if name[:-1] == column else 0
            return ((*column, order[at]), ber.integer(at)) if at < len(order) else (name, b"\x82\x00")

    async def what(engine: Engine, agent: Agent) -> None:
        table = await session_to(engine, agent.address).table(COLUMNS[:1])
        assert table == {(index,): [at] for at, index in enumerate(order)}

    run(what, Unordered({}), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_43_given_bulk_refused_then_the_way_is_remembered(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        assert right(await session.matrix(plan()))
        before = len(agent.asked)
        assert right(await session.matrix(plan()))
        assert {asked.pdu for asked in agent.asked[before:]} == {ber.GET}

    run(what, Agent(objects(), status=lambda asked: (5, 0) if asked.pdu == ber.GETBULK else (0, 0)), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_43_given_rows_that_went_away_then_they_are_unknown_and_no_other_rows_values(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session, asked = session_to(engine, agent.address), plan()
        for _ in range(3):
            assert right(await session.matrix(asked))
        held = agent.objects
        agent.objects = {name: held[name] for name in held if name[-1] not in (1, 7, 30)}
        for _ in range(3):
            matrix = await session.matrix(asked)
            assert matrix.known is not None
            for (place, row), known in [((p, r), matrix.known[p, r]) for p in range(3) for r in range(30)]:
                assert known == (row + 1 not in (1, 7, 30))
                assert matrix.values[place, row] == (1000 * place + row + 1 if known else 0)

    run(what, Agent(objects()), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_43_given_an_answer_shorter_than_promised_then_the_rest_is_asked(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        for _ in range(4):
            assert right(await session.matrix(plan()))

    run(what, Agent(objects(), largest=330), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_45_given_columns_then_only_they_are_walked_and_every_pdu_is_counted(fast: bool) -> None:
    everything = objects()
    everything |= {(*arcs("1.3.6.1.2.1.2.2.1.11"), row): ber.integer(row) for row in range(1, 500)}

    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        await session.table(COLUMNS)
        matrix = await session.matrix(plan())
        assert session.pdus == len(agent.asked) < 12
        assert session.octets == engine.counters.octets_sent + engine.counters.octets_received
        assert 0 < matrix.pdus < 8 and matrix.octets > 1000

    run(what, Agent(everything), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_poll_then_only_the_request_id_changes(fast: bool) -> None:
    seen: set[tuple[int, ...]] = set()

    def remember(asked: Asked, answer: bytes) -> list[bytes]:
        seen.add((asked.pdu, asked.first, asked.second, len(asked.names)))
        return [answer]

    async def what(engine: Engine, agent: Agent) -> None:
        session, asked = session_to(engine, agent.address), plan()
        for _ in range(3):
            await session.matrix(asked)
        requests: tuple[Request, ...] = next(iter(session._polls.values())).requests
        seen.clear()
        for _ in range(5):
            await session.matrix(asked)
        assert len(seen) <= len(requests)
        assert next(iter(session._polls.values())).requests is requests

    run(what, Agent(objects(), spoil=remember), fast=fast)
