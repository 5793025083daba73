"""Seal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from noc.store.counters import StoreCounters
from noc.store.frames import Frames


class Sealer:
    """Seals."""

    def __init__(self, path: Path, transaction: Callable[..., Any], counters: StoreCounters, *, fast: bool) -> None:
        self._path = path

    def run(self, now: float, frames: Frames) -> int:
        return 0

    def close(self) -> None:
        """Close."""
