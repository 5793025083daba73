"""What one look at the wall leaves for the next, as long as it is made of the same."""

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from inventory.status import StatusRow

Found = TypeVar("Found")


class Memory:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], float, Any]] = {}
        self._rows: dict[str, tuple[Mapping[str, StatusRow], dict[str, Any]]] = {}

    def recall(self, name: str, of: tuple[object, ...], make: Callable[[], Found], *, now: float = 0.0) -> Found:
        """What was made under that name, unless it is made of something else by now, or good no longer (`keep_until`)."""
        kept = self._kept.get(name)
        if kept is None or now >= kept[1] or any(a is not b and a != b for a, b in zip(kept[0], of, strict=True)):
            self._kept[name] = kept = (of, math.inf, make())
        found: Found = kept[2]
        return found

    def same(self, name: str, found: Found) -> Found:
        """What was found, as the object that it was before where it is equal: what is made of it stays too."""
        return self.recall(name, (found,), lambda: found)

    def each(self, name: str, rows: Mapping[str, StatusRow], make: Callable[[StatusRow], Found]) -> Mapping[str, Found]:
        """What is made of each row, made again only of those that are others than before; good until the next time."""
        before, found = self._rows.get(name, ({}, {}))
        if rows is not before:
            known = before.get
            for key, row in rows.items():
                if known(key) is not row:
                    found[key] = make(row)
            if len(found) > len(rows):
                found = {key: found[key] for key in rows}
            self._rows[name] = rows, found
        return found

    def keep_until(self, name: str, until: float) -> None:
        """UTC seconds from which on what is kept is made anew."""
        of, before, found = self._kept[name]
        self._kept[name] = (of, min(before, until), found)
