"""What the web has computed beside it: a question, and what comes of it; both travel pickled between two processes of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerts.window import Window
from dashboards.capacity.what_if import Question
from inventory.accounts.book import Book
from inventory.calendar import Month, day_of
from inventory.model import Inventory
from noc.issued import Wanted

NICE: Final = 10  # polls, pages and streams go first


@dataclass(frozen=True)
class Ground:
    """As the asker has them: `book` and `windows` of the ledger at `now` (UTC seconds), and which state they are of."""

    stamp: object
    inventory: Inventory
    book: Book
    windows: Sequence[Window]

    def holds(self, inventory: Inventory, now: float) -> bool:
        """Of that inventory, and of that day: what has ended is decided by the day."""
        return self.inventory is inventory and day_of(self.book.now) == day_of(now)


@dataclass(frozen=True)
class Job:
    """Contracts of a month, circuits of a month, or a what-if. `ground` None: that of the job before."""

    now: float
    month: Month
    ground: Ground | None = None
    circuits: bool = False
    what_if: Question | None = None


@dataclass(frozen=True)
class Printing:
    """A report in one of its formats; `inventory` as the asker has it."""

    now: float
    wanted: Wanted
    inventory: Inventory


@dataclass(frozen=True)
class Closing:
    """A month is to be closed for ever by somebody; its answer is empty."""

    now: float
    month: Month
    who: str
    inventory: Inventory


@dataclass(frozen=True)
class Verifying:
    """Whether a report still holds; its answer is JSON, made by `noc.web.printing`."""

    now: float
    text: bytes
    inventory: Inventory


Wish = Printing | Closing | Verifying


@dataclass(frozen=True)
class Failed:
    """It could not be done; said in words. `again`: it may be possible later."""

    text: str
    again: bool = True
