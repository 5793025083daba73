"""What the sender says of itself, for /metrics, `noc doctor` and `noc store stats`."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, Self

State = Literal["starting", "sending", "unreachable", "denied"]

TROUBLED_S: Final = 600.0  # a server that does not answer for so long is worth an incident; nothing is lost meanwhile


@dataclass(slots=True)
class Figures:
    """Counts are since the sender started, times UTC seconds."""

    at: float = 0.0
    state: State = "starting"
    since: float = 0.0  # when that state began
    error: str = ""  # the last failure's own words, also after it is over
    requests: int = 0  # that the server took
    lines: int = 0
    values: int = 0
    unreachable: int = 0  # requests that failed, by kind
    denied: int = 0
    refused: int = 0
    refused_lines: int = 0  # set aside, never taken by the server
    behind_s: float = 0.0  # gauge: age of the newest data that the server has not
    owed_hours: int = 0  # gauge: of raw data
    owed_rollups: int = 0  # gauge: layers' chunks, a day or a month each
    commit: int = 0  # gauge: the cursor

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        """From what was kept, by this version or another."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in said.items() if name in known})

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def failing(self, now: float) -> bool:
        """Whether a person should look: what the server denies, and what does not answer for long."""
        return self.state == "denied" or (self.state == "unreachable" and now - self.since >= TROUBLED_S)
