"""A whole engine under attack over real sockets: forged ids and sources, old answers, spoilt ones, and then the true one."""

import asyncio
import itertools
import socket
from collections import deque
from collections.abc import Mapping, Sequence

from bench.fuzz_inputs import CLOCK, COLUMNS, COMMUNITY, ENGINE_ID, SCALARS, USERS, Hostile, Tally, made_up
from collectors.contract import CollectError, Matrix, Plan
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Peer, identity
from collectors.snmp.keys import KeyRing, Keys, localise
from collectors.snmp.message import number, walk
from collectors.snmp.secured import Secured
from collectors.snmp.session import Session
from collectors.snmp.speech import Plain
from collectors.snmp.usm import OutOfWindow, Refusal, UnknownEngine, open_, parse_header, report, seal
from inventory.credentials import SnmpUser
from noc.lab import agent
from noc.lab.objects import Layout

HERE = "127.0.0.1"
A_QUESTION = 24  # hostile datagrams before each true answer, at most
SPOILT = 0.3  # questions whose own answers are spoilt
WAYS = 8
ROWS = tuple(range(1, 13))
PLAN = Plan(SCALARS, COLUMNS, ROWS)
GET = (*SCALARS, "1.3.6.1.2.1.31.1.1.1.6.3")
TRUTH, LIES = made_up(), made_up(1_000_003)
Numbers = Mapping[bytes, int | None]


def numbers_of(data: bytes) -> Numbers:
    """By name, as the oracle reads them; nothing from what it refuses."""
    try:
        answer = walk(data, COMMUNITY)
    except BerError:
        return {}
    return {name: number(*answer.content(at)) for at, name in enumerate(answer.names)}


class Attacker(asyncio.DatagramProtocol):
    """Answers each question truly, after others that are false. `legit`: values that the oracle takes as answers."""

    def __init__(self, hostile: Hostile, user: SnmpUser | None, foreign: socket.socket) -> None:
        self.hostile, self.foreign, self.sent = hostile, foreign, 0
        self.keys = None if user is None else localise(user, ENGINE_ID)
        self.others = localise(USERS[1], ENGINE_ID)
        self.salts = itertools.count(1)
        self.old: deque[bytes] = deque(maxlen=64)
        self.legit: dict[bytes, set[int | None]] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.DatagramTransport = transport  # type: ignore[assignment]

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        true, lie = self.answer(data, TRUTH), self.answer(data, LIES, own=False)
        if true is None or lie is None:
            return
        chance = self.hostile.chance
        spoils = chance.random() < SPOILT
        for _ in range(chance.randrange(A_QUESTION)):
            self.attack(true, lie, source, chance.randrange(WAYS if spoils or self.keys is not None else 3))
        self.old.append(true)
        self.transport.sendto(true, source)
        for name, value in (numbers_of(true) if self.keys is None else {}).items():
            self.legit.setdefault(name, set()).add(value)

    def attack(self, true: bytes, lie: bytes, source: tuple[str, int], way: int) -> None:
        """One false datagram; those from the right place with the right id use up a v2c question."""
        chance = self.hostile.chance
        self.sent += 1
        if way == 0:
            self.foreign.sendto(lie, source)
        elif way == 1:
            self.transport.sendto(renumbered(lie, chance.randbytes(4)), source)
        elif way == 2 and self.old:
            self.transport.sendto(chance.choice(self.old), source)
        elif way == 3 and self.keys is not None:
            self.transport.sendto(lie, source)  # sealed by another user's keys
        else:
            spoilt = self.hostile.spoil(true)
            self.transport.sendto(spoilt, source)
            if self.keys is None and identity(spoilt) == identity(true):
                for name, value in numbers_of(spoilt).items():
                    self.legit.setdefault(name, set()).add(value)

    def answer(self, data: bytes, layout: Layout, *, own: bool = True) -> bytes | None:
        """By v2c, or sealed: for its user, or as somebody who has not his keys."""
        try:
            if self.keys is None:
                return agent.answer(layout, None, agent.parse(data))
            header = parse_header(data)
            if header.engine_id != ENGINE_ID:
                return report(UnknownEngine, 1, data, header, own=Keys(header.user, ENGINE_ID), clock=CLOCK)
            try:
                pdu = open_(data, header, self.keys, clock=CLOCK).pdu
            except Refusal as error:
                signed = self.keys if isinstance(error, OutOfWindow) else Keys(header.user, ENGINE_ID)
                return report(type(error), 1, data, header, own=signed, clock=CLOCK)
            said = agent.respond(layout, None, agent.parse_pdu(pdu, 150))
            keys, salt = self.keys if own else self.others, next(self.salts)
            return None if said is None else seal(said, keys, msg_id=header.msg_id, clock=CLOCK, salt=salt)
        except BerError:
            return None


