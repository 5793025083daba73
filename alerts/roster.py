"""Who is on call: overrides first, then the schedule; a gap goes to the supervisor, never to nobody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Override:
    """`contact` stands in on `schedule` during the half-open [from_at, to_at), UTC seconds."""

    number: int  # 0 before it is kept
    schedule: str
    contact: str
    from_at: float
    to_at: float
    author: str
    reason: str = ""
    created_at: float = 0.0
    ended_by: str = ""
