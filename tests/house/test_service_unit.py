"""The units that run daemon and web are right and tight, as systemd itself judges it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).resolve().parents[2] / "systemd").glob("*.service"))

pytestmark = [
    pytest.mark.systemd,
    pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"),
]


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_given_the_units_then_systemd_verifies_them_without_a_word() -> None:
    done = analyze("verify", *map(str, UNITS), *map(str, sorted(UNITS[0].parent.glob("*.socket"))))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_given_a_unit_then_its_exposure_is_low(unit: Path) -> None:
    done = analyze("security", "--offline=true", "--no-pager", str(unit))
    level = re.search(rf"exposure level for {unit.name}: ([\d.]+)", done.stdout)
    assert level and float(level[1]) < 2.5, done.stdout
