"""What people were told and did: incidents, windows, roster, notices; read from the ledger, and changed in it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from alerts.alarm import Alarm
from alerts.books import Books
from alerts.incident import Incident


class CaseSource(Protocol):
    """Safe in several threads. Raises `Away` where the ledger cannot be read or written."""

    def version(self) -> int:
        """Rises with every commit of anybody; cheap to ask."""
        ...

    def standing(self) -> Sequence[Incident]:
        """All that are not closed, worst first, resolved ones last; shared by all who ask until the ledger changes."""
        ...

    def unresolved(self) -> Sequence[Incident]:
        """Worst first; shared by all who ask until the ledger changes."""
        ...

    def closed(self, since: float) -> Sequence[Incident]:
        """Those of which something happened since then (UTC seconds), by number; shared until the ledger changes."""
        ...

    def alarms(self) -> Mapping[str, Alarm]:
        """All that are not clear, by key; shared until the ledger changes."""
        ...

    def reading(self) -> AbstractContextManager[Books]:
        """One state of the ledger; what is to be shown is taken out of it, and shown afterwards."""
        ...

    def acting(self) -> AbstractContextManager[Books]:
        """One transaction: all of it, or nothing. `NotNow` where somebody else was quicker."""
        ...


Reading = Callable[[Books], object]
