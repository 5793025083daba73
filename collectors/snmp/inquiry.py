"""One question to one agent, asked over sockets of its own, and everything that comes back: for finding out what is wrong.

A connected socket is told by ICMP that a port is closed; an unconnected one hears answers from a wrong address.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from collectors.snmp.wire import Address

PAUSES_S = (1.0, 1.5, 6.0)  # after each send; the last is long, so that what comes late is seen
MOST_REPLIES = 16
FIRST_NUMBER = 0x4E4F4301  # any positive number of four octets does


@dataclass(frozen=True, slots=True)
class Reply:
    """`after_s` since the question it answers was sent; None when it answers none of them."""

    data: bytes
    after_s: float | None
    here: bool  # from the address and port that were asked


@dataclass(slots=True)
class Heard:
    """`best` is the reply to go on with; `refused`: ICMP says that nobody listens on the port."""

    replies: list[Reply] = field(default_factory=list)
    refused: bool = False
    sent: int = 0

    @property
    def best(self) -> Reply | None:
        return next((reply for reply in self.replies if reply.here and reply.after_s is not None), None)

    @property
    def silent(self) -> bool:
        return not self.replies and not self.refused


class _Ear(asyncio.DatagramProtocol):
    """Takes what comes, on either socket."""

    def __init__(self, address: Address, number_of: Callable[[bytes], int | None]) -> None:
        self.heard = Heard()
        self.told = asyncio.Event()
        self.sent: dict[int, float] = {}
        self._address = address
        self._number_of = number_of
        self._loop = asyncio.get_running_loop()

    def datagram_received(self, data: bytes, source: Address) -> None:
        if len(self.heard.replies) >= MOST_REPLIES:
            return
        number = self._number_of(data)
        sent = None if number is None else self.sent.get(number)
        reply = Reply(data, None if sent is None else self._loop.time() - sent, source[:2] == self._address[:2])
        self.heard.replies.append(reply)
        if self.heard.best is not None:
            self.told.set()

    def error_received(self, error: Exception) -> None:
        if isinstance(error, ConnectionRefusedError):
            self.heard.refused = True
            self.told.set()

    async def wait(self, seconds: float) -> bool:
        """Whether it is settled: an answer, or a closed port."""
        try:
            await asyncio.wait_for(self.told.wait(), seconds)
        except TimeoutError:
            return False
        return True


async def inquire(
    address: Address,
    question: Callable[[int], bytes],
    number_of: Callable[[bytes], int | None],
    *,
    pauses_s: Sequence[float] = PAUSES_S,
) -> Heard:
    """Ask until something settles it. `question` makes a datagram of a request id; `number_of` finds that in an answer.

    Never raises: what cannot be sent is silence.
    """
    loop, ear = asyncio.get_running_loop(), _Ear(address, number_of)
    family_wide = len(address) == 4
    transports: list[asyncio.DatagramTransport] = []
    try:
        for turn, pause_s in enumerate(pauses_s):
            if turn < 2:
                way = {"remote_addr": address} if not turn else {"local_addr": ("::" if family_wide else "0.0.0.0", 0)}
                transport, _ = await loop.create_datagram_endpoint(lambda: ear, **way)
                transports.append(transport)
            number = FIRST_NUMBER + turn
            ear.sent[number] = loop.time()
            ear.heard.sent += 1
            transports[-1].sendto(question(number), address if turn else None)
            if await ear.wait(pause_s):
                break
    except OSError:  # no route, no such family
        pass
    finally:
        for transport in transports:
            transport.close()
    return ear.heard
