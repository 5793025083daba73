"""Short messages as modems take and give them: SMS-SUBMIT and SMS-DELIVER (3GPP TS 23.040) in the alphabet of TS 23.038."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from alerts.words.gsm import plain

LONGEST = 160
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPE = 0x1B
EXTENSION = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
_CODES = {sign: (code,) for code, sign in enumerate(ALPHABET) if code != ESCAPE} | {
    sign: (ESCAPE, code) for sign, code in EXTENSION.items()
}
_EXTENDED = {code: sign for sign, code in EXTENSION.items()}
_VALID_A_DAY = 0xA7  # TP-VP, relative: a page that is older serves nobody


class PduError(ValueError):
    """Not a message that can be read."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in: from whom (255XXXXXXXXX, or a name), when the network took it (UTC seconds), what it says."""

    sender: str
    sent_at: float
    text: str


def septets(text: str) -> tuple[int, ...]:
    """The codes of a text, two for a sign of the extension table; what neither table has becomes its likeness or "?"."""
    found: list[int] = []
    for sign in text:
        found += _CODES.get(sign) or (code for like in plain(sign) or " " for code in _CODES[like])
    return tuple(found)


def shortened(text: str) -> str:
    """At most 160 septets: what is too long loses its middle, for the answer to give stands at the end."""
    if len(septets(text)) <= LONGEST:
        return text
    head, tail = text, text[-40:]
    while head and len(septets(f"{head}..{tail}")) > LONGEST:
        head = head[:-1]
    return f"{head}..{tail}"


def submit(number: str, text: str) -> tuple[str, int]:
    """The PDU in hex, and its length in octets without the service centre's, as AT+CMGS wants it."""
    codes = septets(shortened(text))[:LONGEST]
    octets = bytes([0x11, 0x00, len(number), 0x91]) + _semi_octets(number)
    octets += bytes([0x00, 0x00, _VALID_A_DAY, len(codes)]) + pack(codes)
    return "00" + octets.hex().upper(), len(octets)


def _semi_octets(digits: str) -> bytes:
    padded = digits + "F" * (len(digits) % 2)
    return bytes.fromhex("".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2)))


def pack(codes: tuple[int, ...]) -> bytes:
    """Seven bits each, without gaps, the first in the lowest."""
    bits = sum(code << (7 * place) for place, code in enumerate(codes))
    return bits.to_bytes((7 * len(codes) + 7) // 8, "little")


def unpack(octets: bytes, count: int, skip_bits: int = 0) -> tuple[int, ...]:
    bits = int.from_bytes(octets, "little") >> skip_bits
    return tuple((bits >> (7 * place)) & 0x7F for place in range(count))


def text_of(codes: tuple[int, ...]) -> str:
    """Codes as text; a code of the extension table that is not there is a blank (TS 23.038, 6.2.1.1)."""
    return "".join(_signs(codes))


def _signs(codes: tuple[int, ...]) -> Iterator[str]:
    escaped = False
    for code in codes:
        if escaped:
            yield _EXTENDED.get(code, " ")
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            yield ALPHABET[code]


def deliver(hexadecimal: str) -> Incoming:
    """Read an SMS-DELIVER as AT+CMGL gives it; PduError when it is none."""
    try:
        return _deliver(_Octets(bytes.fromhex(hexadecimal)))
    except (ValueError, IndexError, OverflowError) as error:
        raise PduError(f"not an SMS-DELIVER: {error}") from None


class _Octets:
    """What is left to read."""

    def __init__(self, octets: bytes) -> None:
        self._left = octets

    def take(self, count: int) -> bytes:
        if count > len(self._left):
            raise ValueError("too short")
        taken, self._left = self._left[:count], self._left[count:]
        return taken

    def one(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        return self._left


def _deliver(octets: _Octets) -> Incoming:
    octets.take(octets.one())  # the service centre
    kind = octets.one()
    if kind & 0x03:
        raise ValueError("another kind of message")
    digits, form = octets.one(), octets.one()
    sender = _address(octets.take((digits + 1) // 2), digits, form)
    octets.one()  # protocol identifier
    coding = octets.one()
    sent_at = _time(octets.take(7))
    return Incoming(sender, sent_at, _text(octets.rest(), coding, headed=bool(kind & 0x40)))


def _address(octets: bytes, digits: int, form: int) -> str:
    if form & 0x70 == 0x50:  # a name
        return text_of(unpack(octets, digits * 4 // 7))
    return _swapped(octets)[:digits]


def _swapped(octets: bytes) -> str:
    return "".join(f"{one & 0x0F:X}{one >> 4:X}" for one in octets)


def _time(octets: bytes) -> float:
    """TP-SCTS: local time and the zone in quarters of an hour, the sign in bit 3 of its first digit."""
    year, month, day, hour, minute, second = (int(_swapped(octets[at : at + 1])) for at in range(6))
    zone = octets[6]
    quarters = (zone & 0x07) * 10 + (zone >> 4)
    offset = timedelta(minutes=15 * (-quarters if zone & 0x08 else quarters))
    local = datetime(2000 + year, month, day, hour, minute, second, tzinfo=timezone(offset))
    return local.astimezone(UTC).timestamp()


def _text(data: bytes, coding: int, *, headed: bool) -> str:
    length, body = data[0], data[1:]
    header = body[0] + 1 if headed and body else 0
    alphabet = coding & 0x0C if coding & 0xC0 == 0 else 0x08 if coding & 0xF0 == 0xE0 else coding & 0x04
    if alphabet == 0x08:
        return body[header:length].decode("utf-16-be", "replace")
    if alphabet == 0x04:
        return body[header:length].decode("latin-1")
    skipped = (header * 8 + 6) // 7
    if length > LONGEST:
        raise ValueError("too long")
    return text_of(unpack(body, max(0, length - skipped), skipped * 7))
