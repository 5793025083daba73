"""Sheets of what the store has, a stream after the other, each by time, a stretch in memory at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

import numpy as np

from inventory.batch import Batch
from noc.store.reader import MetricReader
from noc.store.series import Measured
from noc.transfer.sheet import Sheet, column_order

DAY_S: Final = 86_400
STEPS: Final[dict[str, Literal[300, 3600, 86400]]] = {"5m": 300, "1h": 3600, "1d": 86400}
_STRETCHES: Final = {"": DAY_S, "5m": 4 * DAY_S, "1h": 30 * DAY_S, "1d": 360 * DAY_S}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Measurements and scopes (None: all) within [start, end), UTC seconds; `step` "" is full resolution."""

    measurements: frozenset[str] | None
    scopes: frozenset[str] | None
    start: int
    end: int
    step: str = ""

    def takes(self, measured: Measured) -> bool:
        return (self.measurements is None or measured.measurement in self.measurements) and (
            self.scopes is None or measured.scope in self.scopes
        )


def chosen(reader: MetricReader, wanted: Wanted) -> list[Measured]:
    return sorted(measured for measured in reader.subjects() if wanted.takes(measured))


def columns(streams: Sequence[Measured], step: str) -> tuple[str, ...]:
    """Names that any of the sheets will have."""
    return column_order([name for stream in streams for name in _names(stream.quantities, step)])


def sheets(reader: MetricReader, stream: Measured, wanted: Wanted) -> Iterator[Sheet]:
    """Nothing, too, where nothing is known."""
    for start in range(wanted.start - wanted.start % DAY_S, wanted.end, _STRETCHES[wanted.step]):
        first, last = max(start, wanted.start), min(start + _STRETCHES[wanted.step], wanted.end)
        if wanted.step:
            yield from _rolled(reader, stream, (first, last), wanted.step)
        else:
            found = reader.batches(stream.measurement, stream.scope, start=first, end=last)
            for quantities, some in groupby(found, key=lambda batch: batch.quantities):
                yield _sheet([*some], quantities)


def _names(quantities: Sequence[str], step: str) -> tuple[str, ...]:
    if not step:
        return tuple(quantities)
    return (*(f"{what}_{name}" for what in ("mean", "min", "max", "covered_s") for name in quantities), "up_s")


def _sheet(batches: list[Batch], quantities: tuple[str, ...]) -> Sheet:
    one = batches[0]
    at = np.repeat([batch.at for batch in batches], [len(batch.rows) for batch in batches])
    rows = tuple(row for batch in batches for row in batch.rows)
    return Sheet(one.measurement, one.scope, "", at, rows, quantities, np.hstack([batch.values for batch in batches]))


def _rolled(reader: MetricReader, stream: Measured, span: tuple[int, int], step: str) -> Iterator[Sheet]:
    """Slots that begin within the span."""
    table = reader.table(
        *(stream.measurement, stream.scope, None, stream.quantities),
        start=span[0],
        end=span[1],
        step=STEPS[step],
        also=("extremes", "up"),
    )
    slots = np.flatnonzero(table.at >= span[0])
    assert table.least is not None and table.most is not None and table.up_s is not None
    parts = (
        table.mean,
        table.least,
        table.most,
        np.where(table.covered_s > 0, table.covered_s, np.nan),
        table.up_s[None],
    )
    values = np.concatenate(parts)[:, :, slots].transpose(0, 2, 1).reshape(-1, len(slots) * len(table.rows))
    known = ~np.isnan(values).all(axis=0)
    if known.any():
        at, rows = np.repeat(table.at[slots], len(table.rows)), table.rows * len(slots)
        kept = tuple(row for row, is_known in zip(rows, known.tolist(), strict=True) if is_known)
        names = _names(stream.quantities, step)
        yield Sheet(stream.measurement, stream.scope, step, at[known], kept, names, values[:, known])
