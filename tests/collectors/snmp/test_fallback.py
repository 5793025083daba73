"""A device declared 2c that speaks only v1 is asked by v1, and by 2c again when it can."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from collectors.contract import NoAnswer
from collectors.snmp import ber
from collectors.snmp.engine import Engine
from collectors.snmp.fallback import Fallback
from collectors.snmp.pysnmp_session import PysnmpSession
from collectors.snmp.session import Session
from collectors.snmp.sessions import Sessions
from inventory.model import Device, Snmp
from tests.collectors.snmp.agent import Agent, Asked, arcs, serving
from tests.patience import HANGS_S, until

pytestmark = pytest.mark.xdist_group("fallback")

UPTIME = "1.3.6.1.2.1.1.3.0"
OBJECTS = {arcs(UPTIME): ber.unsigned(4711, ber.TIMETICKS)}


class Old(Agent):
    """Answers v1; and 2c once it is `updated`."""

    updated = False
    questions = 0

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        self.questions += 1
        super().datagram_received(data, source)


def old() -> Old:
    agent = Old(OBJECTS)

    def spoil(asked: Asked, answer: bytes) -> list[bytes]:
        return [answer] if agent.narrow or agent.updated else []

    agent.spoil = spoil
    return agent


def run(what: Callable[[Sessions, Device, Old], Awaitable[None]], up_s: tuple[float, float] | None = None) -> None:
    async def go() -> None:
        agent = old()
        async with Engine(pause_s=0.1) as engine, serving(agent):
            sessions = Sessions(engine, lambda name: "public")
            if up_s:
                sessions.fallback = Fallback(engine, sessions._kept.__setitem__, up_s=up_s)
            try:
                host, port = agent.address
                await what(sessions, Device("old-1", "site", host, snmp=Snmp("2c", "public", port)), agent)
            finally:
                sessions.close()

    asyncio.run(asyncio.wait_for(go(), HANGS_S))


def test_rule_43_given_a_device_that_speaks_only_v1_then_it_is_asked_by_v1_and_the_log_names_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def what(sessions: Sessions, device: Device, agent: Old) -> None:
        with pytest.raises(NoAnswer):
            await sessions.of(device).get([UPTIME])
        assert await sessions.fallback.settled(device)
        assert isinstance(sessions.of(device), PysnmpSession)
        assert await sessions.of(device).get([UPTIME]) == [4711]
        assert sessions.fallback.narrowed == 1
        sessions.forget(device)
        assert sessions.fallback.narrowed == 0

    with caplog.at_level(logging.INFO, "collectors.snmp.fallback"):
        run(what)
    assert [record.getMessage() for record in caplog.records if "old-1" in record.getMessage()] == [
        "old-1: silent to SNMPv2c, answers SNMPv1: asked by v1 from now on"
    ]


def test_rule_43_given_a_device_that_learnt_2c_then_it_is_asked_by_2c_again() -> None:
    async def what(sessions: Sessions, device: Device, agent: Old) -> None:
        with pytest.raises(NoAnswer):
            await sessions.of(device).get([UPTIME])
        assert await sessions.fallback.settled(device)
        agent.updated = True
        await until(lambda: isinstance(sessions.of(device), Session), "2c again")
        assert await sessions.of(device).get([UPTIME]) == [4711]
        assert sessions.fallback.narrowed == 0

    run(what, up_s=(0.1, 0.2))


def test_rule_43_given_a_device_that_speaks_2c_and_lost_answers_then_it_stays_with_2c() -> None:
    async def what(sessions: Sessions, device: Device, agent: Old) -> None:
        left = [4]  # answers by 2c that are lost: three to the question, one to the proof

        def lossy(asked: Asked, answer: bytes) -> list[bytes]:
            left[0] -= not agent.narrow
            return [answer] if agent.narrow or left[0] < 0 else []

        agent.spoil = lossy
        with pytest.raises(NoAnswer):
            await sessions.of(device).get([UPTIME])
        assert not await sessions.fallback.settled(device)
        assert isinstance(sessions.of(device), Session)
        assert await sessions.of(device).get([UPTIME]) == [4711]

    run(what)


def test_rule_09_given_a_dead_device_then_v1_is_tried_with_one_datagram_and_not_again_soon() -> None:
    async def what(sessions: Sessions, device: Device, agent: Old) -> None:
        agent.spoil = lambda asked, answer: []
        for _ in range(3):
            with pytest.raises(NoAnswer):
                await sessions.of(device).get([UPTIME], tries=1)  # type: ignore[call-arg]
            assert not await sessions.fallback.settled(device)
        assert agent.questions == 3 + 1
        assert isinstance(sessions.of(device), Session)

    run(what)


def test_given_a_question_that_goes_unanswered_then_nobody_waits_for_the_trial() -> None:
    async def what(sessions: Sessions, device: Device, agent: Old) -> None:
        agent.spoil = lambda asked, answer: []
        with pytest.raises(NoAnswer):
            await sessions.of(device).get([UPTIME], tries=1)  # type: ignore[call-arg]
        ways = sessions.fallback._ways[device]
        assert ways.trial is not None
        assert not ways.trial.done()

    run(what)
