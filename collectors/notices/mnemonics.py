"""What syslog lines mean: one table from names and words to what a line speaks of, and which interface or peer it names.

Adding a vendor is a row. A line that no row knows is kept all the same; it only brings nothing forward.
"""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from collectors.notices.meaning import About
from collectors.notices.syslog import Line

MOST_LETTERS = 300  # of a text are looked at
UP = frozenset({"up", "full", "established"})
State = Literal["down", "up", ""]


class Spoken(NamedTuple):
    """`subject` is an interface as the device calls it, or a peer's address."""

    about: About
    state: State
    subject: str


@dataclass(frozen=True, slots=True)
class Row:
    """`name` must match whole; `words` may find `subject` and `state` in the text, `state` may stand in the name too."""

    name: "re.Pattern[str]"
    about: About
    words: "re.Pattern[str] | None" = None


def _row(name: str, about: About, words: str = "") -> Row:
    return Row(re.compile(name), about, re.compile(words, re.I) if words else None)


_IF = r"(?P<subject>[A-Za-z][\w/.:-]{0,60}?)"
_PEER = r"(?P<subject>[0-9a-fA-F][0-9a-fA-F.:]{1,44})"

ROWS = (
    # interfaces
    _row(
        r"%(?:PKT_INFRA-)?LINK-\d-(?:UPDOWN|CHANGED)",
        "link",
        rf"Interface {_IF}(?: \(.*?\))?, changed state to (?:administratively )?(?P<state>up|down)",
    ),
    _row(
        r"%(?:PKT_INFRA-)?LINEPROTO-\d-UPDOWN",
        "link",
        rf"Line protocol on Interface {_IF}(?: \(.*?\))?, changed state to (?P<state>up|down)",
    ),
    _row(r"%ETHPORT-\d-IF_(?:UP|DOWN)\w*", "link", rf"Interface {_IF} is (?:admin )?(?P<state>up|down)"),
    _row(r"SNMP_TRAP_LINK_(?P<state>UP|DOWN)", "link", r"ifName (?P<subject>[\w/.:-]{1,60})"),
    _row(
        r"%\w*IF(?:NET|PDT)\w*-\d-\w+",
        "link",
        rf"interface {_IF} (?:has (?:turned into|entered)(?: the)?|changed to|is) (?P<state>up|down)",
    ),
    _row(r"(?:[a-z]+,)*interface(?:,[a-z]+)*", "link", rf"^{_IF} link (?P<state>up|down)"),
    _row(r"kernel", "link", rf"(?:^|[\s\]]){_IF}: (?:NIC )?link (?:is )?(?P<state>up|down)"),
    # peers of BGP and OSPF
    _row(
        r"%(?:[A-Z]+-)*BGP-\d-ADJCHANGE(?:_DETAIL)?|%ADJCHANGE", "peer", rf"neighbor {_PEER}.*?\b(?P<state>up|down)\b"
    ),
    _row(
        r"RPD_BGP_NEIGHBOR_STATE_CHANGED",
        "peer",
        rf"BGP peer {_PEER} .*?changed state from \w+ to (?P<state>\w+)",
    ),
    _row(r"%BGP-\d-STATE_CHG_UPDOWN", "peer", rf"peer {_PEER} changed from \w+ to (?P<state>\w+)"),
    _row(r"%(?:[A-Z]+-)*OSPF(?:v3)?-\d-ADJCHG", "peer", rf"Nbr {_PEER} on .*?from \w+ to (?P<state>\w+)"),
    _row(r"RPD_OSPF_NBR(?P<state>UP|DOWN)", "peer", rf"OSPF neighbor {_PEER}"),
    _row(r"%OSPF-\d-NBR_\w+", "peer", rf"(?:NeighborAddress=|Nbr)\s*{_PEER}"),
    _row(r"ospfd|ospf6d", "peer", rf"AdjChg: Nbr {_PEER}.*?-> ?(?P<state>\w+)"),
    # the box itself
    _row(r"%SYS-\d-(?:RESTART|RELOAD)|%SYSTEM-\d-RESTART", "boot"),
    _row(r"%SYS-\d-CONFIG_I|UI_COMMIT\w*|%SYS-\d-CONFIG_\w+|%CFM-\d-\w+", "configuration"),
    _row(
        r"%(?:ENVMON|ENVM|PLATFORM_ENV|C\d+_ENV|PLATFORM|ENVIRONMENT|FAN|PSU|POWER|TEMP)\w*-[0-4]-\w+"
        r"|CHASSISD_(?:PSU|PEM|FAN|TEMP|OVER_TEMP|BLOWERS|POWER)\w*",
        "health",
    ),
)


def spoken_of(line: Line) -> Spoken:
    """What a line speaks of; ("", "", "") where no row knows it."""
    for row in ROWS:
        named = row.name.fullmatch(line.name)
        if named is None:
            continue
        said = row.words.search(line.text, 0, MOST_LETTERS) if row.words else None
        if row.words and said is None:
            continue
        groups = {**named.groupdict(), **(said.groupdict() if said else {})}
        return Spoken(row.about, _state(groups.get("state")), groups.get("subject") or "")
    return Spoken("", "", "")


def _state(word: str | None) -> State:
    return "" if not word else "up" if word.lower() in UP else "down"


_LONG_NAMES = re.compile(r"([A-Za-z][A-Za-z-]*?)([\d/.:]+)\Z")
_LEAST_LETTERS = 2


def same_interface(said: str, known: str) -> bool:
    """Whether two spellings may be one interface: GigabitEthernet0/1 and Gi0/1, equal numbers and one name in front."""
    if said.casefold() == known.casefold():
        return True
    a, b = _LONG_NAMES.match(said), _LONG_NAMES.match(known)
    if not a or not b or a[2] != b[2]:
        return False
    short, long = sorted((a[1].casefold(), b[1].casefold()), key=len)
    return len(short) >= _LEAST_LETTERS and (long.startswith(short) or _abbreviated(short, long))


_ABBREVIATIONS = {"te": "ten", "tw": "twenty", "fo": "forty", "hu": "hundred", "twe": "twenty", "xge": "xgigabit"}


def _abbreviated(short: str, long: str) -> bool:
    return long.startswith(_ABBREVIATIONS.get(short, "\0"))
