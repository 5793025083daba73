"""What many ask for at the same time is worked out once: kept for some seconds, or for as long as nothing changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Found = TypeVar("Found")
MOST: Final = 120  # things; the one that nobody asked for longest goes first


@dataclass
class Kept:
    """Safe in several threads; two that ask for the same at once may both work it out, and either answer is right.

    What is kept must be the same for all who may ask with that key: whoever it depends on is part of the key.
    """

    most: int = MOST
    _things: OrderedDict[Hashable, tuple[object, object]] = field(default_factory=OrderedDict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def of(self, key: Hashable, stamp: Hashable, make: Callable[[], Found]) -> Found:
        """As it was made with that stamp, else made now; what cannot be made is not kept."""
        with self._turn:
            held: Any = self._things.get(key)
            if held is not None and held[0] == stamp:
                self._things.move_to_end(key)
                found: Found = held[1]
                return found
        found = make()
        with self._turn:
            self._things[key] = stamp, found
            self._things.move_to_end(key)
            while len(self._things) > self.most:
                self._things.popitem(last=False)
        return found

    def __len__(self) -> int:
        return len(self._things)

    def clear(self) -> None:
        with self._turn:
            self._things.clear()
