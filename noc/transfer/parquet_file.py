"""Parquet with the columns of the CSV files; rows are counted from 1."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from noc.parquet import ParquetDamaged, ParquetTable, read_table
from noc.transfer.sheet import Line, Sheet
from noc.transfer.trouble import Trouble

ROWS_AT_ONCE: Final = 50_000


class ParquetWriter:
    """Gathers sheets into groups of rows worth compressing."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._table = ParquetTable(path, names)
        self._names = tuple(names)
        self._waiting: list[Sheet] = []
        self._rows = 0

    def write(self, sheet: Sheet) -> None:
        self._waiting.append(sheet)
        self._rows += len(sheet.at)
        if self._rows >= ROWS_AT_ONCE:
            self._flush()

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._table.close()

    def _flush(self) -> None:
        sheets, self._waiting, self._rows = self._waiting, [], 0
        texts: list[list[str]] = [[], [], []]
        for sheet in sheets:
            texts[0] += [sheet.measurement] * len(sheet.at)
            texts[1] += [sheet.scope] * len(sheet.at)
            texts[2] += sheet.rows
        names = {name for sheet in sheets for name in sheet.names}
        columns = {name: np.concatenate([_column(sheet, name) for sheet in sheets]) for name in names}
        self._table.write(np.concatenate([sheet.at for sheet in sheets]), texts, columns)


def _column(sheet: Sheet, name: str) -> NDArray[np.float64]:
    if name not in sheet.names:
        return np.full(len(sheet.at), np.nan)
    column: NDArray[np.float64] = sheet.values[sheet.names.index(name)]
    return column


def read_parquet(path: Path, trouble: Trouble) -> Iterator[Line]:
    """ParquetMissing where pyarrow is; what is wrong with the file is told to `trouble`."""
    number = 0
    try:
        for at, texts, columns in read_table(path):
            if not number and not trouble.takes_names(0, columns):
                return
            known = [(name, np.isnan(column), column.tolist()) for name, column in columns.items()]
            for place, (instant, measurement, scope, row) in enumerate(zip(at.tolist(), *texts, strict=True)):
                number += 1
                values = {name: column[place] for name, unknown, column in known if not unknown[place]}
                yield Line(number, measurement, scope, row, instant, values)
    except ParquetDamaged as error:
        trouble.at(number, f"cannot be read: {error}")
