"""SNMPv3 with an agent: discovery, time, what is named when it fails, and whom nobody gets to believe."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import BadAnswer, CollectError, CredentialsRefused, NoAnswer, Plan, ViewDenied
from collectors.snmp import ber
from collectors.snmp.authority import Authority
from collectors.snmp.engine import Engine
from collectors.snmp.envelope import Discovery, Envelope
from collectors.snmp.exchange import Verdict
from collectors.snmp.keys import Keys
from collectors.snmp.sessions import Sessions
from collectors.snmp.stamp import Stamp
from collectors.snmp.usm import (
    Header,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    UnknownEngine,
    UnknownUser,
    UnsupportedLevel,
    WrongDigest,
    report,
    seal,
)
from inventory.credentials import SnmpUser
from inventory.model import Device, Snmp
from inventory.secret import Secret
from tests.collectors.snmp.agent import ENGINES, arcs, serving
from tests.collectors.snmp.sealed_agent import (
    ENGINE_ID,
    RING,
    USER,
    SealedAgent,
    lie,
    other,
    secured,
)
from tests.collectors.snmp.test_frame import spoilt
from tests.patience import HANGS_S

UPTIME = "1.3.6.1.2.1.1.3.0"
COLUMNS = ("1.3.6.1.2.1.2.2.1.8", "1.3.6.1.2.1.2.2.1.10", "1.3.6.1.2.1.31.1.1.1.6")
OBJECTS = {arcs(UPTIME): ber.unsigned(4711, ber.TIMETICKS)} | {
    (*arcs(column), row): ber.unsigned(1000 * place + row, ber.COUNTER32)
    for place, column in enumerate(COLUMNS)
    for row in range(1, 31)
}
PLAN = Plan((UPTIME,), COLUMNS, tuple(range(1, 31)))
REFUSALS: list[type[Refusal]] = [UnsupportedLevel, OutOfWindow, UnknownUser, UnknownEngine, WrongDigest, NotDecrypted]
What = Callable[[Engine, SealedAgent], Awaitable[None]]


def run(what: What, agent: SealedAgent | None = None, *, fast: bool = True) -> None:
    async def go() -> None:
        async with Engine(pause_s=0.1, fast=fast) as engine, serving(agent or SealedAgent(OBJECTS)) as served:
            await what(engine, served)  # type: ignore[arg-type]

    asyncio.run(asyncio.wait_for(go(), HANGS_S))


@pytest.mark.parametrize("fast", ENGINES)
def test_given_an_agent_then_get_table_and_matrix_are_what_it_holds(fast: bool) -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        assert await session.get([UPTIME, "1.3.6.1.9.1.0"]) == [4711, None]
        table = await session.table(COLUMNS)
        assert table == {(row,): [row, 1000 + row, 2000 + row] for row in range(1, 31)}
        for _ in range(4):
            matrix = await session.matrix(PLAN)
            assert matrix.known is None and matrix.scalars == (4711,)
            assert matrix.values.tolist() == [[1000 * place + row for row in range(1, 31)] for place in range(3)]
        assert engine.counters.discoveries == 1 and agent.heard[0].engine_id == b""
        assert {header.level for header in agent.heard[1:]} == {3}
        assert session.octets == engine.counters.octets_sent + engine.counters.octets_received
        assert session.pdus == len(agent.heard)

    run(what, fast=fast)


@pytest.mark.parametrize("level", ["noAuthNoPriv", "authNoPriv", "authPriv"])
def test_given_a_level_then_it_is_spoken_and_no_other(level: str) -> None:
    user = {
        "noAuthNoPriv": SnmpUser("noc", context="vrf-1"),
        "authNoPriv": other(priv=None, priv_password=None),
        "authPriv": other(context="vrf-1"),
    }[level]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address, user)
        assert await session.get([UPTIME]) == [4711]
        assert (await session.matrix(PLAN)).known is None
        assert user.level == level and {header.level for header in agent.heard[1:]} == {RING(user, ENGINE_ID).flags}

    run(what, SealedAgent(OBJECTS, users={"noc": user}))


@pytest.mark.parametrize("fast", ENGINES)
def test_rule_07_given_a_reboot_between_polls_then_the_next_poll_succeeds(fast: bool) -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        assert (await session.matrix(PLAN)).known is None
        agent.clock = agent.clock[0] + 1, 3
        asked = len(agent.heard)
        matrix = await session.matrix(PLAN)
        assert matrix.known is None and matrix.values[1, 0] == 1001
        assert engine.counters.resynced > 0 == engine.counters.resent
        assert len(agent.heard) == asked + engine.counters.resynced * 2
        assert {header.engine_id for header in agent.heard[asked:]} == {ENGINE_ID}, "no new discovery"
        before = engine.counters.resynced
        await session.matrix(PLAN)
        assert engine.counters.resynced == before, "what was told is remembered"

    run(what, fast=fast)


@pytest.mark.parametrize("clock", [(7, 400), (7, 2000), (3, 50), (2**31 - 2, 0)])
def test_rule_07_given_a_clock_that_leapt_then_the_next_poll_succeeds(clock: tuple[int, int]) -> None:
    """Also back: a device may lose its boots; its Report is proven, and carries our own msgID."""

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        await session.get([UPTIME])
        agent.clock = clock
        assert await session.get([UPTIME], tries=1) == [4711]
        assert (engine.counters.resynced, engine.counters.discoveries) == (1, 1)

    run(what)


def test_rule_07_given_time_that_passes_then_it_moves_with_a_monotonic_clock() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        await session.get([UPTIME])
        authority = engine.peer(agent.address).authority
        assert authority is not None
        authority.heard_at -= 3600
        agent.clock = 7, 4600
        await session.get([UPTIME])
        assert engine.counters.resynced == 0
        assert abs(agent.heard[-1].time - 4600) <= 1

    run(what)


def test_rule_07_given_an_agent_that_keeps_saying_no_then_it_is_asked_twice_and_named() -> None:
    def late(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        keys = agent.keys(header)
        return [answer if keys is None else agent.report(OutOfWindow, b"", header, keys)]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        with pytest.raises(BadAnswer, match="not in time window"):
            await secured(engine, agent.address).get([UPTIME], tries=1)
        assert len(agent.heard) <= 6

    run(what, SealedAgent(OBJECTS, wrap=late))


@pytest.mark.parametrize(
    "user, kind, words",
    [
        (other(user="nobody"), CredentialsRefused, "unknown user"),
        (other(auth_password=Secret("another password")), CredentialsRefused, "wrong authentication key"),
        (other(auth="SHA-256"), CredentialsRefused, "wrong authentication key"),
        (other(priv_password=Secret("another password")), CredentialsRefused, "wrong privacy key"),
        (other(priv=None, priv_password=None), CredentialsRefused, "unsupported security level"),
        (SnmpUser("noc"), CredentialsRefused, "unsupported security level"),
        (SnmpUser("noc", "SHA-1"), CredentialsRefused, "SNMPv3 user noc: a password is missing"),
    ],
)
def test_given_wrong_credentials_then_they_are_named(user: SnmpUser, kind: type[CollectError], words: str) -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address, user)
        for _ in range(2):
            with pytest.raises(kind, match=words):
                await session.get([UPTIME])
            with pytest.raises(kind, match=words):
                await session.matrix(PLAN)
            with pytest.raises(kind, match=words):
                await session.table(COLUMNS)
        said = {name: count for name, count in engine.figures().items() if name.startswith("said_") and count}
        assert engine.in_flight == 0 and len(said) == (user.auth_password is not None or user.auth is None)

    run(what)


def test_given_a_wrong_privacy_key_to_which_nobody_answers_then_the_silence_says_what_it_may_be() -> None:
    def quiet(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        return [answer] if not header.level else []

    async def what(engine: Engine, agent: SealedAgent) -> None:
        with pytest.raises(NoAnswer, match="perhaps a wrong privacy key"):
            await secured(engine, agent.address).get([UPTIME], tries=1)

    run(what, SealedAgent(OBJECTS, wrap=quiet))


def test_given_an_empty_view_or_an_error_that_says_so_then_it_is_named() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        with pytest.raises(ViewDenied, match="not even sysUpTime"):
            await session.get([UPTIME, f"{COLUMNS[0]}.1"])
        with pytest.raises(ViewDenied, match="not even sysUpTime"):
            await session.matrix(PLAN)
        agent.status = lambda asked: (16, 1)
        with pytest.raises(ViewDenied, match="error status 16"):
            await session.get([UPTIME])

    run(what, SealedAgent({arcs("1.3.6.1.9.9.0"): ber.integer(1)}))


def test_given_no_such_user_in_the_secrets_then_every_call_says_so() -> None:
    async def go() -> None:
        async with Engine() as engine:
            sessions = Sessions(engine, lambda name: "public")
            session = sessions.of(Device("one", "site", "127.0.0.1", snmp=Snmp(version="3", credential="core")))
            for call in (session.get([UPTIME]), session.table(COLUMNS), session.matrix(PLAN)):
                with pytest.raises(CredentialsRefused, match="no SNMPv3 user core in the secrets"):
                    await call

    asyncio.run(go())


def test_given_a_lost_discovery_then_it_is_asked_again_and_shared() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        agent.deaf = 1
        session = secured(engine, agent.address)
        told = await asyncio.gather(*(session.get([UPTIME]) for _ in range(5)))
        assert told == [[4711]] * 5
        assert engine.counters.discoveries == 1 and sum(not header.level for header in agent.heard) == 1

    run(what)


def test_given_who_asked_first_gave_up_then_the_discovery_goes_on_for_the_others() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        agent.deaf = 1
        session = secured(engine, agent.address)
        impatient = asyncio.ensure_future(session.get([UPTIME]))
        await asyncio.sleep(0.02)
        patient = asyncio.ensure_future(session.get([UPTIME]))
        await asyncio.sleep(0.02)
        impatient.cancel()
        assert await patient == [4711]
        assert engine.counters.discoveries == 1

    run(what)


def test_given_a_dead_device_then_one_try_is_one_datagram() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        agent.deaf = 99
        with pytest.raises(NoAnswer, match=r"^silence$"):
            await secured(engine, agent.address).get([UPTIME], tries=1)
        assert agent.deaf == 98

    run(what)


def test_given_another_engine_at_the_address_then_it_is_found_and_believed_when_it_has_proven_itself() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        await session.get([UPTIME])
        agent.engine_id, agent.clock = b"\x80\x00\x1f\x88\x04another", (1, 20)
        assert await session.get([UPTIME]) == [4711]
        assert (await session.matrix(PLAN)).known is None
        assert (engine.counters.discoveries, engine.counters.replaced) == (2, 1)

    run(what)


def test_given_two_routers_with_one_engine_id_then_their_times_do_not_mix() -> None:
    async def what(engine: Engine, agent: SealedAgent) -> None:
        async with serving(SealedAgent(OBJECTS, clock=(90, 7))) as second:
            one, two = secured(engine, agent.address), secured(engine, second.address)
            for _ in range(3):
                assert await one.get([UPTIME]) == await two.get([UPTIME]) == [4711]
            assert engine.counters.resynced == 0 and engine.counters.discoveries == 2

    run(what)


def forged(kind: str, agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
    """What somebody on the path may send before the true answer comes. He knows no key."""
    stranger = other(auth_password=Secret("stranger's password"), priv_password=Secret("stranger's password"))
    theirs, false = RING(stranger, agent.engine_id), lie(ber.tlv(ber.RESPONSE, identity(header)))
    elsewhere = RING(USER, b"\x80\x00\x1f\x88\x04elsewhere")
    clock = agent.clock
    return {
        "wrong digest": [agent.seal(false, theirs, header)],
        "lower level": [agent.seal(false, Keys(header.user, agent.engine_id), header, 0)],
        "in clear": [ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"") + false)],
        "another engine": [agent.seal(false, elsewhere, header)],
        "cut off": [answer[:-1], answer[:40], answer[:20], b"", b"0"],
        "changed": [answer[:-1] + bytes((answer[-1] ^ 1,))],
        "another time": [seal(false, theirs, msg_id=header.msg_id, clock=(clock[0] + 9, 1), salt=1)],
    }[kind]


def identity(header: Header) -> bytes:
    """A RESPONSE's content of the request with that msgID, with a false value for sysUpTime."""
    binding = ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.dotted_body(UPTIME)) + ber.unsigned(666, ber.TIMETICKS))
    return ber.integer(header.msg_id) + ber.integer(0) * 2 + ber.tlv(ber.SEQUENCE, binding)


