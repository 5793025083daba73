"""Syslog lines taken apart: RFC 5424, RFC 3164 and what routers send instead of either. Any bytes may come.

Nothing is refused but what has no text: a line without a header is its own message, with the severity RFC 3164 (4.3.3)
gives it. Clocks of devices are read past, never believed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.text import text

MOST_OCTETS = 8192  # of one line; RFC 5424 asks for 2048 at least
MOST_TEXT = 1000  # letters kept of the message
MOST_NAME = 64
MOST_PARAMETERS = 32
UNSAID = 13  # user.notice

_PRIORITY = re.compile(r"<(\d{1,3})>")
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:\.\d{1,6})?"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ZONE = r"(?: [A-Z]{2,5}(?=[ :]))?"
_ISO = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_STAMP = re.compile(
    rf"[*.]?(?:{_MONTH} {{1,2}}\d{{1,2}}(?: \d{{4}})? {_CLOCK}{_ZONE}(?: \d{{4}})?"
    rf"|\d{{4}} {_MONTH} {{1,2}}\d{{1,2}} {_CLOCK}{_ZONE}|{_ISO})(?=[ :]):? *"
)
_SEQUENCE = re.compile(r":? *\d{1,10}: +|: +")  # Cisco: sequence numbers and message counters
_HOST = re.compile(r"[A-Za-z0-9][\w.:-]{0,254}(?= )")
_TAG = re.compile(r"(?P<app>[\w./@-]{1,64})(?:\[(?P<pid>[\w.-]{1,20})\])?: +(?=\S)")
_TOPICS = re.compile(r"(?P<topics>(?:[a-z]{2,20},)+[a-z]{2,20}) ")  # MikroTik: interface,info
_EVENT = re.compile(r"(?P<name>%[A-Z]{4,30}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): +")  # Junos, FRR: behind the tag
_EVENT_ID = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\Z")
_MNEMONICS = re.compile(  # Cisco and those who write like it, with anything before; Huawei and Comware
    r"(?:^|[ :])%(?P<facility>[A-Z][A-Z0-9_]*(?:-[A-Z][A-Z0-9_]*){0,2})-(?P<severity>[0-7])-(?P<mnemonic>[A-Z0-9_]+)"
    r"(?:\[[^\]]{0,40}\])? ?: *"
    r"|%%\d\d(?P<module>[A-Za-z0-9_-]{1,40})/(?P<level>[0-7])/(?P<brief>[A-Za-z0-9_]{1,64})"
    r"(?:\([^)]{0,40}\))?(?:\[\d{1,10}\])? ?: *"
)
_PREAMBLE = 200  # letters in which a mnemonic must begin
_ELEMENT = re.compile(r'\[(?P<id>[^\s=\]"]{1,32})(?P<parameters>(?: +[^\s=\]"]{1,32}="(?:[^"\\\]]|\\.)*")*) *\]')
_PARAMETER = re.compile(r'([^\s=\]"]{1,32})="((?:[^"\\\]]|\\.)*)"')
_HEADER = re.compile(
    r"[1-9]\d{0,2} (?P<stamp>\S{1,64}) (?P<host>\S{1,255}) (?P<app>\S{1,48}) (?P<pid>\S{1,128}) (?P<id>\S{1,32}) "
)


class SyslogError(ValueError):
    """There is no text in it."""


@dataclass(frozen=True, slots=True)
class Line:
    """`name` is the mnemonic with its %, else the application; "" where the line has neither."""

    facility: int
    severity: int  # RFC 5424: 0 emergency ... 7 debug
    name: str
    text: str
    host: str = ""
    process: str = ""
    structured: Mapping[str, str] = field(default_factory=dict)  # "element.parameter" -> value


def parse_syslog(data: bytes) -> Line:
    """Take one datagram, or one frame of a stream, apart; SyslogError when nothing is left to show."""
    line = text(data[:MOST_OCTETS].rstrip(b"\0\r\n \t")).removeprefix("\ufeff")
    facility, severity, rest = _priority(line)
    header = _HEADER.match(rest)
    if header:
        return _modern(facility, severity, header, rest[header.end() :])
    return _traditional(facility, severity, rest)


def _priority(line: str) -> tuple[int, int, str]:
    found = _PRIORITY.match(line)
    if not found or int(found[1]) > 191:
        return UNSAID >> 3, UNSAID & 7, line
    value = int(found[1])
    return value >> 3, value & 7, line[found.end() :]


def _modern(facility: int, severity: int, header: "re.Match[str]", rest: str) -> Line:
    """RFC 5424: structured data, then the message."""
    structured: dict[str, str] = {}
    rest = _structured(rest, structured).strip("\ufeff ")
    app, process, identity = _said(header["app"]), _said(header["pid"]), _said(header["id"])
    message = _mnemonic(rest) or _event(rest) or _Message("", rest)
    name = message.name or (identity if _EVENT_ID.match(identity) else app or identity)
    said = severity if message.severity is None else message.severity
    shown = _bounded(message.text or identity or name)
    if not shown:
        raise SyslogError("no text")
    return Line(facility, said, name[:MOST_NAME], shown, _said(header["host"]), process, structured)


def _said(written: str) -> str:
    return "" if written == "-" else written


def _structured(rest: str, found: dict[str, str]) -> str:
    """Take the elements off the front; what does not look like one belongs to the message."""
    if rest.startswith("- ") or rest == "-":
        return rest[2:]
    while element := _ELEMENT.match(rest):
        for name, value in _PARAMETER.findall(element["parameters"]):
            if len(found) < MOST_PARAMETERS:
                found[f"{element['id']}.{name}"] = re.sub(r"\\(.)", r"\1", value)[:MOST_TEXT]
        rest = rest[element.end() :]
    return rest


def _traditional(facility: int, severity: int, rest: str) -> Line:
    """RFC 3164 and its free relatives: a mnemonic wherever it stands, else stamp, host and tag, each if it is there."""
    message, host = _mnemonic(rest), ""
    if message is None:
        rest = _without(_STAMP, _without(_SEQUENCE, rest))
        found = None if _tagged(rest) else _HOST.match(rest)
        if found and (inner := _tagged(rest[found.end() + 1 :])):
            host, message = found[0], inner
        else:
            message = _tagged(rest) or _Message("", rest)
    shown = _bounded(message.text or message.name)
    if not shown:
        raise SyslogError("no text")
    said = severity if message.severity is None else message.severity
    return Line(facility, said, message.name, shown, host, message.process)


def _without(pattern: "re.Pattern[str]", rest: str) -> str:
    found = pattern.match(rest)
    return rest[found.end() :] if found else rest


@dataclass(frozen=True, slots=True)
class _Message:
    name: str
    text: str
    severity: int | None = None  # what the mnemonic says, where it says one
    process: str = ""


def _mnemonic(rest: str) -> _Message | None:
    """%FACILITY-SEVERITY-MNEMONIC; what stands before it is stamps, counters, hosts and cards of all kinds."""
    found = _MNEMONICS.search(rest, 0, _PREAMBLE + 2 * MOST_NAME)
    if found is None or found.start() > _PREAMBLE:
        return None
    facility = found["facility"] or found["module"]
    severity, mnemonic = found["severity"] or found["level"], found["mnemonic"] or found["brief"]
    return _Message(f"%{facility}-{severity}-{mnemonic}"[:MOST_NAME], rest[found.end() :].strip(), int(severity))


def _tagged(rest: str) -> _Message | None:
    """A tag, with the event that Junos and FRR write behind it; or MikroTik's topics."""
    tag = _TAG.match(rest)
    if tag:
        inner = rest[tag.end() :]
        event = _event(inner)
        process = tag["pid"] or ""
        return (
            _Message(event.name, event.text, None, tag["app"]) if event else _Message(tag["app"], inner, None, process)
        )
    topics = _TOPICS.match(rest)
    return _Message(topics["topics"][:MOST_NAME], rest[topics.end() :]) if topics else None


def _event(rest: str) -> _Message | None:
    found = _EVENT.match(rest)
    return _Message(found["name"][:MOST_NAME], rest[found.end() :]) if found else None


def _bounded(message: str) -> str:
    return message if len(message) <= MOST_TEXT else message[: MOST_TEXT - 1] + "…"
