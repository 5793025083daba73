"""A transfer file checked from end to end before anything of it is taken, then taken as batches."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from inventory.batch import Batch
from noc.store.writer import MetricStore
from noc.transfer.csv_file import read_csv
from noc.transfer.line_file import read_lines
from noc.transfer.parquet_file import read_parquet
from noc.transfer.sheet import Line
from noc.transfer.trouble import LAST_AT, Enough, Trouble

READERS: Final[dict[str, Callable[[Path, Trouble], Iterator[Line]]]] = {
    "csv": read_csv,
    "lp": read_lines,
    "parquet": read_parquet,
}
LONGEST_NAME: Final = 1024
MOST_ROWS: Final = 100_000  # of one stream: far more than any table on record
COMMIT_VALUES: Final = 2_000_000
_ORDER: Final = "sort it by measurement, scope and time, as export writes it"


@dataclass(slots=True)
class Stream:
    """What a file has of one (measurement, scope)."""

    rows: dict[str, None] = field(default_factory=dict)
    quantities: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Checked:
    """A file in which nothing is wrong."""

    path: Path
    format: str
    lines: int = 0
    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    first_at: int = LAST_AT
    last_at: int = 0


def checked(path: Path, format_: str, told: Callable[[int], None] = lambda lines: None) -> Checked:
    """MistakesError with everything that is wrong; `told` hears how many lines were read."""
    trouble, found = Trouble(path), Checked(path, format_)
    order = _Order(trouble, found)
    try:
        for line in READERS[format_](path, trouble):
            order.take(line)
            if found.lines % 10_000 == 0:
                told(found.lines)
    except Enough:
        pass
    trouble.raised()
    return found


class _Order:
    """Lines of a stream stand together, by time, each subject once an instant."""

    def __init__(self, trouble: Trouble, found: Checked) -> None:
        self._trouble, self._found = trouble, found
        self._key: tuple[str, str] | None = None
        self._at = -1
        self._rows: set[str] = set()

    def take(self, line: Line) -> None:
        found, key = self._found, (line.measurement, line.scope)
        found.lines += 1
        if key != self._key:
            if key in found.streams:
                self._trouble.at(line.number, f"{line.measurement} of {line.scope or 'all'} stands apart", _ORDER)
            self._key, self._at = key, -1
        stream = found.streams.setdefault(key, Stream())
        if message := self._wrong(line, stream):
            self._trouble.at(line.number, *message)
            return
        if line.at != self._at:
            self._at, self._rows = line.at, set()
        self._rows.add(line.row)
        stream.rows[line.row] = None
        stream.quantities.update(dict.fromkeys(line.values))
        found.first_at, found.last_at = min(found.first_at, line.at), max(found.last_at, line.at)

    def _wrong(self, line: Line, stream: Stream) -> tuple[str, ...]:
        if not line.measurement:
            return ("no measurement",)
        if max(map(len, (line.measurement, line.scope, line.row))) > LONGEST_NAME:
            return (f"a name of more than {LONGEST_NAME} characters",)
        if not 0 <= line.at <= LAST_AT:
            return (f"the instant {line.at} is outside 1970 to 2106",)
        if line.at < self._at:
            return (f"earlier than the line before it of {line.measurement} {line.scope}".rstrip(), _ORDER)
        if line.at == self._at and line.row in self._rows:
            return (f"{line.row or line.scope} twice at one instant",)
        if len(stream.rows) >= MOST_ROWS:
            return (f"more than {MOST_ROWS} subjects of one device",)
        strange = [name for name, value in line.values.items() if not isfinite(value)]
        return (f"{strange[0]} is not finite",) if strange else ()


def batches(file: Checked) -> Iterator[Batch]:
    """As they are appended to the store; a subject or quantity that one instant lacks is not known."""
    lines = READERS[file.format](file.path, Trouble(file.path))
    for (measurement, scope), of_stream in groupby(lines, key=lambda line: (line.measurement, line.scope)):
        stream = file.streams[measurement, scope]
        rows, quantities = tuple(stream.rows), tuple(stream.quantities)
        places = (
            {row: number for number, row in enumerate(rows)},
            {name: number for number, name in enumerate(quantities)},
        )
        for at, some in groupby(of_stream, key=lambda line: line.at):
            if quantities:
                yield Batch(measurement, scope, at, rows, quantities, _matrix(some, *places))


def _matrix(lines: Iterable[Line], rows: dict[str, int], quantities: dict[str, int]) -> np.ndarray:
    values = np.full((len(quantities), len(rows)), np.nan)
    for line in lines:
        place = rows[line.row]
        for name, value in line.values.items():
            values[quantities[name], place] = value
    return values


def taken(store: MetricStore, found: Iterable[Batch], told: Callable[[int], None]) -> int:
    """Appends and commits; gives how many batches. Taking a file again changes nothing."""
    waiting = count = 0
    for batch in found:
        store.append([batch])
        waiting, count = waiting + batch.values.size, count + 1
        if waiting >= COMMIT_VALUES:
            store.commit()
            waiting = 0
            told(count)
    store.commit()
    return count
