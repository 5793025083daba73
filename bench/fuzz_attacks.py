"""Who is attacked by the fuzz bench, and how it is known that nothing wrong was believed."""

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from types import SimpleNamespace
from typing import NamedTuple, cast

import numpy as np

from bench.fuzz_inputs import (
    CLOCK,
    COLUMNS,
    COMMUNITY,
    ENGINE_ID,
    FRESH,
    LINES,
    SCALARS,
    USERS,
    Attack,
    Hostile,
    Tally,
    answers,
    indexes,
    layouts,
    made_up,
    questions,
    traps,
)
from bench.fuzz_sessions import attack_session
from collectors.contract import Matrix, Plan
from collectors.notices.said import notice_of_line, notice_of_trap
from collectors.notices.syslog import SyslogError, parse_syslog
from collectors.notices.trap import Trap, TrapError, parse_trap
from collectors.snmp import ber
from collectors.snmp.authority import Authority
from collectors.snmp.ber import BerError
from collectors.snmp.call import Way
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Verdict
from collectors.snmp.fast import available
from collectors.snmp.keys import KeyRing, Keys, localise
from collectors.snmp.mend import fits
from collectors.snmp.message import NO_ERROR, Answer, number, value, walk
from collectors.snmp.poll import Names, Poll
from collectors.snmp.secured import Secured
from collectors.snmp.speech import Plain
from collectors.snmp.usm import Refusal, UnknownUser, open_, parse_header, seal
from inventory.credentials import SnmpUser
from noc.lab import agent
from noc.lab.objects import Layout

MOST_TEXT = 4096


class Row(NamedTuple):
    name: str
    share: int
    corpus: Callable[[], Sequence[bytes]]
    attack: Attack


@contextmanager
def crash_noted(tally: Tally, data: bytes) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - what the bench is here to find
        tally.crashed.append(f"{type(error).__name__}: {error}: {data[:200].hex()}")


def asked_of(data: bytes) -> Answer | None:
    """What the oracle says; it may raise nothing but BerError, and no value of it anything at all."""
    try:
        answer = walk(data, COMMUNITY)
    except BerError:
        return None
    for place in range(len(answer.tags)):
        value(*answer.content(place))
    return answer


# --- polls: layouts and compiled forms, held against the oracle


class Poller:
    """One device's poll, taught by its true answers."""

    def __init__(self, layout: Layout, fast: bool) -> None:
        plan = Plan(SCALARS, COLUMNS, indexes(layout))
        self.poll = Poll(plan, Plain(Engine(fast=fast), "public"), Way())
        self.all = Names(plan).all()
        self._ask(layout)
        if not fits(self.poll, self.all, self.true):
            self.poll.way.bulk = False
            self.poll.prepare()
            self._ask(layout)
        if self.poll.learn(self.true) is None:
            raise SystemExit("a device's own answers are not understood")
        self.found: list[int | None] = [None] * len(self.all)
        for at, answer in enumerate(self.true):
            self._take(at, answer, self.found)

    def _ask(self, layout: Layout) -> None:
        asked = [agent.parse(head + FRESH + tail) for head, tail in self.poll.requests]
        self.answers = [agent.answer(layout, None, each) or b"" for each in asked]
        self.true = [walk(data, COMMUNITY) for data in self.answers]

    def _take(self, at: int, answer: Answer, found: list[int | None]) -> None:
        for k, place in enumerate(self.poll.slots[at].places):
            found[place] = number(*answer.content(k))

    def oracle(self, at: int, data: bytes) -> list[int | None] | None:
        """Numbers by place when answer `at` is this; None when that is not what was asked."""
        answer = asked_of(data)
        if answer is None or answer.status != NO_ERROR or answer.names != self.true[at].names:
            return None
        found = self.found.copy()
        self._take(at, answer, found)
        return found


def differs(matrix: Matrix, found: Sequence[int | None]) -> bool:
    first = len(matrix.scalars)
    if list(matrix.scalars) != list(found[:first]):
        return True
    known = np.ones(matrix.values.shape, bool) if matrix.known is None else matrix.known
    numbers = [number for number in found[first:] if number is not None]
    mask = np.array([number is not None for number in found[first:]]).reshape(known.shape)
    if not np.array_equal(mask, known):
        return True
    return list(matrix.values[known].tolist()) != [number & 0xFFFFFFFFFFFFFFFF for number in numbers]


@cache
def pollers(fast: bool) -> tuple[Poller, ...]:
    return tuple(Poller(layout, fast) for layout in layouts() if indexes(layout))


def attack_polls(fast: bool, tally: Tally, hostile: Hostile, count: int) -> None:
    for _ in range(count):
        poller = hostile.chance.choice(pollers(fast))
        said = list(poller.answers)
        at = hostile.chance.randrange(len(said))
        said[at] = data = hostile.spoil(said[at])
        tally.inputs += 1
        with crash_noted(tally, data):
            matrix, found = poller.poll.read(said), poller.oracle(at, data)
            if matrix is None:
                tally.refused += 1
            elif found is None or differs(matrix, found):
                tally.wrong.append(f"not what the oracle says: {data.hex()}")
            else:
                tally.accepted += 1


# --- SNMPv3: what comes out of an envelope


@cache
def sealed() -> tuple[tuple[SnmpUser, bytes], ...]:
    """True answers, by user."""
    found: list[tuple[SnmpUser, bytes]] = []
    for user in USERS:
        keys = localise(user, ENGINE_ID)
        for question in questions():
            asked = agent.parse(question)
            answer = agent.answer(made_up(), None, asked) if asked.version == 1 else None
            if answer is not None:
                at = ber.read(answer, ber.read(answer, ber.read(answer, 0)[1])[2])[2]
                found.append(
                    (user, seal(answer[at:], keys, msg_id=int.from_bytes(FRESH), clock=CLOCK, salt=len(found)))
                )
    return tuple(found)