@pytest.mark.parametrize("fast", ENGINES)
@pytest.mark.parametrize(
    "kind", ["wrong digest", "lower level", "in clear", "another engine", "cut off", "changed", "another time"]
)
def test_given_a_forged_answer_before_the_true_one_then_only_the_true_one_is_believed(kind: str, fast: bool) -> None:
    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        return [*forged(kind, agent, header, answer), answer] if header.level else [answer]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        for _ in range(3):
            assert await session.get([UPTIME], tries=1) == [4711]
            assert (await session.matrix(PLAN)).values[2, 29] == 2030
        figures = engine.figures()
        named = {"wrong digest": "wrong_digest", "lower level": "wrong_level", "changed": "wrong_digest"}
        assert kind not in named or figures[named[kind]] == figures["unproven"] >= 6
        assert figures["unproven"] + figures["unknown_id"] + figures["malformed"] >= 3
        assert (figures["resynced"], figures["resent"], figures["discoveries"]) == (0, 0, 1)

    run(what, SealedAgent(OBJECTS, wrap=spoil), fast=fast)


@pytest.mark.parametrize("kind", ["wrong digest", "lower level", "in clear", "another engine", "cut off", "changed"])
def test_given_nothing_but_forged_answers_then_no_value_comes_of_them(kind: str) -> None:
    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        return forged(kind, agent, header, answer) if header.level else [answer]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        with pytest.raises(CollectError):
            await secured(engine, agent.address).get([UPTIME], tries=1)
        assert engine.in_flight == 0

    run(what, SealedAgent(OBJECTS, wrap=spoil))


