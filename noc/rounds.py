"""Liveness: every device each five seconds, and what is suspected twice a second until the question is settled."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from alerts.board import Board
from alerts.transition import Transition
from collectors.contract import Target
from collectors.liveness import Liveness
from inventory.model import Circuit, Device, Probe

log = logging.getLogger(__name__)

KEEN_S = 0.5
MOST_KEEN = 400  # devices asked again in one half second: all of a country gone dark must not bury the poller
COLLECTOR = "liveness"


class Rounds:
    """Asks, hands the answers to the board, and asks again soon where the board is in doubt."""

    def __init__(
        self,
        liveness: Liveness,
        board: Board,
        links: Mapping[str, Sequence[str]],
        clock: Callable[[], float],
        tell: Callable[[Iterable[Transition]], None],
    ) -> None:
        self.asked = 0
        self.keen_asked = 0
        self.feed_minute: Callable[[str, Iterable[float | None]], None] = lambda device, rtts: None
        self.feed_circuit: Callable[[str, Iterable[float | None]], None] = lambda circuit, rtts: None
        self.on_urgent: Callable[[], None] = lambda: None  # the board wants to be swept now
        self._liveness = liveness
        self._board = board
        self._links = links
        self._clock = clock
        self._tell = tell
        self._keen: dict[str, Device | Circuit] = {}
        self._under_way: Counter[str] = Counter()  # rounds of a device that are not over
        self._hurried: set[str] = set()  # to be asked when that is over
        self._keen_tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def set_network(self, board: Board, links: Mapping[str, Sequence[str]]) -> None:
        """A new inventory: what was in doubt is asked anew by its own turn."""
        self._board, self._links = board, links
        self._keen.clear()
        self._hurried.clear()

    @property
    def keen(self) -> int:
        """Devices and circuits in doubt now."""
        return len(self._keen)

    def hurry(self, device: Device) -> None:
        """Ask this device outside its turn, because others wait for its answer: now, or when the round under way ends."""
        if self._under_way[device.key]:
            self._hurried.add(device.key)
        else:
            self._ask_again(device)

    async def ask(self, target: Target, due: float) -> None:
        """One ordinary round; `Polling` calls this."""
        if target.device.key not in self._keen:
            await self._ask_device(target.device)

    async def _ask_device(self, device: Device) -> None:
        if device.key not in self._links:
            return  # it left the inventory
        self.asked += 1
        self._under_way[device.key] += 1
        try:
            pulse = await self._liveness.ask(device, self._links.get(device.key, ()), self._worth_sending(device))
        finally:
            self._under_way[device.key] -= 1
        if device.key not in self._links:
            return  # it left while it was asked
        self.feed_minute(device.key, pulse.rtts_ms.values())
        transitions = self._board.feed_pulse(pulse)
        if transitions:
            self._tell(transitions)
        if self._board.urgent:
            self.on_urgent()
        self._settle(device.key, device, self._board.next_due(device.key))
        if device.key in self._hurried and not self._under_way[device.key]:
            self._hurried.discard(device.key)
            if device.key not in self._keen:
                self._ask_again(device)

    def _worth_sending(self, device: Device) -> Sequence[Probe] | None:
        """A device that is proven silent gets one probe a round, its methods in turn (SEMANTICS 9); others get all."""
        if not self._board.silent(device.key) or self._board.next_due(device.key) <= KEEN_S:
            return None
        return (device.probes[self.asked % len(device.probes)],)

    async def ask_anchors(self, circuit: Circuit) -> None:
        self.asked += 1
        asked_at = self._clock()
        answers = await self._liveness.ask_anchor(circuit)
        self.feed_circuit(circuit.key, answers.values())
        transitions = self._board.feed_anchor(circuit.key, asked_at, answers)
        if transitions:
            self._tell(transitions)
        self._settle(f"circuit {circuit.key}", circuit, self._board.anchor_due(circuit.key))

    def _settle(self, key: str, who: Device | Circuit, next_s: float) -> None:
        """In doubt or no more."""
        if next_s > KEEN_S:
            self._keen.pop(key, None)
            return
        if key not in self._keen:
            self._keen[key] = who
            self._ask_again(who)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(KEEN_S, self._again)

    def _again(self) -> None:
        """All that is in doubt, without waiting for the answers to the question before; the longest waiting first."""
        self._timer = None
        if not self._keen:
            return
        for key in list(self._keen)[:MOST_KEEN]:
            who = self._keen.pop(key)
            self._keen[key] = who
            self._ask_again(who)
        self._timer = asyncio.get_running_loop().call_later(KEEN_S, self._again)

    def _ask_again(self, who: Device | Circuit) -> None:
        self.keen_asked += 1
        asked = self._ask_device(who) if isinstance(who, Device) else self.ask_anchors(who)
        task = asyncio.get_running_loop().create_task(asked)
        self._keen_tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._keen_tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("a liveness round broke", exc_info=task.exception())

    async def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
        for task in self._keen_tasks:
            task.cancel()
        await asyncio.gather(*self._keen_tasks, return_exceptions=True)
