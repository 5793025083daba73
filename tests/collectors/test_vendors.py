"""Small recordings of vendors, and what must be told of each: a vendor is a row and a recording."""

import re
from pathlib import Path

import pytest

from collectors.identity.rules import RULES
from collectors.sensors.table import SOURCES
from tests.collectors.played import Played, spoken
from tests.collectors.told import lines, objects_of

HERE = Path(__file__).resolve().parent / "recordings"
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "devices.md").read_text()

# Recording -> lines that must be told; blanks are not counted
TOLD = {
    "zyxel-xgs.snmpwalk": (
        "vendor Zyxel",
        "os zynos",
        "hardware XGS4600-32",
        "cpu cpu cpu_ratio 0.12",
        "memory common memory_ratio 0.25, memory_used_octets 2.62144e+06, memory_total_octets 1.04858e+07",
        "temperature MAC temperature_c 41",
        "temperature PHY temperature_c 51",
        "fan FAN1 fan_rpm 3500",
    ),
}


@pytest.mark.parametrize("name", sorted(TOLD))
def test_given_a_recording_then_what_it_says_is_told(name: str) -> None:
    said = [" ".join(line.partition("   (")[0].split()) for line in lines(HERE / name)]
    assert [line for line in TOLD[name] if line not in said] == []


def test_given_every_recording_here_then_it_has_its_lines() -> None:
    assert {path.name for path in HERE.iterdir()} == set(TOLD)
    for path in HERE.iterdir():
        assert spoken(Played(objects_of(path)), path.stem)["system"]["vendor"]


def test_given_the_tables_then_the_page_names_each_source_and_system() -> None:
    words = set(re.split(r"[^\w\-./]+", PAGE))
    assert sorted({source.mib.split()[0] for source in SOURCES} - words) == []
    assert sorted({rule.os for rule in RULES} - words) == []
