"""Ping in batches: a few echo requests a device, a little apart; loss, round trips and jitter of them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from collectors.contract import Target
from collectors.probes import Probes
from collectors.snmp.resolver import Resolver
from inventory.batch import Batch
from inventory.model import Device, Probe, ProbeMethod

MEASUREMENT = "ping"
ROWS = ("ping",)
QUANTITIES = ("loss_ratio", "rtt_min_ms", "rtt_ms", "rtt_max_ms", "jitter_ms")
COUNT = 5
GAP_S = 0.2
LIMIT_S = 1.0
LIMIT_RTTS = 3.0
_METHODS: tuple[ProbeMethod, ...] = ("icmp", "udp-echo")  # the better first
_UNKNOWN = float("nan")


class Ping:
    """Collector of Batch "ping", one row: ping, or the echo port where that is the device's way.

    A device with neither among its probes, or whose probe this process may not send, gives nothing. Silence is
    no error here: it is a loss of 1, with round trips unknown.
    """

    def __init__(
        self, probes: Probes, *, resolver: Resolver | None = None, count: int = COUNT, gap_s: float = GAP_S
    ) -> None:
        self._probes = probes
        self._resolver = resolver or Resolver()
        self._count = count
        self._gap_s = gap_s
        self._worst_ms: dict[str, float] = {}  # device -> longest round trip of its last batch

    async def collect(self, target: Target, due: int) -> Sequence[Batch]:
        """`count` probes, each given max(1 s, 3 x RTT). Raises NameUnresolved."""
        device = target.device
        probe = echo_of(device)
        if probe is None:
            return ()
        address = (await self._resolver.resolve(device.address, 0))[0]
        limit_s = max(LIMIT_S, LIMIT_RTTS * self._worst_ms.get(device.key, 0.0) / 1000)
        series = self._probes.series(probe, address, self._count, gap_s=self._gap_s, limit_s=limit_s)
        if series is None:
            return ()
        answered = [rtt for rtt in await series if rtt is not None]
        if answered:
            self._worst_ms[device.key] = max(answered)
        values = np.array(figures(self._count, answered)).reshape(len(QUANTITIES), 1)
        return (Batch(MEASUREMENT, device.key, due, ROWS, QUANTITIES, values),)

    def forget(self, device: str) -> None:
        self._worst_ms.pop(device, None)


def echo_of(device: Device) -> Probe | None:
    """The probe of a device that an echo comes back to; None where it declares none."""
    found: dict[str, Probe] = {probe.method: probe for probe in reversed(device.probes)}
    return next((found[method] for method in _METHODS if method in found), None)


def figures(sent: int, answered: Sequence[float]) -> tuple[float, float, float, float, float]:
    """QUANTITIES of one batch; jitter is the mean difference of successive round trips (as RFC 3550 takes it, unsmoothed)."""
    lost = 1 - len(answered) / sent
    if not answered:
        return lost, _UNKNOWN, _UNKNOWN, _UNKNOWN, _UNKNOWN
    steps = [abs(later - sooner) for sooner, later in pairwise(answered)]
    jitter = sum(steps) / len(steps) if steps else _UNKNOWN
    return lost, min(answered), sum(answered) / len(answered), max(answered), jitter
