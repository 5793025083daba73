"""UDP sockets for the SNMP engine, with as large a receive buffer as the kernel grants."""

import contextlib
import socket
import sys

SO_RCVBUFFORCE = 33  # linux/asm-generic/socket.h; needs CAP_NET_ADMIN, passes rmem_max


def open_socket(family: int, buffer_octets: int) -> tuple[socket.socket, int]:
    """A non-blocking UDP socket on any free port, and the octets its receive buffer really holds."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_octets)
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, buffer_octets)
        sock.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", 0))
    except OSError:
        sock.close()
        raise
    return sock, sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
