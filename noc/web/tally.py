"""Which refused log-ins become lines of the audit log: all that tell something, but never a flood of them."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

EACH: Final = 5  # the first failures of a pair are told one by one, then at 8, 16, 32 ...
MOST_A_MINUTE: Final = 30


class Tally:
    """Safe in several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._minute = 0
        self._told = 0
        self._untold = 0

    def line(self, what: Mapping[str, Any], failures: int) -> Mapping[str, Any] | None:
        """What to write; None: counted only, and said with the next line as `untold`."""
        minute = int(self._clock() // 60)
        with self._turn:
            if minute != self._minute:
                self._minute, self._told = minute, 0
            if self._told >= MOST_A_MINUTE or (failures > EACH and failures & (failures - 1)):
                self._untold += 1
                return None
            self._told += 1
            untold, self._untold = self._untold, 0
        return {**what, "untold": untold} if untold else what
