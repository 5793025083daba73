"""The door to pyarrow (extra `parquet`): tables of transfer files written and read in groups of rows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FIXED: Final = ("at", "measurement", "scope", "row")
GROUP_ROWS: Final = 1 << 16


class ParquetMissing(Exception):
    """pyarrow is not installed; the text says how it is."""


class ParquetDamaged(Exception):
    """No Parquet file, or one that does not say what was expected of it."""


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ParquetMissing("Parquet needs pyarrow; install it: pip install 'govnet-noc[parquet]'") from None
    return pyarrow, pyarrow.parquet


class ParquetTable:
    """Columns at, measurement, scope, row, then a double for each quantity, null where not known."""

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._arrow, parquet = _arrow()
        word = self._arrow.dictionary(self._arrow.int32(), self._arrow.string())
        instant = self._arrow.timestamp("s", tz="UTC")
        types = [instant, word, word, word, *[self._arrow.float64()] * len(names)]
        self._schema = self._arrow.schema(list(zip((*FIXED, *names), types, strict=True)))
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._words = word
        self._names = tuple(names)

    def write(
        self, at: NDArray[np.int64], texts: Sequence[Sequence[str]], columns: Mapping[str, NDArray[np.float64]]
    ) -> None:
        """`texts`: measurement, scope, row of every line; a quantity that is not among `columns` is not known."""
        arrow = self._arrow
        unknown = arrow.nulls(len(at), arrow.float64())
        arrays = [arrow.array(at, self._schema.field(0).type)]
        arrays += [arrow.array(list(text), arrow.string()).dictionary_encode() for text in texts]
        for name in self._names:
            arrays.append(arrow.array(columns[name], from_pandas=True) if name in columns else unknown)
        self._writer.write_table(arrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def read_table(path: Path) -> Iterator[tuple[NDArray[np.int64], list[list[str]], dict[str, NDArray[np.float64]]]]:
    """Groups of rows: instants, then measurement, scope, row of every line, then quantities with NaN where null."""
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            names = file.schema_arrow.names
            if tuple(names[: len(FIXED)]) != FIXED or len(set(names)) < len(names):
                raise ParquetDamaged(f"the columns must begin with {', '.join(FIXED)}, each name once")
            for group in file.iter_batches(GROUP_ROWS):
                at = group.column(0).cast(arrow.timestamp("s", tz="UTC")).cast(arrow.int64())
                if any(group.column(number).null_count for number in range(len(FIXED))):
                    raise ParquetDamaged(f"{', '.join(FIXED)} must be there in every row")
                texts = [group.column(number).cast(arrow.string()).to_pylist() for number in (1, 2, 3)]
                numbers = {
                    name: group.column(name).cast(arrow.float64()).to_numpy(zero_copy_only=False)
                    for name in names[len(FIXED) :]
                }
                yield at.to_numpy(), texts, numbers
    except (arrow.ArrowException, OSError) as error:
        raise ParquetDamaged(str(error).splitlines()[0]) from error