def renumbered(data: bytes, fresh: bytes) -> bytes:
    """The same, as the answer to another question."""
    found = identity(data)
    return data if found is None else data.replace(b"\x02\x04" + found, b"\x02\x04" + fresh, 1)


def attack_session(tally: Tally, hostile: Hostile, count: int, *, fast: bool, user: SnmpUser | None) -> None:
    asyncio.run(_attack(tally, hostile, count, (fast, user)))


async def _attack(tally: Tally, hostile: Hostile, count: int, how: tuple[bool, SnmpUser | None]) -> None:
    fast, user = how
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as foreign:
        foreign.bind((HERE, 0))
        attacker = Attacker(hostile, user, foreign)
        transport, _ = await loop.create_datagram_endpoint(lambda: attacker, local_addr=(HERE, 0))
        async with Engine(pause_s=0.2, fast=fast) as engine:
            before = tally.inputs
            while tally.inputs < before + count:
                await _ask(tally, attacker, engine, user)
                tally.inputs = before + attacker.sent
            for name, counted in engine.figures().items():
                tally.told[name] = tally.told.get(name, 0) + counted
        transport.close()


async def _ask(tally: Tally, attacker: Attacker, engine: Engine, user: SnmpUser | None) -> None:
    """Some questions by one session; another session each time, for a way once spoilt stays narrow."""
    peer = engine.peer(attacker.transport.get_extra_info("sockname")[:2])

    async def find() -> Peer:
        return peer

    speech = Plain(engine, "public") if user is None else Secured(engine, user, KeyRing(), attacker.salts)
    session = Session(speech, find)
    for question in range(8):
        attacker.legit.clear()
        try:
            said = await (session.matrix(PLAN) if question % 2 else session.get(GET))
        except CollectError:
            tally.refused += 1
            continue
        except Exception as error:  # noqa: BLE001 - what the bench is here to find
            tally.crashed.append(f"{type(error).__name__}: {error}")
            continue
        tally.accepted += 1
        for name, value in found_in(said).items():
            if value is not None and not any(
                same(value, other) for other in (_TRUE.get(name), *attacker.legit.get(name, ()))
            ):
                tally.wrong.append(f"{ber.oid_arcs(name)} is said to be {value}")


def same(value: int, other: int | None) -> bool:
    """A matrix holds negative numbers as two's complement."""
    return other is not None and (value - other) % (1 << 64) == 0


def found_in(said: Matrix | Sequence[object]) -> dict[bytes, int | None]:
    if not isinstance(said, Matrix):
        pairs = zip(GET, said, strict=True)
        return {ber.dotted_body(oid): value if isinstance(value, int) else None for oid, value in pairs}
    found: dict[bytes, int | None] = {
        ber.dotted_body(oid): value for oid, value in zip(SCALARS, said.scalars, strict=True)
    }
    for column, oid in enumerate(COLUMNS):
        for row, index in enumerate(ROWS):
            if said.known is None or said.known[column, row]:
                found[ber.dotted_body(f"{oid}.{index}")] = int(said.values[column, row])
    return found


_TRUE: Numbers = {cell.oid[2:]: number(cell.value(None, 0)[0], cell.value(None, 0)[2:]) for cell in TRUTH.cells}
