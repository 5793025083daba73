"""One device asked now, from the command line: who it is, how it answers, how its interfaces stand."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from collectors.contract import CollectError, NoAnswer, Reading, Target
from collectors.interfaces import Interfaces
from collectors.liveness import Liveness
from collectors.probes import Probes
from collectors.pulse import Pulse
from collectors.rates import RateMeter
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from collectors.system import System
from inventory.batch import Batch, Facts
from inventory.model import Device, Inventory
from inventory.secrets import Secrets
from noc.wiring import Credentials


@dataclass(slots=True)
class Said:
    """All that one device said; `failure` is why it did not say more."""

    device: str
    took_s: float = 0.0
    probes: Mapping[str, float | None] = field(default_factory=dict)  # method -> RTT in ms, None: lost
    system: Mapping[str, Any] = field(default_factory=dict)
    interfaces: list[dict[str, Any]] = field(default_factory=list)
    uptime_s: float | None = None
    failure: str = ""


async def ask(device: Device, inventory: Inventory, secrets: Secrets, *, seconds_between: float = 0.0) -> Said:
    """Ask once; or twice, so far apart, for rates. Never raises a CollectError."""
    began = time.monotonic()
    async with Engine() as engine, Probes() as probes:
        credentials = Credentials(secrets)
        sessions = Sessions(engine, credentials, user=credentials.user)
        interfaces = Interfaces(sessions.of, time.time)
        liveness = Liveness(probes, sessions.of, interfaces, time.time)
        pulse = await liveness.ask(device, inventory.link_interfaces.get(device.key, ()))
        said = Said(device.key, probes={probe.method: rtt for probe, rtt in pulse.rtts_ms.items()})
        collectors = interfaces, System(sessions.of, time.time)
        try:
            try:
                await _collect(said, device, collectors, seconds_between)
            except NoAnswer:
                if not await sessions.fallback.settled(device):
                    raise
                await _collect(said, device, collectors, seconds_between)
        except CollectError as error:
            said.failure = _reason(pulse, error)
        finally:
            sessions.close()
    said.took_s = time.monotonic() - began
    return said


async def _collect(said: Said, device: Device, collectors: tuple[Interfaces, System], seconds_between: float) -> None:
    import asyncio

    interfaces, system = collectors
    meter = RateMeter(max(seconds_between, 1.0))
    [facts] = await system.collect(Target(device, "system", 0), int(time.time()))
    said.system = facts.content
    for again in range(2 if seconds_between else 1):
        if again:
            await asyncio.sleep(seconds_between)
        for one in await interfaces.collect(Target(device, "interfaces", 0), int(time.time())):
            if isinstance(one, Facts):
                said.interfaces = list(one.content["interfaces"])
            elif isinstance(one, Reading):
                said.uptime_s = None if one.uptime_ticks is None else one.uptime_ticks / 100
                _take_rates(said, meter.feed([one]))


def _take_rates(said: Said, batches: list[Batch]) -> None:
    for batch in batches:
        if batch.measurement == "interface":
            rates = dict(zip(batch.rows, zip(batch.of("in_bps"), batch.of("out_bps"), strict=True), strict=True))
            for interface in said.interfaces:
                found = rates.get(interface["key"])
                if found and found[0] == found[0]:
                    interface["in_bps"], interface["out_bps"] = float(found[0]), float(found[1])


def _reason(pulse: Pulse, error: CollectError) -> str:
    answered = [probe.method for probe, rtt in pulse.rtts_ms.items() if rtt is not None and probe.method != "snmp"]
    also = f"; it answers {' and '.join(answered)}" if answered else ""
    return f"{error.word}: {error}{also}"
