"""The unit that runs the daemon is right and tight, as systemd itself judges it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNIT = Path(__file__).resolve().parents[2] / "systemd" / "noc.service"

pytestmark = [
    pytest.mark.systemd,
    pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"),
]


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_given_the_units_then_systemd_verifies_them_without_a_word() -> None:
    done = analyze("verify", str(UNIT), *map(str, sorted(UNIT.parent.glob("*.socket"))))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_given_the_unit_then_its_exposure_is_low() -> None:
    done = analyze("security", "--offline=true", "--no-pager", str(UNIT))
    level = re.search(r"exposure level for noc.service: ([\d.]+)", done.stdout)
    assert level and float(level[1]) < 2.5, done.stdout
