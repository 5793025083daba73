"""Devices of one model have the same interfaces: what is equal is kept once, ten thousand devices need not each hold theirs."""

from collections.abc import Hashable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

MOST = 2000


class Pool:
    """Immutable values, each kept once; emptied when it holds too many, which costs memory and nothing else."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Hashable] = {}

    def one(self, value: T) -> T:
        """The first value equal to this one."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        return self._kept.setdefault(value, value)  # type: ignore[return-value]  # equal, hence of the same type
