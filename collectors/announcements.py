"""The tables in which devices keep what their neighbours announce: LLDP, its second version, CDP and MikroTik's MNDP."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from collectors.contract import Index, Oid, Value
from collectors.inet import address_of, sized, unsized
from collectors.neighbour import Protocol, chassis_id, mac, port_id, words

Addresses = Mapping[Index, str]  # what names the neighbour in its table -> its management address


@dataclass(frozen=True, slots=True)
class Announced:
    """A row as told. `place` names it in its table; `port` is the local port's LLDP number, `if_index` its ifIndex."""

    place: Index
    protocol: Protocol
    port: int | None = None
    if_index: int | None = None
    chassis: str | None = None
    far_port: str | None = None
    far_description: str | None = None
    system: str | None = None
    address: str | None = None
    platform: str | None = None


@dataclass(frozen=True, slots=True)
class AnnouncementTable:
    """`columns` are asked side by side, the first of them finds the table; `parse` gives None for no neighbour."""

    name: str
    source: str
    protocol: Protocol
    columns: tuple[Oid, ...]
    parse: Callable[[Index, Sequence[Value]], Announced | None]
    addresses: Oid = ""  # a column whose index holds management addresses behind what names the neighbour
    lengths: tuple[int, ...] = ()  # how long what names the neighbour may be


def _lldp(index: Index, values: Sequence[Value]) -> Announced | None:
    """lldpRemTimeMark, lldpRemLocalPortNum, lldpRemIndex; RouterOS has the last one alone."""
    if len(index) not in (1, 3):
        return None
    return _announced(index, values, port=index[1] if len(index) == 3 else None)


def _lldp_v2(index: Index, values: Sequence[Value]) -> Announced | None:
    """lldpV2RemTimeMark, lldpV2RemLocalIfIndex, lldpV2RemLocalDestMACAddress (an index), lldpV2RemIndex."""
    return _announced(index, values, if_index=index[1]) if len(index) == 4 else None


def _announced(
    index: Index, values: Sequence[Value], *, port: int | None = None, if_index: int | None = None
) -> Announced | None:
    chassis, chassis_type, port_type, far_port, description, system = values
    if chassis is None and far_port is None and system is None:
        return None
    return Announced(
        place=index,
        protocol="lldp",
        port=port,
        if_index=if_index,
        chassis=chassis_id(chassis_type, chassis),
        far_port=port_id(port_type, far_port),
        far_description=words(description),
        system=words(system),
    )


def _cdp(index: Index, values: Sequence[Value]) -> Announced | None:
    """cdpCacheIfIndex, cdpCacheDeviceIndex. Without a system name, cdpCacheDeviceId is one, often with a serial behind."""
    device, address, port, platform, system = values
    if len(index) != 2 or device is None:
        return None
    found = address_of(address)
    return Announced(
        place=index,
        protocol="cdp",
        if_index=index[0],
        chassis=words(device),
        far_port=words(port),
        system=words(system) or words(device),
        address=None if found is None or found.unspecified else found.short,
        platform=words(platform),
    )


def _mndp(index: Index, values: Sequence[Value]) -> Announced | None:
    interface, address, physical, platform, identity = values
    if len(index) != 1 or not isinstance(interface, int):
        return None
    found = address_of(address)  # a row without a name and an address still tells the port of its LLDP twin
    return Announced(
        place=index,
        protocol="mndp",
        if_index=interface,
        chassis=mac(physical),
        system=words(identity),
        address=None if found is None or found.unspecified else found.short,
        platform=words(platform),
    )


def _columns(entry: Oid, *numbers: int) -> tuple[Oid, ...]:
    return tuple(f"{entry}.{number}" for number in numbers)


_LLDP, _LLDP_V2 = "1.0.8802.1.1.2.1.4", "1.3.111.2.802.1.1.13.1.4"

TABLES: tuple[AnnouncementTable, ...] = (
    AnnouncementTable(
        name="lldpRemTable",
        source="LLDP-MIB, IEEE 802.1AB",
        protocol="lldp",
        columns=_columns(f"{_LLDP}.1.1", 5, 4, 6, 7, 8, 9),
        parse=_lldp,
        addresses=f"{_LLDP}.2.1.3",  # lldpRemManAddrIfSubtype
        lengths=(3, 1),
    ),
    AnnouncementTable(
        name="lldpV2RemTable",
        source="LLDP-V2-MIB, IEEE 802.1AB",
        protocol="lldp",
        columns=_columns(f"{_LLDP_V2}.1.1", 6, 5, 7, 8, 9, 10),
        parse=_lldp_v2,
        addresses=f"{_LLDP_V2}.2.1.3",
        lengths=(4,),
    ),
    AnnouncementTable(
        name="cdpCacheTable",
        source="CISCO-CDP-MIB",
        protocol="cdp",
        columns=_columns("1.3.6.1.4.1.9.9.23.1.2.1.1", 6, 4, 7, 8, 17),
        parse=_cdp,
    ),
    AnnouncementTable(
        name="mtxrNeighborTable",
        source="MIKROTIK-MIB",
        protocol="mndp",
        columns=_columns("1.3.6.1.4.1.14988.1.1.11.1.1", 8, 2, 3, 5, 6),
        parse=_mndp,
    ),
)

# Who answers one of these speaks the protocol, even where nobody is heard
SPEAKS: Mapping[Protocol, Oid] = {
    "lldp": "1.0.8802.1.1.2.1.3.2.0",  # lldpLocChassisId
    "cdp": "1.3.6.1.4.1.9.9.23.1.3.1.0",  # cdpGlobalRun: 1 true
}
LOCAL_CHASSIS_SUBTYPE: Oid = "1.0.8802.1.1.2.1.3.1.0"  # lldpLocChassisIdSubtype


def management_addresses(indexes: Sequence[Index], lengths: Sequence[int]) -> Addresses:
    """From the indexes of lldpRemManAddrTable: what names the neighbour, then the address. IPv4 before IPv6."""
    found: dict[Index, str] = {}
    for index in indexes:
        for length in lengths:
            taken = sized(index, length) or unsized(index, length)
            if taken is None or taken[1] != len(index) or taken[0].unspecified:
                continue
            place, said = index[:length], taken[0].short
            if place not in found or (":" in found[place] and ":" not in said):
                found[place] = said
            break
    return found
