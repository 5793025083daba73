"""An earlier reading laid out like a later one, interface by interface, whatever their ifIndex was (SEMANTICS 4 and 5)."""

import numpy as np
from numpy.typing import NDArray

from collectors.contract import Reading, Row

Bits = NDArray[np.bool_]
LaidOut = tuple[NDArray[np.uint64], Bits | None, Bits | None]


def laid_out(before: Reading, now: Reading) -> LaidOut:
    """(values of `before` in the columns and rows of `now`, cells that both know, rows that stood at another ifIndex).

    Cells: None where both know all; rows: None where none moved. An interface that was not there, or was counted in
    another size, has nothing to start from.
    """
    if before.rows is now.rows and before.columns == now.columns:
        if before.known is None or now.known is None:
            return before.values, now.known if before.known is None else before.known, None
        return before.values, before.known & now.known, None
    taken, there, moved = _places(before.rows, now.rows)
    columns = min(len(before.columns), len(now.columns))
    values, known = np.zeros_like(now.values), np.zeros(now.values.shape, np.bool_)
    if len(before.rows):
        values[:columns] = before.values[:columns, taken]
        known[:columns] = there if before.known is None else before.known[:columns, taken] & there
    return values, known if now.known is None else known & now.known, moved if moved.any() else None


def _places(before: tuple[Row, ...], now: tuple[Row, ...]) -> tuple[NDArray[np.intp], Bits, Bits]:
    """Per row of `now`: its place in `before`, whether it has one to start from, whether its ifIndex was another."""
    place = {row.key: at for at, row in enumerate(before)}
    taken = [place.get(row.key, -1) for row in now]
    there = [at >= 0 and before[at].wide == row.wide for at, row in zip(taken, now, strict=True)]
    moved = [at >= 0 and before[at].index != row.index for at, row in zip(taken, now, strict=True)]
    return np.array(taken, np.intp), np.array(there, np.bool_), np.array(moved, np.bool_)
