"""The lab's sockets: which address and port belongs to which router, echo or anchor, opened all or none."""

import errno
import resource
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

Reply = tuple[bytes, float]  # what to send back, and after how many seconds
Answer = Callable[[bytes, float], Reply | None]  # (datagram, UTC seconds) -> reply, or silence
_SPARE_FILES = 64


class LabError(Exception):
    """The lab cannot start or go on; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Door:
    """One UDP port that the lab answers on; `name` is for messages."""

    address: str
    port: int
    name: str
    answer: Answer


def opened(doors: Iterable[Door]) -> list[tuple[socket.socket, Door]]:
    """Bind every door; when one cannot be bound nothing stays open and LabError names all that failed."""
    wanted = list(doors)
    wrong = [f"{door.name}: {door.address} is not a loopback address" for door in wanted if not _loopback(door.address)]
    if wrong:
        raise LabError("the lab serves loopback addresses only:\n  " + "\n  ".join(wrong[:20]))
    _allow_files(len(wanted) + _SPARE_FILES)
    found: list[tuple[socket.socket, Door]] = []
    failed = []
    for door in wanted:
        try:
            found.append((_bound(door), door))
        except OSError as error:
            failed.append(f"{door.address} port {door.port} ({door.name}): {_said(error)}")
    if failed:
        for sock, _ in found:
            sock.close()
        raise LabError("\n  ".join(_first(failed)))
    return found


def _first(failed: list[str]) -> Iterator[str]:
    yield "nothing was started, ports cannot be opened:"
    yield from failed[:10]
    if len(failed) > 10:
        yield f"... and {len(failed) - 10} more"


def _said(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "in use by another program (is a lab running already?)"
    if error.errno == errno.EADDRNOTAVAIL:
        return "this machine does not have the address; make the inventory with one address and many ports"
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


def _allow_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise LabError(
                f"{wanted} open files are needed, this user may have {hard}: raise `ulimit -Hn` or use fewer sites"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
