"""One UDP socket as the engine uses it: what is to be sent goes out together, what waits is read in bursts."""

from collections.abc import Sequence

from collectors.snmp.socket import open_socket

BURST = 64  # datagrams read before the loop gets its turn
LARGEST = 8192  # octets of an answer; a larger one is cut off, and asked again in smaller pieces

Address = tuple[str, int] | tuple[str, int, int, int]  # as the kernel spells the source of a datagram
Place = Address  # an address as the wire spells it, to send to and to compare sources with
Datagram = tuple[bytes, Place]  # and where it goes, or where it comes from


class Wire:
    """A socket of one address family. Nothing here waits."""

    def __init__(self, family: int, buffer_octets: int) -> None:
        self._socket, self.granted = open_socket(family, buffer_octets)
        self.fileno = self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def place(self, address: Address) -> Place:
        return address

    def address(self, place: Place) -> Address:
        return place

    def send(self, datagrams: Sequence[Datagram]) -> list[Datagram]:
        """Send all; those the kernel refused."""
        send = self._socket.sendto
        refused: list[Datagram] = []
        for data, place in datagrams:
            try:
                send(data, place)
            except OSError:  # no route, no room: the same as a lost datagram, the wheel resends
                refused.append((data, place))
        return refused

    def receive(self) -> list[Datagram]:
        """What waits, at most a burst."""
        heard: list[Datagram] = []
        keep, receive = heard.append, self._socket.recvfrom
        try:
            while len(heard) < BURST:
                keep(receive(LARGEST))
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:  # an ICMP error about an earlier send; the wheel knows about silence
            pass
        return heard
