"""docs/inventory.md says what there is: every section, key, word and column."""

import re
from pathlib import Path
from typing import get_args

import pytest

from inventory import model
from inventory.importing import DEVICE_COLUMNS, FURTHER_COLUMNS, LINK_COLUMNS
from inventory.reading import check
from inventory.schema import SECTIONS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "inventory.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(SECTIONS))
def test_given_a_section_then_its_row_names_every_key(name: str) -> None:
    (row,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |")]
    needed, optional = row.split("|")[3:5]
    for key, field in SECTIONS[name].row.model_fields.items():
        assert f"`{key}`" in (needed if field.is_required() else optional), f"{key} of {name}"


@pytest.mark.parametrize(
    "words", [model.SiteKind, model.DeviceRole, model.LinkRole, model.CircuitKind, model.ProbeMethod]
)
def test_given_a_list_of_words_then_each_is_told(words: object) -> None:
    assert not [word for word in get_args(words) if not re.search(rf"\b{word}\b", TEXT)]


def test_given_the_columns_of_import_then_each_is_told() -> None:
    columns = (*DEVICE_COLUMNS, *FURTHER_COLUMNS, *LINK_COLUMNS)
    assert not [column for column in columns if not re.search(rf"`{column}\b", TEXT)]


def test_given_the_examples_then_nothing_in_them_is_unknown(tmp_path: Path) -> None:
    for number, example in enumerate(re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)):
        (tmp_path / f"example{number}.yaml").write_text(example, encoding="utf-8")
    _, mistakes, _ = check(tmp_path)
    # what it refers to stands elsewhere; all else must be right
    assert not [one for one in mistakes if " is no " not in one.message]
