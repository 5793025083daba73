"""How long it was between two readings of a device, and whether it started anew meanwhile (SEMANTICS 2, 3 and 6)."""

from typing import NamedTuple

TICKS = 2**32  # sysUpTime counts 1/100 s and wraps after 497.1 days (TimeTicks, RFC 2578)
SLACK_S = 5.0  # answers may be late, asked again, or stamped by an agent in a hurry
AGREES_S = 2.0
DRIFT = 0.02  # clocks of devices run up to this much wrong


class Elapsed(NamedTuple):
    """`seconds` is never negative; 0 when the second reading is no newer than the first."""

    seconds: float
    restarted: bool = False  # sysUpTime began anew: a reboot, or only the agent


def drift_s(before_ticks: int, ticks: int, wall_s: float) -> float:
    """How far sysUpTime moved beyond the poller's clock, seconds; a wrap of sysUpTime is no move."""
    ahead = ticks - before_ticks - round(wall_s * 100)
    return ((ahead + TICKS // 2) % TICKS - TICKS // 2) / 100


def elapsed(before: tuple[float, int | None], now: tuple[float, int | None]) -> Elapsed:
    """Between two pairs (UTC seconds, sysUpTime ticks or None).

    The device's own clock is taken where it agrees with ours, else ours. A restart is an uptime that fell and a
    moment of start that moved; or an uptime that grew, yet is shorter than the time since we last asked.
    """
    wall = now[0] - before[0]
    if wall <= 0:
        return Elapsed(0.0)
    if before[1] is None or now[1] is None:
        return Elapsed(wall)
    drift = drift_s(before[1], now[1], wall)
    if abs(drift) <= max(AGREES_S, DRIFT * wall) and wall + drift > 0:
        return Elapsed(wall + drift)
    fell = now[1] < before[1] or before[1] < now[1] < (wall - SLACK_S) * 100
    return Elapsed(wall, restarted=fell and abs(drift) > max(SLACK_S, DRIFT * wall))


def restarted(before: tuple[float, int | None], now: tuple[float, int | None]) -> bool:
    """Only that of `elapsed`, at once where an uptime grew and is longer than the time between."""
    if before[1] is not None and now[1] is not None and before[1] <= now[1] >= (now[0] - before[0]) * 100:
        return False
    return elapsed(before, now).restarted
