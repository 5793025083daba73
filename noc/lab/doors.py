"""The lab's sockets: which address and port belongs to which router, echo or anchor, opened all or none."""

import errno
import resource
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Protocol

Reply = tuple[bytes, float]  # what to send back, and after how many seconds
Answer = Callable[[bytes, float], Reply | None]  # (datagram, UTC seconds) -> reply, or silence
Where = Any  # where an answer goes back to, as the socket that took the question understands it
_SPARE_FILES = 64
_LARGEST = 65_535
_PKTINFO = struct.Struct("=I4s4s")  # struct in_pktinfo of ip(7): interface, local address, destination
_IP_PKTINFO = 8
_WIDE_BUFFER = 16 * 1024 * 1024


class LabError(Exception):
    """The lab cannot start or go on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Door:
    """One UDP port that the lab answers on; `name` is for messages."""

    address: str
    port: int
    name: str
    answer: Answer


class Opened(Protocol):
    """A socket that stands for one door or for many."""

    sock: socket.socket

    def take(self) -> tuple[bytes, Door | None, Where]:
        """The next datagram, the door it came to and where its answer goes. BlockingIOError: there is none."""

    def send(self, data: bytes, where: Where) -> None:
        """OSError as the kernel gives it."""


@dataclass(slots=True)
class Single:
    """One socket for one door: nobody but loopback can reach it, and it has a buffer of its own."""

    sock: socket.socket
    door: Door

    def take(self) -> tuple[bytes, Door | None, Where]:
        data, source = self.sock.recvfrom(_LARGEST)
        return data, self.door, source

    def send(self, data: bytes, where: Where) -> None:
        self.sock.sendto(data, where)


@dataclass(slots=True)
class Shared:
    """One socket for the doors of one port, told apart by the address a datagram was sent to."""

    sock: socket.socket
    doors: dict[bytes, Door] = field(default_factory=dict)

    def take(self) -> tuple[bytes, Door | None, Where]:
        data, told, _, source = self.sock.recvmsg(_LARGEST, socket.CMSG_SPACE(_PKTINFO.size))
        for _, kind, packed in told:
            if kind == _IP_PKTINFO:
                address = _PKTINFO.unpack(packed)[2]
                # whatever was not sent to a loopback address of ours finds no door
                return data, self.doors.get(address), (source, address)
        return data, None, source

    def send(self, data: bytes, where: Where) -> None:
        source, address = where
        packed = _PKTINFO.pack(0, address, bytes(4))
        self.sock.sendmsg([data], [(socket.IPPROTO_IP, _IP_PKTINFO, packed)], 0, source)


def opened(doors: Iterable[Door], files: int | None = None) -> list[Opened]:
    """Bind every door; when one cannot be bound nothing stays open and LabError names all that failed.

    Where this user may not open a file for each door (`files`: how many), doors of one port share a socket.
    """
    wanted = list(doors)
    wrong = [f"{door.name}: {door.address} is not a loopback address" for door in wanted if not _loopback(door.address)]
    if wrong:
        raise LabError(
            "the lab serves loopback addresses only (--sites 149 serves the sample network):\n  "
            + "\n  ".join(_first(wrong))
        )
    sharing = not _enough_files(len(wanted) + _SPARE_FILES, files)
    found: list[Opened] = []
    failed = []
    for group in _groups(wanted, sharing=sharing):
        try:
            found.append(_shared(group) if sharing and len(group) > 1 else Single(_bound(group[0]), group[0]))
        except OSError as error:
            where = f"{group[0].address} port {group[0].port} ({group[0].name})"
            failed.append(f"{where}: {_said(error)}")
    if failed:
        for one in found:
            one.sock.close()
        raise LabError("nothing was started, ports cannot be opened:\n  " + "\n  ".join(_first(failed)))
    return found


def _groups(doors: list[Door], *, sharing: bool) -> list[list[Door]]:
    if not sharing:
        return [[door] for door in doors]
    ports: dict[tuple[bool, int], list[Door]] = {}
    for door in doors:
        ports.setdefault((":" in door.address, door.port), []).append(door)
    return [group for (six, _), same in ports.items() for group in ([[door] for door in same] if six else [same])]


def _first(lines: list[str]) -> Iterator[str]:
    yield from lines[:10]
    if len(lines) > 10:
        yield f"... and {len(lines) - 10} more"


def _said(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "in use by another program (is a lab running already?)"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine does not have the address; make the inventory with one address and many ports"
    if error.errno == errno.EMFILE:
        return "too many open files: raise `ulimit -n` or use fewer sites"
    return str(error.strerror or error)


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _bound(door: Door) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in door.address else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.bind((door.address, door.port))
    except OSError:
        sock.close()
        raise
    return sock


def _shared(doors: list[Door]) -> Shared:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WIDE_BUFFER)
        with suppress(OSError):  # an older kernel lets only root do this; addresses are checked all the same
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
        sock.bind(("", doors[0].port))
    except OSError:
        sock.close()
        raise
    return Shared(sock, {ip_address(door.address).packed: door for door in doors})


def _enough_files(wanted: int, files: int | None) -> bool:
    """Whether one socket a door can be had; raises this process's own limit as far as it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = sys.maxsize if hard == resource.RLIM_INFINITY else hard
    if files is not None or most < wanted:
        if (most if files is None else files) >= wanted:
            return True
        if sys.platform == "linux":
            return False
        raise LabError(
            f"{wanted} open files are needed, this user may have {most}: raise `ulimit -Hn` or use fewer sites"
        )
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return True
