"""Whatever stands in the files: there is an inventory, or there are mistakes with a place; never a traceback."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.importing import CsvError, read_csv
from inventory.reading import check
from inventory.schema import SECTIONS
from tests.inventory.test_mistakes import SOUND

ODD = st.none() | st.sampled_from(["", "x", "core", "external", "10M", "0", "icmp", "a:b", "2c"]) | st.text(max_size=5)
KEYS = st.sampled_from(sorted({key for section in SECTIONS.values() for key in section.row.model_fields})) | st.text(
    max_size=5
)
VALUES = st.recursive(ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4))
ENTRIES = st.dictionaries(st.sampled_from(["core", "x", "external"]) | st.text(max_size=3), VALUES, max_size=3) | VALUES
FILES = st.dictionaries(st.sampled_from(sorted(SECTIONS)) | st.text(max_size=3), ENTRIES, max_size=5)


def checked(content: bytes, also: bytes = b"") -> None:
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "a.yaml").write_bytes(content)
        (Path(made) / "b.yaml").write_bytes(also)
        inventory, mistakes, warnings = check(Path(made))
    assert (inventory is None) == bool(mistakes)
    for one in (*mistakes, *warnings):
        assert one.file.endswith((".yaml",)) and one.line >= 0 and one.message
        assert "\n" not in str(one)


@settings(deadline=None, max_examples=150)
@given(FILES)
def test_given_any_structure_then_it_is_taken_or_named(content: dict[str, object]) -> None:
    checked(json.dumps(content).encode(), SOUND.encode())


@settings(deadline=None, max_examples=150)
@given(st.integers(0, len(SOUND) - 1), st.integers(0, 12), st.text(max_size=4))
def test_given_a_sound_file_with_a_slip_of_the_hand_then_it_is_taken_or_named(at: int, gone: int, put: str) -> None:
    checked((SOUND[:at] + put + SOUND[at + gone :]).encode())


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=60))
def test_given_any_bytes_then_they_are_taken_or_named(content: bytes) -> None:
    checked(content)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=60) | st.text(alphabet='ab1.,;"\n\tdevice,address', max_size=60).map(str.encode))
def test_given_any_table_then_it_is_taken_or_named(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "x.csv"
        path.write_bytes(b"device,address,site,kind,region,port,community\n" + content)
        try:
            imported = read_csv(path)
        except CsvError as error:
            assert error.mistakes
        else:
            assert imported.inventory.devices
