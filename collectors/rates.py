"""Counters become rates: one pass over all devices that answered in a tick (SEMANTICS 1 to 6)."""

from collections.abc import Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from collectors.columns import COUNTERS
from collectors.contract import Reading
from collectors.elapsed import TICKS, elapsed
from collectors.lines import Lines
from collectors.steps import LEAST_PACKET_BITS, Step, bounds, judge
from inventory.batch import Batch
from inventory.quantities import Flag

QUANTITIES = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"),
    *("oper_status", "admin_status", "span_s", "flags"),
)
DEVICE_QUANTITIES = ("uptime_s", "reboots")
LONG = 2.5  # intervals
_LONG_BIT = float(Flag.LONG)

_N = len(COUNTERS)
_NO_LINES = Lines(())


class _Device:
    """The last reading of a device, and what belongs to its interface list."""

    __slots__ = ("key", "keys", "last", "lines", "over", "turns")

    def __init__(self, reading: Reading) -> None:
        self.key = (reading.device,)
        self.turns = 0  # wraps of sysUpTime seen
        self.over: dict[str, int] = {}
        self.last = reading
        self.lines = _NO_LINES
        self.keys: tuple[str, ...] = ()

    def take(self, reading: Reading) -> None:
        if reading.rows is not self.lines.rows:
            self.lines = Lines(reading.rows)
            self.keys = tuple(row.key for row in reading.rows)
        self.last = reading


class _Pair:
    """Two readings of one device, the first laid out like the second. `seconds` is NaN on first sight."""

    __slots__ = ("before", "device", "known", "long", "now", "restarted", "seconds")

    def __init__(self, device: _Device, now: Reading, seconds: float, restarted: bool) -> None:
        self.device = device
        self.now = now
        self.seconds = seconds
        self.restarted = restarted
        self.long = False
        self.before, self.known = _laid_out(device.last, now)


class RateMeter:
    """`every_s` is the interval of the poll: a span over 2.5 of it is marked. Keeps one reading a device."""

    def __init__(self, every_s: float = 30.0) -> None:
        self._every_s = every_s
        self._devices: dict[str, _Device] = {}

    def feed(self, readings: Sequence[Reading]) -> list[Batch]:
        """Batches "interface" (scope the device, rows its interface keys) and "device" (one row) for readings of one tick.

        A reading no newer than the last one of its device is left out. On first sight of a device or an interface
        its states are known and its rates NaN.
        """
        batches: list[Batch] = []
        joined: dict[tuple[str, ...], list[_Pair]] = {}
        for reading in readings:
            pair = self._pair(reading)
            if pair is not None:
                joined.setdefault(reading.columns, []).append(pair)
        for pairs in joined.values():
            batches += _batches(pairs)
        return batches

    def forget(self, device: str) -> None:
        self._devices.pop(device, None)

    def _pair(self, now: Reading) -> _Pair | None:
        device = self._devices.get(now.device)
        if device is None:
            device = self._devices[now.device] = _Device(now)
            pair = _Pair(device, now, nan, False)
        else:
            last = device.last
            span = elapsed((last.at, last.uptime_ticks), (now.at, now.uptime_ticks))
            if span.seconds is None:
                return None
            pair = _Pair(device, now, span.seconds, span.restarted)
            pair.long = span.seconds > LONG * self._every_s
            _turn(device, now, span.restarted)
        device.take(now)
        return pair


def _turn(device: _Device, now: Reading, restarted: bool) -> None:
    before = device.last.uptime_ticks
    if restarted:
        device.turns = 0
    elif before is not None and now.uptime_ticks is not None and now.uptime_ticks < before - TICKS // 2:
        device.turns += 1


