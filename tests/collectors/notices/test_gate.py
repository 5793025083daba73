"""The gate of SNMPv3: fresh and proven traps pass, replays and forgeries do not, and no bytes break it."""

import random
from dataclasses import dataclass, field

import pytest

from collectors.notices.counters import NoticeCounters
from collectors.notices.gate import Gate, OwnEngine
from collectors.notices.intake import Arrival
from collectors.snmp.keys import localise
from collectors.snmp.usm import REPORTABLE, OutOfWindow, UnknownEngine, UnknownUser, open_, parse_header, refusal, seal
from inventory.credentials import SnmpUser
from inventory.model import Device, Snmp
from inventory.notice import Notice
from inventory.secret import Secret
from tests.collectors.notices.datagrams import INFORM, LINK_DOWN, link, pdu, v2c

USER = SnmpUser("noc", "SHA-256", Secret("authpass1"), "AES-128", Secret("privpass1"))
OTHER = SnmpUser("noc", "SHA-256", Secret("another99"), "AES-128", Secret("privpass1"))
SENDER, OWN = b"\x80\x00\x00\x00\x01router", b"\x80\x00\x00\x00\x05ourselves"
DEVICE = Device("r1", "s", "10.0.0.1", snmp=Snmp("3", "v3"))


class Known:
    def find(self, name: str) -> Secret | None:
        return None

    def user(self, name: str) -> SnmpUser | None:
        return USER


@dataclass
class Scene:
    """A gate, its clock, and what it answers."""

    now: float = 1000.0
    answers: list[bytes] = field(default_factory=list)
    counters: NoticeCounters = field(default_factory=NoticeCounters)

    def __post_init__(self) -> None:
        self.gate = Gate(OwnEngine(OWN, 7, 0.0), self.counters, lambda: self.now)
        self.gate.set_secrets(Known())

    def hear(self, data: bytes) -> Notice | None:
        return self.gate.hear(Arrival(data, DEVICE, "10.0.0.1", 5.0, self.answers.append))


def trap(boots: int, time: int, user: SnmpUser = USER) -> bytes:
    return seal(pdu(LINK_DOWN, link(3)), localise(user, SENDER), msg_id=5, clock=(boots, time), salt=1)


def inform(clock: tuple[int, int], *, user: SnmpUser = USER, engine: bytes = OWN) -> bytes:
    flags = 3 | REPORTABLE
    body = pdu(LINK_DOWN, link(3), tag=INFORM)
    return seal(body, localise(user, engine), msg_id=6, clock=clock, salt=2, flags=flags)


def test_rule_07_given_traps_of_a_sender_then_its_clock_must_not_go_back_and_a_reboot_is_taken() -> None:
    scene = Scene()
    assert scene.hear(trap(3, 1000)) and scene.hear(trap(3, 990))
    scene.now += 400
    assert scene.hear(trap(3, 1000)) is None, "a replay of what was said 400 s ago"
    assert scene.hear(trap(3, 1400)) and scene.hear(trap(4, 1))
    assert scene.hear(trap(3, 1401)) is None, "it rebooted since"
    assert (scene.counters.heard, scene.counters.refused) == (4, 2)
    assert not scene.answers


def test_given_a_forged_trap_then_it_is_refused_in_silence_and_the_clock_stays() -> None:
    scene = Scene()
    assert scene.hear(trap(9, 9_000_000, OTHER)) is None
    assert scene.hear(v2c(LINK_DOWN, link(3))) is None, "no weaker door"
    assert scene.hear(trap(3, 10)) and not scene.answers


def test_given_informs_then_our_clock_judges_and_each_refusal_is_reported() -> None:
    scene = Scene()
    assert scene.hear(inform((7, 1000))) and len(scene.answers) == 1
    for data in (inform((7, 100)), inform((6, 1000)), inform((7, 1000), engine=b"\x80\x00\x00\x00\x05another")):
        assert scene.hear(data) is None
    stranger = SnmpUser("nobody", "SHA-256", Secret("authpass1"), "AES-128", Secret("privpass1"))
    assert scene.hear(inform((7, 1000), user=stranger)) is None
    assert scene.counters.reported == 4
    assert all(parse_header(answer).engine_id == OWN for answer in scene.answers)
    keys = localise(USER, OWN)
    said = [refusal(open_(one, parse_header(one), keys, least=0).pdu) for one in scene.answers]
    assert said == [None, OutOfWindow, OutOfWindow, UnknownEngine, UnknownUser], "the first is the Response"


@pytest.mark.parametrize("seed", range(3))
def test_given_mutated_v3_messages_then_none_is_believed_and_none_breaks_the_gate(seed: int) -> None:
    dice, scene = random.Random(seed), Scene()
    seeds = [trap(3, 1000), inform((7, 1000)), inform((7, 1), engine=b""), v2c(LINK_DOWN, link(3))]
    for _ in range(1500):
        data = bytearray(dice.choice(seeds))
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] ^= dice.randrange(1, 256)
        if dice.random() < 0.1:
            data = data[: dice.randrange(len(data))]
        assert scene.hear(bytes(data)) is None
    counters = scene.counters
    assert counters.heard == 0 and counters.unparsable and counters.refused
    assert len(scene.answers) == counters.reported + counters.acknowledged
