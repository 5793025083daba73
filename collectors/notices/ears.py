"""All ears of the daemon: traps on UDP, syslog on UDP and TCP; each can be had or missed by itself."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from socket import socket

from collectors.contract import Listener
from collectors.notices.binding import open_datagrams, open_stream, widen
from collectors.notices.counters import NoticeCounters
from collectors.notices.datagrams import Datagrams
from collectors.notices.gate import Gate, Known, OwnEngine
from collectors.notices.intake import Arrival, Intake
from collectors.notices.said import notice_of_line
from collectors.notices.sources import resolved
from collectors.notices.streams import Streams
from collectors.notices.syslog import SyslogError, parse_syslog
from collectors.snmp.resolver import Resolver
from inventory.model import Device
from inventory.notice import Notice

TRAPS, SYSLOG, SYSLOG_TCP = "traps", "syslog", "syslog-tcp"


@dataclass(slots=True)
class Places:
    """Addresses to listen on ("" for none), and sockets that systemd opened: those come first."""

    traps: str = ""
    syslog: str = ""
    handed: Mapping[str, Sequence[socket]] = field(default_factory=dict)


class Ears:
    """Inert until its listeners are run."""

    def __init__(self, places: Places, engine: OwnEngine, per_s: float, clock: Callable[[], float]) -> None:
        self.intake = Intake(per_s, clock)
        self.counters = {name: NoticeCounters() for name in (TRAPS, SYSLOG, SYSLOG_TCP)}
        self.gate = Gate(engine, self.counters[TRAPS], time.monotonic)
        self.listeners: dict[str, Listener] = {}
        self._resolver = Resolver()
        for name, address, kind, hear in (
            (TRAPS, places.traps, Datagrams, self.gate.hear),
            (SYSLOG, places.syslog, Datagrams, partial(hear_line, self.counters[SYSLOG])),
            (SYSLOG_TCP, places.syslog, Streams, partial(hear_line, self.counters[SYSLOG_TCP])),
        ):
            handed = places.handed.get(f"noc-{name}", ())
            if handed or address:
                bind = partial(_had, handed) if handed else partial(_opened, kind, address)
                self.listeners[name] = kind(bind, hear, self.intake, self.counters[name])

    def set_network(self, devices: Mapping[str, Device], known: Known) -> None:
        """A new inventory, or new secrets, in one step."""
        for gone in self.intake.sources.keys() - devices.keys():
            self.intake.admission.forget(gone)
        self.intake.sources.set_devices(devices.values())
        self.gate.set_secrets(known)

    async def resolve(self, devices: Mapping[str, Device]) -> None:
        """Ask DNS for those whose addresses are names; to be called now and then."""
        named = await resolved(devices.values(), self._resolver)
        if named:
            self.intake.sources.set_devices(devices.values(), named)

    def waiting(self) -> int:
        """Arrivals that wait to be taken apart."""
        return sum(len(one.turns) for one in self.listeners.values() if isinstance(one, Datagrams | Streams))

    def overflown(self, name: str) -> int:
        """Datagrams that found the kernel's buffer full."""
        one = self.listeners.get(name)
        return one.overflown() if isinstance(one, Datagrams) else 0


def hear_line(counters: NoticeCounters, arrival: Arrival) -> Notice | None:
    """A syslog line of a known device as a Notice; None, and counted, where it holds no text."""
    try:
        line = parse_syslog(arrival.data)
    except SyslogError:
        counters.unparsable += 1
        return None
    counters.heard += 1
    return notice_of_line(line, arrival.device.key, arrival.source, arrival.at)


def _had(handed: Sequence[socket]) -> Sequence[socket]:
    for sock in handed:
        widen(sock)
    return handed


def _opened(kind: type, address: str) -> Sequence[socket]:
    return [open_stream(address) if kind is Streams else open_datagrams(address)]
