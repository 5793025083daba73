"""Recordings of real devices: one line a variable, `OID|tag|value` (.snmprec), or what snmpwalk printed (.snmpwalk)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collectors.snmp import ber
from noc.lab.objects import Arcs
from noc.lab.walk import recorded

WALK = ".snmpwalk"

_UNSIGNED = {
    65: (ber.COUNTER32, 0xFFFF_FFFF),
    66: (ber.GAUGE32, 0xFFFF_FFFF),
    67: (ber.TIMETICKS, 0xFFFF_FFFF),
    70: (ber.COUNTER64, 0xFFFF_FFFF_FFFF_FFFF),
}
_TAG = re.compile(rb"(\d+)([xe]?)")
_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One recorded instance: its OID and its value, encoded as it goes on the wire."""

    arcs: Arcs
    encoded: bytes
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Recording:
    """What one device once answered, in OID order; `unread` counts lines that say nothing we understand."""

    name: str
    variables: tuple[Variable, ...]
    unread: int = 0

    def text(self, arcs: Arcs) -> str:
        """The text of one OCTET STRING of the recording, empty when it is not there."""
        for variable in self.variables:
            if variable.arcs == arcs and variable.encoded[0] == ber.OCTETS:
                return variable.encoded[ber.read(variable.encoded, 0)[1] :].decode(errors="replace")
        return ""


def read_recording(path: Path) -> Recording:
    """Read one file. Of an OID that comes twice the first is kept; OSError as the file system gives it."""
    found: dict[Arcs, Variable] = {}
    unread, content = 0, path.read_bytes()
    for line in recorded(content) if path.suffix == WALK else content.split(b"\n"):
        if not line.strip() or line.startswith(b"#"):
            continue
        try:
            variable = _variable(line)
        except (ValueError, IndexError):
            unread += 1
            continue
        found.setdefault(variable.arcs, variable)
    return Recording(
        path.name.removesuffix(".snmprec").removesuffix(WALK), tuple(found[arcs] for arcs in sorted(found)), unread
    )


def _variable(line: bytes) -> Variable:
    oid, tag, value = line.split(b"|", 2)
    arcs = tuple(map(int, oid.strip().strip(b".").split(b".")))
    match = _TAG.match(tag)
    if match is None or len(arcs) < 2:
        raise ValueError("no tag")
    number = int(match[1])
    value = value.rstrip(b"\r")
    if match[2] == b"x":
        value = _from_hex(value)
    elif match[2] == b"e":
        value = value.decode("unicode_escape").encode("latin-1", "replace")
    return Variable(arcs, _encoded(number, value, raw=bool(match[2])), number == 70)


def _from_hex(value: bytes) -> bytes:
    """Masked digits (58AC78XXYYZZ) read as 0."""
    digits = _NOT_HEX.sub(b"0", value.strip())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _encoded(tag: int, value: bytes, *, raw: bool) -> bytes:
    if tag == 2:
        return ber.integer(int(value or b"0"))
    if tag in _UNSIGNED:
        kind, most = _UNSIGNED[tag]
        return ber.unsigned(int(value or b"0") & most, kind)
    if tag == 6:
        return ber.tlv(ber.OID, ber.dotted_body(value.decode().strip().strip(".") or "0.0"))
    if tag == 64:
        octets = value if raw or (len(value) == 4 and b"." not in value) else bytes(_octets(value))
        return ber.tlv(ber.IP_ADDRESS, (octets + bytes(4))[:4])
    if tag == 5:
        return b"\x05\x00"
    if tag in (4, 68):
        return ber.tlv(tag, value)
    raise ValueError(f"tag {tag} is none of SNMP")


def _octets(value: bytes) -> Iterator[int]:
    return (int(part) & 0xFF for part in value.strip().split(b".")) if value.strip() else iter(())
