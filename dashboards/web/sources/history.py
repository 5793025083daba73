"""How sites and links stood in the past, who watched, and what work was planned: what strips and availability rest on."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from dashboards.reports.sla import Place, States
from dashboards.reports.spans import Stretch


class HistorySource(Protocol):
    """Safe in several threads. Raises `Away` where store or ledger cannot be read."""

    def states(self, places: Collection[Place], start: int, end: int) -> States:
        """Everything that was kept of these places within [start, end), UTC seconds."""
        ...

    def planned(self, places: Collection[Place], start: int, end: int) -> Mapping[Place, Sequence[tuple[int, Stretch]]]:
        """Of the same the planned work alone, without a look into the past: number of a window, and when."""
        ...
