"""Silences and maintenance windows: by whom, why, over what, and never without an end (SEMANTICS 20, 26)."""

from dataclasses import dataclass
from typing import Literal

WindowKind = Literal["silence", "maintenance"]


@dataclass(frozen=True, slots=True)
class Window:
    """`selector` is in the one selector language; half-open [from_at, to_at) in UTC seconds.

    `target` narrows what it is matched against: site, link, device, circuit, provider, region; "" for a silence over
    whatever the selector matches. `repeat` is an RFC 5545 RRULE in local time for recurring windows, "" for one-off;
    then [from_at, to_at) is the first occurrence and `until_at` the mandatory end of the series.
    """

    number: int  # 0 before it is kept
    kind: WindowKind
    selector: str
    author: str
    reason: str
    from_at: float
    to_at: float
    target: str = ""
    repeat: str = ""
    until_at: float | None = None
    created_at: float = 0.0
    ended_by: str = ""  # who ended it early
