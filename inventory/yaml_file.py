"""YAML files, read so that every key and value knows its line, and written so that people can review them.

The only door to PyYAML. Scalars stay text as written (`no`, `0712`, `2c` and `1e3` are four texts): what they mean is
decided by what is asked for, never guessed. Only a plain empty, `~` or `null` is nothing (None).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from inventory.mistakes import Mistake

MOST_DEPTH = 20
MOST_ALIASED = 100_000  # values that aliases may stand for in one file: a "billion laughs" file is cut off here
_NOT_PRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))


class Block(dict[str, Any]):
    """A YAML mapping: values by key, and in `lines` the line (from 1) of each key; `line` is its own first line."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Rows(list[Any]):
    """A YAML sequence, with the line of each element in `lines`."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


Value: TypeAlias = Block | Rows | str | None


@dataclass(frozen=True, slots=True)
class YamlFile:
    """One file as read: its top mapping, what is wrong with it as YAML, its opening comment, and whether it was
    read to its end."""

    path: Path
    top: Block
    mistakes: tuple[Mistake, ...] = ()
    notice: str = ""
    whole: bool = True


def read_file(path: Path) -> YamlFile:
    """Read one file; whatever is broken becomes a Mistake, and what could be read before it is kept."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        return _unreadable(path, 0, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return _unreadable(path, line, f"not UTF-8: byte 0x{error.object[error.start]:02x}", "save the file as UTF-8")
    control = _NOT_PRINTABLE.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        return _unreadable(path, line, f"control character U+{ord(control[0]):04X} in the text")
    builder = _Builder(str(path))
    builder.read(text)
    return YamlFile(path, builder.top(), tuple(builder.mistakes), _opening_comment(text), builder.whole)


def yaml_files(directory: Path) -> list[Path]:
    """The inventory files of a directory, in the order in which they are read."""
    return sorted(path for path in directory.iterdir() if path.suffix in (".yaml", ".yml") and path.is_file())


def _unreadable(path: Path, line: int, message: str, hint: str = "") -> YamlFile:
    return YamlFile(path, Block(), (Mistake(str(path), line, message, hint),), whole=False)


def _opening_comment(text: str) -> str:
    first = text.partition("\n")[0]
    return first.lstrip("#").strip() if first.startswith("#") else ""


class _BrokenError(Exception):
    """The rest of the file is not read."""


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open; `key` is the key that waits for its value."""

    holds: Block | Rows
    anchor: str | None = None
    seen_before: int = 0
    key: str | None = None
    waiting: bool = False
    dropped: bool = False


@dataclass(slots=True)
class _Builder:
    """Turns libyaml's events into Blocks and Rows with lines; about twice as fast as composing nodes."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    anchors: dict[str, tuple[Value, int]] = field(default_factory=dict)
    seen: int = 0
    aliased: int = 0
    documents: int = 0
    root: Value = None
    whole: bool = False

    def read(self, text: str) -> None:
        act = {
            yaml.ScalarEvent: self.scalar,
            yaml.MappingStartEvent: self.mapping,
            yaml.SequenceStartEvent: self.sequence,
            yaml.MappingEndEvent: self.end,
            yaml.SequenceEndEvent: self.end,
            yaml.AliasEvent: self.alias,
            yaml.DocumentStartEvent: self.document,
        }
        try:
            for event in yaml.parse(text, Loader=yaml.CSafeLoader):
                method = act.get(type(event))
                if method is not None:
                    method(event)
            self.whole = True
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.note(mark.line + 1 if mark else 0, f"broken YAML: {error.problem or error.context}", _began(error))
        except yaml.YAMLError as error:
            self.note(0, f"broken YAML: {error}")
        except _BrokenError:
            pass

    def top(self) -> Block:
        if self.root is not None and not isinstance(self.root, Block):
            self.note(1, "the file must be made of sections such as 'sites:'")
        return self.root if isinstance(self.root, Block) else Block()

    def note(self, line: int, message: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(self.file, line, message, hint))

    def stop(self, line: int, message: str) -> None:
        self.note(line, message)
        raise _BrokenError

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.stop(event.start_mark.line + 1, "a second document ('---'): one file holds one document")

    def scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        text = event.value
        value = None if text in _NOTHING and not event.style else text
        self.seen += 1
        if event.tag is not None:
            self.note(line, f"tag {event.tag!r} is not used here")
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self.put(value, line)

    def mapping(self, event: Any) -> None:
        self.open(Block(event.start_mark.line + 1), event)

    def sequence(self, event: Any) -> None:
        self.open(Rows(event.start_mark.line + 1), event)

    def open(self, holds: Block | Rows, event: Any) -> None:
        self.seen += 1
        if event.tag is not None:
            self.note(holds.line, f"tag {event.tag!r} is not used here")
        if len(self.stack) == MOST_DEPTH:
            self.stop(holds.line, f"nested deeper than {MOST_DEPTH} levels")
        self.put(holds, holds.line)
        self.stack.append(_Frame(holds, event.anchor, self.seen))

    def end(self, _event: Any) -> None:
        frame = self.stack.pop()
        if frame.anchor is not None:
            self.anchors[frame.anchor] = (frame.holds, self.seen - frame.seen_before + 1)

    def alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if event.anchor not in self.anchors:
            self.note(line, f"alias '*{event.anchor}' stands for nothing above it")
        value, weight = self.anchors.get(event.anchor, (None, 1))
        self.seen += weight
        self.aliased += weight
        if self.aliased > MOST_ALIASED:
            self.stop(line, f"aliases stand for more than {MOST_ALIASED} values")
        self.put(value, line)

    def put(self, value: Value, line: int) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.holds, Rows):
            frame.holds.append(value)
            frame.holds.lines.append(line)
        elif frame.waiting:
            frame.waiting = False
            if not frame.dropped and frame.key is not None:
                frame.holds[frame.key] = value
        else:
            self.key(frame, value, line)

    def key(self, frame: _Frame, value: Value, line: int) -> None:
        block = frame.holds
        assert isinstance(block, Block)
        frame.waiting, frame.dropped = True, False
        if not isinstance(value, str):
            frame.key, frame.dropped = None, True
            self.note(line, "a key must be a word")
        elif value in block.lines:
            frame.key, frame.dropped = value, True
            self.note(line, f"duplicate key {value!r}, first on line {block.lines[value]}")
        else:
            frame.key = value
            block.lines[value] = line


def _began(error: yaml.MarkedYAMLError) -> str:
    """Where the thing began that turned out broken: a quote that is never closed breaks only at the file's end."""
    return f"{error.context}, begun on line {error.context_mark.line + 1}" if error.context_mark else ""


class Flow(dict[str, Any]):
    """A mapping that is written on one line: {en: ..., sw: ...}."""


class _Dumper(yaml.CSafeDumper):
    pass


_Dumper.add_representer(Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, True))
_Dumper.add_representer(
    tuple, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=True)
)


def write_file(path: Path, sections: Mapping[str, Mapping[str, Any]], comments: Iterable[str] = ()) -> None:
    """Write sections in the order given; each comment becomes a line at the top."""
    head = "".join(f"# {comment}\n" for comment in comments)
    path.write_text(head + format_sections(sections), encoding="utf-8")


def format_sections(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Sections as YAML text, one key a line."""
    return yaml.dump(
        {name: dict(section) for name, section in sections.items()},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=110,
    )
