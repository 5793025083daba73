"""What happens when, on the stage: in the daemon's loop while it lives, straight away while it does not."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

EPSILON_S = 1e-6


class Timeline:
    """Calls at seconds since the start; those of one moment in the order in which they were put."""

    def __init__(self, arrive: Callable[[float], None]) -> None:
        """`arrive` is told every moment just before its calls, while no daemon lives."""
        self._arrive = arrive
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._loop: asyncio.AbstractEventLoop | None = None

    def at(self, at_s: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (at_s, next(self._numbers), call))
        if self._loop is not None:
            self._loop.call_at(max(at_s, self._loop.time()), self._due)

    def bind(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """From now on this loop brings what falls due; None: nobody does."""
        self._loop = loop
        if loop is not None:
            for at_s, _, _ in self._heap:
                loop.call_at(max(at_s, loop.time()), self._due)

    def _due(self) -> None:
        assert self._loop is not None
        self.pass_until(self._loop.time() + EPSILON_S)

    def pass_until(self, at_s: float) -> None:
        """Everything due by then, each at its own moment."""
        while self._heap and self._heap[0][0] <= at_s:
            due_s, _, call = heapq.heappop(self._heap)
            if self._loop is None:
                self._arrive(due_s)
            call()
