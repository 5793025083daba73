"""Octets that stepped as nobody expected: are they still the same counters? (ifCounterDiscontinuityTime, RFC 2863)"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from collectors.contract import CollectError, Reading, Row, SnmpSession
from collectors.elapsed import TICKS, restarted
from collectors.oids import OIDS

LEAP = np.uint64(4)  # times what is expected: the greatest step of late, halved from poll to poll
SHARE = 0.02  # of what the line carries
UNSAID_BPS = 100e6  # taken for the line where its speed is not said
_ONE, _SIGN = np.uint64(1), np.uint64(63)
_OID = OIDS["ifCounterDiscontinuityTime"]

Steps = NDArray[np.uint64]  # octets in and out (2 x rows)


def shares(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Octets per second of each row that are no surprise whatever was before."""
    speeds = np.array([row.speed_bps for row in rows], np.float64)
    return np.where(speeds > 0, speeds, UNSAID_BPS) * SHARE / 8


def surprises(
    before: Reading, now: Reading, expected: Steps | None, share: NDArray[np.float64]
) -> tuple[Steps | None, NDArray[np.intp] | None]:
    """(steps expected after `now`, places of rows where the one from `before` went back or leapt; None: nowhere).

    Nothing is expected where there is nothing to compare, or where the device restarted: then sysUpTime decides.
    """
    if before.rows is not now.rows:
        return None, None
    if restarted((before.at, before.uptime_ticks), (now.at, now.uptime_ticks)):
        return None, None
    step = now.values[:2] - before.values[:2]  # what went back steps by nearly 2^64
    if expected is None:
        expected, leapt = step, step >> _SIGN != 0
    else:
        leapt = step > share * (now.at - before.at) + LEAP * expected
        expected = np.maximum(step, expected >> _ONE)
    if not leapt.any():
        return expected, None
    return np.where(step >> _SIGN, np.uint64(0), expected), np.flatnonzero(leapt.any(axis=0))


async def began_anew(session: SnmpSession, before: Reading, now: Reading, places: NDArray[np.intp]) -> tuple[int, ...]:
    """Those of `places` whose counters the device says began anew since `before`; none where it does not say."""
    if before.uptime_ticks is None or now.uptime_ticks is None:
        return ()
    asked = [f"{_OID}.{now.rows[place].index}" for place in places]
    try:
        moments = await session.get(asked)
    except CollectError:  # the counters are there; what follows must do without this witness
        return ()
    between = (now.uptime_ticks - before.uptime_ticks) % TICKS
    return tuple(
        int(place)
        for place, moment in zip(places, moments, strict=True)
        if isinstance(moment, int) and 0 < (moment - before.uptime_ticks) % TICKS <= between
    )
