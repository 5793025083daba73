"""What the wallboard is made of, read at one moment; whatever cannot be read is said to be missing, never raised."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from alerts.roster import Override
from alerts.window import Window
from dashboards.wall.memory import Memory
from dashboards.wall.scene import Scene
from dashboards.web.house import House
from dashboards.web.refusal import Away
from inventory.model import Inventory

Found = TypeVar("Found")


class WallSight:
    """The whole network, for who may see the wall."""

    def __init__(self, house: House, inventory: Inventory, now: float) -> None:
        self._house = house
        self._inventory = inventory
        self._now = now

    def scene(self, language: str, memory: Memory) -> Scene:
        house, inventory = self._house, self._inventory
        picture = _found(house.status.picture)
        books = _found(lambda: memory.recall("books", (house.cases.version(),), self._books))
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
            memory=memory,
        )

    def _books(self) -> tuple[Sequence[Window], Sequence[Override]]:
        with self._house.cases.reading() as books:
            return books.windows(), books.overrides()


def _found(ask: Callable[[], Found]) -> Found | None:
    try:
        return ask()
    except Away:
        return None
