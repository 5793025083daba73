"""Ports that stay ours: for a test that opens one in a moment, and for no other test meanwhile."""

import random
import socket
import sys
from pathlib import Path
from typing import Final

RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST: Final = 10_000
TRIES: Final = 1000


def free_port(host: str = "127.0.0.1") -> int:
    """A port of `host` at which nothing is open, neither UDP nor TCP.

    Below those that the system gives to whoever asks for any (a daemon's questions, a browser's connections): else
    one of these would sit there by chance before it is opened. And kept from other tests until this process ends.
    """
    for _ in range(TRIES):
        port = random.randrange(LOWEST, _highest())
        if _nothing_open(host, port) and _kept(port):
            return port
    raise AssertionError(f"{TRIES} ports of {host} were tried, and something is open at each")


def hears(host: str, port: int) -> bool:
    """Whether somebody's UDP socket is open there; asked of the kernel, so that nobody is in its way."""
    wanted = f"{int.from_bytes(socket.inet_aton(host), sys.byteorder):08X}:{port:04X}"
    return any(line.split()[1] == wanted for line in Path("/proc/net/udp").read_text().splitlines()[1:])


def _highest() -> int:
    return int(RANGE.read_text().split()[0]) if RANGE.exists() else 32_768


def _nothing_open(host: str, port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as sock:
            try:
                sock.bind((host, port))
            except OSError:
                return False
    return True


def _kept(port: int) -> bool:
    """Linux: a name without a file, that no two can hold, and that goes with its holder, however that ends."""
    if sys.platform != "linux":
        return True
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as name:
        try:
            name.bind(f"\0noc-test-port-{port}")
        except OSError:
            return False
        name.detach()
    return True
