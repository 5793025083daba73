"""Ping in batches over real sockets: what one batch says, and that it keeps out of the way of liveness."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from itertools import pairwise
from math import isnan, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import NameUnresolved, Target
from collectors.flights import Flights
from collectors.icmp import icmp_way
from collectors.ping import Ping, echo_of, figures
from collectors.probes import Probes
from inventory.batch import Batch
from inventory.model import Device, Probe
from inventory.quantities import QUANTITIES
from tests.collectors.test_sockets import HERE, Server
from tests.patience import HANGS_S
from tests.stalls import undisturbed

pytestmark = pytest.mark.xdist_group("ping")

ping = pytest.mark.skipif(icmp_way() == "", reason="needs ping: net.ipv4.ping_group_range or CAP_NET_RAW")


def device(*probes: Probe, address: str = HERE, key: str = "dar-edge-1") -> Device:
    return Device(key, "site", address, probes=probes)


async def batch_of(one: Ping, asked: Device, due: int = 60) -> Batch | None:
    said = await one.collect(Target(asked, "ping", 60.0), due)
    return said[0] if said else None


def run(story: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(story, HANGS_S))


def of(batch: Batch | None, quantity: str) -> float:
    assert batch is not None
    return float(batch.of(quantity)[0])


@ping
def test_given_a_device_that_answers_pings_then_its_batch_has_all_five_figures() -> None:
    async def story() -> Batch | None:
        async with Probes() as probes:
            return await batch_of(Ping(probes, gap_s=0.05), device(Probe("snmp"), Probe("icmp")))

    batch = run(story())
    assert (batch.measurement, batch.scope, batch.at, batch.rows) == ("ping", "dar-edge-1", 60, ("ping",))
    assert all(name in QUANTITIES for name in batch.quantities)
    assert of(batch, "loss_ratio") == 0
    assert 0 <= of(batch, "rtt_min_ms") <= of(batch, "rtt_ms") <= of(batch, "rtt_max_ms") < 1000
    assert of(batch, "jitter_ms") >= 0


def lossy(lost: set[int]) -> Callable[[bytes], bytes | None]:
    """Answers all but these, counted from 0."""
    seen = iter(range(1000))
    return lambda data: None if next(seen) in lost else data


@pytest.mark.parametrize(("lost", "ratio"), [({1}, 0.2), ({0, 4}, 0.4), (set(range(5)), 1.0)])
def test_given_an_echo_port_that_loses_some_then_the_batch_tells_how_many(lost: set[int], ratio: float) -> None:
    async def story() -> Batch | None:
        async with Server(lossy(lost)) as server, Probes() as probes:
            return await batch_of(Ping(probes, gap_s=0.05), device(server.probe))

    batch = run(story())
    assert of(batch, "loss_ratio") == pytest.approx(ratio)
    assert isnan(of(batch, "rtt_ms")) == (ratio == 1.0)


def test_given_no_probe_that_echoes_then_there_is_nothing_and_no_error() -> None:
    async def story() -> Batch | None:
        async with Probes() as probes:
            return await batch_of(Ping(probes), device(Probe("snmp"), Probe("tcp", 443)))

    assert run(story()) is None


def test_given_a_name_that_dns_does_not_know_then_the_failure_says_so() -> None:
    async def story() -> Batch | None:
        async with Probes() as probes:
            return await batch_of(Ping(probes), device(Probe("icmp"), address="no-such-name.invalid"))

    with pytest.raises(NameUnresolved):
        run(story())


def test_given_both_ways_then_ping_is_taken_before_the_echo_port() -> None:
    assert echo_of(device(Probe("udp-echo", 7), Probe("icmp"))) == Probe("icmp")
    assert echo_of(device(Probe("snmp"), Probe("udp-echo", 7007))) == Probe("udp-echo", 7007)
    assert echo_of(device()) is None


def test_given_round_trips_then_jitter_is_the_mean_of_their_steps() -> None:
    assert figures(5, [10.0, 12.0, 9.0, 9.0]) == pytest.approx((0.2, 9.0, 10.0, 12.0, 5 / 3))
    assert figures(5, [4.0]) == pytest.approx((0.8, 4.0, 4.0, 4.0, nan), nan_ok=True)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=8), st.integers(0, 4))
@settings(deadline=None, max_examples=60)
def test_given_any_round_trips_then_least_mean_and_most_are_in_order(answered: list[float], lost: int) -> None:
    loss, least, mean, most, jitter = figures(len(answered) + lost, answered)
    assert 0 <= loss < 1
    assert least <= mean * (1 + 1e-12)
    assert mean <= most * (1 + 1e-12)
    assert isnan(jitter) or 0 <= jitter <= most - least + 1e-9


def test_given_probes_of_one_series_then_they_leave_a_gap_apart() -> None:
    async def story(gap_s: float) -> list[float]:
        loop, seen = asyncio.get_running_loop(), []

        def answer(data: bytes) -> bytes:
            seen.append(loop.time())
            return data

        async with Server(answer) as server, Probes() as probes:
            series = probes.series(server.probe, HERE, 3, gap_s=gap_s, limit_s=5 * gap_s)
            assert series is not None
            assert None not in await series
        return [later - sooner for sooner, later in pairwise(seen)]

    def told(scale: float) -> None:
        assert all(gap > scale * 0.1 for gap in run(story(scale * 0.2)))

    undisturbed(told)


def test_rule_52_given_silent_series_then_they_take_half_the_room_and_single_probes_go_at_once() -> None:
    async def story(second: float) -> tuple[int, int, int]:
        async with Server(lambda _: None) as server, Probes(in_flight=40) as probes:
            waiting = [
                probes.series(server.probe, HERE, 1, gap_s=0.1 * second, limit_s=0.5 * second) for _ in range(100)
            ]
            await asyncio.sleep(0.1 * second)
            series = server.seen
            singles = [probes.send(server.probe, HERE, 0.2 * second) for _ in range(20)]
            await asyncio.sleep(0.1 * second)
            with_singles = server.seen
            await asyncio.gather(*singles)
            for each in waiting:
                assert each is not None
                assert await each == [None]
            return series, with_singles - series, server.seen

    def told(scale: float) -> None:
        assert run(story(scale)) == (20, 20, 120)

    undisturbed(told)


@ping
def test_rule_52_given_three_hundred_batches_at_once_then_none_shows_a_loss() -> None:
    async def story() -> list[Batch | None]:
        async with Probes() as probes:
            one = Ping(probes, count=3, gap_s=0.05)
            devices = [
                device(Probe("icmp"), address=f"127.0.{at % 7}.{1 + at % 250}", key=str(at)) for at in range(300)
            ]
            return await asyncio.gather(*(batch_of(one, each) for each in devices))

    assert {of(batch, "loss_ratio") for batch in run(story())} == {0.0}


def test_given_a_loop_that_reads_late_then_the_round_trip_ends_when_the_kernel_had_it() -> None:
    async def story() -> tuple[float | None, bool]:
        async with Server() as server:
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            flights = Flights(sock, lambda token: token, lambda data: data, in_flight=9, ports_matter=True)
            future = flights.send((HERE, server.port), 1.0)
            server._read()
            loop = asyncio.get_running_loop()
            until = loop.time() + 0.3
            while loop.time() < until:  # busy elsewhere
                pass
            rtt = await future
            stamped = bool(flights._space)
            flights.close()
            return rtt, stamped

    def told(scale: float) -> None:
        rtt, stamped = run(story())
        assert rtt is not None
        assert rtt < 200 if stamped else rtt >= 0

    undisturbed(told, bears_s=0.1)


def test_given_whoever_asked_for_a_series_has_gone_then_no_more_probes_are_sent() -> None:
    async def story() -> int:
        async with Server() as server, Probes() as probes:
            series = probes.series(server.probe, HERE, 5, gap_s=0.05, limit_s=0.5)
            assert series is not None
            series.cancel()
            await asyncio.sleep(0.4)
            return server.seen

    assert run(story()) <= 1


def test_given_series_under_way_when_the_house_closes_then_they_end_as_lost() -> None:
    async def story() -> list[float | None]:
        async with Server(lambda _: None) as server:
            async with Probes() as probes:
                series = probes.series(server.probe, HERE, 5, gap_s=5.0, limit_s=60.0)
            assert series is not None
            return await series

    assert run(story()) == [None] * 5
