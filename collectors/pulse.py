"""One liveness round of one device: what each declared probe said, and the ports of its declared links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.model import Probe


@dataclass(frozen=True, slots=True)
class Pulse:
    """Raw; judged by `alerts`, which never meets this room: the roof hands over its fields."""

    device: str
    asked_at: float  # UTC seconds when the round was sent
    at: float  # UTC seconds when the last answer came, or the time limit struck
    rtts_ms: Mapping[Probe, float | None] = field(default_factory=dict)  # None: lost; a probe not asked is absent
    uptime_ticks: int | None = None
    ports: Mapping[str, int] = field(default_factory=dict)  # interface key -> ifOperStatus, of those that answered
    refused: str = ""  # word of the CollectError when SNMP did not merely stay silent
