"""What devices said unasked, as it is kept: the newest first, by device, kind, name, words and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dashboards.cases.seen import Heard


@dataclass(frozen=True, slots=True)
class Listening:
    """What is looked for; everything that is set must hold. Times are UTC seconds, `until` inclusive."""

    devices: Sequence[str] | None = None
    since: float | None = None
    until: float | None = None
    kind: str = ""
    name: str = ""  # may hold * for anything
    text: str = ""
    severity: int | None = None  # this or worse (lower)
    before: int | None = None  # number: only what came earlier
    number: int | None = None  # this one only


class NoticeSource(Protocol):
    """Safe in several threads. Raises `Away` where they cannot be read."""

    def heard(self, wanted: Listening, limit: int) -> Sequence[Heard]: ...

    def listened_at(self) -> float | None:
        """When the daemon last said that it listens; None where none ever did."""
        ...
