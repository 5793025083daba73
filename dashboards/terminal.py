"""Status tables for the terminal: 80 columns, worst first, colour only for what is not well and only on a terminal."""

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

from dashboards import figures
from dashboards.layout import NOTHING, Column, Line, laid_out, plain_table
from dashboards.status import StatusView, note
from inventory.status import StatusRow

WIDTH = 80
GLYPHS = {"up": "·", "degraded": "△", "unknown": "◌", "unreachable": "▽", "down": "■"}
ASCII_GLYPHS = {"up": ".", "degraded": "/", "unknown": "?", "unreachable": "v", "down": "#"}
STYLES = {  # Okabe and Ito: apart for colour-blind eyes as well
    "up": "",
    "degraded": "#e69f00",
    "unknown": "#56b4e9",
    "unreachable": "#cc79a7",
    "down": "bold #d55e00",
}
NOTED = "#f0e442"  # up, with something to say about it
WARNING = "bold #e69f00"
Cell = Callable[[StatusRow], str]


def print_status(view: StatusView, stream: TextIO, environ: Mapping[str, str] | None = None) -> None:
    """Warnings, heading, table. rich lays it out on a terminal; elsewhere plain text comes sooner."""
    environ = os.environ if environ is None else environ
    if stream.isatty() and environ.get("TERM") != "dumb":
        _print_rich(view, stream, environ)
        return
    text = "\n".join(plain_lines(view, _room(environ)))
    stream.write(_encodable(text, stream) + "\n")


def plain_lines(view: StatusView, room: int = WIDTH) -> Sequence[str]:
    columns, lines = table_of(view)
    found = [*view.warnings, *heading_lines(view, room)]
    if lines:
        found.extend(plain_table(columns, lines, room))
    if view.total > len(lines):
        found.append(_more(view, len(lines)))
    return found


def heading_lines(view: StatusView, room: int) -> Sequence[str]:
    """One line where it fits, two where it does not."""
    parts = [part for part in view.heading if part]
    line = " · ".join(parts)
    return [line] if len(line) <= room else parts


def _more(view: StatusView, shown: int) -> str:
    return view.words.sentences["more"].format(number=view.total - shown)


def _room(environ: Mapping[str, str]) -> int:
    columns = environ.get("COLUMNS", "")
    return max(40, int(columns)) if columns.isdecimal() else WIDTH


def _encodable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"  # text kept in memory has none
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for state, glyph in GLYPHS.items():
            text = text.replace(glyph, ASCII_GLYPHS[state])
        text = text.replace("–", "-").replace("…", "~")
        return text.encode(encoding, "replace").decode(encoding)
    return text


def table_of(view: StatusView) -> tuple[Sequence[Column], Sequence[Line]]:
    """The columns of this kind, and a line for every row of the view."""
    columns, cells = {"link": _links, "site": _sites, "device": _devices}[view.kind](view)
    states, now = view.words.headings, view.age.now
    columns = [
        Column(states["state"]),
        *columns,
        Column(f"{states['since']}", right=True),
        Column(states["age"], right=True),
    ]
    lines = []
    for row in view.rows:
        stale = view.age.stale(row)
        since = figures.day_or_clock(row.since, now) if row.since is not None else NOTHING
        age = figures.short_duration(now - row.at) if row.at is not None else NOTHING
        word = (view.words.was if stale else view.words.states)[row.state]
        glyph = GLYPHS["unknown" if stale and row.state == "up" else row.state]
        texts = (f"{glyph} {word}", *(cell(row) for cell in cells), since, age)
        lines.append(Line(row.state, texts, note(row, view.words), stale))
    return columns, lines


def _links(view: StatusView) -> tuple[list[Column], list[Cell]]:
    headings = view.words.headings
    twins = Counter(_ends(row) for row in view.rows)
    columns = [
        Column(headings["link"], flexible=True),
        Column(headings["in"], right=True),
        Column(headings["out"], right=True),
        Column(headings["use"], right=True),
        Column(headings["errors"], right=True),
    ]
    cells: list[Cell] = [
        lambda row: _ends(row) if twins[_ends(row)] == 1 else row.key,
        lambda row: _figure(row, "in_bps", figures.rate),
        lambda row: _figure(row, "out_bps", figures.rate),
        _use,
        lambda row: _figure(row, "errors_ps", figures.per_second),
    ]
    return columns, [cells[0], *(_if(view.age.measured, cell) for cell in cells[1:])]


