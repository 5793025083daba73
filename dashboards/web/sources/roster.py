"""The on-call plan as its file has it; who stands in is in the ledger."""

from collections.abc import Sequence
from typing import Protocol

from alerts.oncall.plan import Plan
from inventory.mistakes import Mistake


class RosterSource(Protocol):
    def plan(self) -> Plan | None:
        """Safe in several threads; the last good one while the file is being edited, None where there never was one."""
        ...

    def mistakes(self) -> Sequence[Mistake]:
        """What is wrong with the file as it stands now; the plan is then the last good one."""
        ...

    def warnings(self) -> Sequence[Mistake]:
        """What is not wrong, but looks as if it were not meant."""
        ...
