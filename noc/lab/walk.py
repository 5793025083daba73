"""What net-snmp's snmpwalk prints, read as a recording: `snmpwalk -v2c -c COMMUNITY -Onex -Cc ADDRESS .1 > NAME.snmpwalk`."""

import re
import struct
from collections.abc import Iterator

_ROW = re.compile(rb"^\.?(\d+(?:\.\d+)+) = ?(.*)$")
_TYPE = re.compile(rb"^(?:Wrong Type \(should be [^)]*\): )?([A-Za-z][A-Za-z0-9-]*(?: Address)?): ?(.*)$", re.DOTALL)
_NOTHING = re.compile(rb"^(No Such |No more |NULL$)")
_NUMBER = re.compile(rb"-?\d+")
_NUMBERS = {
    b"INTEGER": 2,
    b"Counter32": 65,
    b"Gauge32": 66,
    b"Unsigned32": 66,
    b"Timeticks": 67,
    b"Counter64": 70,
}
_OPAQUE_FLOAT = b"\x9f\x78\x04"


def recorded(walk: bytes) -> Iterator[bytes]:
    """Lines `OID|tag|value` of a walk. Values over several lines are put together; what was not there is left out.

    A line that says nothing we understand stands as it is, so that whoever reads lines counts it.
    """
    for oid, said in _entries(walk):
        if not _NOTHING.match(said):
            yield oid + b"|" + _value(said)


def _entries(walk: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, value = b"", b""
    for line in walk.replace(b"\r\n", b"\n").split(b"\n"):
        row = _ROW.match(line)
        if row is None:
            value += b"\n" + line
            continue
        if at:
            yield at, value.rstrip(b"\n")
        at, value = row[1], row[2]
    if at:
        yield at, value.rstrip(b"\n")


def _value(said: bytes) -> bytes:
    """`TYPE: value` as `tag|value`."""
    typed = _TYPE.match(said)
    if typed is None:
        number = _NUMBER.fullmatch(said.strip())
        return b"67|" + said.strip() if number else b"4x|" + _unquoted(said).hex().encode()
    kind, value = typed[1], typed[2].strip()
    if kind in _NUMBERS:
        inside = re.search(rb"\((-?\d+)\)", value) or re.search(rb"(-?\d+)", value)
        return b"%d|%s" % (_NUMBERS[kind], inside[1] if inside else value)
    if kind in (b"Hex-STRING", b"BITS"):
        return b"4x|" + re.sub(rb"\s", b"", re.split(rb"[^0-9A-Fa-f\s]", value)[0])
    if kind == b"OID":
        return b"6|" + value.lstrip(b".")
    if kind in (b"IpAddress", b"Network Address"):
        return b"64|" + value.replace(b":", b".")
    if kind == b"Opaque":
        found = re.search(rb"(-?\d+(?:\.\d+)?)", value)
        return b"68x|" + (_OPAQUE_FLOAT + struct.pack(">f", float(found[1]) if found else 0.0)).hex().encode()
    return b"4x|" + _unquoted(value if kind == b"STRING" else said).hex().encode()


def _unquoted(value: bytes) -> bytes:
    quoted = len(value) > 1 and value[:1] == value[-1:] == b'"'
    return value[1:-1].replace(b'\\"', b'"') if quoted else value
