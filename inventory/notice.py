"""What a device said unasked: a trap, an inform or a syslog line, taken apart. A hint, never a proof (SEMANTICS 13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

NoticeKind = Literal["trap", "inform", "syslog"]


@dataclass(frozen=True, slots=True)
class Notice:
    """`subject` is what it speaks of where that can be told: an ifIndex, a peer's address; `content` is JSON-able.

    The index inside the OIDs names the subject, not a variable beside it (SEMANTICS 47).
    """

    at: float  # UTC seconds when it was heard: clocks of devices are not believed
    device: str  # key of a device of the inventory
    source: str  # address it came from
    kind: NoticeKind
    name: str  # linkDown, linkUp, coldStart, bgpBackwardTransition ... or the dotted OID; of syslog the tag: sshd, %LINK-3-UPDOWN
    text: str  # one printable line for people
    severity: int = 6  # of syslog, RFC 5424: 0 emergency ... 7 debug; traps are 5
    subject: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
