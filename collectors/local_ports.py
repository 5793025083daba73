"""Which interface a local LLDP port is: its number is an ifIndex on some devices, a bridge port or neither on others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors.contract import SnmpSession, Unsupported, Value
from collectors.neighbour import mac
from collectors.oids import oids
from collectors.text import text

LLDP_LOCAL = "1.0.8802.1.1.2.1.3.7.1"  # lldpLocPortTable: 2 id subtype, 3 id, 4 description
BRIDGE_PORT = "1.3.6.1.2.1.17.1.4.1.2"  # dot1dBasePortIfIndex, RFC 4188
BUNDLE = "1.2.840.10006.300.43.1.2.1.1.13"  # dot3adAggPortAttachedAggID, IEEE8023-LAG-MIB: ifIndex of the aggregate
_PHYSICAL = "1.3.6.1.2.1.2.2.1.6"  # ifPhysAddress, RFC 2863
_NAMES = (*oids("ifName", "ifDescr", "ifAlias"), _PHYSICAL)
_ALIAS, _MAC = 1, 3  # LldpPortIdSubtype
MOST = 1000


@dataclass(frozen=True, slots=True)
class Names:
    """What one interface is called; "" where the device does not say."""

    index: int
    name: str
    descr: str
    alias: str
    physical: str


@dataclass(frozen=True, slots=True)
class LocalPort:
    """A port as LLDP calls it: its number, what its id says by subtype, its description, its bridge port's ifIndex."""

    number: int
    subtype: int | None = None
    id: Value = None
    description: str = ""
    bridged: int | None = None

    @property
    def label(self) -> str:
        return text(self.id) or self.description or f"port {self.number}"


async def read_names(session: SnmpSession) -> tuple[Names, ...]:
    """The names of all interfaces; empty where there are none."""
    try:
        rows = await session.table(_NAMES)
    except Unsupported:
        return ()
    return tuple(
        Names(index[0], text(name), text(descr), text(alias), mac(physical) or "")
        for index, (name, descr, alias, physical) in rows.items()
        if len(index) == 1
    )


async def read_ports(session: SnmpSession, numbers: Iterable[int]) -> Mapping[int, LocalPort]:
    """What LLDP and the bridge say of these ports: asked by their numbers, not walked."""
    wanted = sorted(set(numbers))[:MOST]
    columns = (f"{LLDP_LOCAL}.2", f"{LLDP_LOCAL}.3", f"{LLDP_LOCAL}.4", BRIDGE_PORT)
    values = await session.get([f"{column}.{number}" for number in wanted for column in columns])
    ports = {}
    for place, number in enumerate(wanted):
        subtype, said, description, bridged = values[place * 4 : place * 4 + 4]
        ports[number] = LocalPort(
            number,
            subtype if isinstance(subtype, int) else None,
            said,
            text(description),
            bridged if isinstance(bridged, int) else None,
        )
    return ports


async def read_bundles(session: SnmpSession, indexes: Iterable[int]) -> Mapping[int, int]:
    """ifIndex of a member -> ifIndex of the aggregate that it is attached to."""
    wanted = sorted(set(indexes))[:MOST]
    values = await session.get([f"{BUNDLE}.{index}" for index in wanted])
    return {index: value for index, value in zip(wanted, values, strict=True) if isinstance(value, int) and value > 0}


def if_index(port: LocalPort, names: Sequence[Names]) -> int | None:
    """What the port is called decides, if an interface is called so; then the bridge; then its number as an ifIndex.

    A text counts only where it means one interface: two may carry the same alias.
    """
    said = text(port.id)
    found = _one(names, lambda each: each.physical, mac(port.id) or "") if port.subtype == _MAC else None
    by_alias = (lambda each: each.alias,) if port.subtype == _ALIAS else ()
    for wanted in (said, port.description):
        for called in (*by_alias, _name, _descr, _alias):
            if found is None:
                found = _one(names, called, wanted)
    if found is not None:
        return found
    known = {each.index for each in names}
    return next((number for number in (port.bridged, port.number) if number in known), None)


def _name(each: Names) -> str:
    return each.name


def _descr(each: Names) -> str:
    return each.descr


def _alias(each: Names) -> str:
    return each.alias


def _one(names: Sequence[Names], called: Callable[[Names], str], wanted: str) -> int | None:
    if not wanted:
        return None
    found = [each.index for each in names if called(each).casefold() == wanted.casefold()]
    return found[0] if len(found) == 1 else None
