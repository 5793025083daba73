"""Device addresses: numeric ones as they are, names through DNS, without blocking and remembered for a while."""

import asyncio
import ipaddress
import socket

from collectors.contract import NameUnresolved
from collectors.snmp.wire import Address

KEPT_S = 300.0


class Resolver:
    """Turns a device's address and port into what the kernel calls the source of its answers."""

    def __init__(self, *, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._known: dict[tuple[str, int], tuple[float, Address]] = {}

    async def resolve(self, host: str, port: int) -> Address:
        """The first address of `host`; NameUnresolved when DNS has none."""
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            return await self._look_up(host, port)
        if ip.version == 4:
            return str(ip), port
        scope = ip.scope_id or "0"
        number = int(scope) if scope.isdigit() else socket.if_nametoindex(scope)
        return host.lower() if number else str(ip), port, 0, number

    async def _look_up(self, host: str, port: int) -> Address:
        loop = asyncio.get_running_loop()
        kept = self._known.get((host, port))
        if kept is not None and loop.time() < kept[0]:
            return kept[1]
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError) as error:
            raise NameUnresolved(f"{host}: {error}") from None
        ours = [entry for entry in found if entry[0] in (socket.AF_INET, socket.AF_INET6)]
        if not ours:
            raise NameUnresolved(f"{host}: no address")
        address: Address = ours[0][4]  # type: ignore[assignment]
        self._known[host, port] = loop.time() + self._kept_s, address
        return address
