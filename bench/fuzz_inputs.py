"""Hostile datagrams: what real devices say, spoilt in every way that a line, a broken agent or a liar might spoil it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collectors.snmp import ber
from collectors.snmp.message import V1, request
from inventory.credentials import SnmpUser
from inventory.secret import Secret
from noc.lab import agent
from noc.lab.objects import Arcs, Layout, Scalar
from noc.lab.recording import read_recording
from noc.lab.replay import layout_of

RECORDINGS = Path(__file__).resolve().parents[2] / "shared" / "recordings" / "snmp"
REAL = ("arista_eos", "mimosa_b5", "thola-routeros-CHR_1", "panos", "junos_vmx")
IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
SCALARS = ("1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.2.1.0")
COLUMNS = (*(f"{IFX}.{n}" for n in (6, 10, 7, 11)), *(f"{IF}.{n}" for n in (14, 20, 13, 19, 8, 7)))
COMMUNITY = b"public"
USERS = (
    SnmpUser("noc", "SHA-256", Secret("authsecret1"), "AES-128", Secret("privsecret1")),
    SnmpUser("old", "MD5", Secret("authsecret1"), "DES", Secret("privsecret1")),
    SnmpUser("plain", "SHA-1", Secret("authsecret1")),
)
ENGINE_ID = b"\x80\x00\x1f\x88\x04fuzz"
FRESH = b"\x40\x00\x00\x07"
CLOCK = (7, 100_000)
MOST_OCTETS = 8192
MOST_GROWTH = 12 << 20  # octets of memory between a quarter and the end of a class
TAGS = bytes((0x02, 0x04, 0x05, 0x06, 0x30, 0x40, 0x41, 0x42, 0x43, 0x46, 0x80, 0x81, 0x82, 0xA2, 0xA4, 0xA7, 0xA8))
SIZES = bytes((0x00, 0x01, 0x7F, 0x80, 0x81, 0x82, 0x84, 0x85, 0xFF))

Mutation = Callable[[random.Random, bytes, bytes], bytes]


def place_in(chance: random.Random, data: bytes) -> int:
    return chance.randrange(len(data)) if data else 0


def flip_bit(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = place_in(chance, data)
    return data[:at] + bytes((data[at] ^ 1 << chance.randrange(8),)) + data[at + 1 :] if data else b"\x00"


def flip_bits(chance: random.Random, data: bytes, other: bytes) -> bytes:
    for _ in range(chance.randrange(2, 9)):
        data = flip_bit(chance, data, other)
    return data


def set_octet(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = place_in(chance, data)
    return data[:at] + bytes((chance.choice(TAGS + SIZES),)) + data[at + 1 :]


def cut(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: place_in(chance, data)]


def take_out(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = place_in(chance, data)
    return data[:at] + data[at + chance.randrange(1, 9) :]


def repeat(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = place_in(chance, data)
    return data[:at] + data[at : at + chance.randrange(1, 40)] * chance.randrange(1, 4) + data[at:]


def put_in(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = place_in(chance, data)
    return data[:at] + chance.randbytes(chance.randrange(1, 9)) + data[at:]


def splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: place_in(chance, data)] + other[place_in(chance, other) :]


def grow(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data + chance.randbytes(chance.randrange(1, 200))


def noise(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return chance.randbytes(chance.randrange(0, 300))


def as_it_is(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data


MUTATIONS: tuple[Mutation, ...] = (
    *(flip_bit,) * 4,
    *(set_octet,) * 4,
    flip_bits,
    cut,
    take_out,
    repeat,
    put_in,
    splice,
    grow,
    noise,
    as_it_is,
)


class Hostile:
    """Draws from `corpus` and spoils; the same seed gives the same inputs."""

    def __init__(self, seed: int, corpus: Sequence[bytes]) -> None:
        self.chance = random.Random(seed)
        self.corpus = corpus

    def one(self) -> bytes:
        return self.spoil(self.chance.choice(self.corpus))

    def spoil(self, data: bytes) -> bytes:
        chance = self.chance
        spoilt = chance.choice(MUTATIONS)(chance, data, chance.choice(self.corpus))
        return spoilt[:MOST_OCTETS]


def layouts() -> list[Layout]:
    """Devices to answer: recorded ones where the recordings are here, and one made up."""
    files = [RECORDINGS / f"{name}.snmprec" for name in REAL]
    return [made_up(), *(layout_of(read_recording(file)) for file in files if file.exists())]


def made_up(offset: int = 0) -> Layout:
    """24 interfaces with counters of all sizes; another `offset` makes every value another."""
    scalars = [Scalar(arcs(SCALARS[0]), always(ber.unsigned(4711 + offset, ber.TIMETICKS)))]
    scalars.append(Scalar(arcs(SCALARS[1]), always(ber.integer(24 + offset))))
    scalars.append(Scalar(arcs("1.3.6.1.2.1.1.5.0"), always(ber.tlv(ber.OCTETS, b"router-%d" % offset))))
    for column, oid in enumerate(COLUMNS):
        tag = ber.COUNTER64 if oid.startswith(IFX) else ber.COUNTER32 if column < 8 else 0
        for row in range(1, 25):
            size = (row * 7 + column) % (60 if tag == ber.COUNTER64 else 29)
            value = (1 << size) + offset + row
            encoded = ber.unsigned(value, tag) if tag else ber.integer(1 + (row + offset) % 7)
            scalars.append(Scalar((*arcs(oid), row), always(encoded)))
    return Layout(tuple(scalars), ())


def always(encoded: bytes) -> Callable[[object, int], bytes]:
    return lambda _view, _row: encoded


def arcs(dotted: str) -> Arcs:
    return tuple(map(int, dotted.split(".")))


def indexes(layout: Layout) -> tuple[int, ...]:
    """ifIndexes of a device, at most 40."""
    found = layout.under(arcs(f"{IF}.8"))
    return tuple(ber.oid_arcs(layout.cells[number].oid[2:])[-1] for number in found)[:40]


def questions() -> list[bytes]:
    """Requests as pollers send them, v1 and v2c."""
    names = [ber.dotted_body(oid) for oid in (*SCALARS, *COLUMNS)]
    parts = [
        request(ber.GET, b"public", names[:2]),
        request(ber.GET, b"public", names[:1], version=V1),
        request(ber.GETNEXT, b"public", names),
        request(ber.GETNEXT, b"public", names[2:6], version=V1),
        request(ber.GETBULK, b"public", names, first=2, second=10),
        request(ber.SET, b"public", names[:1]),
    ]
    return [head + FRESH + tail for head, tail in parts]


def answers() -> list[bytes]:
    found = [agent.answer(layout, None, agent.parse(question)) for layout in layouts() for question in questions()]
    return [answer for answer in found if answer is not None]


def traps() -> list[bytes]:
    """v1, v2c, and informs, with bindings of all types."""
    bindings = [
        ("1.3.6.1.2.1.1.3.0", ber.unsigned(4711, ber.TIMETICKS)),
        ("1.3.6.1.6.3.1.1.4.1.0", ber.tlv(ber.OID, ber.dotted_body("1.3.6.1.6.3.1.1.5.3"))),
        (f"{IF}.1.7", ber.integer(7)),
        (f"{IF}.2.7", ber.tlv(ber.OCTETS, b"xe-0/0/7")),
        (f"{IF}.8.7", ber.integer(2)),
        ("1.3.6.1.2.1.15.3.1.14.10.0.0.1", ber.tlv(ber.OCTETS, b"\x06\x02")),
        ("1.3.6.1.2.1.15.3.1.7.10.0.0.1", ber.tlv(ber.IP_ADDRESS, bytes((10, 0, 0, 1)))),
        ("1.3.6.1.4.1.2636.3.1.13.1.7.1", ber.unsigned(41, ber.GAUGE32)),
        ("1.3.6.1.4.1.9.9.1", ber.tlv(ber.OPAQUE, b"\x9f\x78\x04\x42\xf6\x00\x00")),
    ]
    listed = [ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.dotted_body(oid)) + value) for oid, value in bindings]
    head = ber.integer(0x40000007) + ber.integer(0) + ber.integer(0)
    community = ber.tlv(ber.OCTETS, b"public")
    found = []
    for tag in (0xA7, 0xA6):
        pdu = ber.tlv(tag, head + ber.tlv(ber.SEQUENCE, b"".join(listed)))
        found.append(ber.tlv(ber.SEQUENCE, ber.integer(1) + community + pdu))
    for generic in (2, 6):
        old = ber.tlv(ber.OID, ber.dotted_body("1.3.6.1.4.1.9")) + ber.tlv(ber.IP_ADDRESS, bytes((10, 0, 0, 1)))
        old += ber.integer(generic) + ber.integer(17) + ber.unsigned(99, ber.TIMETICKS)
        pdu = ber.tlv(0xA4, old + ber.tlv(ber.SEQUENCE, b"".join(listed[2:])))
        found.append(ber.tlv(ber.SEQUENCE, ber.integer(0) + community + pdu))
    return found


LINES = (
    b"<189>123: *Nov 21 12:00:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
    b"<189>Nov 21 12:00:00 dar-core-1 rpd[1234]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.1 changed state",
    b'<165>1 2026-11-21T12:00:00.003Z dar-core-1 mgd 1234 UI_COMMIT [junos@2636.1.1 user="noc"] committed',
    b"<190>Nov 21 2026 12:00:00 HUAWEI %%01IFNET/4/LINK_STATE(l)[5]:The line protocol on GE0/0/1 has entered DOWN.",
    b"<30>interface,info ether1 link down",
    "<14>Nov 21 12:00:00 swali snmpd[7]: Kiungo cha Dar \u2013 Dodoma kimekatika\n".encode(),
)


@dataclass(slots=True)
class Tally:
    """What became of the inputs of one class; `told` are counters of whoever was attacked."""

    inputs: int = 0
    accepted: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    seconds: float = 0.0
    growth: int = 0
    told: dict[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not (self.wrong or self.crashed or self.growth > MOST_GROWTH)


Attack = Callable[[Tally, Hostile, int], None]  # fills the tally with so many inputs more
