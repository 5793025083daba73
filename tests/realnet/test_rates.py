"""Interface rates over SNMPv3 against the kernel's own counters, under known traffic, restarts of the agent included."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

import pytest

from noc.store.reader import MetricReader
from tests.realnet.flow import CEILING_BPS, FLOWS, RESTARTED, Flow
from tests.realnet.house import House
from tests.realnet.timeline import Timeline

pytestmark = [pytest.mark.realnet, pytest.mark.xdist_group("realnet")]

CACHE_S = 3.0  # net-snmp shows its interface table up to so old (SEMANTICS 50)
DUE_S = 1.0  # a poll may be this much later than its due time, which is the time of the batch
EDGE_S = 2 * (CACHE_S + DUE_S)  # how unsure the ends of a chain of polls are, on a machine that is busy too
STEADY = {end for site, (far, _) in FLOWS.items() for end in ((site, "wan0"), (far, "gov0"))}
LEAST_BPS = 50e3  # routing and our own questions are no known traffic


@dataclass(frozen=True)
class Point:
    device: str
    interface: str
    at: float
    span_s: float
    in_bps: float
    out_bps: float


@dataclass(frozen=True)
class Load:
    began: float
    ended: float
    points: tuple[Point, ...]
    stalls: tuple[tuple[float, float], ...]  # of the machine: UTC seconds of its end, and how long


@pytest.fixture(scope="module")
def load(house: House, flow: Flow, timeline: Timeline) -> Load:
    """What was measured while the traffic flowed."""
    ended = flow.wait()
    time.sleep(2)
    return Load(flow.began, ended, tuple(_points(house, flow.began, ended)), tuple(timeline.stalls(DUE_S / 2)))


def _points(house: House, began: float, ended: float) -> Iterator[Point]:
    quantities = ("span_s", "in_bps", "out_bps")
    with MetricReader(house.metrics) as reader:
        for measured in reader.subjects("interface"):
            for row in measured.rows:
                span = {"start": int(began), "end": int(ended) + 1}
                series = reader.read("interface", measured.scope, row, quantities, **span)  # type: ignore[arg-type]
                for place, at in enumerate(series.at):
                    yield Point(measured.scope, row, float(at), *map(float, series.values[:, place]))


def whole(load: Load, point: Point) -> bool:
    """All of its time lies within the traffic, what the agent may have kept of before included."""
    start = point.at - point.span_s
    return load.began + CACHE_S + 1 < start and point.at < load.ended and not slept(load, start - EDGE_S, point.at)


def slept(load: Load, start: float, end: float) -> bool:
    """The machine kept everybody back for longer than a poll may be late: no time of these is what it says."""
    return any(start < ended < end + long + DUE_S for ended, long in load.stalls)


def chains(points: list[Point]) -> Iterator[list[Point]]:
    """Points of one interface where each begins when the one before ended, so that no octet lies between them."""
    chain: list[Point] = []
    for point in sorted(points, key=lambda point: point.at):
        if chain and abs(point.at - point.span_s - chain[-1].at) > DUE_S:
            yield chain
            chain = []
        chain.append(point)
    if chain:
        yield chain


def kept(flow: Flow, chain: list[Point], counter: str, seen: float) -> bool:
    """Whether all octets of a chain of polls are there: a cache may hide a burst from one poll, never from the next."""
    end, start, last = (chain[0].device, chain[0].interface), chain[0].at - chain[0].span_s, chain[-1].at
    times = (start - EDGE_S, start + EDGE_S, last - EDGE_S, last + EDGE_S)
    first, second, third, fourth = (flow.kernel.octets_at(end, counter, at) for at in times)
    if first is None or second is None or third is None or fourth is None:
        return True
    return 0.97 * (third - second) <= seen <= 1.03 * (fourth - first)


def by_interface(load: Load) -> dict[tuple[str, str], list[Point]]:
    """The routers' own interfaces' points that lie wholly within the traffic."""
    points: dict[tuple[str, str], list[Point]] = {}
    for point in (point for point in load.points if whole(load, point) and "-" not in point.device):
        points.setdefault((point.device, point.interface), []).append(point)
    return points


def sides(point: Point) -> tuple[tuple[str, float], tuple[str, float]]:
    return ("in_octets", point.in_bps), ("out_octets", point.out_bps)


def test_rule_50_every_rate_of_steady_traffic_is_the_kernels_within_what_agents_keep_back(
    load: Load, flow: Flow
) -> None:
    compared, wrong = set(), []
    for end, points in by_interface(load).items():
        measured = [(point, *side) for point in points for side in sides(point)] if end in STEADY else []
        for point, counter, seen in measured:
            before = flow.kernel.octets_at(end, counter, point.at - point.span_s)
            after = flow.kernel.octets_at(end, counter, point.at)
            if before is None or after is None or (true := (after - before) * 8 / point.span_s) < LEAST_BPS:
                continue
            compared.add(end)
            if abs(seen / true - 1) > CACHE_S / point.span_s:
                wrong.append((point, counter, round(true)))
    assert not wrong
    assert compared == STEADY


def test_what_one_poll_did_not_see_of_a_burst_the_next_ones_do(load: Load, flow: Flow) -> None:
    compared, wrong = 0, []
    for points in by_interface(load).values():
        for chain in (chain for chain in chains(points) if sum(point.span_s for point in chain) > 4 * EDGE_S):
            for place, counter in enumerate(("in_octets", "out_octets")):
                seen = sum(sides(point)[place][1] * point.span_s / 8 for point in chain)
                compared += 1
                if not (isnan(seen) or kept(flow, chain, counter, seen)):
                    wrong.append((chain[0], counter, round(seen)))
    assert not wrong
    assert compared > len(STEADY)


def test_given_more_than_a_line_carries_then_its_rate_is_flat_at_what_it_carries(load: Load) -> None:
    seen = [p for p in load.points if (p.device, p.interface) == ("pe1", "cpe001") and whole(load, p)]
    assert seen
    for point in seen:
        assert point.in_bps == pytest.approx(CEILING_BPS, rel=CACHE_S / point.span_s)


def test_given_only_the_agent_restarts_then_no_sample_is_lost_and_nobody_says_reboot(load: Load, house: House) -> None:
    seen = [p for p in load.points if (p.device, p.interface) == (RESTARTED, "wan0") and whole(load, p)]
    assert len(seen) >= 2, "there are rates before and after"
    assert all(point.out_bps == point.out_bps for point in seen)
    with MetricReader(house.metrics) as reader:
        told = reader.read("device", RESTARTED, RESTARTED, ("reboots",), start=int(load.began), end=int(load.ended))
    assert not told.values.sum()
