"""The engine matches, resends, gives up, rests, and counts all of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from collectors.contract import BadAnswer, CredentialsRefused, NameUnresolved, NoAnswer
from collectors.snmp import ber
from collectors.snmp.engine import WINDOW, Engine
from collectors.snmp.message import request
from collectors.snmp.resolver import Resolver
from collectors.snmp.sessions import Sessions
from inventory.model import Device, Snmp
from tests.collectors.snmp.agent import COMMUNITY, ENGINES, Agent, Asked, arcs, serving, session_to
from tests.patience import HANGS_S, until

UPTIME = "1.3.6.1.2.1.1.3.0"
NAME = ber.dotted_body(UPTIME)
OBJECTS = {arcs(UPTIME): ber.unsigned(4711, ber.TIMETICKS)}
PAUSE_S = 0.1


def run(what: Callable[[Engine, Agent], Awaitable[None]], agent: Agent, **engine: int) -> None:
    async def go() -> None:
        async with Engine(pause_s=PAUSE_S, **engine) as running, serving(agent):
            await what(running, agent)

    asyncio.run(asyncio.wait_for(go(), HANGS_S))


def get() -> tuple[bytes, bytes]:
    return request(ber.GET, COMMUNITY, [NAME])


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_answer_then_the_engine_counts_it_and_rests(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        assert await session_to(engine, agent.address).get([UPTIME]) == [4711]
        counted = engine.figures()
        assert (counted["sent"], counted["received"], counted["in_flight"]) == (1, 1, 0)
        assert counted["octets_sent"] > 30 < counted["octets_received"]
        await until(lambda: not engine.ticking, "it rests")

    run(what, Agent(OBJECTS), fast=fast)


def test_given_a_constructor_then_nothing_is_opened() -> None:
    assert Engine().capacity == 0


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_lost_answer_then_it_is_asked_again(fast: bool) -> None:
    lost = [2]

    def forgetful(asked: Asked, answer: bytes) -> list[bytes]:
        lost[0] -= 1
        return [answer] if lost[0] < 0 else []

    async def what(engine: Engine, agent: Agent) -> None:
        assert await session_to(engine, agent.address).get([UPTIME]) == [4711]
        assert engine.counters.resent == 2

    run(what, Agent(OBJECTS, spoil=forgetful), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_silence_then_no_answer_and_timeouts_are_counted(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        with pytest.raises(NoAnswer):
            await session_to(engine, agent.address).get([UPTIME], tries=1)
        assert (engine.counters.timeouts, engine.in_flight) == (1, 0)

    run(what, Agent(OBJECTS, spoil=lambda asked, answer: []), fast=fast)


class Slow(Agent):
    """Answers when it is told to."""

    def _send(self, datagram: bytes, source: tuple[str, int]) -> None:
        self.answer_now = lambda: super(Slow, self)._send(datagram, source)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_answer_after_giving_up_then_it_is_late(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        assert isinstance(agent, Slow)
        with pytest.raises(NoAnswer):
            await session_to(engine, agent.address).get([UPTIME], tries=1)
        assert engine.counters.late == 0
        agent.answer_now()
        await until(lambda: engine.counters.late == 1, engine.counters)
        assert engine.counters.unknown_id == 0

    run(what, Slow(OBJECTS), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_device_that_answers_the_question_before_then_it_is_slow_and_not_strange(fast: bool) -> None:
    late: list[bytes] = []

    def slow(asked: Asked, answer: bytes) -> list[bytes]:
        told, late[:] = late[:], [answer]
        return told

    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        for _ in range(2):
            with pytest.raises(NoAnswer):
                await session.get([UPTIME], tries=1)
        assert (engine.counters.late, engine.counters.unknown_id) == (1, 0)

    run(what, Agent(OBJECTS, spoil=slow), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_question_asked_again_then_its_second_answer_is_late_and_not_strange(fast: bool) -> None:
    held: list[bytes] = []

    def slow(asked: Asked, answer: bytes) -> list[bytes]:
        held.append(answer)
        return held if len(held) == 2 else []

    async def what(engine: Engine, agent: Agent) -> None:
        assert await session_to(engine, agent.address).get([UPTIME]) == [4711]
        await until(lambda: engine.counters.late == 1, engine.counters)
        assert engine.counters.unknown_id == 0

    run(what, Agent(OBJECTS, spoil=slow), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_duplicates_then_the_first_counts(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        assert [await session.get([UPTIME]) for _ in range(3)] == [[4711]] * 3
        await until(lambda: engine.counters.unknown_id == 3, engine.counters)

    run(what, Agent(OBJECTS, spoil=lambda asked, answer: [answer, answer]), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_answer_from_another_address_then_it_is_dropped(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        other, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
        )
        agent.transport = other
        with pytest.raises(BadAnswer):
            await session_to(engine, agent.address).get([UPTIME], tries=1)
        assert engine.counters.wrong_source == 1
        other.close()

    run(what, Agent(OBJECTS), fast=fast)


@pytest.mark.parametrize("garbage", [b"\x30", b"\x30\x82", b"hello, world", bytes(300), b"\xff" * 2000])
@pytest.mark.parametrize("fast", ENGINES)
def test_given_garbage_then_it_is_counted_and_the_name_says_so(garbage: bytes, fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        with pytest.raises(BadAnswer):
            await session_to(engine, agent.address).get([UPTIME], tries=1)
        assert engine.counters.malformed == 1

    run(what, Agent(OBJECTS, spoil=lambda asked, answer: [garbage]), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_authorization_error_then_credentials_refused(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        session = session_to(engine, agent.address)
        with pytest.raises(CredentialsRefused):
            await session.get([UPTIME])
        with pytest.raises(CredentialsRefused):
            await session.table(["1.3.6.1.2.1.2.2.1.2"])

    run(what, Agent(OBJECTS, status=lambda asked: (16, 0)), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_stalled_loop_then_answers_that_wait_are_no_timeouts(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        asking = asyncio.ensure_future(session_to(engine, agent.address).get([UPTIME], tries=1))
        await asyncio.sleep(0.03)  # asked; the agent answers a little later, the loop stalls beyond the time limit
        time.sleep(0.3)  # noqa: ASYNC251 - the stall is the point
        assert await asking == [4711]
        assert engine.counters.timeouts == 0

    run(what, Agent(OBJECTS), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_more_requests_than_the_buffer_holds_then_the_rest_waits(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        most = 0
        asked = [engine.ask(engine.peer(agent.address), [get()] * 20, until=engine.loop.time() + 10) for _ in range(30)]
        while not all(future.done() for future in asked):
            most = max(most, engine.in_flight)
            await asyncio.sleep(0)
        assert all(None not in future.result() for future in asked)
        assert most <= engine.capacity
        assert engine.counters.queued > 0
        assert engine.waiting == 0

    run(what, Agent(OBJECTS), buffer_octets=2048, fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_full_socket_then_the_rest_goes_when_there_is_room(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        peer = engine.peer(agent.address)
        rooms, send = [1, 0, 0, 2], peer.wire.send
        peer.wire.send = lambda datagrams: send(datagrams[: rooms.pop(0)] if rooms else datagrams)
        asked = [engine.ask(peer, [get()], until=engine.loop.time() + 10) for _ in range(6)]
        assert [None] not in await asyncio.gather(*asked)
        later = await engine.ask(peer, [get()], until=engine.loop.time() + 10)
        assert len(agent.asked) == engine.counters.sent == 7 and later != [None]
        assert (engine.counters.resent, peer.wire.full, rooms) == (0, False, [])

    run(what, Agent(OBJECTS), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_unsendable_request_then_it_is_counted_and_costs_the_peer_nothing(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        peer = engine.peer(agent.address)
        huge = request(ber.GET, COMMUNITY, [NAME] * 9000)
        assert await engine.ask(peer, [huge], until=engine.loop.time() + 10, tries=1) == [None]
        counted = engine.figures()
        assert (counted["unsendable"], counted["sent"], counted["octets_sent"]) == (1, 0, 0)
        assert (peer.pdus, peer.octets) == (0, 0)

    run(what, Agent(OBJECTS), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_many_requests_to_one_device_then_few_are_under_way_at_once(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        asked = engine.ask(engine.peer(agent.address), [get()] * 50, until=engine.loop.time() + 10)
        assert engine.in_flight == WINDOW
        assert None not in await asked
        assert len(agent.asked) == 50

    run(what, Agent(OBJECTS), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_a_cancelled_call_then_the_engine_forgets_it(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        asking = asyncio.ensure_future(session_to(engine, agent.address).get([UPTIME]))
        await until(lambda: agent.asked, "it was asked")
        asking.cancel()
        await until(lambda: (engine.in_flight, engine.ticking) == (0, False), "it forgets")

    run(what, Agent(OBJECTS, spoil=lambda asked, answer: []), fast=fast)


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_ipv6_device_then_it_is_asked_over_ipv6(fast: bool) -> None:
    async def go() -> None:
        agent = Agent(OBJECTS)
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_datagram_endpoint(lambda: agent, local_addr=("::1", 0))
        except OSError:
            pytest.skip("no IPv6 here")
        async with Engine(fast=fast) as engine:
            sessions = Sessions(engine, lambda name: "public")
            device = Device("six", "site", "::1", snmp=Snmp(port=agent.address[1]))
            assert await sessions.of(device).get([UPTIME]) == [4711]
        transport.close()

    asyncio.run(go())


@pytest.mark.parametrize("fast", ENGINES)
def test_given_sessions_then_each_device_has_one_by_its_version_and_secrets_stay_hidden(fast: bool) -> None:
    async def what(engine: Engine, agent: Agent) -> None:
        sessions = Sessions(engine, {"default": "public", "lga": "s3cret"}.__getitem__)
        device = Device("one", "site", "localhost", snmp=Snmp(port=agent.address[1]))
        assert sessions.of(device) is sessions.of(device)
        assert await sessions.of(device).get([UPTIME]) == [4711]
        hidden = Device("two", "site", "127.0.0.1", snmp=Snmp(credential="lga"))
        assert "s3cret" not in repr(sessions.of(hidden)) + repr(vars(sessions))
        third = sessions.of(Device("three", "site", "127.0.0.1", snmp=Snmp(version="3")))
        with pytest.raises(CredentialsRefused, match="no SNMPv3 user default"):
            await third.get([UPTIME])
        old = sessions.of(Device("old", "site", "127.0.0.1", snmp=Snmp(version="1", port=agent.address[1])))
        assert await old.get([UPTIME, "1.3.6.1.9.1.0"]) == [4711, None]
        sessions.close()

    run(what, Agent(OBJECTS), fast=fast)


def test_given_a_name_that_dns_does_not_know_then_it_is_unresolved() -> None:
    async def go() -> None:
        with pytest.raises(NameUnresolved):
            await Resolver().resolve("no-such-router.invalid", 161)
        assert await Resolver().resolve("127.0.0.1", 161) == ("127.0.0.1", 161)
        assert await Resolver().resolve("::1", 161) == ("::1", 161, 0, 0)

    asyncio.run(go())
