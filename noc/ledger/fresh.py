"""Incidents read again: only those are fetched and made anew that changed since, told by their revision."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import select

from alerts.incident import Incident, IncidentState
from noc.ledger import rows
from noc.ledger.books import SqlBooks
from noc.ledger.schema import INCIDENT

AT_ONCE = 500  # numbers in one question: SQLite takes 32,766 at most


def fresh(books: SqlBooks, states: Collection[IncidentState], known: Mapping[int, Incident]) -> list[Incident]:
    """What `books.incidents(states)` gives; of `known` (by number) those that are as they were are the same objects."""
    meant = INCIDENT.c.state.in_([str(state) for state in states])
    standing = books.read(select(INCIDENT.c.number, INCIDENT.c.revision).where(meant).order_by(INCIDENT.c.number))
    old = {row["number"]: known[row["number"]] for row in standing if _same(known.get(row["number"]), row["revision"])}
    new = {one.number: one for one in _read(books, [row["number"] for row in standing if row["number"] not in old])}
    found = old | new
    return [found[row["number"]] for row in standing if row["number"] in found]


def _same(known: Incident | None, revision: int) -> bool:
    return known is not None and known.revision == revision


def _read(books: SqlBooks, numbers: Sequence[int]) -> Iterator[Incident]:
    for start in range(0, len(numbers), AT_ONCE):
        meant = INCIDENT.c.number.in_(numbers[start : start + AT_ONCE])
        yield from map(rows.incident_of, books.read(select(INCIDENT).where(meant)))
