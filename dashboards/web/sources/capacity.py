"""The capacity ledger, and figures of a month that are too dear for an answer: computed beside, kept until there are newer."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from alerts.books import Books
from dashboards.capacity.institutions import InstitutionStanding
from dashboards.capacity.standing import CircuitStanding, Overview
from dashboards.capacity.what_if import Answer, Question
from inventory.accounts.acts import Acts, Signature
from inventory.accounts.book import Book
from inventory.calendar import Month


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all contracts in one month, as `noc iru status` has them; `until`: UTC seconds that they reach to."""

    month: Month
    until: int
    made_at: float
    overview: Overview
    institutions: Sequence[InstitutionStanding]


@dataclass(frozen=True, slots=True)
class CircuitFigures:
    """Of every circuit in one month, as `noc circuit status` has them."""

    month: Month
    until: int
    made_at: float
    circuits: Mapping[str, CircuitStanding]


class CapacitySource(Protocol):
    """Safe in several threads. Raises `Away` where ledger or store cannot be read."""

    def book(self) -> Book:
        """The capacity ledger as it stands now, with what the inventory says of capacity; shared until it changes."""
        ...

    def figures(self, month: Month | None = None) -> Figures | None:
        """Of that month (None: this one, so far). The newest that is ready, at once; None: being computed, ask again.

        Asking is what keeps them coming: newer ones are computed beside, whenever five more minutes are over.
        """
        ...

    def circuits(self, month: Month | None = None) -> CircuitFigures | None:
        """As `figures`, of every circuit; newer ones every quarter of an hour."""
        ...

    def what_if(self, asked: Question) -> Answer:
        """Computed beside while the asker waits; Away when there are too many askers."""
        ...

    def acting(self, who: str, signature: Signature | None = None) -> AbstractContextManager[Acts]:
        """One transaction of the ledger: read, checked and written before anybody else may write.

        Raises NotNow with the reason where an act is refused; nothing is kept then.
        """
        ...

    def acting_in(self, books: Books, who: str, signature: Signature | None = None) -> AbstractContextManager[Acts]:
        """The same within a transaction that has begun."""
        ...

    def trying(self, who: str, signature: Signature | None = None) -> AbstractContextManager[Acts]:
        """As `acting`, and nothing is kept: what would come of it."""
        ...

    def version(self) -> str:
        """Another word when there are newer figures, and when newer ones could be computed; cheap."""
        ...
