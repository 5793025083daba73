"""Columns of text that fit a width, with the standard library alone: for pipes, files and quick answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 1
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """`flexible` columns give way when the table is too wide; numbers stand at the right."""

    heading: str
    right: bool = False
    flexible: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `cells` in the order of the columns; `state` gives the colour.

    `note` stands where cells say nothing, if there is room, else on a line of its own.
    """

    state: str
    cells: tuple[str, ...]
    note: str = ""
    stale: bool = False


def cut(text: str, width: int) -> str:
    """Both ends of a name say more than its middle."""
    if len(text) <= width:
        return text
    if width < 5:
        return text[:width]
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[-tail:]}"


def widths(columns: Sequence[Column], lines: Iterable[Line], room: int) -> list[int]:
    """As wide as the content; flexible columns share what is missing, the widest first."""
    found = [len(column.heading) for column in columns]
    for line in lines:
        for place, cell in enumerate(line.cells):
            found[place] = max(found[place], len(cell))
    flexible = [place for place, column in enumerate(columns) if column.flexible]
    while flexible and sum(found) + GAP * (len(found) - 1) > room:
        widest = max(flexible, key=lambda place: found[place])
        if found[widest] <= 8:
            break
        found[widest] -= 1
    return found


def laid_out(columns: Sequence[Column], lines: Sequence[Line], room: int) -> Iterable[tuple[str, Line | None]]:
    """(text, the line it is of) for heading (None) and rows; no text longer than `room` while names can give way."""
    wide = widths(columns, lines, room)
    yield _joined(columns, [column.heading for column in columns], wide), None
    for line in lines:
        free = _free(line, wide)
        yield _joined(columns, line.cells, wide, (free, line.note)), line
        if line.note and not free:
            indent = wide[0] + GAP
            yield " " * indent + cut(line.note, room - indent), line


def plain_table(columns: Sequence[Column], lines: Sequence[Line], room: int) -> Iterable[str]:
    return (text for text, _ in laid_out(columns, lines, room))


def _free(line: Line, wide: Sequence[int]) -> range:
    """The first run of cells that say nothing, when the note fits there."""
    empty = [place for place, cell in enumerate(line.cells) if cell == NOTHING]
    start = empty[0] if empty else 0
    end = start
    while end in empty:
        end += 1
    run = range(start, end)
    return run if line.note and sum(wide[place] + GAP for place in run) - GAP >= len(line.note) else range(0)


def _joined(
    columns: Sequence[Column], cells: Sequence[str], wide: Sequence[int], note: tuple[range, str] = (range(0), "")
) -> str:
    run, text = note
    parts = []
    for place, (column, cell, width) in enumerate(zip(columns, cells, wide, strict=True)):
        if place in run:
            if place == run[0]:
                parts.append(text.ljust(sum(wide[each] + GAP for each in run) - GAP))
        else:
            parts.append(cut(cell, width).rjust(width) if column.right else cut(cell, width).ljust(width))
    return (" " * GAP).join(parts).rstrip()
