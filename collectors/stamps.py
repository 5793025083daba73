"""When the kernel received a datagram: a loop that reads late must not read as a long round trip."""

import socket
import struct
import sys
from collections.abc import Sequence

_NUMBER = 35  # SO_TIMESTAMPNS and SCM_TIMESTAMPNS of asm-generic/socket.h
_TIME = struct.Struct("@ll")  # struct timespec, as the kernel of this machine lays it out
SPACE = socket.CMSG_SPACE(_TIME.size)

Marks = Sequence[tuple[int, int, bytes]]


def wanted(sock: socket.socket) -> bool:
    """Ask the kernel to stamp what this socket receives; False where it does not."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        sock.setsockopt(socket.SOL_SOCKET, _NUMBER, 1)
    except OSError:
        return False
    return True


def received_ns(marks: Marks) -> int:
    """Nanoseconds since 1970 by the clock of `time.time_ns`; 0 when there is no stamp."""
    for level, kind, data in marks:
        if kind == _NUMBER and level == socket.SOL_SOCKET and len(data) == _TIME.size:
            seconds, nanoseconds = _TIME.unpack(data)
            return int(seconds) * 1_000_000_000 + int(nanoseconds)
    return 0