def _ends(row: StatusRow) -> str:
    """Both devices; of an external circuit the provider stands for the far end."""
    ends = [str(row.labels.get(side, "")).partition(":")[0] for side in ("a", "b")]
    provider = str(row.labels.get("provider", ""))
    return "–".join(provider if end == "external" and provider else end for end in ends)


def _use(row: StatusRow) -> str:
    """The worse direction first: 79/12; nothing where the contract's rate was refused."""
    known = [row.figures[name] for name in ("in_ratio", "out_ratio") if name in row.figures]
    ratios = sorted((float(ratio) for ratio in known), reverse=True)
    return "/".join(figures.percent(ratio, "") for ratio in ratios) or NOTHING


def _sites(view: StatusView) -> tuple[list[Column], list[Cell]]:
    headings = view.words.headings
    columns = [
        Column(headings["site"], flexible=True),
        Column(headings["kind"]),
        Column(headings["region"], flexible=True),
        Column(headings["devices"], right=True),
        Column(headings["links"], right=True),
    ]
    cells: list[Cell] = [
        lambda row: row.key,
        lambda row: str(row.labels.get("kind", "")),
        lambda row: str(row.labels.get("region", "")),
        lambda row: _share(row, "devices"),
        lambda row: _share(row, "links"),
    ]
    return columns, cells


def _share(row: StatusRow, what: str) -> str:
    if what not in row.figures:
        return NOTHING
    return f"{float(row.figures.get(f'{what}_up', 0)):.0f}/{float(row.figures[what]):.0f}"


def _devices(view: StatusView) -> tuple[list[Column], list[Cell]]:
    headings = view.words.headings
    columns = [
        Column(headings["device"], flexible=True),
        Column(headings["site"], flexible=True),
        Column(headings["rtt"], right=True),
        Column(headings["loss"], right=True),
        Column(headings["uptime"], right=True),
    ]
    cells: list[Cell] = [
        lambda row: row.key,
        lambda row: str(row.labels.get("site", "")),
        lambda row: _figure(row, "rtt_ms", lambda value: f"{value:.1f}" if value < 100 else f"{value:.0f}"),
        lambda row: _figure(row, "loss_ratio", figures.percent),
        lambda row: _figure(row, "uptime_s", figures.short_duration),
    ]
    return columns, [*cells[:2], *(_if(_answers, cell) for cell in cells[2:])]


def _answers(row: StatusRow) -> bool:
    return row.state not in ("down", "unreachable")


def _if(holds: Callable[[StatusRow], bool], cell: Cell) -> Cell:
    return lambda row: cell(row) if holds(row) else NOTHING


def _figure(row: StatusRow, name: str, shown: Callable[[float], str]) -> str:
    value = row.figures.get(name)
    return shown(float(value)) if value is not None else NOTHING


def _print_rich(view: StatusView, stream: TextIO, environ: Mapping[str, str]) -> None:
    """One styled text rather than a rich Table: for a hundred rows the table costs more than all the rest."""
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, no_color="NO_COLOR" in environ or None)
    columns, lines = table_of(view)
    parts: list[tuple[str, str]] = [(f"{warning}\n", WARNING) for warning in view.warnings]
    parts.extend((f"{line}\n", "bold") for line in heading_lines(view, console.width - 1))
    for text, line in laid_out(columns, lines, console.width - 1) if lines else ():
        parts.append((f"{_encodable(text, stream)}\n", _style(line)))
    if view.total > len(lines):
        parts.append((_more(view, len(lines)) + "\n", "dim"))
    console.print(Text.assemble(*parts), end="", soft_wrap=True)


def _style(line: Line | None) -> str:
    if line is None or line.stale:
        return "dim"
    return NOTED if line.state == "up" and line.note else STYLES[line.state]
