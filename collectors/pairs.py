"""What is kept of each device between two polls, and the two readings that a rate is made of."""

from dataclasses import replace

import numpy as np

from collectors.columns import OCTETS, PACKETS
from collectors.contract import Reading
from collectors.elapsed import TICKS
from collectors.layout import laid_out
from collectors.lines import Lines

NO_LINES = Lines(())
_OCTETS = slice(0, len(OCTETS))
_PACKETS = slice(len(OCTETS), len(OCTETS) + len(PACKETS))


class DeviceState:
    """The reading that the next step starts from, and what belongs to its interface list."""

    __slots__ = ("at", "key", "last", "lines", "moving", "over", "turns", "uptime_ticks")

    def __init__(self, reading: Reading) -> None:
        self.key = (reading.device,)
        self.at = reading.at  # of the newest reading, also when its counters were frozen
        self.uptime_ticks = reading.uptime_ticks
        self.turns = 0  # wraps of sysUpTime seen
        self.over: dict[str, int] = {}
        self.moving = False  # some counter moved in the last step
        self.last = reading
        self.lines = NO_LINES

    def turn(self, now: Reading, restarted: bool) -> None:
        """Count the wraps of sysUpTime, for an uptime that does not."""
        before = self.uptime_ticks
        if restarted:
            self.turns = 0
        elif before is not None and now.uptime_ticks is not None and now.uptime_ticks < before - TICKS // 2:
            self.turns += 1

    def uptime_s(self, uptime_ticks: int) -> float:
        return (uptime_ticks + self.turns * TICKS) / 100


class Pair:
    """Two readings of one device, the first laid out like the second. `seconds` is NaN on first sight."""

    __slots__ = ("before", "device", "frozen", "known", "long", "moved", "now", "restarted", "seconds")

    def __init__(self, device: DeviceState, now: Reading, seconds: float, restarted: bool) -> None:
        self.device = device
        self.now = now
        self.seconds = seconds
        self.restarted = restarted
        self.long = False
        self.frozen = False
        self.before, self.known, self.moved = laid_out(device.last, now)


def counted(before: Reading, now: Reading) -> Reading:
    """The first reading after a restart, without packets that are not counted yet.

    For its first seconds net-snmp tells unicast packets of all interfaces as 0, while octets go on where they were.
    """
    same = [(row.key, row.index) for row in before.rows] == [(row.key, row.index) for row in now.rows]
    if not same or before.known is not None or now.known is not None:
        return now
    went_on = (now.values[_OCTETS] >= before.values[_OCTETS]).all() and before.values[_OCTETS].any()
    zero = before.values[_PACKETS].any(axis=1) & ~now.values[_PACKETS].any(axis=1)
    if not went_on or not zero.any():
        return now
    known = np.ones(now.values.shape, np.bool_)
    known[_PACKETS][zero] = False
    return replace(now, known=known)