@pytest.mark.parametrize("kind", REFUSALS)
def test_given_a_report_that_anybody_could_send_then_the_true_answer_stands_above_it(kind: type[Refusal]) -> None:
    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        false = report(kind, 1, b"", header, own=Keys(header.user, b"\x80forged"), clock=(99, 99))
        unproven = report(kind, 1, b"", header, own=Keys(header.user, agent.engine_id), clock=(99, 99))
        return [false, unproven, answer, false] if header.level else [answer]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        for _ in range(3):
            assert await session.get([UPTIME], tries=1) == [4711]
            assert (await session.matrix(PLAN)).known is None
        authority = engine.peer(agent.address).authority
        assert authority is not None and authority.proven and authority.engine_id == ENGINE_ID
        assert authority.boots == 7 and engine.counters.discoveries == 1

    run(what, SealedAgent(OBJECTS, wrap=spoil))


@pytest.mark.parametrize("kind", REFUSALS)
def test_given_a_forged_report_and_silence_then_nothing_known_is_lost(kind: type[Refusal]) -> None:
    """The poll fails by name; the next one asks the engine that was known, at the level that was asked."""

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        await session.get([UPTIME])

        def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
            return [report(kind, 1, b"", header, own=Keys(header.user, b"\x80forged"), clock=(99, 99))]

        agent.wrap = spoil
        with pytest.raises(CollectError):
            await session.get([UPTIME])
        assert all(header.level in (0, 3) for header in agent.heard)
        agent.wrap = lambda agent, header, answer: [answer]
        before = engine.counters.discoveries
        assert await session.get([UPTIME], tries=1) == [4711]
        assert engine.counters.discoveries == before and agent.heard[-1].engine_id == ENGINE_ID

    run(what)


