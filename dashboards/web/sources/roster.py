"""The on-call plan as its file has it; who stands in is in the ledger."""

from typing import Protocol

from alerts.oncall.plan import Plan


class RosterSource(Protocol):
    def plan(self) -> Plan | None:
        """Safe in several threads; the last good one while the file is being edited, None where there never was one."""
        ...
