"""Readings made by hand, for tests of rates."""

from collections.abc import Mapping, Sequence

import numpy as np

from collectors.columns import COLUMNS
from collectors.contract import Reading, Row
from collectors.rates import RateMeter
from inventory.batch import Batch

DEVICE = "dod-pe-1"


def row(key: str = "ge1", *, index: int = 1, speed_bps: float = 1e9, wide: bool = True) -> Row:
    return Row(key, index, speed_bps, wide)


def reading(
    at: float,
    rows: Sequence[Row],
    counters: Sequence[Mapping[str, int]],
    *,
    uptime_s: float | None = None,
    device: str = DEVICE,
    anew: tuple[int, ...] = (),
) -> Reading:
    """`counters` per row: columns not named are 0, states 1; a row of None values is unknown. Uptime runs with `at`."""
    values = np.zeros((len(COLUMNS), len(rows)), np.uint64)
    known = np.ones(values.shape, np.bool_)
    for at_row, said in enumerate(counters):
        cells = {"oper_status": 1, "admin_status": 1} | dict(said)
        for column, name in enumerate(COLUMNS):
            values[column, at_row] = cells.get(name, 0)
        if cells.get("unknown"):
            known[:, at_row] = False
    uptime = round((at if uptime_s is None else uptime_s) * 100) % 2**32
    whole = None if known.all() else known
    return Reading(device, at, int(at), uptime, tuple(rows), COLUMNS, values, whole, anew=anew)


def feed(meter: RateMeter, *readings: Reading) -> list[Batch]:
    """The batches of table "interface", one a reading that was taken."""
    return [batch for each in readings for batch in meter.feed([each]) if batch.measurement == "interface"]


def device_batches(meter: RateMeter, *readings: Reading) -> list[Batch]:
    return [batch for each in readings for batch in meter.feed([each]) if batch.measurement == "device"]
