"""Values that had to be asked for again are younger than the others of their poll, and their rates know it."""

import asyncio
from math import isnan

import numpy as np
import pytest

from collectors.columns import COLUMNS, COUNTERS
from collectors.contract import Matrix, Plan, Reading, Row
from collectors.rates import RateMeter
from collectors.snmp import ber
from collectors.snmp.engine import Engine
from tests.collectors.snmp.agent import ENGINES, Agent, Asked, arcs, serving, session_to
from tests.patience import HANGS_S
from tests.stalls import undisturbed

UPTIME, COLUMN = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.31.1.1.1.6"
ROWS = tuple(range(1, 41))
OBJECTS = {
    arcs(UPTIME): ber.unsigned(4711, ber.TIMETICKS),
    **{(*arcs(COLUMN), row): ber.unsigned(row * 1000, ber.COUNTER64) for row in ROWS},
}
PAUSE_S = 0.3


def polled(answers: dict[int, int], pause_s: float, *, fast: bool) -> tuple[Matrix, int]:
    """The second poll of an agent from which so many answers to GETBULKs are lost, by the first row asked."""
    lost = dict(answers)

    def spoil(asked: Asked, answer: bytes) -> list[bytes]:
        row = asked.names[-1][-1]
        if spoiling and lost.get(row, 0):
            lost[row] -= 1
            return []
        return [answer]

    spoiling: list[bool] = []

    async def go() -> tuple[Matrix, int]:
        agent = Agent(OBJECTS, spoil=spoil)
        async with Engine(pause_s=pause_s, fast=fast) as engine, serving(agent):
            session = session_to(engine, agent.address)
            plan = Plan((UPTIME,), (COLUMN,), ROWS)
            first = await session.matrix(plan)
            assert first.late is None
            await session.matrix(plan)
            spoiling.append(True)
            matrix = await session.matrix(plan)
            assert engine.in_flight == 0
            assert matrix.values.tolist() == first.values.tolist()
            return matrix, engine.counters.resent

    return asyncio.run(asyncio.wait_for(go(), HANGS_S))


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_answer_asked_for_again_then_its_rows_are_that_much_younger(fast: bool) -> None:
    def story(scale: float) -> None:
        matrix, resent = polled({10: 1}, scale * PAUSE_S, fast=fast)
        assert resent == 1
        assert matrix.late is not None
        late = matrix.late[0]
        assert np.all(late[10:20] > scale * PAUSE_S / 2)
        assert np.all(late[:10] == 0)
        assert np.all(late[20:] == 0)
        assert matrix.age_s > scale * PAUSE_S / 2, "sysUpTime was read when the poll began"

    undisturbed(story)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_the_answer_with_sysuptime_asked_for_again_then_the_others_are_older(fast: bool) -> None:
    def story(scale: float) -> None:
        matrix, _ = polled({0: 1}, scale * PAUSE_S, fast=fast)
        assert matrix.late is not None
        assert np.all(matrix.late[0][:10] == 0)
        assert np.all(matrix.late[0][10:] < -scale * PAUSE_S / 2)
        assert matrix.age_s < scale * PAUSE_S, "sysUpTime is of the second sending"

    undisturbed(story)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_answer_that_comes_another_way_in_the_end_then_its_rows_are_younger_still(fast: bool) -> None:
    def story(scale: float) -> None:
        matrix, _ = polled({10: 2}, scale * PAUSE_S, fast=fast)
        assert matrix.late is not None
        assert np.all(matrix.late[0][10:20] > 2 * scale * PAUSE_S)
        assert np.all(matrix.late[0][20:] == 0)

    undisturbed(story)


def reading(at: float, octets: int, late: float | None) -> Reading:
    """Two rows, of which the second is read `late` after sysUpTime."""
    rows = ROWS_OF_TWO
    values = np.zeros((len(COLUMNS), 2), np.uint64)
    values[: len(COUNTERS)] = octets
    told = None
    if late is not None:
        told = np.zeros(values.shape)
        told[:, 1] = late
    return Reading("r1", at, int(at), int(at * 100), rows, COLUMNS, values, late=told)


ROWS_OF_TWO = (Row("a", 1, 1e9), Row("b", 2, 1e9))


@pytest.mark.parametrize(("before", "now"), [(None, 1.0), (1.0, None), (1.0, 1.0), (-2.0, 1.5)])
def test_rule_03_given_values_younger_than_their_poll_then_each_rate_is_over_its_own_time(
    before: float | None, now: float | None
) -> None:
    meter, bps = RateMeter(30.0), 8_000_000

    def counted(at: float, late: float | None) -> Reading:
        one = reading(at, 0, late)
        for row, seconds in enumerate((at, at + (late or 0.0))):
            one.values[:2, row] = round(seconds * bps / 8)
        return one

    meter.feed([counted(1000.0, before)])
    batches = meter.feed([counted(1030.0, now)])
    [rates] = [batch for batch in batches if batch.measurement == "interface"]
    assert rates.of("in_bps").tolist() == pytest.approx([bps, bps], rel=1e-6)


def test_given_a_span_of_which_hardly_anything_was_seen_then_the_rate_is_unknown() -> None:
    meter = RateMeter(30.0)
    meter.feed([reading(1000.0, 10**6, 9.0)])
    batches = meter.feed([reading(1010.0, 2 * 10**6, None)])
    [rates] = [batch for batch in batches if batch.measurement == "interface"]
    first, second = rates.of("in_bps").tolist()
    assert first == pytest.approx(800_000)
    assert isnan(second)