def _laid_out(before: Reading, now: Reading) -> tuple[NDArray[np.uint64], NDArray[np.bool_] | None]:
    """Values of `before` in the columns and rows of `now`, by key, and the cells that both know (None: all).

    An interface that was not there, or was counted in another size, has nothing to start from.
    """
    if before.rows is now.rows and before.columns == now.columns:
        if before.known is None or now.known is None:
            return before.values, now.known if before.known is None else before.known
        return before.values, before.known & now.known
    place = {row.key: (at, row.wide) for at, row in enumerate(before.rows)}
    found = [place.get(row.key, (-1, row.wide)) for row in now.rows]
    there = np.array([at >= 0 and wide == row.wide for (at, wide), row in zip(found, now.rows, strict=True)], np.bool_)
    taken = np.array([at for at, _ in found], np.intp)
    columns = min(len(before.columns), len(now.columns))
    values, known = np.zeros_like(now.values), np.zeros(now.values.shape, np.bool_)
    if len(before.rows):
        values[:columns] = before.values[:columns, taken]
        known[:columns] = there if before.known is None else before.known[:columns, taken] & there
    return values, known if now.known is None else known & now.known


def _batches(pairs: Sequence[_Pair]) -> list[Batch]:
    lengths = [len(pair.now.rows) for pair in pairs]
    out, odd = _joined(pairs, lengths)
    batches = []
    start = 0
    for pair, length in zip(pairs, lengths, strict=True):
        end = start + length
        rebooted = pair.restarted
        values = out[:, start:end].copy()  # a view would keep the whole tick in memory
        if _is_odd(pair) or (odd is not None and odd[start:end].any()):
            rebooted = _judge(pair, values)
        now, device = pair.now, pair.device
        if length:
            batches.append(Batch("interface", now.device, now.due, device.keys, QUANTITIES, values))
        if now.uptime_ticks is not None:
            uptime_s = (now.uptime_ticks + device.turns * TICKS) / 100
            figures = np.array(((uptime_s,), (float(rebooted),)))
            batches.append(Batch("device", now.device, now.due, device.key, DEVICE_QUANTITIES, figures))
        start = end
    return batches


def _joined(pairs: Sequence[_Pair], lengths: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None]:
    """(quantities x rows of all devices) as if nothing were odd, and which rows are (None: none)."""
    now = np.concatenate([pair.now.values for pair in pairs], axis=1)
    before = np.concatenate([pair.before for pair in pairs], axis=1)
    seconds = np.repeat([pair.seconds for pair in pairs], lengths)
    line_bps = bounds(np.concatenate([pair.device.lines.bound_bps for pair in pairs]), seconds)
    out = np.empty((len(QUANTITIES), len(seconds)))
    rates = out[:_N]
    np.divide(now[:_N] - before[:_N], seconds, out=rates)
    rates[:2] *= 8
    out[_N : _N + 2] = now[_N : _N + 2].view(np.int64)
    out[_N + 2] = seconds
    out[_N + 3] = np.concatenate([pair.device.lines.flags for pair in pairs])
    out[_N + 3] += np.repeat([_LONG_BIT if pair.long else 0.0 for pair in pairs], lengths)
    # A counter that went back shows as a step of nearly 2^64, far over any bound
    excess = np.any(rates[:2] > line_bps, axis=0)
    np.logical_or(excess, np.any(rates[2:] > line_bps / LEAST_PACKET_BITS, axis=0), out=excess)
    return out, excess if excess.any() else None


def _is_odd(pair: _Pair) -> bool:
    """Whether the joined pass cannot have it right, whatever the values are."""
    if pair.known is not None or pair.restarted or pair.device.over:
        return True
    return pair.long and pair.device.lines.narrow is not None


def _judge(pair: _Pair, values: NDArray[np.float64]) -> bool:
    """Put one device's values right in place; whether it rebooted."""
    device, now = pair.device, pair.now
    if pair.seconds == pair.seconds:  # else first sight: no rates to judge
        step = Step(
            now.values, pair.before, pair.known, pair.seconds, pair.restarted, device.lines, pair.long, device.over
        )
        judged = judge(step)
        device.over = judged.over
        values[:_N] = judged.rates
        values[_N + 3] = judged.flags | (Flag.LONG if pair.long else 0)
        values[_N + 2, np.isnan(judged.rates).all(axis=0)] = nan
        continued = judged.continued
    else:
        continued = False
    if now.known is not None:
        values[_N : _N + 2][~now.known[_N : _N + 2]] = nan
    return pair.restarted and not continued
