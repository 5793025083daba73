"""Rates as people write them: 10M, 2.5G, 155.52M, or whole bits per second."""

import re
from decimal import Decimal

from inventory.sentence import Sentence, noted

LEAST_BPS = 1_000
MOST_BPS = 10_000_000_000_000
ZERO, NEGATIVE = noted("a rate of {text} is zero"), noted("a rate of {text} is negative")
_UNITS = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_RATE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([kKMGT]?)(?:bps|bit/s|b/s)?\Z", re.ASCII)


def parse_rate(text: str | int) -> int:
    """Bits per second; ValueError says what is wrong with it, in words for whoever wrote it."""
    found = _RATE.match(str(text).strip())
    if found is None:
        raise ValueError(
            _wrong(noted("{text!r} is not a rate: write 10M, 2.5G, 155.52M or whole bits per second"), text)
        )
    bps = Decimal(found[1]) * _UNITS[found[2]]
    if bps <= 0:
        raise ValueError(_wrong(ZERO if bps == 0 else NEGATIVE, text))
    if bps < LEAST_BPS:
        raise ValueError(_wrong(noted("{text} bit/s is under 1 kb/s: did you mean {text}M?"), text))
    if bps > MOST_BPS:
        raise ValueError(_wrong(noted("{text} is over 10 Tb/s"), text))
    if bps != bps.to_integral_value():
        raise ValueError(_wrong(noted("{text} is not a whole number of bits per second"), text))
    return int(bps)


def _wrong(why: str, text: str | int) -> Sentence:
    return Sentence("no-rate", why, text=text)


def format_rate(bps: int) -> str | int:
    """The shortest exact way to write it: 10M, 1.55G, 155.52M; else the whole number."""
    for unit in "TGMk":
        scaled = Decimal(bps) / _UNITS[unit]
        if scaled >= 1 and scaled == round(scaled, 2):
            return f"{scaled.normalize():f}{unit}"
    return bps
