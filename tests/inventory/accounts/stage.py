"""Contracts, institutions and a ledger for the tests of the accounts."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from inventory.accounts.acts import Acts, Ask, Signature
from inventory.accounts.book import Book
from inventory.accounts.request import Term
from inventory.calendar import midnight
from inventory.model import Contract, Institution, Inventory, Name

M = 1_000_000
FIRST = date(2026, 1, 1)
NOW = float(midnight(FIRST)) + 8 * 3600
WHY = Signature("H. Mfinanga", "census week")


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def contract(key: str, mbps: int = 100, start: int = 0, end: int | None = 365, **more: object) -> Contract:
    last = None if end is None else day(end)
    made = Contract(key, "seacom", f"{key}/1", (f"{key}-1",), mbps * M, mbps * M, day(start), last)
    return replace(made, **more)  # type: ignore[arg-type]


def network(*contracts: Contract) -> Inventory:
    people = {key: Institution(key, Name(key), "school") for key in ("school", "hospital", "council", "college")}
    return Inventory(institutions=people, contracts={each.key: each for each in contracts})


@dataclass
class Stage:
    """A book that acts follow one another in; every act at a later second."""

    inventory: Inventory = field(default_factory=lambda: network(contract("sea"), contract("east")))
    book: Book = field(default_factory=lambda: Book(now=NOW))
    at: float = NOW

    def acts(self, who: str = "kim", signature: Signature | None = None) -> Acts:
        self.at += 1.0
        self.book.now = self.at
        return Acts(self.book, self.inventory, who, self.at, signature)

    def ask(
        self,
        reference: str = "L/1",
        mbps: int = 10,
        days: tuple[int, int | None] = (0, None),
        *,
        institution: str = "school",
        shares: dict[str, int] | None = None,
        beside: bool = False,
    ) -> Ask:
        end = None if days[1] is None else day(days[1])
        term = Term(day(days[0]), end, mbps * M, mbps * M)
        return Ask(reference, institution, shares or {"sea": 1}, term, beside=beside)

    def free(self, on: int = 0, key: str = "sea", known: float | None = None) -> float:
        return self.book.balance(key, "in", day(on), known).free_bps / M
