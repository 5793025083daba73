"""Where the ears are: sockets that systemd handed over, or ports of our own with as large a buffer as the kernel grants."""

import contextlib
import ipaddress
import socket
import sys
from collections.abc import Mapping, Sequence

from collectors.snmp.socket import SO_RCVBUFFORCE

BUFFER_OCTETS = 16 << 20  # a second and more of a flood waits in it without loss
FIRST_DESCRIPTOR = 3  # sd_listen_fds(3)


def split(address: str) -> tuple[str, int]:
    """'0.0.0.0:1162' -> ('0.0.0.0', 1162), '[::]:162' -> ('::', 162); ValueError where it is neither."""
    host, colon, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{address!r} is not written address:port")
    ipaddress.ip_address(host or "0.0.0.0")
    return host or "0.0.0.0", int(port)


def open_datagrams(address: str) -> socket.socket:
    """A UDP socket there; OSError when the port cannot be had."""
    return _opened(address, socket.SOCK_DGRAM)


def open_stream(address: str) -> socket.socket:
    """A TCP socket there that listens; OSError when the port cannot be had."""
    sock = _opened(address, socket.SOCK_STREAM)
    sock.listen(64)
    return sock


def _opened(address: str, kind: socket.SocketKind) -> socket.socket:
    host, port = split(address)
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind)
    try:
        sock.setblocking(False)
        if kind == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            widen(sock)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


def widen(sock: socket.socket) -> None:
    """As large a receive buffer as we may have; a smaller one is never taken for a larger one."""
    before = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    if before >= BUFFER_OCTETS:
        return
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_OCTETS)


def handed_over(environment: Mapping[str, str], pid: int) -> dict[str, Sequence[socket.socket]]:
    """Name -> sockets that systemd opened for this process (sd_listen_fds(3)); nothing where it opened none."""
    if environment.get("LISTEN_PID") != str(pid):
        return {}
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    count = int(environment.get("LISTEN_FDS", "0"))
    found: dict[str, list[socket.socket]] = {}
    for place in range(count):
        sock = socket.socket(fileno=FIRST_DESCRIPTOR + place)
        sock.setblocking(False)
        sock.set_inheritable(False)
        found.setdefault(names[place] if place < len(names) else "unknown", []).append(sock)
    return dict(found)
