"""What is known of an SNMPv3 engine that is authoritative for another: its engineID, its boots and how late it is there."""

from dataclasses import dataclass

from collectors.snmp.usm import MOST, WINDOW_S


@dataclass(slots=True)
class Authority:
    """One engine as seen from outside (RFC 3414 2.3). Times are monotonic seconds of ours.

    `proven` is False while boots and time come from a Report that anybody could have sent: good enough to ask with,
    and forgotten for the first thing that is proven.
    """

    engine_id: bytes
    boots: int = 0
    latest: int = 0  # snmpEngineTime, the highest heard
    heard_at: float = 0.0  # when `latest` was heard
    proven: bool = False

    def clock(self, now: float) -> tuple[int, int]:
        """Boots and time as they are over there now."""
        time = self.latest + int(now - self.heard_at)
        return (self.boots, time) if time < MOST else (min(self.boots + 1, MOST), 0)

    def accepts(self, boots: int, time: int, now: float) -> bool:
        """Whether a message whose digest is right is fresh (RFC 3414 3.2, step 7b); what it says of the time is kept."""
        if not self.proven or boots > self.boots or (boots == self.boots and time > self.latest):
            self.learn(boots, time, now)
        return boots == self.boots != MOST and time >= self.clock(now)[1] - WINDOW_S

    def learn(self, boots: int, time: int, now: float, *, proven: bool = True) -> None:
        """Take boots and time as said, even if they went back: only from what answers a question of ours."""
        self.boots, self.latest, self.heard_at, self.proven = boots, time, now, proven
