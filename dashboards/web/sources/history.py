"""How sites and links stood in the past, who watched, and what work was planned: what strips and availability rest on."""

from collections.abc import Collection
from typing import Protocol

from dashboards.reports.sla import Place, States


class HistorySource(Protocol):
    """Safe in several threads. Raises `Away` where store or ledger cannot be read."""

    def states(self, places: Collection[Place], start: int, end: int) -> States:
        """Everything that was kept of these places within [start, end), UTC seconds."""
        ...
