"""One device asked why it does not answer: address, life, agent, then a whole poll, until something fails."""

import asyncio
import time
from collections.abc import Sequence

from collectors.contract import (
    BadAnswer,
    CollectError,
    CredentialsRefused,
    NameUnresolved,
    Target,
    Unsupported,
    ViewDenied,
)
from collectors.diagnosis import FINE, Diagnosis
from collectors.interfaces import TABLE, Interfaces
from collectors.probes import Probes
from collectors.snmp.community_trial import try_community
from collectors.snmp.engine import Engine
from collectors.snmp.inquiry import PAUSES_S
from collectors.snmp.resolver import Resolver
from collectors.snmp.sessions import Sessions
from collectors.snmp.user_trial import try_user
from collectors.snmp.wire import Address
from collectors.system import System
from inventory.addresses import is_loopback
from inventory.batch import Facts
from inventory.credentials import SnmpUser
from inventory.model import Device, Probe
from inventory.secrets import Secrets
from noc.wiring import Credentials

PINGS, PING_GAP_S, PING_S = 3, 0.2, 1.0
LARGE_S = 15.0  # half of the interval at which counters are read by default
MOST_S = 90.0
_BY_ERROR: dict[type[CollectError], str] = {
    ViewDenied: "view",
    Unsupported: "view",
    CredentialsRefused: "view",
    BadAnswer: "garbled",
}


async def diagnose(device: Device, secrets: Secrets, *, pauses_s: Sequence[float] = PAUSES_S) -> Diagnosis:
    """Ask once, step by step. Never raises a CollectError."""
    since = time.monotonic()
    snmp = device.snmp
    diagnosis = Diagnosis(device.key, device.address, snmp.port, snmp.version)
    diagnosis.known = {
        "credential": snmp.credential,
        "secret": "SNMPv3 user" if snmp.version == "3" else "community",
    }
    address = await _resolve(diagnosis)
    if address is not None:
        async with Probes() as probes:
            alive = await _probe(diagnosis, probes, device, address[0])
        answered = await _ask_agent(diagnosis, device, secrets, address, pauses_s)
        if answered and diagnosis.cause == FINE:
            await _poll(diagnosis, device, secrets)
        elif not alive and diagnosis.cause in ("silent", "no-v3"):
            diagnosis.cause = "dead" if alive is False else "silent-unseen"
    diagnosis.took_s = time.monotonic() - since
    return diagnosis


async def _resolve(diagnosis: Diagnosis) -> Address | None:
    since = time.monotonic()
    try:
        address = await Resolver().resolve(diagnosis.address, diagnosis.port)
    except NameUnresolved as error:
        diagnosis.note("the address", str(error), False, since)
        diagnosis.blame("unresolved")
        return None
    named = address[0] != diagnosis.address
    diagnosis.note("the address", f"{diagnosis.address} is {address[0]}" if named else address[0], True, since)
    return address


async def _probe(diagnosis: Diagnosis, probes: Probes, device: Device, address: str) -> bool | None:
    """Whether anything but SNMP answers; None when nothing could be asked."""
    alive: bool | None = None
    icmp = Probe("icmp")
    echoed = is_loopback(address) and any(probe.method != "snmp" for probe in device.probes)
    for probe in dict.fromkeys((icmp, *device.probes)):
        if probe.method == "snmp":
            continue
        since = time.monotonic()
        name = "ping" if probe == icmp else f"{probe.method} {probe.port or ''}".strip()
        if probe == icmp and echoed and probe not in device.probes:
            diagnosis.note(name, "a loopback address answers whoever is behind it: says nothing", None, since)
            continue
        if not probes.can(probe, address):
            diagnosis.note(name, "this machine may not send it", None, since)
            continue
        rtts = await _rtts(probes, probe, address)
        answered = [rtt for rtt in rtts if rtt is not None]
        alive = bool(alive or answered)
        result = f"{len(answered)} of {len(rtts)} answered" + (f", {min(answered):.1f} ms" if answered else "")
        declared = probe in device.probes
        diagnosis.note(name, result, bool(answered) if declared or answered else None, since)
    return alive


async def _rtts(probes: Probes, probe: Probe, address: str) -> list[float | None]:
    if probe.method == "tcp":
        return [await probes.send(probe, address, PING_S)]
    series = probes.series(probe, address, PINGS, gap_s=PING_GAP_S, limit_s=PING_S)
    return await series if series is not None else []


async def _ask_agent(
    diagnosis: Diagnosis, device: Device, secrets: Secrets, address: Address, pauses_s: Sequence[float]
) -> bool:
    """One value by the version of the inventory."""
    name, since = device.snmp.credential, time.monotonic()
    if device.snmp.version == "3":
        user: SnmpUser | None = secrets.user(name)
        if user is not None:
            return await try_user(diagnosis, address, user, pauses_s=pauses_s)
    else:
        secret = secrets.find(name)
        if secret is not None:
            return await try_community(diagnosis, address, secret.reveal(), pauses_s=pauses_s)
    diagnosis.note("the credential", f"no source has {name!r}", False, since)
    diagnosis.blame("no-secret")
    return False


async def _poll(diagnosis: Diagnosis, device: Device, secrets: Secrets) -> None:
    """What the daemon asks, as the daemon asks it."""
    async with Engine() as engine:
        credentials = Credentials(secrets)
        sessions = Sessions(engine, credentials, user=credentials.user)
        system, interfaces = System(sessions.of, time.time), Interfaces(sessions.of, time.time)
        try:
            if await _collect(diagnosis, system, Target(device, "system", 0), "the system group"):
                await _collect(diagnosis, interfaces, Target(device, "interfaces", 0), "interfaces and counters")
        finally:
            sessions.close()


async def _collect(diagnosis: Diagnosis, collector: System | Interfaces, target: Target, what: str) -> bool:
    since = time.monotonic()
    try:
        async with asyncio.timeout(MOST_S):
            said = await collector.collect(target, int(time.time()))
    except TimeoutError:
        diagnosis.note(what, "no end", False, since)
        diagnosis.blame("large", list_s=MOST_S)
        return False
    except CollectError as error:
        diagnosis.note(what, f"{error.word}: {error}", False, since)
        diagnosis.blame(_BY_ERROR.get(type(error), "unsteady"), error=f"{error.word} ({error})")
        return False
    for facts in said:
        if isinstance(facts, Facts):
            _judge(diagnosis, facts, what, since)
    return True


def _judge(diagnosis: Diagnosis, facts: Facts, what: str, since: float) -> None:
    took_s = time.monotonic() - since
    if facts.part != TABLE:
        diagnosis.note(what, str(facts.content.get("sysName") or "answers"), True, since)
        return
    count = len(facts.content["interfaces"])
    diagnosis.note(what, f"{count} interfaces", count > 0 and took_s <= LARGE_S, since)
    if not count:
        diagnosis.blame("empty")
    elif took_s > LARGE_S:
        diagnosis.blame("large", list_s=took_s)
