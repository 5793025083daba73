"""Ping (RFC 792, RFC 4443): one ICMP socket for all devices, unprivileged where the kernel allows it."""

import socket
from collections.abc import Callable
from typing import Literal

from collectors.flights import TOKEN, Flights

Way = Literal["datagram", "raw", ""]

_ECHO = {socket.AF_INET: (8, 0), socket.AF_INET6: (128, 129)}  # types of request and reply
_HEADER = 8  # type, code, checksum, identifier, sequence
_FILTER_LEVEL, _FILTER_OPTION, _ONLY_REPLIES = (
    255,
    1,
    0xFFFFFFFE,
)  # SOL_RAW, ICMP_FILTER of linux/icmp.h: a bit set is a type not wanted


def icmp_way(family: socket.AddressFamily = socket.AF_INET) -> Way:
    """How this process may ping: "datagram" (net.ipv4.ping_group_range), "raw" (CAP_NET_RAW), or "" not at all."""
    try:
        sock, way = _socket(family)
    except OSError:
        return ""
    sock.close()
    return way


def open_icmp(family: socket.AddressFamily, in_flight: int) -> Flights:
    """Raises OSError (PermissionError mostly) where ping is not allowed."""
    sock, way = _socket(family)
    request, reply = _ECHO[family]
    headed = way == "raw" and family == socket.AF_INET  # only there the IP header comes along
    return Flights(sock, _framer(request), _finder(reply, headed), in_flight=in_flight, ports_matter=False)


def _socket(family: socket.AddressFamily) -> tuple[socket.socket, Way]:
    protocol = socket.IPPROTO_ICMP if family == socket.AF_INET else socket.IPPROTO_ICMPV6
    try:
        return socket.socket(family, socket.SOCK_DGRAM, protocol), "datagram"
    except OSError:
        sock = socket.socket(family, socket.SOCK_RAW, protocol)
    if family == socket.AF_INET and hasattr(socket, "SO_DOMAIN"):  # Linux: wake only for replies
        sock.setsockopt(_FILTER_LEVEL, _FILTER_OPTION, _ONLY_REPLIES.to_bytes(4, "little"))
    return sock, "raw"


def _framer(kind: int) -> Callable[[bytes], bytes]:
    def frame(token: bytes) -> bytes:
        # identifier and sequence need not tell anything: the token does
        packet = bytes((kind, 0, 0, 0)) + token[:4] + token
        return packet[:2] + checksum(packet).to_bytes(2, "big") + packet[4:]

    return frame


def _finder(kind: int, headed: bool) -> Callable[[bytes], bytes | None]:
    def token_of(data: bytes) -> bytes | None:
        start = (data[0] & 15) * 4 if headed and data else 0
        if len(data) != start + _HEADER + TOKEN or data[start] != kind:
            return None
        return data[start + _HEADER :]

    return token_of


def checksum(packet: bytes) -> int:
    """The Internet checksum (RFC 1071) of an even number of octets."""
    # Adding words with their carries put back in leaves the remainder by 2^16 - 1.
    return -int.from_bytes(packet, "big") % 0xFFFF
