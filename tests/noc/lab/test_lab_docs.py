"""The lab's page cannot lie: every action and every option stands in it, and its example is played."""

import re
from pathlib import Path

import pytest

from noc.lab.actions import ACTIONS
from noc.lab.scenario import acts_of, read
from tests.noc.lab.asker import world
from tests.noc.lab.network import START

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "lab.md").read_text()


@pytest.mark.parametrize("name", [name for name, action in ACTIONS.items() if not action.hidden])
def test_given_an_action_then_the_page_has_its_line_with_all_options(name: str) -> None:
    line = next((line for line in PAGE.splitlines() if line.startswith(f"| `{name}`")), None)
    assert line is not None, f"{name} is not documented"
    assert all(f"`{option}`" in line for option in ACTIONS[name].options)
    undo = ACTIONS[name].undo
    assert not undo or f"`{undo}`" in line


def test_given_the_example_then_it_is_a_sound_scenario(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE, re.S)
    assert found
    (tmp_path / "example.toml").write_text(found[1])
    assert len(acts_of(read(tmp_path / "example.toml"), world(), START)) >= 3
