"""The page about collectors names everything that is asked and made."""

from pathlib import Path

from collectors.announcements import TABLES as ANNOUNCEMENT_TABLES
from collectors.joined import QUANTITIES
from collectors.oids import TABLE
from collectors.peer_tables import TABLES as PEER_TABLES
from collectors.peers import KINDS, PREFIX_QUANTITIES
from collectors.rates import DEVICE_QUANTITIES
from inventory.quantities import Flag

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "collectors.md").read_text()


def test_every_object_that_is_asked_stands_on_the_page() -> None:
    assert [entry.name for entry in TABLE if entry.name not in PAGE] == []


def test_every_quantity_and_flag_that_is_made_stands_on_the_page() -> None:
    assert [name for name in (*QUANTITIES, *DEVICE_QUANTITIES) if name not in PAGE] == []
    assert [flag.name for flag in Flag if f"| {flag.value} " not in PAGE] == []


def test_every_table_of_peers_and_neighbours_stands_on_the_page() -> None:
    tables = [*PEER_TABLES, *ANNOUNCEMENT_TABLES]
    assert [table.name for table in tables if table.name not in PAGE] == []
    assert [table.source for table in tables if table.source not in PAGE] == []
    quantities = [name for kind in KINDS for name in kind.quantities]
    assert [name for name in (*quantities, *PREFIX_QUANTITIES) if name not in PAGE] == []
