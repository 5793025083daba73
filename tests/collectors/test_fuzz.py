"""A short run of the fuzz bench: what comes from the network breaks nothing, makes nothing grow, and is not believed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from collectors.snmp.fast import available

ROOT = Path(__file__).resolve().parents[2]
INPUTS = 15_000


@pytest.fixture(scope="module")
def tallies() -> dict[str, dict[str, Any]]:
    command = [sys.executable, str(ROOT / "bench" / "fuzz.py"), "--inputs", str(INPUTS), "--seed", "7", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def test_given_hostile_datagrams_then_nothing_breaks_or_grows_and_nothing_false_is_believed(
    tallies: dict[str, dict[str, Any]],
) -> None:
    assert {name: tally["wrong"] + tally["crashed"] for name, tally in tallies.items() if not tally["sound"]} == {}
    assert sum(tally["inputs"] for tally in tallies.values()) >= INPUTS
    assert any("compiled" in name for name in tallies) == available()


def test_given_hostile_datagrams_then_some_are_taken_and_most_are_not(tallies: dict[str, dict[str, Any]]) -> None:
    for name in ("polls, pure Python", "envelopes, pure Python", "traps"):
        assert 0 < tallies[name]["accepted"] < tallies[name]["refused"], name


def test_given_forged_answers_then_the_counters_of_the_engine_tell(tallies: dict[str, dict[str, Any]]) -> None:
    told = tallies["engine v2c, pure Python"]["told"]
    assert min(told[name] for name in ("wrong_source", "unknown_id", "malformed")) > 0
    told = tallies["engine v3"]["told"]
    assert min(told[name] for name in ("wrong_source", "unknown_id", "unproven")) > 0
