"""Asks a lab in memory, at any moment, what an SNMP client would ask over UDP."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from collectors.snmp import ber
from inventory.model import SnmpVersion
from noc.lab.actions import Act
from noc.lab.scenario import checked
from noc.lab.world import World
from tests.noc.lab.network import START, small_network

UPTIME = "1.3.6.1.2.1.1.3.0"
IF = "1.3.6.1.2.1.2.2.1"
IFX = "1.3.6.1.2.1.31.1.1.1"
VERSIONS: Mapping[str, SnmpVersion] = MappingProxyType({"p3": "3", "s3-r1": "1"})
EXCEPTIONS = {
    ber.NO_SUCH_OBJECT: "noSuchObject",
    ber.NO_SUCH_INSTANCE: "noSuchInstance",
    ber.END_OF_MIB_VIEW: "endOfMibView",
}


def act(at: float, do: str, source: str = "scenario", lasts: float | None = None, **rest: Any) -> Act:
    """An act on the small network, at seconds after START, undone after `lasts` seconds."""
    if lasts is not None:
        rest["for"] = lasts
    stage = World(small_network(versions=VERSIONS), attached_to="c1", start=START)
    found, wrong = checked({"do": do, "at": at, **rest}, stage, START, source)
    assert found is not None, wrong
    return found


def world(*acts: Act, seed: int = 0, versions: Mapping[str, SnmpVersion] = MappingProxyType({})) -> World:
    return World(small_network(versions=versions), attached_to="c1", start=START, seed=seed, acts=acts)


def encoded_oid(dotted: str) -> bytes:
    return ber.tlv(ber.OID, ber.dotted_body(dotted))


def message(
    kind: int, oids: Sequence[str], numbers: tuple[int, int] = (0, 0), *, version: int = 1, community: bytes = b"public"
) -> bytes:
    bindings = b"".join(ber.tlv(ber.SEQUENCE, encoded_oid(one) + b"\x05\x00") for one in oids)
    pdu = ber.integer(99) + ber.integer(numbers[0]) + ber.integer(numbers[1]) + ber.tlv(ber.SEQUENCE, bindings)
    return ber.tlv(ber.SEQUENCE, ber.integer(version) + ber.tlv(ber.OCTETS, community) + ber.tlv(kind, pdu))


def value(data: bytes, pos: int) -> Any:
    tag, start, end = ber.read(data, pos)
    body = data[start:end]
    if tag in EXCEPTIONS:
        return EXCEPTIONS[tag]
    if tag == ber.OID:
        return ".".join(map(str, ber.oid_arcs(body)))
    if tag in (ber.OCTETS, ber.IP_ADDRESS, ber.OPAQUE):
        return body
    return int.from_bytes(body, "big", signed=tag == ber.INTEGER) if tag != ber.NULL else None


def read(answer: bytes) -> tuple[int, int, list[tuple[str, Any]]]:
    """(error status, error index, [(OID, value)]) of a response to `message`."""
    _, pos, _ = ber.read(answer, 0)
    _, _, pos = ber.read(answer, pos)
    _, _, pos = ber.read(answer, pos)
    tag, pos, _ = ber.read(answer, pos)
    assert tag == ber.RESPONSE
    numbers = []
    for _ in range(3):
        _, start, pos = ber.read(answer, pos)
        numbers.append(int.from_bytes(answer[start:pos], "big"))
    assert numbers[0] == 99
    _, pos, end = ber.read(answer, pos)
    assert end == len(answer)
    bindings = []
    while pos < end:
        _, start, pos = ber.read(answer, pos)
        _, at, stop = ber.read(answer, start)
        bindings.append((".".join(map(str, ber.oid_arcs(answer[at:stop]))), value(answer, stop)))
    return numbers[1], numbers[2], bindings


def get(lab: World, device: str, oid: str, t: float) -> Any:
    """The value of one object at `t` seconds after START; None when nothing answers."""
    answer = lab.answer(device, message(ber.GET, [oid]), START + t)
    return None if answer is None else read(answer)[2][0][1]


def walk(lab: World, device: str, root: str, t: float = 0.0) -> dict[str, Any]:
    """Everything below `root`, by GETNEXT."""
    found: dict[str, Any] = {}
    oid = root
    while True:
        answer = lab.answer(device, message(ber.GETNEXT, [oid]), START + t)
        assert answer is not None
        oid, said = read(answer)[2][0]
        if said == "endOfMibView" or not oid.startswith(root + "."):
            return found
        found[oid] = said


def index_of(lab: World, device: str, name: str, t: float = 0.0) -> int:
    """ifIndex of the interface with that ifName."""
    return next(
        int(oid.rsplit(".", 1)[1]) for oid, said in walk(lab, device, IFX + ".1", t).items() if said == name.encode()
    )


def octets(lab: World, device: str, name: str, t: float) -> tuple[int, int]:
    """ifHCInOctets and ifHCOutOctets of an interface."""
    index = index_of(lab, device, name, t)
    return get(lab, device, f"{IFX}.6.{index}", t), get(lab, device, f"{IFX}.10.{index}", t)


def alive(lab: World, t: float) -> set[str]:
    """Devices whose echo answers."""
    return {key for key in lab.inventory.devices if lab.echo(key, b"?", START + t) is not None}
