"""The echo port over UDP (RFC 862): what is sent comes back. One socket for all devices of an address family."""

import socket

from collectors.flights import TOKEN, Flights

PORT = 7
_MARK = b"noc\0"


def open_echo(family: socket.AddressFamily, in_flight: int) -> Flights:
    """Raises OSError where the family is not there."""
    sock = socket.socket(family, socket.SOCK_DGRAM)
    return Flights(sock, _MARK.__add__, _token, in_flight=in_flight, ports_matter=True)


def _token(data: bytes) -> bytes | None:
    return data[len(_MARK) :] if data.startswith(_MARK) and len(data) == len(_MARK) + TOKEN else None
