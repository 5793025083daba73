"""What a transfer file holds: lines of one subject at one instant, by stream and time; and how a file takes its place."""

import gzip
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

FIXED: Final = ("at", "measurement", "scope", "row")  # columns before the quantities
FORMATS: Final = ("lp", "csv", "parquet")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some lines of one stream, by rising instant. `step` is "" at full resolution, else "5m", "1h" or "1d".

    `values` are names x lines, NaN where not known; names are quantities, or of a rollup "mean_in_bps" and the like.
    """

    measurement: str
    scope: str
    step: str
    at: NDArray[np.int64]
    rows: tuple[str, ...]
    names: tuple[str, ...]
    values: NDArray[np.float64]


class Line(NamedTuple):
    """One subject at one instant, read back; `number` is the line of the file, or the row of a table."""

    number: int
    measurement: str
    scope: str
    row: str
    at: int
    values: dict[str, float]


class Writer(Protocol):
    """Takes sheets into an open file; `close` ends it."""

    def write(self, sheet: Sheet) -> None: ...

    def close(self) -> None: ...


def format_of(path: Path) -> str:
    """By the name: "x.csv.gz" is csv; "" where it says nothing."""
    suffixes = [suffix.removeprefix(".").lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return suffixes[-1] if suffixes and suffixes[-1] in FORMATS else ""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; takes the place of `path` when all went well, else is gone."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        with temporary.open("rb") as whole:
            os.fsync(whole.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def opened_writing(path: Path, *, packed: bool) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path, "wb", compresslevel=6) if packed else path.open("wb"))


def opened_reading(path: Path) -> BinaryIO:
    """Packed or not, by what is in it."""
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
    return cast("BinaryIO", gzip.open(path, "rb") if packed else path.open("rb"))


def column_order(names: Sequence[str]) -> tuple[str, ...]:
    """Each once, as first met."""
    return tuple(dict.fromkeys(names))
