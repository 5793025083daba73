"""The five-second question "do you live?": every declared probe at once, and the ports of declared links."""

import asyncio
from asyncio import Future
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from collectors.contract import CollectError, NameUnresolved, NoAnswer, SnmpSession, Unsupported, Value
from collectors.interfaces import Interfaces
from collectors.oids import OIDS
from collectors.ports import Ports
from collectors.probes import Probes
from collectors.pulse import Pulse
from collectors.snmp.resolver import Resolver
from inventory.addresses import split_port
from inventory.model import Circuit, Device, Probe

LIMIT_S = 1.0
LIMIT_RTTS = 3.0
OVERSLEPT_S = 0.25  # so much later than its time limit a probe ends only where the poller itself is late
SMOOTH = 0.875  # as TCP does it (RFC 6298)
_COST = {"udp-echo": 0, "icmp": 1, "snmp": 2, "tcp": 3}
_UPTIME = OIDS["sysUpTime"]


class _Heard:
    """What SNMP said in one round."""

    __slots__ = ("overslept", "ports", "refused", "rtt_ms", "uptime_ticks")

    def __init__(self) -> None:
        self.overslept = False
        self.rtt_ms: float | None = None
        self.uptime_ticks: int | None = None
        self.ports: dict[str, int] = {}
        self.refused = ""


def cheapest(device: Device) -> tuple[Probe, ...]:
    """The one probe for a device that is down: all it gets until it answers (SEMANTICS 9)."""
    return tuple(sorted(device.probes, key=lambda probe: _COST[probe.method])[:1])


class Liveness:
    """Asks devices and anchors; remembers RTTs, so that a long line gets the time it needs, and where the ports stand."""

    def __init__(
        self,
        probes: Probes,
        sessions: Callable[[Device], SnmpSession],
        interfaces: Interfaces,
        clock: Callable[[], float],
        *,
        resolver: Resolver | None = None,
    ) -> None:
        self._probes = probes
        self._sessions = sessions
        self._interfaces = interfaces
        self._clock = clock
        self._resolver = resolver or Resolver()
        self._rtts_ms: dict[str, float] = {}  # device or anchor -> RTT of its slowest probe, smoothed
        self._ports: dict[str, Ports] = {}

    async def ask(self, device: Device, links: Sequence[str] = (), probes: Sequence[Probe] | None = None) -> Pulse:
        """One round over `probes` (None: all the device declares). Never raises a CollectError.

        `links` are the interface keys of its declared links (Inventory.link_interfaces); their ifOperStatus is asked
        together with sysUpTime, as soon as the interface list is known. A probe that this process may not send, or
        whose time was over only because this process had no time itself, is absent from the answer.
        """
        asked_at = self._clock()
        declared = device.probes if probes is None else probes
        try:
            address = (await self._resolver.resolve(device.address, 0))[0]
        except NameUnresolved as error:
            return Pulse(device.key, asked_at, self._clock(), dict.fromkeys(declared), refused=error.word)
        limit_s = self._limit_s(device.key)
        sent = self._send(declared, address, limit_s)
        heard = _Heard()
        rtts: dict[Probe, float | None] = {}
        for probe in declared:
            if probe.method == "snmp":
                heard = await self._hear(device, links, limit_s)
                if not heard.overslept:
                    rtts[probe] = heard.rtt_ms
        for probe, future in sent.items():
            rtts[probe] = await future
        self._learn(device.key, rtts.values())
        return Pulse(device.key, asked_at, self._clock(), rtts, heard.uptime_ticks, heard.ports, heard.refused)

    async def ask_anchor(self, circuit: Circuit) -> Mapping[str, float | None]:
        """Address -> RTT in ms, None where lost, for the addresses that are reached only through the circuit."""
        if circuit.anchor_probe.method == "snmp":
            raise Unsupported(f"{circuit.key}: anchors are no agents, probe them by icmp, udp-echo or tcp")
        limit_s = self._limit_s(circuit.key)
        sent = {anchor: await self._send_to(anchor, circuit.anchor_probe, limit_s) for anchor in circuit.anchors}
        rtts = {anchor: await future if future else None for anchor, future in sent.items()}
        self._learn(circuit.key, rtts.values())
        return rtts

    def forget(self, key: str) -> None:
        """Drop what is remembered of a device or a circuit."""
        self._rtts_ms.pop(key, None)
        self._ports.pop(key, None)

    def _limit_s(self, key: str) -> float:
        return max(LIMIT_S, LIMIT_RTTS * self._rtts_ms.get(key, 0.0) / 1000)

    def _learn(self, key: str, rtts: Iterable[float | None]) -> None:
        answered = [rtt for rtt in rtts if rtt is not None]
        if answered:
            worst = max(answered)
            self._rtts_ms[key] = worst + SMOOTH * (self._rtts_ms.get(key, worst) - worst)

    def _send(self, declared: Sequence[Probe], address: str, limit_s: float) -> "dict[Probe, Future[float | None]]":
        return {
            probe: self._probes.send(probe, address, limit_s)
            for probe in declared
            if probe.method != "snmp" and self._probes.can(probe, address)
        }

    async def _send_to(self, anchor: str, probe: Probe, limit_s: float) -> "Future[float | None] | None":
        host, port = split_port(anchor)
        try:
            address = (await self._resolver.resolve(host, 0))[0]
        except NameUnresolved:
            return None
        return self._probes.send(replace(probe, port=port) if port else probe, address, limit_s)

    async def _hear(self, device: Device, links: Sequence[str], limit_s: float) -> _Heard:
        """One GET, once: what is lost is lost, for this is the probe."""
        heard, session = _Heard(), self._sessions(device)
        ports = self._where(device.key, links)
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(limit_s):
                values = await session.get((_UPTIME, *ports.oids))
        except (TimeoutError, NoAnswer):
            heard.overslept = loop.time() - started > limit_s + OVERSLEPT_S  # the answer may lie in the socket
            return heard
        except CollectError as error:
            heard.refused = error.word
            return heard
        heard.rtt_ms = (loop.time() - started) * 1000
        heard.uptime_ticks = values[0] if isinstance(values[0], int) else None
        if links:
            heard.ports = await self._read(session, (device.key, ports), values, limit_s)
        return heard

    def _where(self, device: str, links: Sequence[str]) -> Ports:
        standing = self._interfaces.standing(device)
        ports = self._ports.get(device)
        if ports is None or not ports.still(standing, links):
            ports = self._ports[device] = Ports(standing, links)
        return ports

    async def _read(
        self, session: SnmpSession, asked: tuple[str, Ports], values: Sequence[Value], limit_s: float
    ) -> dict[str, int]:
        """ifOperStatus by key; nothing while it is in doubt whether the indexes still mean the same interfaces."""
        device, ports = asked
        now = (self._clock(), values[0] if isinstance(values[0], int) else None)
        if ports.in_doubt(now, values[1:]):
            try:
                async with asyncio.timeout(limit_s):
                    same = ports.same(await session.get(ports.name_oids))
            except (TimeoutError, CollectError):
                return {}
            if not same:
                self._interfaces.suspect(device)
                return {}
            ports.believe(now, values[1:])
        return ports.states(values[1:])
