"""Recordings answer what the real device once answered."""

import csv
from pathlib import Path

import pytest

from collectors.snmp import ber
from inventory.importing import read_csv
from noc.lab.doors import LabError
from noc.lab.recording import read_recording
from noc.lab.replay import COLUMNS, answer, doors_of, read_all, write_csv
from tests.noc.lab.asker import IFX, UPTIME, message, read

TINY = rb"""# a remark
1.3.6.1.2.1.1.1.0|4|A router
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1
1.3.6.1.2.1.1.3.0|67|4294967296
1.3.6.1.2.1.2.2.1.6.1|4x|58AC78XXYYZZ
1.3.6.1.2.1.2.2.1.2.1|4e|two\nlines \xc3\xa9
1.3.6.1.2.1.2.2.1.10.1|65|4294967295
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
1.3.6.1.2.1.4.20.1.1.10.0.0.1|64|10.0.0.1
1.3.6.1.2.1.4.20.1.2.10.0.0.1|2|-3
1.3.6.1.2.1.1.1.0|4|the same again
nonsense
1.3.6.1.2.1.99.1|200|x
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.snmprec"
    path.write_bytes(TINY)
    return path


def test_given_a_recording_then_every_kind_of_value_is_read(tiny: Path) -> None:
    recording = read_recording(tiny)
    assert recording.name == "tiny"
    assert recording.unread == 2
    assert recording.text((1, 3, 6, 1, 2, 1, 1, 1, 0)) == "A router"
    assert len(recording.variables) == 9


def test_given_a_served_recording_then_it_answers_like_an_agent(tiny: Path) -> None:
    served = read_all([tiny], 16998)[0]
    said = answer(served, message(ber.GETBULK, ["1.3.6.1"], (0, 9)))
    assert said is not None
    values = dict(read(said)[2])
    assert values["1.3.6.1.2.1.1.2.0"] == "1.3.6.1.4.1.9.1.1"
    assert values[UPTIME] == 0
    assert values["1.3.6.1.2.1.2.2.1.6.1"] == b"\x58\xac\x78\x00\x00\x00"
    assert values["1.3.6.1.2.1.2.2.1.2.1"] == "two\nlines é".encode()
    assert values["1.3.6.1.2.1.2.2.1.10.1"] == 2**32 - 1
    assert values[f"{IFX}.6.1"] == 2**64 - 1
    assert values["1.3.6.1.2.1.4.20.1.1.10.0.0.1"] == bytes((10, 0, 0, 1))
    assert values["1.3.6.1.2.1.4.20.1.2.10.0.0.1"] == -3
    narrow = answer(served, message(ber.GET, [f"{IFX}.6.1"], version=0))
    assert narrow is not None
    assert read(narrow)[:2] == (2, 1)
    assert answer(served, b"garbage") is None
    assert answer(served, message(ber.GET, [UPTIME], community=b"other")) is None


def test_given_recordings_then_each_has_an_address_and_a_row_to_import(tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "a Second.snmprec").write_bytes(TINY)
    served = read_all([tmp_path], 16998)
    assert len({door.address for door in doors_of(served)}) == 2
    write_csv(served, tmp_path / "d.csv")
    rows = list(csv.DictReader((tmp_path / "d.csv").read_text().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["device"], row["address"], row["port"]) for row in rows] == [
        ("a-Second", "127.66.0.1", "16998"),
        ("tiny", "127.66.0.2", "16998"),
    ]
    assert set(read_csv(tmp_path / "d.csv").inventory.devices) == {"a-Second", "tiny"}


def test_given_nothing_to_serve_then_a_clear_refusal(tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"no \.snmprec"):
        read_all([tmp_path], 16998)
    (tmp_path / "empty.snmprec").write_text("# nothing\n")
    with pytest.raises(LabError, match="recorded variable"):
        read_all([tmp_path], 16998)


@pytest.mark.shared
def test_given_the_recordings_of_real_devices_then_all_are_read_and_answer_in_order() -> None:
    directory = Path(__file__).resolve().parents[3].parent / "shared" / "recordings" / "snmp"
    if not directory.is_dir():
        pytest.skip("the shared recordings are not here")
    served = read_all([path for path in sorted(directory.glob("*.snmprec")) if path.stat().st_size < 150_000], 16998)
    assert len(served) > 20
    for one in served:
        said = answer(one, message(ber.GETNEXT, ["1.0"]))
        assert said is not None
        first = one.recording.variables[0].arcs
        assert read(said)[2][0][0] == ".".join(map(str, first))
