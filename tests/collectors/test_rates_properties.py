"""Whatever a device goes through, the octets that its rates add up to are those that passed (SEMANTICS 2 to 5)."""

from dataclasses import dataclass, field
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from collectors.contract import Reading, Row
from collectors.lines import OVER
from collectors.rates import RateMeter
from collectors.steps import CACHE_S
from inventory.quantities import Flag
from tests.collectors.readings import feed, reading

EVERY_S = 30
Line = NDArray[np.float64]
EVENTS = ("nothing",) * 6 + (
    "lost polls",
    "agent restart",
    "reboot",
    "made anew",
    "swap",
    "away",
    "repeated",
    "reordered",
    "uptime wraps",
    "frozen",
)


@dataclass
class Wire:
    """The truth about one interface: octets ever passed, and the counter beside it."""

    index: int
    speed_bps: float
    wide: bool
    counter: int
    passed: int = 0
    key: str = ""
    packets: int = 1000
    renewed: bool = False
    shown: tuple[dict[str, int], int] = field(default_factory=lambda: ({}, 0))  # counters as shown, `passed` of then
    wrapped: bool = False
    seen_at: int | None = None  # `passed` at the last reading that may be counted from

    def carry(self, octets: int) -> None:
        self.passed += octets
        self.wrapped = self.counter + octets >= (2**64 if self.wide else 2**32)
        self.packets += octets // 500 + (octets > 0)
        self.counter = (self.counter + octets) % (2**64 if self.wide else 2**32)

    def restart(self) -> None:
        self.counter, self.packets, self.renewed = 0, 0, True

    def row(self) -> Row:
        return Row(self.key, self.index, self.speed_bps, self.wide)

    def show(self) -> None:
        counters = {
            "in_octets": self.counter,
            "in_packets": self.packets % 2**32,
        }
        self.shown = counters, self.passed


@dataclass
class World:
    wires: list[Wire]
    now: int = 10_000
    boot: float = 5_000
    meter: RateMeter = field(default_factory=lambda: RateMeter(EVERY_S))
    old: list[Reading] = field(default_factory=list)
    unsure: bool = False
    froze: bool = False  # counters seen before were old: what comes after may be more than the line carries

    def read(self, away: Wire | None = None, frozen: bool = False) -> Reading:
        if not frozen:
            for wire in self.wires:
                wire.show()
        there = [wire for wire in self.wires if wire is not away]
        # the collector names rows made anew, not those of a reboot: there sysUpTime has said it
        anew = tuple(at for at, wire in enumerate(there) if wire.renewed and not frozen)
        said = reading(
            self.now,
            [wire.row() for wire in there],
            [wire.shown[0] for wire in there],
            uptime_s=self.now - self.boot,
            anew=anew,
        )
        for wire in self.wires:
            wire.renewed = wire.renewed and frozen
        self.old.append(said)
        return said


wires = st.builds(
    lambda kind, start: Wire(0, kind[0], kind[1], start),
    st.sampled_from([(1e9, True), (10e6, False), (1e6, False), (10e6, True)]),
    st.sampled_from([0, 10**6, 2**31, 2**32 - 20_000_000, 2**32 - 5]),
)
steps = st.tuples(st.sampled_from(EVENTS), st.integers(0, 2), st.floats(0, 1), st.integers(1, 6))


@settings(deadline=None, max_examples=150)
@given(st.lists(wires, min_size=3, max_size=3), st.lists(steps, min_size=1, max_size=25))
def test_rule_02_octets_are_rate_times_time_whatever_happens(
    made: list[Wire], story: list[tuple[str, int, float, int]]
) -> None:
    for number, wire in enumerate(made):
        wire.key, wire.index = f"ge{number}", number + 1
        if wire.wide:
            wire.counter += 2**64 - 2**33 if wire.counter > 2**31 else 0
    world = World(made)
    feed(world.meter, world.read())
    for wire in world.wires:
        wire.seen_at = wire.passed
    for event, which, load, gap in story:
        _step(world, event, world.wires[which], load, gap)


def _step(world: World, event: str, wire: Wire, load: float, gap: int) -> None:
    if event == "uptime wraps":
        # the device has been up so long that sysUpTime wraps before the next reading
        world.now += 1
        world.boot = world.now - 2**32 / 100 + 10
        for each in world.wires:
            each.carry(1000)
            each.seen_at = each.passed
        feed(world.meter, world.read())
    seconds = EVERY_S * (gap if event == "lost polls" else 1)
    world.now += seconds
    _traffic(world, event, wire, load, seconds)
    if event == "swap":
        first, *_, last = world.wires
        first.index, last.index = last.index, first.index
    said = world.read(away=wire if event == "away" else None, frozen=event == "frozen")
    (batch,) = feed(world.meter, said)
    _hold(world, batch.rows, batch.of("in_bps"), batch.of("span_s"), batch.of("flags"))
    if not (batch.of("flags").astype(int) & Flag.FROZEN).any():
        for each in world.wires:
            each.seen_at = None if event == "away" and each is wire else each.shown[1]
    world.froze = event == "frozen"
    if event in ("repeated", "reordered"):
        assert feed(world.meter, world.old[-1 if event == "repeated" else max(-3, -len(world.old))]) == []


def _traffic(world: World, event: str, wire: Wire, load: float, seconds: int) -> None:
    for each in world.wires:
        part = load * 0.9 if each is wire else 0.3 * load
        octets = int(each.speed_bps / 8 * seconds * part)
        if event in ("reboot", "made anew") and (event == "reboot" or each is wire):
            each.carry(octets // 2)
            each.restart()
            each.renewed = event == "made anew"
            each.carry(octets - octets // 2)
            each.seen_at = None
        else:
            each.carry(octets)
    if event in ("reboot", "agent restart"):
        world.boot = world.now - 11
    # A counter that wraps while the agent restarts makes it look like a reboot: "unknown" is right then
    world.unsure = event == "agent restart" and any(each.wrapped for each in world.wires)


def _hold(world: World, keys: tuple[str, ...], bps: Line, span_s: Line, flags: Line) -> None:
    found = {
        key: (float(rate), float(span), int(flag))
        for key, rate, span, flag in zip(keys, bps, span_s, flags, strict=True)
    }
    assert len(found) == len(keys)
    for wire in world.wires:
        if wire.key not in found:
            continue
        rate, span, flag = found[wire.key]
        if flag & Flag.FROZEN:
            assert isnan(rate)
        elif isnan(rate) and ((flag & Flag.RESET and world.unsure) or (flag and world.froze)):
            pass  # unknown, and said so
        elif wire.seen_at is not None:
            assert rate * span / 8 == pytest.approx(wire.shown[1] - wire.seen_at, abs=1), wire
        elif not isnan(rate):
            assert rate <= OVER * wire.speed_bps * (1 + CACHE_S / span)
