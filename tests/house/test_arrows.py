"""Arrows point down the street, and every library has one door."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]


def test_given_the_import_contracts_then_all_are_kept() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
