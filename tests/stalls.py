"""What a machine keeps back: for tests whose subject is tenths of a second, and that must not judge the machine."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

Said = TypeVar("Said")
LOOK_S: Final = 0.005
LEAST_S: Final = 0.01
SCALES: Final = (1.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)


@dataclass
class Stalls:
    """How long nobody of this process was let run, as one saw who wanted to all the time: (its end, seconds)."""

    seen: list[tuple[float, float]] = field(default_factory=list)

    def worst_s(self, since: float = 0.0) -> float:
        """Of those that ended after `since`, by the monotonic clock."""
        return max((long for ended, long in list(self.seen) if ended >= since), default=0.0)

    def all_s(self, since: float = 0.0) -> float:
        """All of those together."""
        return sum(long for ended, long in list(self.seen) if ended >= since)

    def look(self, last: float) -> float:
        now = time.monotonic()
        if now - last - LOOK_S > LEAST_S:
            self.seen.append((now, now - last - LOOK_S))
        return now


@contextmanager
def stalls() -> Iterator[Stalls]:
    """Watched until the end of the block."""
    found, end = Stalls(), threading.Event()

    def watch() -> None:
        last = time.monotonic()
        while not end.wait(LOOK_S):
            last = found.look(last)
        found.look(last)

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield found
    finally:
        end.set()
        watching.join()


def undisturbed(story: Callable[[float], Said], *, bears_s: float = 0.03, scales: Sequence[float] = SCALES) -> Said:
    """What `story` says when the machine let it run.

    It is given by how much to stretch its times. Where something was kept back for longer than it bears (stretched,
    too), neither what it says nor that it fails means anything: it is told again, and slower.
    """
    for scale in scales[:-1]:
        error: Exception | None = None
        with stalls() as kept_back:
            try:
                said = story(scale)
            except (AssertionError, LookupError) as found:
                error = found
        if kept_back.worst_s() <= bears_s * scale:
            if error is not None:
                raise error
            return said
    return story(scales[-1])
