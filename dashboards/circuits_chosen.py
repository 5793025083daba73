"""Circuits by the rows of the links that carry them, and which of them are meant: for commands, pages and API."""

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from inventory.selector import Selector
from inventory.status import StatusRow

LABELS: Final = ("provider", "link", "kind", "region", "regions", "site", "name", "name_sw", "a", "b")


class Carrying(NamedTuple):
    """A circuit by the rows of the links that carry it, the worst first."""

    key: str
    rows: Sequence[StatusRow]

    @property
    def worst(self) -> StatusRow:
        return self.rows[0]

    def labels(self) -> dict[str, Any]:
        return {**self.worst.labels, "link": [row.key for row in self.rows], "state": self.worst.state}


def carrying(links: Iterable[StatusRow], meant: Selector) -> list[Carrying]:
    """`links`: worst first; so are the circuits."""
    found: dict[str, list[StatusRow]] = {}
    for row in links:
        found.setdefault(str(row.labels.get("circuit", "")), []).append(row)
    every = [Carrying(key, tuple(mine)) for key, mine in found.items() if key]
    return [one for one in every if not meant.terms or meant.matches(one.key, one.labels())]
