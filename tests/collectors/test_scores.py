"""Who devices are and how well they are, held against what every shared recording says."""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from tests.collectors.played import RECORDINGS, compare, load, spoken

NAMES = sorted(path.stem for path in RECORDINGS.glob("*.snmprec"))
CLASSES = ("system", "cpu", "memory", "temperature", "ups")
# LibreNMS knows no rule for one board's temperature (mtxrHlTemperature), which the device tells
LEAST = {"system": 1.0, "cpu": 1.0, "memory": 1.0, "temperature": 0.98, "ups": 1.0}
WHO = {"os": 1.0, "hardware": 0.7, "version": 0.75, "serial": 1.0}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/recordings"),
]


@pytest.fixture(scope="module")
def all_told() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Recording -> (what we say, what is expected)."""
    told = {}
    for name in NAMES:
        session, expected = load(name)
        told[name] = (spoken(session, name), expected)
    return told


def test_given_every_recording_then_each_class_of_facts_is_right(
    all_told: dict[str, tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    tool, right, of = compare(), Counter[str](), Counter[str]()
    for said, expected in all_told.values():
        ok, asked, _ = tool.score(expected, said, {}, SimpleNamespace(static=False))
        for field, count in asked.items():
            kind = field.partition("_")[0]
            right[kind] += ok[field]
            of[kind] += count
    assert {kind: of[kind] for kind in CLASSES if not of[kind]} == {}
    assert {kind: right[kind] / of[kind] for kind in CLASSES if right[kind] < LEAST[kind] * of[kind]} == {}
    whole = sum(right[kind] for kind in CLASSES) / sum(of[kind] for kind in CLASSES)
    assert whole >= 0.99


def test_given_every_recording_then_vendor_system_and_serial_are_known(
    all_told: dict[str, tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    right, of = Counter[str](), Counter[str]()
    for said, expected in all_told.values():
        told, wanted = said.get("system", {}), expected.get("from_librenms_tests", {}).get("os", {})
        for field in WHO:
            if wanted.get(field):
                of[field] += 1
                right[field] += " ".join(str(told.get(field)).split()) == " ".join(wanted[field].split())
    assert {field: right[field] / of[field] for field in WHO if right[field] < WHO[field] * of[field]} == {}
