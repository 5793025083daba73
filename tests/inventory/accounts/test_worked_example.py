"""docs/iru.md works a contract by hand: its postings and balances are what the accounts make of the same acts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from inventory.accounts.acts import Acts, Ask
from inventory.accounts.book import Book
from inventory.accounts.posting import Posting
from inventory.accounts.request import Term
from inventory.accounts.room import mbps
from inventory.calendar import day_of, midnight
from inventory.model import Contract, Resize
from tests.inventory.accounts.stage import M, network

PAGE = Path(__file__).resolve().parents[3] / "docs" / "iru.md"
DAY_S = 86_400.0


def at(text: str) -> float:
    return midnight(date.fromisoformat(text)) + 9 * 3600.0


def table(first: str) -> Iterator[list[str]]:
    """Rows of the table whose heading begins so, but for the heading."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    begin = next(number for number, line in enumerate(lines) if line.startswith(first))
    for line in lines[begin + 2 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def worked() -> Book:
    """What the page tells, done."""
    sea = Contract("sea", "seacom", "S", ("s-1",), 100 * M, 100 * M, date(2026, 1, 1), date(2027, 1, 1))
    less = Resize(date(2026, 9, 1), 20 * M, 20 * M)
    before = network(sea)
    after = network(
        Contract(
            *(sea.key, sea.provider, sea.reference, sea.circuits, sea.in_bps, sea.out_bps, sea.start, sea.end),
            resized=(less,),
        )
    )
    book = Book(now=at("2026-04-01"))
    term = Term(date(2026, 2, 1), None, 10 * M, 10 * M)
    Acts(book, before, "kim", at("2026-01-02")).add(Ask("L/1", "school", {"sea": 1}, term))
    Acts(book, before, "ali", at("2026-01-03")).approve(1)
    Acts(book, before, "kim", at("2026-03-10")).change(1, date(2026, 6, 1), in_bps=30 * M, out_bps=30 * M)
    Acts(book, before, "ali", at("2026-03-11")).approve(1)
    Acts(book, after, "kim", at("2026-03-20"))
    Acts(book, after, "kim", at("2026-04-01")).change(1, date(2026, 9, 1), in_bps=20 * M, out_bps=20 * M)
    return book


def cells(line: Posting) -> list[str]:
    request = f"R-{line.request}" if line.request else "–"
    days = [str(line.start), str(line.end)]
    recorded = str(day_of(line.recorded_at))
    return [recorded, line.act, request, line.source, line.target, mbps(line.bps), *days, line.author]


def test_given_the_worked_example_then_the_postings_are_those_of_the_page() -> None:
    assert [cells(line) for line in worked().postings if line.direction == "in"] == list(table("| recorded |"))


def test_given_the_worked_example_then_the_balances_are_those_of_the_page() -> None:
    book, rows = worked(), list(table("| on | as known"))
    assert len(rows) == 7
    for on, known, *figures, said in rows:
        day, then = date.fromisoformat(on), at(known) - 9 * 3600.0 + DAY_S
        balance = book.balance("sea", "in", day, then)
        found = (balance.delivered_bps, balance.allocated_bps, balance.reserved_bps, balance.free_bps)
        assert [mbps(bps) for bps in found] == figures
        since = book.as_known(then).over_committed_from("sea", "in", date(2026, 1, 1))
        assert ("over-committed" in said) == (balance.free_bps < 0)
        assert since is None or f"from {since}" in said
