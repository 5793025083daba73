from pathlib import Path

import pytest

from dashboards.web.refusal import Away
from inventory.skeleton import write_sample
from noc.config import load
from noc.web.early import read_early
from noc.web.wiring import opened_house


def test_given_a_start_then_the_inventory_is_read_before_anybody_asks(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=3)
    with opened_house(load(tmp_path / "noc.toml")) as house, read_early(house) as reading:
        reading.join()
        (tmp_path / "inventory").rename(tmp_path / "elsewhere")
        assert house.status.inventory().devices


def test_given_nothing_that_can_be_read_then_the_start_goes_on_and_who_asks_is_told(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=3)
    (tmp_path / "inventory" / "more.yaml").write_text("site: {}\n")
    with opened_house(load(tmp_path / "noc.toml")) as house, read_early(house) as reading:
        reading.join()
        with pytest.raises(Away, match=r"more\.yaml"):
            house.status.inventory()
