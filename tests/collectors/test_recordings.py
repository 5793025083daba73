"""What real devices answered, read by our collectors, is what the recordings say: all of it."""

import asyncio
import json
from argparse import Namespace
from collections import Counter
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from collectors.contract import CollectError, Reading
from collectors.interfaces import Interfaces
from collectors.rates import RateMeter
from collectors.system import System
from inventory.batch import Facts
from tests.collectors.box import Box, Clock, target
from tests.collectors.recording import read_recording

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
RECORDINGS = SHARED / "recordings" / "snmp"
FIELDS = {"system", "if_present", "if_no_extra", "ifName", "ifDescr", "ifAlias", "oper", "admin", "speed", "octets"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS.is_dir(), reason="needs ../shared/recordings"),
]


def _compare() -> Any:
    spec = spec_from_file_location("compare", SHARED / "tools" / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _collected(path: Path) -> tuple[dict[str, Any], list[Reading]]:
    """Facts in the form of compare.py, and the readings of two polls."""
    objects = read_recording(path)
    box, clock = Box(lambda: objects), Clock()
    interfaces, system = Interfaces(lambda _: box, clock), System(lambda _: box, clock)
    content: dict[str, Any] = {}
    readings: list[Reading] = []

    async def poll() -> None:
        for collector in (system, interfaces):
            try:
                said = await collector.collect(target(path.stem), int(clock.now))
            except CollectError:
                continue
            for each in said:
                if isinstance(each, Reading):
                    readings.append(each)
                elif isinstance(each, Facts):
                    content.update({"system": each.content} if each.part == "system" else each.content)

    asyncio.run(poll())
    clock.now += 30
    asyncio.run(poll())
    return content, readings


@pytest.fixture(scope="module")
def collected() -> dict[str, tuple[dict[str, Any], list[Reading]]]:
    return {path.stem: _collected(path) for path in sorted(RECORDINGS.glob("*.snmprec"))}


def test_every_recording_read_gives_all_its_interface_and_system_facts(
    collected: dict[str, tuple[dict[str, Any], list[Reading]]],
) -> None:
    compare = _compare()
    right, asked, wrong = Counter[str](), Counter[str](), []
    for name, (content, _) in collected.items():
        expected = json.loads((RECORDINGS / "expected" / f"{name}.json").read_text())
        ok, n, notes = compare.score(expected, json.loads(json.dumps(content)), {}, Namespace(static=True))
        right += ok
        asked += n
        wrong += [f"{name} {note}" for note in notes if note.split(":")[0] in FIELDS]
    assert wrong == []
    assert len(collected) >= 54
    assert all(right[field] == asked[field] for field in FIELDS)
    assert sum(asked[field] for field in FIELDS) > 10_000


def test_every_recording_has_keys_that_are_unique_and_fit_one_line(
    collected: dict[str, tuple[dict[str, Any], list[Reading]]],
) -> None:
    for name, (_, readings) in collected.items():
        for reading in readings:
            keys = [row.key for row in reading.rows]
            assert len(set(keys)) == len(keys), name
            assert all(key and key.isprintable() for key in keys), name


def test_a_second_poll_of_every_recording_keeps_its_list_and_gives_no_traffic(
    collected: dict[str, tuple[dict[str, Any], list[Reading]]],
) -> None:
    meter = RateMeter()
    for name, (_, readings) in collected.items():
        if not readings:
            continue
        first, second = readings
        assert second.rows is first.rows, name
        meter.feed([first])
        for batch in meter.feed([second]):
            if batch.measurement == "interface":
                rates = batch.of("in_bps")
                assert not (rates > 0).any(), name
