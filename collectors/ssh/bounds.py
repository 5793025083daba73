"""How long each step of a login may take, and how much a router may say: each bound stands alone (SEMANTICS 49)."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from collectors.contract import TooSlow


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds and octets."""

    connect_s: float = 5.0  # until TCP stands
    banner_s: float = 8.0  # until sshd says its version
    login_s: float = 25.0  # key exchange; and again authentication, first prompt, no paging
    command_s: float = 40.0  # one command, to its last line
    output_octets: int = 8 << 20  # of one command


class Deadline:
    """A moment by which a step must be over."""

    def __init__(self, within_s: float, step: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + within_s
        self._words = f"{step}: not done in {within_s:g} s"

    def left(self) -> float:
        """Seconds that remain; TooSlow when none do."""
        left = self._end - self._clock()
        if left <= 0:
            raise TooSlow(self._words)
        return left
