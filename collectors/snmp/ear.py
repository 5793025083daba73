"""When the SNMP engine reads: as soon as something comes, or a moment later where more of the same poll are due.

To wake up costs more than to read, and agents answer the parts of a poll one by one, mostly close together: two
milliseconds after the first the others are there too, and are read in one look. A question of one part never waits.
"""

import asyncio
from collections.abc import Callable

from collectors.snmp.wire import Wire

LULL_S = 0.002
FEW = 16  # datagrams in one look: where more wait it is cheap as it is
PRICE = 16  # datagrams to come before the next lull, when one brought nothing: slow agents are not waited for


class Ear:
    """Listens on one wire. `read` tells how many datagrams it read, and whether more of the last poll are due.

    It is `patient` where the receive buffer holds all that may come meanwhile.
    """

    def __init__(
        self,
        wire: Wire,
        loop: asyncio.AbstractEventLoop,
        read: Callable[[Wire], tuple[int, bool]],
        *,
        patient: bool = True,
    ) -> None:
        self._wire = wire
        self._loop = loop
        self._read = read
        self._lull: asyncio.TimerHandle | None = None  # the kernel wakes nobody meanwhile
        self._patient = patient
        self._trust = PRICE
        loop.add_reader(wire.fileno, self._hear)

    def close(self) -> None:
        self._loop.remove_reader(self._wire.fileno)
        if self._lull is not None:
            self._lull.cancel()

    def _hear(self) -> None:
        """Something came, or a lull is over."""
        loop, fileno = self._loop, self._wire.fileno
        count, due = self._read(self._wire)
        self._trust = min(self._trust + count, PRICE) if count else self._trust - PRICE
        if due and self._patient and count < FEW and self._trust > 0:
            if self._lull is None:
                loop.remove_reader(fileno)
            self._lull = loop.call_later(LULL_S, self._hear)
        elif self._lull is not None:
            self._lull = None
            loop.add_reader(fileno, self._hear)
