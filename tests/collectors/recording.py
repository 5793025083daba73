"""Reads recordings of real devices (.snmprec) into the objects of a Box."""

from collections.abc import Iterable
from pathlib import Path

from collectors.contract import Oid, Value

_TEXTS = (4, 64, 68)  # OCTET STRING, IpAddress, Opaque


def read_recording(path: Path) -> dict[Oid, Value]:
    """OID -> value; the first line of an OID counts."""
    return read_lines(path.read_text("utf-8", "surrogateescape").split("\n"))


def read_lines(lines: Iterable[str]) -> dict[Oid, Value]:
    """The same of lines `OID|tag|value`."""
    objects: dict[Oid, Value] = {}
    for line in lines:
        oid, _, rest = line.partition("|")
        tag, _, said = rest.partition("|")
        if tag:
            objects.setdefault(oid.lstrip("."), _value(tag, said))
    return objects


def _value(tag: str, said: str) -> Value:
    number = int(tag.rstrip("xe"))
    if number in (5, 128, 129, 130):
        return None
    if number in _TEXTS:
        return _octets(tag, said)
    return said.lstrip(".") if number == 6 else int(said)


def _octets(tag: str, said: str) -> bytes:
    if tag.endswith("x"):
        digits = "".join(digit if digit in "0123456789abcdefABCDEF" else "0" for digit in said)  # masked by the author
        return bytes.fromhex(digits if len(digits) % 2 == 0 else digits[:-1])
    raw = said.encode("utf-8", "surrogateescape")
    return raw.decode("unicode_escape").encode("latin-1") if tag.endswith("e") else raw
