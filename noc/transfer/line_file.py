"""Line protocol, as InfluxDB takes it: written by what ships to it, read back without a server."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from inventory.batch import Batch
from noc.influx.fields import LAYERS, layer_of, subject_of, tag_keys
from noc.influx.lines import Lines, read_name
from noc.transfer.sheet import Line, Sheet, opened_reading, opened_writing
from noc.transfer.trouble import Trouble, Wrong

LONGEST: Final = 1 << 20  # octets of a line
_KEY: Final = r"(?:\\.|[^\\,= ])+"
_LINE = re.compile(rf"((?:\\.|[^\\, ])+)((?:,{_KEY}={_KEY})*) ({_KEY}=[^, \"]+(?:,{_KEY}=[^, \"]+)*) (\d{{1,10}})")
_PAIR = re.compile(rf",({_KEY})=({_KEY})")
_FIELD = re.compile(rf"({_KEY})=([^, ]+)")
_SPECIAL = re.compile(r"\\([,= ])")
_ONE_ROW: Final = {"ping": "ping", "ssh": "ssh"}  # rows that no tag names; of the others the row is the device itself


class LineWriter:
    """One line a subject and instant, seconds as time."""

    def __init__(self, path: Path, *, packed: bool) -> None:
        self._file = opened_writing(path, packed=packed)
        self._lines = Lines()

    def write(self, sheet: Sheet) -> None:
        measurement = sheet.measurement + (LAYERS[sheet.step] if sheet.step else "")
        start = 0
        while start < len(sheet.at):  # one batch an instant
            end = start
            while end < len(sheet.at) and sheet.at[end] == sheet.at[start]:
                end += 1
            values = sheet.values[:, start:end]
            batch = Batch(measurement, sheet.scope, int(sheet.at[start]), sheet.rows[start:end], sheet.names, values)
            self._put(batch)
            start = end

    def _put(self, batch: Batch) -> None:
        if lines := self._lines.of(batch):
            self._file.write(b"\n".join(lines) + b"\n")

    def close(self) -> None:
        self._file.close()


def read_lines(path: Path, trouble: Trouble) -> Iterator[Line]:
    """Lines that can be understood; the others are told to `trouble`."""
    known: set[str] = set()
    with opened_reading(path) as file:
        number = 0
        while True:
            try:
                octets = file.readline(LONGEST)
            except (OSError, EOFError, zlib.error) as error:
                trouble.at(number + 1, f"cannot be read from here on: {error}")
                return
            number += 1
            if not octets:
                return
            if octets.strip() and not octets.startswith(b"#"):
                try:
                    line = _line(number, octets, known, trouble)
                except Wrong as wrong:
                    trouble.at(number, wrong.message, wrong.hint)
                else:
                    if line is not None:
                        yield line


def _line(number: int, octets: bytes, known: set[str], trouble: Trouble) -> Line | None:
    try:
        found = _LINE.fullmatch(octets.rstrip(b"\r\n").decode())
    except UnicodeDecodeError as error:
        raise Wrong(f"not UTF-8: {error.reason}") from None
    if not found:
        raise Wrong("no line of line protocol with numbers and seconds: name,tag=value field=1.5 1790000000")
    measurement = read_name(_plain(found[1]))
    tags = {_plain(key): read_name(_plain(value)) for key, value in _PAIR.findall(found[2])}
    if layer_of(measurement)[1]:
        raise Wrong(f"{measurement} is a rollup, which the store computes itself", "export without --step")
    fields = {_plain(key): value for key, value in _FIELD.findall(found[3])}
    if not fields.keys() <= known:
        if not trouble.takes_names(number, fields):
            return None
        known.update(fields)
    try:
        values = {name: float(value.removesuffix("i")) for name, value in fields.items()}
    except ValueError as error:
        raise Wrong(str(error)) from None
    return _placed(number, measurement, tags, int(found[4]), values=values)


def _placed(number: int, measurement: str, tags: dict[str, str], at: int, *, values: dict[str, float]) -> Line:
    try:
        scope, row = subject_of(measurement, tags)
    except ValueError as error:
        raise Wrong(str(error), f"it has {' '.join(key for key in tag_keys(measurement) if key)}") from None
    if not row and not tag_keys(measurement)[1]:
        row = _ONE_ROW.get(measurement, scope)
    return Line(number, measurement, scope, row, at, values)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\1", text)
