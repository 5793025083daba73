"""Counters of traffic classes: what institutions use of the cables where a router counts it apart, not by an interface."""

from collections.abc import Callable, Iterable, Sequence
from math import nan
from typing import Final, NamedTuple

import numpy as np

from collectors.columns import COLUMNS, OCTETS
from collectors.contract import Oid, Reading, Row, SnmpSession, Target, Unsupported, Value
from collectors.oids import OIDS
from collectors.rates import RateMeter
from inventory.batch import Batch
from inventory.model import Device, MeasuringPoint

MEASUREMENT: Final = "point"
QUANTITIES: Final = ("in_bps", "out_bps")
_UPTIME: Final = OIDS["sysUpTime"]
_MOST: Final = 2**64 - 1


class _Asked(NamedTuple):
    """What a device is asked: the same tuple objects from poll to poll."""

    rows: tuple[Row, ...]
    oids: tuple[Oid, ...]  # sysUpTime, then in and out of each row


class Points:
    """Collector of Batches "point" (scope the device, rows the keys of its points): rates by the rules of interfaces.

    Wraps, resets, restarts and missed polls are told apart as they are there (SEMANTICS 1 to 6); a counter that the
    device does not have is unknown, and where it has none of them the poll is Unsupported.
    """

    def __init__(
        self, sessions: Callable[[Device], SnmpSession], clock: Callable[[], float], every_s: float = 30.0
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._meter = RateMeter(every_s)
        self._asked: dict[str, _Asked] = {}

    def set_points(self, points: Iterable[MeasuringPoint]) -> None:
        """Those of an inventory; what is measured by an interface needs no question of its own."""
        of_device: dict[str, list[MeasuringPoint]] = {}
        for point in points:
            if point.in_oid and point.out_oid:
                of_device.setdefault(point.device, []).append(point)
        self._asked = {device: _asked(found, self._asked.get(device)) for device, found in of_device.items()}

    def concerns(self, device: Device) -> bool:
        """Whether it has such counters."""
        return device.key in self._asked

    async def collect(self, target: Target, due: int) -> Sequence[Batch]:
        """One Batch; nothing on first sight of all of them. Raises a CollectError."""
        device = target.device
        asked = self._asked.get(device.key)
        if asked is None:
            return ()
        uptime, *values = await self._sessions(device).get(asked.oids)
        reading = _reading(device.key, due, self._clock(), (asked.rows, uptime, values))
        measured = (batch for batch in self._meter.feed([reading]) if batch.measurement == "interface")
        return [_named(batch) for batch in measured]

    def forget(self, device: str) -> None:
        self._meter.forget(device)


def _asked(points: Sequence[MeasuringPoint], before: _Asked | None) -> _Asked:
    rows = tuple(Row(point.key, number, nan) for number, point in enumerate(points))
    oids = (_UPTIME, *(oid for point in points for oid in (point.in_oid, point.out_oid)))
    return before if before is not None and (before.rows, before.oids) == (rows, oids) else _Asked(rows, oids)


def _reading(device: str, due: int, at: float, said: tuple[tuple[Row, ...], Value, Sequence[Value]]) -> Reading:
    """Octets as an interface's; all its other counters are unknown. Unsupported where the device has none of them."""
    rows, uptime, values = said
    counts = [value if isinstance(value, int) and 0 <= value <= _MOST else None for value in values]
    if all(count is None for count in counts):
        raise Unsupported(f"{device}: none of the counters of its measuring points")
    shape = (len(COLUMNS), len(rows))
    table, known = np.zeros(shape, np.uint64), np.zeros(shape, np.bool_)
    for number, count in enumerate(counts):
        row, way = divmod(number, len(OCTETS))
        if count is not None:
            table[way, row], known[way, row] = count, True
    ticks = uptime if isinstance(uptime, int) else None
    return Reading(device, at, due, ticks, rows, COLUMNS, table, known, pdus=1)


def _named(batch: Batch) -> Batch:
    """An interface's octets in and out are the point's: towards the institution and from it."""
    values = np.stack([batch.of(name) for name in QUANTITIES])
    return Batch(MEASUREMENT, batch.scope, batch.at, batch.rows, QUANTITIES, values)