def attack_envelopes(fast: bool, tally: Tally, hostile: Hostile, count: int) -> None:
    engine = Engine(fast=fast)
    engine.loop = cast(asyncio.AbstractEventLoop, SimpleNamespace(time=time.monotonic))  # all that is asked of it
    authority, ring = Authority(ENGINE_ID), KeyRing()
    speeches = {user: Secured(engine, user, ring, itertools.count()) for user in USERS}
    for turn in range(count):
        if turn % 64 == 0:
            authority.learn(*CLOCK, time.monotonic())
        user, true = hostile.chance.choice(sealed())
        data = hostile.spoil(true)
        envelope = speeches[user]._envelope(authority)
        believed = authority.boots, authority.latest
        tally.inputs += 1
        with crash_noted(tally, data):
            plain = envelope.open(FRESH, data)
            if isinstance(plain, Verdict):
                tally.refused += 1
                wrong = plain is Verdict.AGAIN or (authority.boots, authority.latest) != believed
            else:
                tally.accepted += 1
                wrong = data != true
            if wrong:
                tally.wrong.append(f"believed without proof: {data.hex()}")


# --- traps and syslog


def unlock(data: bytes) -> bytes:
    """As a trap receiver opens v3: whatever is refused is raised."""
    header = parse_header(data)
    keys = keyring().get(header.user)
    if keys is None:
        raise UnknownUser
    return open_(data, header, keys).pdu


@cache
def keyring() -> dict[bytes, Keys]:
    return {user.user.encode(): localise(user, ENGINE_ID) for user in USERS}


@cache
def all_traps() -> tuple[bytes, ...]:
    plain = traps()
    pdus = [data[ber.read(data, ber.read(data, ber.read(data, 0)[1])[2])[2] :] for data in plain[:2]]
    secured = [seal(pdu, localise(user, ENGINE_ID), msg_id=7, clock=CLOCK, salt=9) for pdu in pdus for user in USERS]
    return (*plain, *secured)


def attack_traps(tally: Tally, hostile: Hostile, count: int) -> None:
    for _ in range(count):
        data = hostile.one()
        tally.inputs += 1
        with crash_noted(tally, data):
            try:
                trap = parse_trap(data, unlock)
            except (TrapError, BerError, Refusal):
                tally.refused += 1
                continue
            tally.accepted += 1
            if trap.version == "3" and data not in all_traps():
                tally.wrong.append(f"a trap believed without proof: {data.hex()}")
            judge_text(tally, data, text_of(trap))


def text_of(trap: Trap) -> str:
    notice = notice_of_trap(trap, "dar-core-1", "10.0.0.1", 0.0)
    return notice.name + notice.text + notice.subject


def attack_syslog(tally: Tally, hostile: Hostile, count: int) -> None:
    for _ in range(count):
        data = hostile.one()
        tally.inputs += 1
        with crash_noted(tally, data):
            try:
                line = parse_syslog(data)
            except SyslogError:
                tally.refused += 1
                continue
            tally.accepted += 1
            notice = notice_of_line(line, "dar-core-1", "10.0.0.1", 0.0)
            judge_text(tally, data, notice.name + notice.text + notice.subject)
            if not 0 <= notice.severity <= 7:
                tally.wrong.append(f"severity {notice.severity}: {data.hex()}")


def judge_text(tally: Tally, data: bytes, text: str) -> None:
    """One printable line, of bounded length (SEMANTICS 40)."""
    if len(text) > MOST_TEXT or any(ord(letter) < 0x20 or 0x7F <= ord(letter) < 0xA0 for letter in text):
        tally.wrong.append(f"text that breaks a line: {data.hex()}")


# --- the lab's agent


def attack_agent(tally: Tally, hostile: Hostile, count: int) -> None:
    for _ in range(count):
        data = hostile.one()
        tally.inputs += 1
        with crash_noted(tally, data):
            try:
                asked = agent.parse(data)
                said = agent.answer(layout_attacked(), None, asked)
            except BerError:
                tally.refused += 1
                continue
            tally.refused += said is None
            if said is None:
                continue
            tally.accepted += 1
            if len(said) > max(agent.MOST_OCTETS, len(data) + 8):
                tally.wrong.append(f"answer of {len(said)} octets: {data.hex()}")
            if (
                (asked.version, asked.community) == (1, COMMUNITY)
                and asked.kind != ber.SET
                and len(asked.request_id) == 6
            ):
                with crash_noted(tally, data):
                    walk(said, COMMUNITY)


@cache
def layout_attacked() -> Layout:
    return made_up()


def lines() -> Sequence[bytes]:
    return LINES


ATTACKS: tuple[Row, ...] = (
    Row("polls, pure Python", 16, answers, partial(attack_polls, False)),
    *((Row("polls, compiled", 16, answers, partial(attack_polls, True)),) if available() else ()),
    Row("engine v2c, pure Python", 8, answers, partial(attack_session, fast=False, user=None)),
    *((Row("engine v2c, compiled", 8, answers, partial(attack_session, fast=True, user=None)),) if available() else ()),
    Row("engine v3", 6, answers, partial(attack_session, fast=available(), user=USERS[0])),
    Row("envelopes, pure Python", 8, lambda: [data for _, data in sealed()], partial(attack_envelopes, False)),
    *(
        (Row("envelopes, compiled", 8, lambda: [data for _, data in sealed()], partial(attack_envelopes, True)),)
        if available()
        else ()
    ),
    Row("traps", 14, all_traps, attack_traps),
    Row("syslog", 10, lines, attack_syslog),
    Row("agent of the lab", 8, questions, attack_agent),
)
