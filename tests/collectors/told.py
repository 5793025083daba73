"""Prints what is made of recordings: `python -m tests.collectors.told FILE.snmpwalk ...`."""

import asyncio
import sys
from collections.abc import Mapping
from math import isnan
from pathlib import Path

from collectors.contract import CollectError, Oid, Value
from collectors.health import Health
from collectors.system import System
from inventory.batch import Batch, Facts
from noc.lab.walk import recorded
from tests.collectors.box import Clock, target
from tests.collectors.played import Played
from tests.collectors.recording import read_lines, read_recording


def objects_of(path: Path) -> Mapping[Oid, Value]:
    """OID -> value of a recording or a walk."""
    if path.suffix == ".snmpwalk":
        return read_lines(line.decode("utf-8", "surrogateescape") for line in recorded(path.read_bytes()))
    return read_recording(path)


def lines(path: Path) -> list[str]:
    """Who the device is, then each sensor with its quantities and where they are read."""
    session, clock, found = Played(objects_of(path)), Clock(), [str(path)]
    for kind in (System, Health):
        try:
            said = asyncio.run(kind(lambda _: session, clock).collect(target(path.stem), 0))
        except CollectError as error:
            found.append(f"  {error.word}: {error}")
            continue
        origins = {row["name"]: row["from"] for one in said if isinstance(one, Facts) and one.part == "health"
                   for rows in one.content.values() for row in rows}  # fmt: skip
        for one in said:
            if isinstance(one, Facts) and one.part == "system":
                found += [f"  {name:12} {value}" for name, value in one.content.items()]
            elif isinstance(one, Batch):
                found += _sensors(one, origins)
    return found


def _sensors(batch: Batch, origins: Mapping[str, str]) -> list[str]:
    said = []
    for row, values in zip(batch.rows, batch.values.T.tolist(), strict=True):
        known = [f"{name} {value:g}" for name, value in zip(batch.quantities, values, strict=True) if not isnan(value)]
        said.append(f"  {batch.measurement:12} {row:32} {', '.join(known)}   ({origins.get(row, '')})")
    return said


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print("\n".join(lines(Path(argument))))
