"""The sockets of liveness: udp-echo and icmp one for all devices, tcp one a connect; opened when first needed."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Self

from collectors.echo import PORT, open_echo
from collectors.flights import Flights
from collectors.icmp import open_icmp
from collectors.tcp import Connects
from inventory.model import Probe, ProbeMethod

IN_FLIGHT = 200  # more at once overflow a stock receive buffer, and that would read as loss (SEMANTICS 52)
TCP_PORT = 443

_log = logging.getLogger(__name__)
_OPENERS: dict[ProbeMethod, Callable[[socket.AddressFamily, int], Flights]] = {
    "udp-echo": open_echo,
    "icmp": open_icmp,
}


class Probes:
    """Async context manager. `in_flight` bounds the probes on their way per socket; it is cut to what the buffer holds."""

    def __init__(self, in_flight: int = IN_FLIGHT) -> None:
        self._in_flight = in_flight
        self._flights: dict[tuple[ProbeMethod, socket.AddressFamily], Flights | None] = {}
        self._connects: Connects | None = None

    async def __aenter__(self) -> Self:
        self._connects = Connects(self._in_flight)
        return self

    async def __aexit__(self, *_: object) -> None:
        for flights in self._flights.values():
            if flights is not None:
                flights.close()
        self._flights.clear()
        if self._connects is not None:
            self._connects.close()

    def send(self, probe: Probe, address: str, limit_s: float) -> "asyncio.Future[float | None]":
        """RTT in ms, or None when nothing came back in time. `address` is an IP address; snmp is not asked here."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        if probe.method == "tcp" and self._connects is not None:
            return self._connects.send(family, (address, probe.port or TCP_PORT), limit_s)
        flights = self._opened(probe.method, family)
        return _lost() if flights is None else flights.send(_where(probe, address), limit_s)

    def series(
        self, probe: Probe, address: str, count: int, *, gap_s: float, limit_s: float
    ) -> "asyncio.Future[list[float | None]] | None":
        """RTTs in ms of `count` probes a gap apart, None: lost. No future where this process may not send them;
        only icmp and udp-echo come in series.
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        flights = self._opened(probe.method, family) if probe.method in _OPENERS else None
        if flights is None:
            return None
        return flights.series(_where(probe, address), count, gap_s=gap_s, limit_s=limit_s)

    def can(self, probe: Probe, address: str) -> bool:
        """Whether this process may send such probes: ping may be forbidden, IPv6 absent."""
        if probe.method == "tcp":
            return True
        return self._opened(probe.method, socket.AF_INET6 if ":" in address else socket.AF_INET) is not None

    def _opened(self, method: ProbeMethod, family: socket.AddressFamily) -> Flights | None:
        key = (method, family)
        if key not in self._flights:
            try:
                self._flights[key] = _OPENERS[method](family, self._in_flight)
            except OSError as error:
                _log.error("no %s probes over %s: %s", method, family.name, error)
                self._flights[key] = None
        return self._flights[key]


def _where(probe: Probe, address: str) -> tuple[str, int]:
    return address, 0 if probe.method == "icmp" else probe.port or PORT


def _lost() -> "asyncio.Future[float | None]":
    future: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
