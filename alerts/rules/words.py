"""How values of a rule file are written: durations, percentages, rates, words of a state; ValueError says what is wrong."""

import math
import re
import shlex
from collections.abc import Mapping

from alerts.rules.measurements import COMPONENT_STATUS, DIVERSITY, YES_NO
from inventory.mistakes import did_you_mean
from inventory.quantities import QUANTITIES, Quantity
from inventory.rates import parse_rate
from inventory.states import BGP_STATUS, OPER_STATUS, OSPF_STATUS

MOST_S = 31 * 86_400.0
MOST_RATIO = 3.0
_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])\Z", re.ASCII)
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(%?)\Z", re.ASCII)
_STATE_WORDS: Mapping[str, Mapping[str, float]] = {
    "component_status": COMPONENT_STATUS,
    "diversity": DIVERSITY,
    "oper_status": {word: float(code) for code, word in OPER_STATUS.items()},
    "bgp_state": {word: float(code) for code, word in BGP_STATUS.items()},
    "ospf_state": {word: float(code) for code, word in OSPF_STATUS.items()},
}


def parse_duration(text: str) -> float:
    """Seconds of `30s`, `5m`, `4h`, `1d`; 31 days at most."""
    found = _DURATION.match(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a duration: write 30s, 5m, 4h or 1d")
    seconds = float(found[1]) * _UNITS[found[2]]
    if seconds > MOST_S:
        raise ValueError(f"{text} is over 31 days")
    return seconds


def parse_number(text: str) -> float:
    """A plain number, or a percentage as its ratio."""
    found = _NUMBER.match(text.strip())
    if found is None or not math.isfinite(float(found[1])):
        raise ValueError(f"{text!r} is not a number")
    return float(found[1]) / 100 if found[2] else float(found[1])


def parse_ratio(text: str) -> float:
    """`85%` or `0.85`, from 0 to 1."""
    number = parse_number(text)
    if not 0.0 <= number <= 1.0:
        raise ValueError(f"{text!r} is not a share from 0% to 100%")
    return number


def parse_level(text: str, quantity: Quantity) -> float:
    """A value of that quantity, in its unit."""
    if quantity.unit == "bit/s":
        return float(parse_rate(text))
    number = parse_number(text)
    if quantity.unit != "ratio" and text.strip().endswith("%"):
        raise ValueError(f"{text!r}: {quantity.name} is in {quantity.unit}, not a share")
    if quantity.unit == "ratio" and abs(number) > MOST_RATIO:
        raise ValueError(f"{text!r} is no share: write {text}% or a ratio such as 0.85")
    return number


def parse_state(text: str, quantity: Quantity) -> float:
    """A value of a state, by its word or its number."""
    words = YES_NO if quantity.unit == "bool" else _STATE_WORDS.get(quantity.name, {})
    if text in words:
        return words[text]
    if words:
        hint = did_you_mean(text, words)
        raise ValueError(f"{text!r} is not one of {', '.join(words)}" + (f"; {hint}" if hint else ""))
    return parse_number(text)


def parse_quantity(text: str) -> Quantity:
    quantity = QUANTITIES.get(text)
    if quantity is None:
        hint = did_you_mean(text, QUANTITIES)
        raise ValueError(f"there is no quantity {text!r}" + (f"; {hint}" if hint else ""))
    return quantity


def parse_terms(text: str) -> list[str]:
    """The words of a selector; quotes hold those together that have spaces in them."""
    try:
        return shlex.split(text)
    except ValueError:
        raise ValueError(f"{text!r}: a quotation mark is never closed") from None
