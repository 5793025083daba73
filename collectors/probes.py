"""The sockets of liveness: udp-echo, icmp and tcp."""

from asyncio import Future

from inventory.model import Probe


class Probes:
    """Async context manager; one socket per method and address family for all devices."""

    def __init__(self, in_flight: int = 200) -> None:
        self._in_flight = in_flight

    async def __aenter__(self) -> "Probes":
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def send(self, probe: Probe, address: str, limit_s: float) -> "Future[float | None]":
        """RTT in ms, or None when nothing came back in time."""
        raise AssertionError