def test_given_a_discovery_that_somebody_else_answered_then_the_true_engine_is_found() -> None:
    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        false = report(UnknownEngine, 1, b"", header, own=Keys(b"", b"\x80forged"), clock=(99, 99))
        return [false, answer] if not header.level and len(agent.heard) == 1 else [answer]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        assert await session.get([UPTIME]) == [4711]
        authority = engine.peer(agent.address).authority
        assert authority is not None and authority.proven and authority.engine_id == ENGINE_ID

    run(what, SealedAgent(OBJECTS, wrap=spoil))


def test_given_an_agent_that_asks_for_the_user_first_then_its_report_names_the_engine_all_the_same() -> None:
    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        if header.level:
            return [answer]
        return [report(UnknownUser, 1, b"", header, own=Keys(header.user, agent.engine_id), clock=agent.clock)]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        assert await secured(engine, agent.address).get([UPTIME], tries=1) == [4711]

    run(what, SealedAgent(OBJECTS, wrap=spoil))


def test_given_an_old_answer_again_then_it_is_not_believed() -> None:
    old: list[bytes] = []

    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        if not header.level:
            return [answer]
        old.append(answer)
        aged = old[0].replace(old[0][11:15], header.msg_id.to_bytes(4), 1)
        return [old[0], aged, answer] if len(old) > 1 else [answer]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        await session.get([UPTIME])
        agent.objects = {arcs(UPTIME): ber.unsigned(4712, ber.TIMETICKS)}
        assert await session.get([UPTIME]) == [4712]
        assert engine.counters.unproven + engine.counters.unknown_id >= 2

    run(what, SealedAgent(OBJECTS, wrap=spoil))


