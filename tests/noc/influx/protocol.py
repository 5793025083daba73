"""A reader of line protocol, written from its specification alone, to hold what is written against."""

from typing import NamedTuple


class Point(NamedTuple):
    measurement: str
    tags: dict[str, str]
    fields: dict[str, int | float]
    at: int


def read_line(line: bytes) -> Point:
    """ValueError where it is not one line of one series."""
    text = line.decode()
    if not text or text.startswith("#") or any(letter < " " for letter in text):
        raise ValueError(f"no line: {text!r}")
    head, fields, at = _split(text, " ")
    measurement, *tags = _split(head, ",")
    return Point(
        _plain(measurement, ", "),
        dict(_pair(tag) for tag in tags),
        {_plain(key, ",= "): _value(value) for key, value in (_split(pair, "=") for pair in _split(fields, ","))},
        int(at),
    )


def _split(text: str, mark: str) -> list[str]:
    """At marks that no backslash stands before."""
    parts, begin = [], 0
    for place, letter in enumerate(text):
        if letter == mark and (place == 0 or text[place - 1] != "\\"):
            parts.append(text[begin:place])
            begin = place + 1
    return [*parts, text[begin:]]


def _pair(tag: str) -> tuple[str, str]:
    key, value = _split(tag, "=")
    if not key or not value:
        raise ValueError(f"a tag without key or value: {tag!r}")
    return _plain(key, ",= "), _plain(value, ",= ")


def _plain(text: str, escaped: str) -> str:
    if text.endswith("\\"):
        raise ValueError("a backslash at the end escapes what follows")
    for letter in escaped:
        text = text.replace(f"\\{letter}", letter)
    return text


def _value(text: str) -> int | float:
    if text.endswith("i"):
        value = int(text[:-1])
        if not -(2**63) <= value < 2**63:
            raise ValueError(f"no 64-bit integer: {text}")
        return value
    return float(text)
