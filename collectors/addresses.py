"""Addresses that are written as names are looked up now and then, and an answer is kept while DNS is away."""

import asyncio
import socket
from ipaddress import ip_address

from collectors.contract import NameUnresolved

KEEP_S = 60.0


class Addresses:
    """Name -> IP address; an IP address is itself."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, float]] = {}  # name -> address, loop time until when it is good
        self._literal: set[str] = set()

    async def of(self, name: str) -> str:
        """Raises NameUnresolved when there is no answer and never was one."""
        if name in self._literal or self._is_literal(name):
            return name
        loop = asyncio.get_running_loop()
        found = self._found.get(name)
        if found is None or found[1] < loop.time():
            try:
                answers = await loop.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
            except (OSError, UnicodeError) as error:
                if found is None:
                    raise NameUnresolved(f"{name}: {error}") from None
                answers = [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", (found[0], 0))]
            found = self._found[name] = (str(answers[0][4][0]), loop.time() + KEEP_S)
        return found[0]

    def _is_literal(self, name: str) -> bool:
        try:
            ip_address(name)
        except ValueError:
            return False
        self._literal.add(name)
        return True
