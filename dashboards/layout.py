"""Columns of text that fit a width, with the standard library alone: for pipes, files and quick answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

GAP = 1


@dataclass(frozen=True, slots=True)
class Column:
    """`flexible` columns give way when the table is too wide; numbers stand at the right."""

    heading: str
    right: bool = False
    flexible: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `cells` in the order of the columns; `note` stands below the second one; `state` gives the colour."""

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


def plain_table(columns: Sequence[Column], lines: Sequence[Line], room: int) -> Iterable[str]:
    """Heading and rows, no line longer than `room` characters as long as names can give way."""
    wide = widths(columns, lines, room)
    yield _joined(columns, [column.heading for column in columns], wide)
    for line in lines:
        yield _joined(columns, line.cells, wide)
        if line.note:
            indent = wide[0] + GAP
            yield " " * indent + cut(line.note, room - indent)


def _joined(columns: Sequence[Column], cells: Sequence[str], wide: Sequence[int]) -> str:
    parts = [
        cut(cell, width).rjust(width) if column.right else cut(cell, width).ljust(width)
        for column, cell, width in zip(columns, cells, wide, strict=True)
    ]
    return (" " * GAP).join(parts).rstrip()
