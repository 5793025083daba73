"""The MIB of a simulated router: system, IF-MIB, neighbours, health, snmpEngine and, at the edge, BGP4-MIB, of a view."""

from collections.abc import Callable, Sequence
from functools import partial

from collectors.snmp import ber
from noc.lab.hardware import Port
from noc.lab.health_mib import health_scalars, health_tables
from noc.lab.neighbour_mib import heard_tables, local_ports, local_scalars, ospf_scalars
from noc.lab.objects import Arcs, Column, Layout, Scalar, Table
from noc.lab.router import Counts
from noc.lab.view import FULL32, NO_TICKS, Shape, View

_SYSTEM: Arcs = (1, 3, 6, 1, 2, 1, 1)
_INTERFACES: Arcs = (1, 3, 6, 1, 2, 1, 2)
_IF_MIB: Arcs = (1, 3, 6, 1, 2, 1, 31, 1)
_ENGINE: Arcs = (1, 3, 6, 1, 6, 3, 10, 2, 1)
_USM_STATS: Arcs = (1, 3, 6, 1, 6, 3, 15, 1, 1)
_BGP: Arcs = (1, 3, 6, 1, 2, 1, 15)
_USM_STATS_OID = ".".join(map(str, _USM_STATS))
_LOCAL_AS = 64_512
_UP, _DOWN = ber.integer(1), ber.integer(2)
_STATES = tuple(ber.integer(number) for number in range(8))
_ZERO32, _ZERO64 = ber.unsigned(0, ber.COUNTER32), ber.unsigned(0, ber.COUNTER64)


def _text(text: str) -> bytes:
    return ber.tlv(ber.OCTETS, text.encode())


def _counter(value: int, _row: int = 0) -> bytes:
    return ber.unsigned(value & FULL32, ber.COUNTER32)


def _uptime(view: View, _row: int) -> bytes:
    return ber.unsigned(int((view.t - view.life.boot_at) * 100) & FULL32, ber.TIMETICKS)


def _physical(view: View, row: int) -> bytes:
    if view.port(row).kind == "loopback":
        return b"\x04\x00"
    seed = sum(view.router.device.key.encode()) * 7919 + view.number(row)
    return b"\x04\x06\x02\x00" + (seed & FULL32).to_bytes(4, "big")


def _discontinuity(view: View, row: int) -> bytes:
    zero = view.router.zero(view.number(row), view.t)
    return view.ticks(zero.at) if zero.numbered else NO_TICKS


def _refused(number: int, view: View, _row: int) -> bytes:
    """usmStats of RFC 3414: requests refused since the boot."""
    return _counter(view.router.refused[view.life.boots, f"{_USM_STATS_OID}.{number}.0"])


