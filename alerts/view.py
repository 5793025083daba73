"""What rules and causes may look at beside the newest batch: the inventory, the paths, and every row of the board. Read only."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.board import Board
from inventory.model import Inventory
from inventory.status import Kind, StatusRow
from inventory.topology import Topology


@dataclass(frozen=True, slots=True)
class View:
    """The network as it stands now. `board` is private to this class: ask here."""

    inventory: Inventory
    topology: Topology
    board: Board

    def row(self, kind: Kind, key: str) -> StatusRow | None:
        """How a device, link or site stands; None where there is none such."""
        return self.board.row(kind, key)

    def rows(self) -> Mapping[tuple[Kind, str], StatusRow]:
        """All of them; costly, for a first look and after a reload."""
        return {(row.kind, row.key): row for row in self.board.rows()}

    @property
    def blind_since(self) -> float | None:
        """UTC seconds since when the poller is isolated; None: it sees."""
        return self.board.blind_since
