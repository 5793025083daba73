"""One UDP socket as the engine uses it: what is to be sent goes out together, what waits is read in bursts."""

from collections.abc import MutableMapping
from typing import Any, Protocol

from collectors.snmp.socket import open_socket

BURST = 64  # datagrams read before the loop gets its turn
LARGEST = 8192  # octets of an answer; a larger one is cut off, and asked again in smaller pieces

Address = tuple[str, int] | tuple[str, int, int, int]  # as the kernel spells the source of a datagram
Place = Address | bytes  # an address as the wire spells it, to send to and to compare sources with
Datagram = tuple[bytes, Place]  # and where it goes, or where it comes from


class Waiting(Protocol):
    """Whoever waits for answers from one place."""

    place: Place
    answers: dict[bytes, bytes | None]  # by request id
    left: int  # answers still to come
    unsent: int  # requests still to be sent


# who has all answers, or may send more; what belongs to nobody at first sight; how many datagrams, and octets in them;
# whose answer was the last
Heard = tuple[list[Any], list[Datagram], int, int, Any]


class Wire:
    """A socket of one address family. Nothing here waits."""

    def __init__(self, family: int, buffer_octets: int) -> None:
        self._socket, self.granted = open_socket(family, buffer_octets)
        self.fileno = self._socket.fileno()
        self.full = False  # something waits for room to be sent

    def close(self) -> None:
        self._socket.close()

    def place(self, address: Address) -> Place:
        """The address as `send` and `receive` spell it; one spelling for each."""
        return address

    def send(self, datagrams: list[Datagram]) -> tuple[int, list[Datagram]]:
        """Send in order: how many are done with before the socket is full, and those of them the kernel refused."""
        send = self._socket.sendto
        refused: list[Datagram] = []
        for done, (data, place) in enumerate(datagrams):
            try:
                send(data, place)
            except BlockingIOError:
                return done, refused
            except OSError:  # no route: the same as a lost datagram, the wheel resends
                refused.append((data, place))
        return len(datagrams), refused

    def receive(self, pending: MutableMapping[bytes, Any]) -> Heard:
        """Read a burst of what waits, and give it to the exchanges of `pending` by id and source."""
        datagrams = self.read()
        ready: list[Waiting] = []
        strays: list[Datagram] = []
        octets = 0
        exchange = None
        for data, place in datagrams:
            size = len(data)
            octets += size
            # In answers of 256 octets and more the id stands here; the decoder proves it, all else goes the long way.
            at = data[8] + 15 if size > 255 else 0
            fresh = data[at : at + 4]
            exchange = pending.get(fresh)
            if exchange is None or place != exchange.place:
                strays.append((data, place))
                continue
            del pending[fresh]
            exchange.answers[fresh] = data
            exchange.left = left = exchange.left - 1
            if not left or exchange.unsent:
                ready.append(exchange)
        return ready, strays, len(datagrams), octets, exchange

    def read(self) -> list[Datagram]:
        """What waits, at most a burst."""
        datagrams: list[Datagram] = []
        keep, receive = datagrams.append, self._socket.recvfrom
        try:
            while len(datagrams) < BURST:
                keep(receive(LARGEST))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:  # an ICMP error about an earlier send; the wheel knows about silence
            pass
        return datagrams
