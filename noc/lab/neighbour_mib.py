"""What a simulated router tells of its neighbours: LLDP-MIB, the members of its aggregates, and OSPF-MIB."""

from collections.abc import Sequence

from collectors.snmp import ber
from noc.lab.objects import Arcs, Column, Scalar, Table
from noc.lab.view import View

_LLDP: Arcs = (1, 0, 8802, 1, 1, 2, 1)
_LAG: Arcs = (1, 2, 840, 10006, 300, 43, 1, 2, 1, 1)
_OSPF: Arcs = (1, 3, 6, 1, 2, 1, 14)
_MAC_CHASSIS, _NAMED_PORT = ber.integer(4), ber.integer(5)  # LldpChassisIdSubtype, LldpPortIdSubtype
_FULL = ber.integer(8)  # ospfNbrState


def _text(text: str) -> bytes:
    return ber.tlv(ber.OCTETS, text.encode())


def _far_address(view: View, row: int) -> bytes:
    return ber.tlv(ber.IP_ADDRESS, bytes(view.adjacencies[row].address))


def local_scalars() -> tuple[Scalar, ...]:
    """Who the router is to its neighbours."""
    at: Arcs = (*_LLDP, 3)
    return (
        Scalar((*at, 1, 0), lambda v, _: _MAC_CHASSIS),
        Scalar((*at, 2, 0), lambda v, _: ber.tlv(ber.OCTETS, v.router.identity.chassis)),
        Scalar((*at, 3, 0), lambda v, _: _text(v.router.device.key)),
        Scalar((*at, 4, 0), lambda v, _: _text(v.router.model.description)),
    )


def ospf_scalars() -> tuple[Scalar, ...]:
    """Only where OSPF is spoken."""
    return (
        Scalar((*_OSPF, 1, 1, 0), lambda v, _: ber.tlv(ber.IP_ADDRESS, v.router.identity.router_id)),
        Scalar((*_OSPF, 1, 2, 0), lambda v, _: ber.integer(1)),
    )


def local_ports(indexes: Sequence[int]) -> tuple[Table, ...]:
    """lldpLocPortTable, whose port numbers are no ifIndexes, and dot3adAggPortTable, whose are."""
    at: Arcs = (*_LLDP, 3, 7, 1)
    ports = (
        Column((*at, 2), lambda v, row: _NAMED_PORT),
        Column((*at, 3), lambda v, row: _text(v.port(row).name)),
        Column((*at, 4), lambda v, row: _text(v.port(row).alias)),
    )
    attached = Column((*_LAG, 13), lambda v, row: ber.integer(v.aggregate(row, indexes)))
    return (
        Table(ports, [(row + 1,) for row in range(len(indexes))]),
        Table((attached,), [(index,) for index in indexes]),
    )


def heard_tables(ports: Sequence[int], addresses: Sequence[Arcs]) -> tuple[Table, ...]:
    """Neighbours on these LLDP port numbers, and OSPF neighbours of these addresses."""
    at: Arcs = (*_LLDP, 4, 1, 1)
    remote = (
        Column((*at, 4), lambda v, row: _MAC_CHASSIS),
        Column((*at, 5), lambda v, row: ber.tlv(ber.OCTETS, v.wires[row].far.identity.chassis)),
        Column((*at, 6), lambda v, row: _NAMED_PORT),
        Column((*at, 7), lambda v, row: _text(v.far_port(row).name)),
        Column((*at, 8), lambda v, row: _text(v.far_port(row).alias)),
        Column((*at, 9), lambda v, row: _text(v.wires[row].far.device.key)),
        Column((*at, 10), lambda v, row: _text(v.wires[row].far.model.description)),
    )
    at = (*_OSPF, 10, 1)
    neighbours = (
        Column((*at, 1), _far_address),
        Column((*at, 2), lambda v, row: ber.integer(0)),
        Column((*at, 3), lambda v, row: ber.tlv(ber.IP_ADDRESS, v.adjacencies[row].far.identity.router_id)),
        Column((*at, 6), lambda v, row: _FULL),
    )
    return (
        Table(remote, [(0, port, 1) for port in ports]),
        Table(neighbours, [(*address, 0) for address in addresses]),
    )
