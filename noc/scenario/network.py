"""The simulated network at the poller's own cable: what is sent comes back later or never, without a socket."""

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any
from zlib import crc32

from inventory.addresses import split_port
from inventory.model import Inventory, Probe
from noc.lab.world import World

BEYOND = "anchor "  # before a circuit's key, where an address stands for its anchors


class Ether:
    """What the poller's packets meet, by UTC second. `loss` is the most that a device loses, each way, by the seed.

    `cut`: the poller's own cable is pulled.
    """

    def __init__(self, world: World, *, seed: int = 0, loss: float = 0.0) -> None:
        self.world = world
        self.cut = False
        self._chance = Random(seed ^ 0x6E6F63)
        self._loss = loss
        self._seed = seed
        self._through: dict[str, float] = {}
        self._jitter_s = 0.0

    def _passes(self, key: str) -> float:
        """Share of packets that go there and come back by the run's own loss."""
        found = self._through.get(key)
        if found is None:
            lost = self._loss * crc32(f"{self._seed} loss of {key}".encode()) / 2**32
            found = self._through[key] = (1.0 - lost) ** 2
        return found

    def _lucky(self, share: float) -> bool:
        return share >= 1.0 or self._chance.random() < share

    def echo_s(self, device: str, t: float, *, snmp: bool = False) -> float | None:
        """Seconds until an answer is there; None: never. `snmp`: of its agent, which may hang or be slow."""
        way = None if self.cut else self.world.way(device, t)
        if way is None or (snmp and self.world.routers[device].life.at(t).hung):
            return None
        if not self._lucky((1.0 - way.loss) ** 2 * self._passes(device)):
            return None
        return self.world.delay_s(device, t, snmp=snmp)

    def anchor_s(self, circuit: str, t: float) -> float | None:
        """As of an echo, from beyond a circuit."""
        self.world.advance(t)
        way = None if self.cut else self.world.epochs.at(t).beyond.get(circuit)
        if way is None or not self._lucky((1.0 - way.loss) ** 2 * self._passes(BEYOND + circuit)):
            return None
        return self.world.anchor_delay_s(circuit, t)

    def arrives(self, device: str, t: float, extra_loss: float = 0.0) -> bool:
        """Whether something that the device sends by itself is heard."""
        way = None if self.cut else self.world.way(device, t)
        if way is None:
            return False
        return self._lucky((1.0 - way.loss) * self._passes(device) ** 0.5 * (1.0 - extra_loss))


class VirtualProbes:
    """In place of `collectors.probes.Probes`: the same questions, answered by the simulated network."""

    def __init__(self, ether: Ether, inventory: Inventory, start: float) -> None:
        self._ether = ether
        self._start = start
        self._whose = _addresses(inventory)

    async def __aenter__(self) -> "VirtualProbes":
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    def can(self, probe: Probe, address: str) -> bool:
        return True

    def send(self, probe: Probe, address: str, limit_s: float) -> "asyncio.Future[float | None]":
        """RTT in ms, or None when nothing came back in time."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[float | None] = loop.create_future()
        took_s = self._took_s(probe, address, self._start + loop.time())
        if took_s is None or took_s > limit_s:
            loop.call_later(limit_s, _settle, future, None)
        else:
            loop.call_later(took_s, _settle, future, took_s * 1000)
        return future

    def series(
        self, probe: Probe, address: str, count: int, *, gap_s: float, limit_s: float
    ) -> "asyncio.Future[list[float | None]]":
        """RTTs in ms of `count` probes a gap apart, None: lost."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[float | None]] = loop.create_future()
        now = self._start + loop.time()
        took = [self._took_s(probe, address, now) for _ in range(count)]
        rtts = [None if each is None or each > limit_s else each * 1000 for each in took]
        last_s = limit_s if rtts[-1] is None else rtts[-1] / 1000
        loop.call_later((count - 1) * gap_s + last_s, _settle, future, rtts)
        return future

    def _took_s(self, probe: Probe, address: str, t: float) -> float | None:
        host, port = split_port(address)
        whose = self._whose.get((host, port or probe.port)) or self._whose.get((host, None))
        if whose is None:
            return None
        if whose.startswith(BEYOND):
            return self._ether.anchor_s(whose.removeprefix(BEYOND), t)
        return self._ether.echo_s(whose, t)


def _settle(future: "asyncio.Future[Any]", value: object) -> None:
    if not future.done():
        future.set_result(value)


def _addresses(inventory: Inventory) -> Mapping[tuple[str, int | None], str]:
    """(address, port) -> device, or BEYOND and circuit; port None where the probe has none."""
    found: dict[tuple[str, int | None], str] = {}
    for device in inventory.devices.values():
        found.setdefault((device.address, None), device.key)
        for probe in device.probes:
            found[device.address, probe.port] = device.key
    for circuit in inventory.circuits.values():
        for anchor in circuit.anchors:
            host, port = split_port(anchor)
            found[host, port or circuit.anchor_probe.port] = BEYOND + circuit.key
    return found
