"""What is read from store, ledger or daemon is good for a while, and then read anew by one for all who ask."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from dashboards.web.refusal import Away

Found = TypeVar("Found")


class Renewed(Generic[Found]):
    """What was read is good for a while; one reads anew, others meanwhile take what is there."""

    def __init__(self, for_s: float, clock: Callable[[], float], read: Callable[[], Found]) -> None:
        self._for_s, self._clock, self._read = for_s, clock, read
        self._turn = threading.Lock()
        self._found: tuple[float, Found] | None = None

    def get(self) -> Found:
        kept = self._found
        if kept is not None and 0 <= self._clock() - kept[0] < self._for_s:
            return kept[1]
        if not self._turn.acquire(blocking=kept is None):
            assert kept is not None
            return kept[1]
        try:
            if self._found is kept:
                self._found = (self._clock(), self._read())
            assert self._found is not None
            return self._found[1]
        finally:
            self._turn.release()


class RenewedBeside(Generic[Found]):
    """What takes long is read in a thread of its own; whoever asks gets what is there, None at first."""

    def __init__(self, for_s: float, clock: Callable[[], float], read: Callable[[], Found]) -> None:
        self._for_s, self._clock, self._read = for_s, clock, read
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._due_at = 0.0
        self._found: Found | None = None

    def get(self) -> Found | None:
        with self._turn:
            if self._thread is None and not 0 < self._due_at - self._clock() <= self._for_s:
                self._thread = threading.Thread(target=self._fill, name="renewing", daemon=True)
                self._thread.start()
        return self._found

    def close(self) -> None:
        thread = self._thread
        if thread is not None:
            thread.join()

    def _fill(self) -> None:
        try:
            self._found = self._read()
        except Away:
            self._found = None
        finally:
            with self._turn:
                self._due_at, self._thread = self._clock() + self._for_s, None