@settings(deadline=None, max_examples=60)
@given(changes=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 255)), min_size=1, max_size=4), cut=st.booleans())
def test_given_any_mutation_before_the_true_answer_then_values_are_right(
    changes: list[tuple[int, int]], cut: bool
) -> None:
    def spoil(agent: SealedAgent, header: Header, answer: bytes) -> list[bytes]:
        data = bytearray(answer)
        for at, bits in changes:
            data[at % len(data)] ^= bits
        return [bytes(data[: len(data) // 2] if cut else data), answer] if header.level else [answer]

    async def what(engine: Engine, agent: SealedAgent) -> None:
        session = secured(engine, agent.address)
        for _ in range(2):
            assert await session.get([UPTIME]) == [4711]
        assert (await session.matrix(PLAN)).values[2, 29] == 2030

    run(what, SealedAgent(OBJECTS, wrap=spoil))


@settings(deadline=None, max_examples=300)
@given(data=st.binary(max_size=120), seed=st.integers(0, 2**32), level=st.sampled_from([0, 1, 3]))
def test_given_any_datagram_then_an_envelope_believes_it_or_not_and_nothing_breaks(
    data: bytes, seed: int, level: int
) -> None:
    user = {0: SnmpUser("noc"), 1: other(priv=None, priv_password=None), 3: USER}[level]
    keys, source = RING(user, ENGINE_ID), random.Random(seed)
    header = Header(0x41020304, level, ENGINE_ID, 7, 1000, b"noc", b"", 0, b"", 0)
    kind = source.choice(REFUSALS)
    told = report(kind, 1, b"", header, own=keys, clock=(7, 1000))
    engine = Engine()
    engine.loop = asyncio.new_event_loop()
    try:
        envelope = Envelope(engine, Authority(ENGINE_ID), Stamp(keys), iter(range(9)))
        for one in (
            data,
            spoilt(source, told),
            spoilt(source, seal(data, keys, msg_id=0x41020304, clock=(7, 1), salt=1)),
        ):
            assert isinstance(envelope.open(b"\x41\x02\x03\x04", one), Verdict)
            assert Discovery().open(b"\x41\x02\x03\x04", one) in (Verdict.STRANGE, one)
    finally:
        engine.loop.close()
