"""What the board is told and what it says: the shape of a liveness round, and a change of state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from inventory.model import Probe
from inventory.status import Kind


class Round(Protocol):
    """One liveness round of one device; `collectors.pulse.Pulse` has this shape."""

    @property
    def device(self) -> str: ...
    @property
    def asked_at(self) -> float: ...
    @property
    def at(self) -> float: ...
    @property
    def rtts_ms(self) -> Mapping[Probe, float | None]: ...
    @property
    def uptime_ticks(self) -> int | None: ...
    @property
    def ports(self) -> Mapping[str, int]: ...
    @property
    def refused(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Transition:
    """One device, link or site changed state (or only its reason: then `before` equals `after`)."""

    kind: Kind
    key: str
    before: str
    after: str
    since: float | None  # UTC seconds since when `after` holds: the first failed probe, not its confirmation
    reason: str
    at: float  # UTC seconds when it was judged
