"""How a simulated router answers one SNMP request by RFC 3416 and RFC 1157, as a function without memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.snmp import ber
from noc.lab.objects import Cell, Layout, end_of_view, no_such_instance, no_such_object

MOST_OCTETS = 1472  # one Ethernet frame without fragments
_V1, _V2C = 0, 1
_MOST_CELLS = 200  # more never fit into MOST_OCTETS
_LONGEST_OID = 4 + 5 * 128  # encoded: 128 arcs of 32 bits, RFC 2578 section 3.5
_TOO_BIG, _NO_SUCH_NAME, _GEN_ERR, _NOT_WRITABLE = 1, 2, 5, 17
_EXCEPTIONS = (no_such_object, no_such_instance, end_of_view)


@dataclass(frozen=True, slots=True)
class Request:
    """A request taken apart; `oids` are encoded, `first` and `second` are error fields or GETBULK's two numbers."""

    version: int
    community: bytes
    kind: int
    head: bytes  # version and community as they came, to send back
    request_id: bytes  # as it came, with tag and length
    first: int
    second: int
    bindings: bytes
    around: int  # octets of the answer that are not its PDU

    @property
    def oids(self) -> Sequence[bytes]:
        """Names of the variable bindings, as encoded OIDs. BerError when they are none."""
        found, pos = [], 0
        while pos < len(self.bindings):
            tag, start, pos = ber.read(self.bindings, pos)
            kind, _, end = ber.read(self.bindings, start)
            if tag != ber.SEQUENCE or kind != ber.OID or not 0 < end - start <= _LONGEST_OID or end > pos:
                raise ber.BerError("no variable binding")
            found.append(self.bindings[start:end])
        return found


def _number(data: bytes, pos: int) -> tuple[int, int]:
    tag, start, end = ber.read(data, pos)
    if tag != ber.INTEGER or start == end:
        raise ber.BerError("no integer")
    return int.from_bytes(data[start:end], "big", signed=True), end


def parse(data: bytes) -> Request:
    """A v1 or v2c message taken apart. BerError: it is none."""
    tag, start, end = ber.read(data, 0)
    if tag != ber.SEQUENCE:
        raise ber.BerError("no SNMP message")
    version, pos = _number(data, start)
    tag, at, pdu = ber.read(data, pos)
    if tag != ber.OCTETS or version not in (_V1, _V2C):
        raise ber.BerError("no version 1 or 2c message")
    return _request(data[pdu:end], (version, data[at:pdu], data[start:pdu]), pdu - start)


def parse_pdu(pdu: bytes, around: int) -> Request:
    """A PDU as SNMPv3 carries it, with so many octets around its answer. BerError: it is none."""
    return _request(pdu, (_V2C, b"", b""), around)


def _request(pdu: bytes, head: tuple[int, bytes, bytes], around: int) -> Request:
    kind, body, finish = ber.read(pdu, 0)
    _, after_id = _number(pdu, body)
    first, pos = _number(pdu, after_id)
    second, pos = _number(pdu, pos)
    tag, bindings, last = ber.read(pdu, pos)
    if tag != ber.SEQUENCE or last != finish or finish != len(pdu):
        raise ber.BerError("no list of variable bindings")
    version, community, opening = head
    return Request(version, community, kind, opening, pdu[body:after_id], first, second, pdu[bindings:last], around)


def answer(layout: Layout, view: object, request: Request) -> bytes | None:
    """The message to send back, or None for one that an agent drops without a word. BerError: malformed bindings."""
    pdu = respond(layout, view, request)
    return None if pdu is None else ber.tlv(ber.SEQUENCE, request.head + pdu)


def respond(layout: Layout, view: object, request: Request) -> bytes | None:
    """The PDU of the answer, as of `answer`."""
    if request.kind == ber.SET:
        status = _NO_SUCH_NAME if request.version == _V1 else _NOT_WRITABLE
        return _response(request, status, 1, request.bindings)
    if request.kind not in (ber.GET, ber.GETNEXT, ber.GETBULK) or (request.kind, request.version) == (ber.GETBULK, _V1):
        return None
    plan = _plan(layout, request)
    if request.version == _V1:
        for number, cell in enumerate(plan, 1):
            if cell.wide or cell.value in _EXCEPTIONS:
                return _response(request, _NO_SUCH_NAME, number, request.bindings)
    return _filled(view, request, plan)


def _filled(view: object, request: Request, plan: Sequence[Cell]) -> bytes:
    bindings: list[bytes] = []
    size = 0
    room = MOST_OCTETS - request.around - len(request.request_id) - 18
    for cell in plan:
        inner = cell.oid + cell.value(view, cell.row)
        binding = b"\x30" + (bytes((len(inner),)) if len(inner) < 0x80 else ber.length(len(inner))) + inner
        size += len(binding)
        if size > room:
            if request.kind == ber.GETBULK and bindings:
                break
            return _response(request, _TOO_BIG, 0, b"" if request.version == _V2C else request.bindings)
        bindings.append(binding)
    return _response(request, 0, 0, b"".join(bindings))


def _response(request: Request, status: int, index: int, bindings: bytes) -> bytes:
    error = bytes((2, 1, status, 2, 1, min(index, 127)))
    return ber.tlv(ber.RESPONSE, request.request_id + error + ber.tlv(ber.SEQUENCE, bindings))


def _plan(layout: Layout, request: Request) -> tuple[Cell, ...]:
    """Which cells answer it; the same question is looked up once."""
    asked = (request.kind, request.version, request.first, request.second, request.bindings)
    plan = layout.plans.get(asked)
    if plan is None:
        oids = request.oids
        if request.kind == ber.GET:
            plan = tuple(layout.exact(oid) for oid in oids)
        elif request.kind == ber.GETNEXT:
            plan = tuple(_next(layout, oid, request.version) for oid in oids)
        else:
            plan = tuple(_bulk(layout, oids, max(0, request.first), max(0, request.second)))
        layout.remember(asked, plan)
    return plan


def _next(layout: Layout, oid: bytes, version: int) -> Cell:
    number = layout.after(oid)
    while version == _V1 and number < len(layout) and layout.cells[number].wide:
        number += 1
    return layout.cells[number] if number < len(layout) else Cell(oid, end_of_view, 0)


def _bulk(layout: Layout, oids: Sequence[bytes], once: int, times: int) -> Iterator[Cell]:
    for oid in oids[:once]:
        yield _next(layout, oid, _V2C)
    repeated = oids[once:]
    if not repeated:
        return
    starts = [layout.after(oid) for oid in repeated]
    for step in range(min(times, max(1, _MOST_CELLS // len(repeated)))):
        if step and all(start + step > len(layout) for start in starts):
            return  # everybody said so in the round before
        for oid, start in zip(repeated, starts, strict=True):
            if start + step < len(layout):
                yield layout.cells[start + step]
            else:
                yield Cell(layout.cells[-1].oid if start < len(layout) else oid, end_of_view, 0)
