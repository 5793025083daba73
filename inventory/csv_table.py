"""Tables from spreadsheets: CSV with any order of columns, Excel's semicolons and byte order mark, each row by its line.

Lines above the heading that begin with `#` say what the file is."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from inventory.mistakes import Mistake, did_you_mean

_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells by column, trimmed; `line` is where it begins in the file."""

    line: int
    cells: dict[str, str]

    def get(self, column: str, default: str = "") -> str:
        """The cell; the default where the column is not there or the cell is empty."""
        return self.cells.get(column) or default


@dataclass(frozen=True, slots=True)
class Table:
    """What could be read of a file, and what is wrong with the rest."""

    file: str
    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()


def read_table(path: Path, *, needed: Collection[str], known: Collection[str]) -> Table:
    """Read a CSV file whose first row names the columns; columns beyond `known` are left out with a warning."""
    file = str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        return Table(file, mistakes=(Mistake(file, 0, f"cannot be read: {error.strerror}"),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save it as 'CSV UTF-8'"
        return Table(file, mistakes=(Mistake(file, line, f"not UTF-8: byte 0x{raw[error.start]:02x}", hint),))
    return _Reader(file, needed, known).read(text)


@dataclass(slots=True)
class _Reader:
    file: str
    needed: Collection[str]
    known: Collection[str]

    def read(self, text: str) -> Table:
        lines = _lines(text)
        try:
            line, header = next(lines)
        except (StopIteration, csv.Error):
            return Table(self.file, mistakes=(Mistake(self.file, 1, "the first row must name the columns"),))
        columns = [name.strip().lower().replace(" ", "_") for name in header]
        mistakes, warnings = self._columns(line, columns)
        rows = [] if mistakes else list(self._rows(lines, columns, mistakes))
        return Table(self.file, tuple(rows), tuple(columns), tuple(mistakes), tuple(warnings))

    def _columns(self, line: int, columns: list[str]) -> tuple[list[Mistake], list[Mistake]]:
        mistakes, warnings = [], []
        for place, name in enumerate(columns):
            if name and name in columns[:place]:
                mistakes.append(Mistake(self.file, line, f"column {name!r} stands twice"))
            elif name and name not in self.known:
                hint = did_you_mean(name, self.known)
                warnings.append(Mistake(self.file, line, f"column {name!r} is not used", hint))
        for name in self.needed:
            if name not in columns:
                mistakes.append(Mistake(self.file, line, f"column {name!r} is missing", did_you_mean(name, columns)))
        return mistakes, warnings

    def _rows(
        self, lines: Iterator[tuple[int, list[str]]], columns: list[str], mistakes: list[Mistake]
    ) -> Iterator[Row]:
        try:
            for line, cells in lines:
                cells = [" ".join(cell.splitlines()).strip() for cell in cells]
                if not any(cells):
                    continue
                if any(cells[len(columns) :]) or len(cells) < len(columns):
                    message = f"the row has {len(cells)} cells, the table {len(columns)} columns"
                    mistakes.append(Mistake(self.file, line, message))
                else:
                    yield Row(line, dict(zip(columns, cells, strict=False)))
        except csv.Error as error:
            mistakes.append(Mistake(self.file, 0, f"broken CSV: {error}"))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which the row begins, cells); Excel's `sep=;` line is understood."""
    skipped, delimiter = 0, ""
    while text.startswith("#"):  # a notice above the heading
        skipped, text = skipped + 1, text.partition("\n")[2]
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        skipped, delimiter, text = skipped + 1, first.strip()[-1], rest
    header = text.partition("\n")[0]
    delimiter = delimiter or max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    for cells in reader:
        yield begins + skipped, cells
        begins = reader.line_num + 1
