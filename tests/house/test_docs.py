"""The docs cannot lie: rules have tests, modules exist, commands and settings have their line."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from noc.cli.main import COMMANDS
from noc.config import Config, load

HOUSE = Path(__file__).resolve().parents[2]
SEMANTICS = (HOUSE / "docs" / "semantics.md").read_text()
RULES = {
    number: kept
    for numbers, kept in re.findall(r"^\| ([\d, to]+) \|.*\| (.*?) \|$", SEMANTICS, re.M)
    for number in (
        range(int(numbers.split(" to ")[0]), int(numbers.split(" to ")[1]) + 1)
        if " to " in numbers
        else map(int, numbers.split(", "))
    )
}


def test_given_the_rules_then_each_number_has_its_line() -> None:
    assert sorted(RULES) == list(range(1, 54))


@pytest.mark.parametrize("number", [n for n, kept in RULES.items() if "`" in kept])
def test_given_a_kept_rule_then_a_test_bears_its_number(number: int) -> None:
    wanted = re.compile(rf"def test_rule_{number:02d}_")
    this = Path(__file__).resolve()
    assert any(wanted.search(p.read_text()) for p in (HOUSE / "tests").rglob("test_*.py") if p != this)


def test_given_the_docs_then_every_module_they_name_exists() -> None:
    named = {
        (page.name, path)
        for page in [*(HOUSE / "docs").rglob("*.md"), HOUSE / "README.md", HOUSE / "CONTRIBUTING.md"]
        for path in re.findall(
            r"`((?:noc|collectors|inventory|alerts|dashboards|docs|bench)/[\w/.]+\.(?:py|md))`", page.read_text()
        )
    }
    assert not sorted((page, path) for page, path in named if not (HOUSE / path).exists())


def test_given_the_commands_then_the_docs_name_each() -> None:
    text = "\n".join(page.read_text() for page in [*(HOUSE / "docs").rglob("*.md"), HOUSE / "README.md"])
    assert not [word for word in COMMANDS if f"noc {word}" not in text]


def test_given_the_settings_then_the_example_names_each_and_equals_the_defaults(tmp_path: Path) -> None:
    from inventory.skeleton import write_configuration

    path = tmp_path / "noc.toml"
    write_configuration(path, attached_to="a", gateway="b")
    text = path.read_text()
    for name, section in Config.model_fields.items():
        assert f"[{name}]" in text
        assert isinstance(section.annotation, type) and issubclass(section.annotation, BaseModel)
        for setting in section.annotation.model_fields:
            assert re.search(rf"^{setting} = ", text, re.M), f"[{name}] {setting}"
    written, least = load(path), tmp_path / "least.toml"
    least.write_text('[poller]\nattached_to = "a"\ngateway = "b"\n')
    assert written == load(least)
