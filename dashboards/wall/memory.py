"""What one look at the wall leaves for the next, as long as it is made of the same."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")


class Memory:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], float, Any]] = {}

    def recall(self, name: str, of: tuple[object, ...], make: Callable[[], Found], *, now: float = 0.0) -> Found:
        """What was made under that name, unless it is made of something else by now, or good no longer (`keep_until`)."""
        kept = self._kept.get(name)
        if kept is None or now >= kept[1] or any(a is not b and a != b for a, b in zip(kept[0], of, strict=True)):
            self._kept[name] = kept = (of, math.inf, make())
        found: Found = kept[2]
        return found

    def keep_until(self, name: str, until: float) -> None:
        """UTC seconds from which on what is kept is made anew."""
        of, before, found = self._kept[name]
        self._kept[name] = (of, min(before, until), found)
