"""What the wallboard is made of, read at one moment; whatever cannot be read is said to be missing, never raised."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from alerts.roster import Override
from alerts.window import Window
from dashboards.wall.scene import Scene
from dashboards.wall.weights import weights
from dashboards.web.house import House
from dashboards.web.refusal import Away
from inventory.model import Inventory

Found = TypeVar("Found")


class Memory:
    """What one look leaves for the next, as long as it is of the same inventory and ledger. For one thread at a time."""

    def __init__(self) -> None:
        self._weights: tuple[Inventory, Mapping[str, int]] | None = None
        self._books: tuple[int, Sequence[Window], Sequence[Override]] | None = None

    def weights(self, inventory: Inventory) -> Mapping[str, int]:
        if self._weights is None or self._weights[0] is not inventory:
            self._weights = inventory, weights(inventory)
        return self._weights[1]

    def books(self, house: House) -> tuple[Sequence[Window], Sequence[Override]]:
        version = house.cases.version()
        if self._books is None or self._books[0] != version:
            with house.cases.reading() as books:
                self._books = version, books.windows(), books.overrides()
        return self._books[1], self._books[2]


class WallSight:
    """The whole network, for who may see the wall."""

    def __init__(self, house: House, inventory: Inventory, now: float) -> None:
        self._house = house
        self._inventory = inventory
        self._now = now

    def scene(self, language: str, memory: Memory) -> Scene:
        house, inventory = self._house, self._inventory
        picture = _found(house.status.picture)
        books = _found(lambda: memory.books(house))
        return Scene(
            now=self._now,
            inventory=inventory,
            language=language,
            mark=picture.mark if picture else None,
            sites=picture.sites if picture else None,
            links=picture.links if picture else None,
            incidents=_found(house.cases.unresolved),
            windows=books[0] if books else None,
            overrides=books[1] if books else (),
            plan=house.roster.plan(),
            beside=house.wall.beside(),
            health=house.own.health(),
            weights=memory.weights(inventory),
        )


def _found(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except Away:
        return None
