"""Counters become rates: one pass over all devices that answered in a tick (SEMANTICS 1 to 6)."""

from collections.abc import Mapping, Sequence
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from collectors.columns import COUNTERS
from collectors.contract import Reading, Row
from collectors.elapsed import elapsed
from collectors.joined import QUANTITIES, Joined
from collectors.lines import Lines
from collectors.pairs import DeviceState, Pair, counted
from collectors.pool import MOST
from collectors.steps import CACHE_S, Step, judge
from inventory.batch import Batch
from inventory.quantities import Flag

DEVICE_QUANTITIES = ("uptime_s", "reboots")
LONG = 2.5  # intervals
PATIENCE = 10.0  # intervals without any traffic, and a device idles

_N = len(COUNTERS)


class RateMeter:
    """`every_s` is the interval of the poll: a span over 2.5 of it is marked. Keeps one reading a device."""

    def __init__(self, every_s: float = 30.0) -> None:
        self._every_s = every_s
        self._devices: dict[str, DeviceState] = {}
        self._lines: dict[tuple[Row, ...], Lines] = {}

    def feed(self, readings: Sequence[Reading]) -> list[Batch]:
        """Batches "interface" (scope the device, rows its interface keys) and "device" (one row) for readings of one tick.

        A reading no newer than the last one of its device is left out. On first sight of a device or an interface
        its states are known and its rates NaN.
        """
        batches: list[Batch] = []
        joined: dict[tuple[str, ...], list[Pair]] = {}
        there: set[str] = set()
        for reading in readings:
            if reading.device in there:  # twice in a tick: one step after the other
                batches += self._steps(joined)
                joined, there = {}, set()
            pair = self._pair(reading)
            if pair is not None:
                there.add(reading.device)
                joined.setdefault(reading.columns, []).append(pair)
        return batches + self._steps(joined)

    def forget(self, device: str) -> None:
        self._devices.pop(device, None)

    def _pair(self, now: Reading) -> Pair | None:
        device = self._devices.get(now.device)
        if device is None:
            device = self._devices[now.device] = DeviceState(now)
            pair = Pair(device, now, nan, False)
        else:
            if now.at <= device.at:
                return None
            seconds, restarted = elapsed((device.last.at, device.last.uptime_ticks), (now.at, now.uptime_ticks))
            now = counted(device.last, now) if restarted else now
            pair = Pair(device, now, seconds, restarted)
            pair.long = seconds > LONG * self._every_s
            device.turn(now, restarted)
        if now.rows is not device.lines.rows:
            device.lines = self._lines_of(now.rows)
        return pair

    def _lines_of(self, rows: tuple[Row, ...]) -> Lines:
        lines = self._lines.get(rows)
        if lines is None or lines.rows is not rows:
            if len(self._lines) >= MOST:
                self._lines.clear()
            lines = self._lines[rows] = Lines(rows)
        return lines

    def _steps(self, joined: Mapping[tuple[str, ...], Sequence[Pair]]) -> list[Batch]:
        """Batches of all pairs; each device is then where its reading says."""
        batches = []
        patience_s = PATIENCE * self._every_s
        for pairs in joined.values():
            lengths = [len(pair.now.rows) for pair in pairs]
            step = Joined(pairs, lengths)
            batches += _batches(pairs, lengths, step, patience_s)
        return batches


def _batches(pairs: Sequence[Pair], lengths: Sequence[int], step: Joined, patience_s: float) -> list[Batch]:
    batches = []
    start = 0
    for pair, length in zip(pairs, lengths, strict=True):
        end = start + length
        rebooted = pair.restarted
        values = step.values[:, start:end].copy()  # a view would keep the whole tick in memory
        if _is_odd(pair) or (step.odd is not None and step.odd[start:end].any()):
            rebooted = _judge(pair, values)
        if _is_late(pair):
            values[:_N] *= pair.seconds / _spans(pair)
        if pair.known is not None:
            _blank_unknown(pair, pair.known, values)
        moving = step.moving(start, end)
        now, device = pair.now, pair.device
        _settle(pair, values, moving, patience_s)
        if length:
            batches.append(Batch("interface", now.device, now.due, device.lines.keys, QUANTITIES, values))
        if now.uptime_ticks is not None:
            figures = np.array(((device.uptime_s(now.uptime_ticks),), (float(rebooted),)))
            batches.append(Batch("device", now.device, now.due, device.key, DEVICE_QUANTITIES, figures))
        start = end
    return batches


