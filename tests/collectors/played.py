"""A recording as a session in memory, and what the collectors make of it in the words of the comparison tool."""

import asyncio
import importlib.util
import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

from collectors.contract import CollectError, Index, Oid, Value
from collectors.health import Health
from collectors.system import System
from inventory.batch import Batch, Facts
from tests.collectors.box import Clock, target
from tests.collectors.recording import read_recording

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
RECORDINGS = SHARED / "recordings" / "snmp"


class Played:
    """An SnmpSession over recorded objects; `pdus` counts questions as a session would send them."""

    def __init__(self, objects: Mapping[Oid, Value]) -> None:
        self.objects = dict(objects)
        self._order = sorted((tuple(map(int, oid.split("."))), oid) for oid in objects)
        self.gets: list[tuple[Oid, ...]] = []
        self.tables: list[tuple[Oid, ...]] = []

    async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
        self.gets.append(tuple(oids))
        return [self.objects.get(oid) for oid in oids]

    async def table(self, columns: Sequence[Oid]) -> Mapping[Index, Sequence[Value]]:
        self.tables.append(tuple(columns))
        rows: dict[Index, list[Value]] = {}
        for place, column in enumerate(columns):
            arcs = tuple(map(int, column.split(".")))
            at = bisect_left(self._order, (arcs, ""))
            while at < len(self._order) and self._order[at][0][: len(arcs)] == arcs:
                found, oid = self._order[at]
                if len(found) > len(arcs):
                    rows.setdefault(found[len(arcs) :], [None] * len(columns))[place] = self.objects[oid]
                at += 1
        return rows


def spoken(session: Any, name: str) -> dict[str, Any]:
    """What System and Health say of a device, as the comparison tool wants it."""
    clock = Clock()
    said: list[Any] = []
    for kind in (System, Health):
        collector = kind(lambda _: session, clock)
        try:
            said += asyncio.run(collector.collect(target(name), int(clock.now)))
        except CollectError:
            continue
    return shaped(said)


def shaped(said: Sequence[Any]) -> dict[str, Any]:
    """Facts and Batches -> system, cpu, memory, temperature, ups."""
    found: dict[str, Any] = {}
    batches = {one.measurement: one for one in said if isinstance(one, Batch)}
    for one in said:
        if isinstance(one, Facts) and one.part == "system":
            found["system"] = dict(one.content)
    found["cpu"] = [100 * each for each in _known(batches, "cpu", "cpu_ratio")]
    if "memory" in batches:
        found["memory"] = [
            {"pct": 100 * ratio, "used": _or_none(used), "total": _or_none(total)}
            for ratio, used, total in batches["memory"].values.T.tolist()
            if not isnan(ratio)
        ]
    temperatures = _known(batches, "temperature", "temperature_c")
    found["temperature"] = temperatures or _known(batches, "optical", "temperature_c")
    if "ups" in batches:
        charge, runtime = (batches["ups"].of(name).tolist()[0] for name in ("charge_ratio", "runtime_s"))
        found["ups"] = {"charge_pct": _or_none(charge * 100), "minutes_left": _or_none(runtime / 60)}
    return found


def _known(batches: Mapping[str, Batch], measurement: str, quantity: str) -> list[float]:
    batch = batches.get(measurement)
    return [] if batch is None else [one for one in batch.of(quantity).tolist() if not isnan(one)]


def _or_none(value: float) -> float | None:
    return None if isnan(value) else value


def load(name: str) -> tuple[Played, dict[str, Any]]:
    """A recording and what is expected of it."""
    expected = json.loads((RECORDINGS / "expected" / f"{name}.json").read_text())
    return Played(read_recording(RECORDINGS / f"{name}.snmprec")), expected


def compare() -> Any:
    """The comparison tool as a module."""
    spec = importlib.util.spec_from_file_location("compare", SHARED / "tools" / "compare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
