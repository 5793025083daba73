"""CSV with one line a subject and instant: at (ISO-8601, UTC), measurement, scope, row, then a column for each quantity."""

import csv
import io
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from noc.transfer.sheet import FIXED, Line, Sheet, opened_reading, opened_writing
from noc.transfer.trouble import Trouble, Wrong

LONGEST: Final = 1 << 20  # of one cell: what is longer is no name


class CsvWriter:
    """All sheets in one table; quantities that a stream lacks stay empty."""

    def __init__(self, path: Path, names: Sequence[str], *, packed: bool) -> None:
        self._file = opened_writing(path, packed=packed)
        self._text = io.TextIOWrapper(self._file, encoding="utf-8", errors="surrogatepass", newline="")
        self._csv = csv.writer(self._text, lineterminator="\n")
        self._names = tuple(names)
        self._csv.writerow([*FIXED, *self._names])

    def write(self, sheet: Sheet) -> None:
        places = {name: number for number, name in enumerate(sheet.names)}
        empty = [""] * len(sheet.at)
        columns = [_cells(sheet.values[places[name]]) if name in places else empty for name in self._names]
        said = {at: iso(at) for at in np.unique(sheet.at).tolist()}
        fixed = [
            [said[at] for at in sheet.at.tolist()],
            [sheet.measurement] * len(sheet.at),
            [sheet.scope] * len(sheet.at),
        ]
        self._csv.writerows(zip(*fixed, sheet.rows, *columns, strict=True))

    def close(self) -> None:
        self._text.close()


def _cells(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
    return ["" if value != value else repr(value).removesuffix(".0") for value in values.tolist()]  # noqa: PLR0124 (NaN)


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_csv(path: Path, trouble: Trouble) -> Iterator[Line]:
    """Lines that can be understood; the others are told to `trouble`."""
    with opened_reading(path) as file, io.TextIOWrapper(file, "utf-8", errors="surrogatepass", newline="") as text:
        csv.field_size_limit(LONGEST)
        table = csv.reader(text, strict=True)
        heading = _next(table, trouble) or []
        if not _understood(heading, trouble):
            return
        names = heading[len(FIXED) :]
        while (cells := _next(table, trouble)) is not None:
            number = table.line_num
            if not cells:
                continue
            if len(cells) != len(heading):
                trouble.at(number, f"{len(cells)} cells, {len(heading)} columns")
            else:
                try:
                    yield _line(number, cells, names)
                except Wrong as wrong:
                    trouble.at(number, wrong.message, wrong.hint)


def _next(table: "Iterator[list[str]]", trouble: Trouble) -> list[str] | None:
    """The next record; None at the end, or where the file cannot be read any further."""
    try:
        return next(table, None)
    except (csv.Error, UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
        trouble.at(getattr(table, "line_num", 0) + 1, f"cannot be read from here on: {error}")
        return None


def _understood(heading: list[str], trouble: Trouble) -> bool:
    if tuple(heading[: len(FIXED)]) != FIXED:
        trouble.at(1, f"the columns must begin with {', '.join(FIXED)}")
    elif len(set(heading)) < len(heading) or "" in heading:
        trouble.at(1, "every column needs a name of its own")
    else:
        return trouble.takes_names(1, heading[len(FIXED) :])
    return False


def _line(number: int, cells: list[str], names: list[str]) -> Line:
    at = _instant(cells[0])
    if at is None:
        raise Wrong(f"{cells[0][:40]!r} is no instant: 2026-10-01T00:00:00Z, or UTC seconds")
    try:
        values = {name: float(cell) for name, cell in zip(names, cells[len(FIXED) :], strict=True) if cell}
    except ValueError as error:
        raise Wrong(str(error)) from None
    return Line(number, cells[1], cells[2], cells[3], at, values)


def _instant(text: str) -> int | None:
    try:
        if text.isascii() and text.isdigit():
            return int(text)
        then = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int(then.timestamp()) if then.tzinfo and not then.microsecond else None