def _is_late(pair: Pair) -> bool:
    """Whether some values of either reading were read later than its sysUpTime."""
    return pair.now.late is not None or pair.device.last.late is not None


def _spans(pair: Pair) -> NDArray[np.float64]:
    """Seconds that each counter's step is over, where answers had to be asked for again in either reading."""
    spans: NDArray[np.float64] = np.full((_N, len(pair.now.rows)), pair.seconds)
    if pair.now.late is not None:
        spans += pair.now.late[:_N]
    last = pair.device.last
    if last.late is not None and last.rows is pair.now.rows:
        spans -= last.late[:_N]
    spans[spans < pair.seconds / 2] = nan  # too little of it was seen
    return spans


def _settle(pair: Pair, values: NDArray[np.float64], moving: bool, patience_s: float) -> None:
    """Where the device's next step starts: here, unless its counters are frozen (SEMANTICS 50).

    A device that carried traffic and on which then not one counter moves, not even by our own question, shows counters
    of an earlier moment. Its rates are unknown, and the next step covers the whole time; until it is plain that it idles.
    """
    now, device = pair.now, pair.device
    device.at, device.uptime_ticks = now.at, now.uptime_ticks
    stands = device.moving and not moving and not pair.restarted and pair.seconds <= patience_s
    if stands and _alike(device.last, now):
        values[:_N] = values[_N + 2] = nan
        values[_N + 3] = device.lines.flags + float(Flag.FROZEN)
        return
    device.last, device.moving = now, moving


def _alike(before: Reading, now: Reading) -> bool:
    """Whether both know the same cells of the same rows."""
    if before.rows != now.rows or (before.known is None) != (now.known is None):
        return False
    return before.known is None or now.known is None or np.array_equal(before.known, now.known)


def _is_odd(pair: Pair) -> bool:
    """Whether the joined pass cannot have it right, whatever the values are."""
    if pair.restarted or pair.now.anew or pair.moved is not None or pair.device.over:
        return True
    return pair.device.lines.narrow is not None and (pair.long or pair.seconds + CACHE_S >= pair.device.lines.safe_s)


def _judge(pair: Pair, values: NDArray[np.float64]) -> bool:
    """Put one device's values right in place; whether it rebooted."""
    device, now = pair.device, pair.now
    continued = False
    if not isnan(pair.seconds):  # else first sight: no rates to judge
        judged = judge(
            Step(
                now=now.values,
                before=pair.before,
                known=pair.known,
                seconds=pair.seconds,
                restarted=pair.restarted,
                lines=device.lines,
                long=pair.long,
                moved=pair.moved,
                anew=now.anew,
                over=device.over,
            )
        )
        continued, device.over = judged.continued, judged.over
        values[:_N] = judged.rates
        values[_N + 3] = judged.flags | (Flag.LONG if pair.long else 0)
        values[_N + 2, np.isnan(judged.rates).all(axis=0)] = nan
    return pair.restarted and not continued


def _blank_unknown(pair: Pair, known: NDArray[np.bool_], values: NDArray[np.float64]) -> None:
    """Rates need both readings to know the counter, states only the later one."""
    values[:_N][~known[:_N]] = nan
    values[_N + 2, ~known[:_N].any(axis=0)] = nan
    if pair.now.known is not None:
        values[_N : _N + 2][~pair.now.known[_N : _N + 2]] = nan