def _high_speed(view: View, row: int) -> bytes:
    return ber.unsigned(view.speed(row) // 1_000_000, ber.GAUGE32)


def _in_unicast(counts: Counts, port: Port) -> int:
    return counts.in_octets // port.packet


def _out_unicast(counts: Counts, port: Port) -> int:
    return counts.out_octets // port.packet


def _multicast(octets: int, port: Port) -> int:
    return octets // (port.packet * 83)


def _broadcast(octets: int, port: Port) -> int:
    return octets // (port.packet * 331)


_COUNTS: dict[str, Callable[[Counts, Port], int]] = {
    "in_octets": lambda c, p: c.in_octets,
    "in_unicast": _in_unicast,
    "in_multicast": lambda c, p: _multicast(c.in_octets, p),
    "in_broadcast": lambda c, p: _broadcast(c.in_octets, p),
    "in_other": lambda c, p: _multicast(c.in_octets, p) + _broadcast(c.in_octets, p),
    "in_discards": lambda c, p: c.in_discards,
    "in_errors": lambda c, p: c.in_errors,
    "out_octets": lambda c, p: c.out_octets,
    "out_unicast": _out_unicast,
    "out_multicast": lambda c, p: _multicast(c.out_octets, p),
    "out_broadcast": lambda c, p: _broadcast(c.out_octets, p),
    "out_other": lambda c, p: _multicast(c.out_octets, p) + _broadcast(c.out_octets, p),
    "out_discards": lambda c, p: c.out_discards,
    "out_errors": lambda c, p: c.out_errors,
}


def _narrow(count: Callable[[Counts, Port], int], view: View, row: int) -> bytes:
    return ber.unsigned(count(view.counts(row), view.port(row)) & FULL32, ber.COUNTER32)


def _wide(count: Callable[[Counts, Port], int], view: View, row: int) -> bytes:
    return ber.unsigned(count(view.counts(row), view.port(row)), ber.COUNTER64)


def _scalars() -> tuple[Scalar, ...]:
    return (
        Scalar((*_SYSTEM, 1, 0), lambda v, _: _text(v.router.model.description)),
        Scalar((*_SYSTEM, 2, 0), lambda v, _: ber.tlv(ber.OID, ber.dotted_body(v.router.model.object_id))),
        Scalar((*_SYSTEM, 3, 0), _uptime),
        Scalar((*_SYSTEM, 4, 0), lambda v, _: _text(v.router.contact)),
        Scalar((*_SYSTEM, 5, 0), lambda v, _: _text(v.router.device.key)),
        Scalar((*_SYSTEM, 6, 0), lambda v, _: _text(v.router.location)),
        Scalar((*_SYSTEM, 7, 0), lambda v, _: ber.integer(78)),
        Scalar((*_INTERFACES, 1, 0), lambda v, _: ber.integer(len(v.router.ports))),
        Scalar((*_IF_MIB, 5, 0), lambda v, _: v.ticks(v.life.table_at)),
        Scalar(
            (*_ENGINE, 1, 0),
            lambda v, _: ber.tlv(ber.OCTETS, v.router.engine_id),
        ),
        Scalar((*_ENGINE, 2, 0), lambda v, _: ber.integer(v.life.boots)),
        Scalar((*_ENGINE, 3, 0), lambda v, _: ber.integer(int(v.t - v.life.boot_at))),
        Scalar((*_ENGINE, 4, 0), lambda v, _: ber.integer(1472)),
        *(Scalar((*_USM_STATS, number, 0), partial(_refused, number)) for number in range(1, 7)),
    )


def _if_table(indexes: Sequence[int]) -> tuple[Column, ...]:
    at: Arcs = (*_INTERFACES, 2, 1)
    encoded = [ber.integer(index) for index in indexes]
    counts = {10: "in_octets", 11: "in_unicast", 12: "in_other", 13: "in_discards", 14: "in_errors"}
    counts |= {16: "out_octets", 17: "out_unicast", 18: "out_other", 19: "out_discards", 20: "out_errors"}
    return (
        Column((*at, 1), lambda v, row: encoded[row]),
        Column((*at, 2), lambda v, row: _text(v.router.model.descr(v.port(row).name))),
        Column((*at, 3), lambda v, row: ber.integer(v.port(row).type)),
        Column((*at, 4), lambda v, row: ber.integer(1500)),
        Column((*at, 5), lambda v, row: ber.unsigned(min(v.speed(row), FULL32), ber.GAUGE32)),
        Column((*at, 6), _physical),
        Column((*at, 7), lambda v, row: _UP),
        Column((*at, 8), lambda v, row: _STATES[v.status(row).oper]),
        Column((*at, 9), lambda v, row: v.ticks(v.status(row).at)),
        Column((*at, 15), lambda v, row: _ZERO32),
        Column((*at, 21), lambda v, row: ber.unsigned(0, ber.GAUGE32)),
        Column((*at, 22), lambda v, row: b"\x06\x01\x00"),
        *(Column((*at, column), partial(_narrow, _COUNTS[name])) for column, name in counts.items()),
    )


def _ifx_table() -> tuple[Column, ...]:
    at: Arcs = (*_IF_MIB, 1, 1)
    narrow = {2: "in_multicast", 3: "in_broadcast", 4: "out_multicast", 5: "out_broadcast"}
    wide = {6: "in_octets", 7: "in_unicast", 8: "in_multicast", 9: "in_broadcast"}
    wide |= {10: "out_octets", 11: "out_unicast", 12: "out_multicast", 13: "out_broadcast"}
    return (
        Column((*at, 1), lambda v, row: _text(v.port(row).name)),
        *(Column((*at, column), partial(_narrow, _COUNTS[name])) for column, name in narrow.items()),
        *(Column((*at, column), partial(_wide, _COUNTS[name]), wide=True) for column, name in wide.items()),
        Column((*at, 14), lambda v, row: _UP),
        Column((*at, 15), _high_speed),
        Column((*at, 16), lambda v, row: _DOWN),
        Column((*at, 17), lambda v, row: _DOWN if v.port(row).kind == "loopback" else _UP),
        Column((*at, 18), lambda v, row: _text(v.port(row).alias)),
        Column((*at, 19), _discontinuity),
    )


def _address(four: Sequence[int]) -> bytes:
    return ber.tlv(ber.IP_ADDRESS, bytes(four))


def _bgp_table() -> tuple[Column, ...]:
    at: Arcs = (*_BGP, 3, 1)
    return (
        Column((*at, 1), lambda v, row: _address(v.router.peers[row].address)),
        Column((*at, 2), lambda v, row: _STATES[v.session(row).state]),
        Column((*at, 3), lambda v, row: _STATES[v.session(row).admin]),
        Column((*at, 5), lambda v, row: _address(v.router.peers[row].local)),
        Column((*at, 7), lambda v, row: _address(v.router.peers[row].address)),
        Column((*at, 9), lambda v, row: ber.integer(v.router.peers[row].remote_as)),
        Column((*at, 14), lambda v, row: b"\x04\x02\x00\x00" if v.session(row).state == 6 else b"\x04\x02\x04\x00"),
        Column((*at, 15), lambda v, row: _counter(v.session(row).ups)),
        Column((*at, 16), lambda v, row: ber.unsigned(max(0, int(v.t - v.session(row).at)), ber.GAUGE32)),
    )


def _class_octets(number: int, way: int, view: View, _row: int) -> bytes:
    return ber.unsigned(view.router.counted_octets(number, way, view.t), ber.COUNTER64)


def layout_of(shape: Shape) -> Layout:
    """The objects of a router of that shape."""
    indexes, peers = shape.indexes, shape.peers
    rows = [(index,) for index in indexes]
    tables = [Table(_if_table(indexes), rows), Table(_ifx_table(), rows)]
    tables += [*local_ports(indexes), *heard_tables(shape.lldp_ports, shape.ospf_addresses), *health_tables()]
    scalars = (*_scalars(), *health_scalars(), *local_scalars(), *(ospf_scalars() if shape.ospf else ()))
    scalars += tuple(
        Scalar(name, partial(_class_octets, *divmod(place, 2)), wide=True) for place, name in enumerate(shape.counted)
    )
    if peers:
        tables.append(Table(_bgp_table(), [peer.address for peer in peers]))
        scalars += (
            Scalar((*_BGP, 1, 0), lambda v, _: b"\x04\x01\x10"),
            Scalar((*_BGP, 2, 0), lambda v, _: ber.integer(_LOCAL_AS)),
            Scalar((*_BGP, 4, 0), lambda v, _: _address(v.router.peers[0].local)),
        )
    return Layout(scalars, tables)
