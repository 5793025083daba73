"""Read an inventory directory whole: every mistake in it at once, or one sound, immutable Inventory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.model import Inventory
from inventory.schema import SECTIONS, Section, mistakes_of
from inventory.soundness import Soundness
from inventory.yaml_file import Block, Rows, YamlFile, read_file, yaml_files


class InventoryError(MistakesError):
    """The inventory was refused whole; `mistakes` holds everything to mend."""


def load(directory: Path) -> Inventory:
    """The inventory of a directory of *.yaml files; InventoryError holds all its mistakes."""
    inventory, mistakes, _ = check(directory)
    if inventory is None:
        raise InventoryError(mistakes)
    return inventory


def check(directory: Path) -> tuple[Inventory | None, tuple[Mistake, ...], tuple[Mistake, ...]]:
    """(inventory, mistakes, warnings); the inventory is None as soon as there is one mistake."""
    if not directory.is_dir():
        return None, (Mistake(str(directory), 0, "no such directory", "'noc init DIR' writes one"),), ()
    files = yaml_files(directory)
    if not files:
        return None, (Mistake(str(directory), 0, "no *.yaml file here", "'noc init DIR' writes some"),), ()
    return _read(files).end()


def written_keys(directory: Path, section: str) -> frozenset[str]:
    """Keys that stand in a section, sound or not: what else may refer to, while an inventory is being mended."""
    return frozenset(_read(yaml_files(directory)).entries[section]) if directory.is_dir() else frozenset()


def _read(files: Iterable[Path]) -> "_Reading":
    reading = _Reading()
    for path in files:
        reading.take(read_file(path))
    return reading


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry as written, and where."""

    value: Any
    file: str
    line: int


@dataclass(slots=True)
class _Reading:
    entries: dict[str, dict[str, _Entry]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    mistakes: list[Mistake] = field(default_factory=list)
    notice: str = ""
    whole: bool = True

    def take(self, file: YamlFile) -> None:
        """Merge one file's sections; the same key in two files is a mistake that names both places."""
        self.mistakes += file.mistakes
        self.whole &= file.whole
        self.notice = self.notice or file.notice
        name = str(file.path)
        for section, entries in file.top.items():
            line = file.top.lines[section]
            if section not in SECTIONS:
                self.whole = False
                hint = did_you_mean(section, SECTIONS)
                self.mistakes.append(Mistake(name, line, f"unknown section {section!r}", hint))
            elif isinstance(entries, Block):
                self._merge(SECTIONS[section], entries, name)
            elif entries is not None:
                self.whole = False
                self.mistakes.append(Mistake(name, line, f"section {section!r} must be a mapping by key"))

    def _merge(self, section: Section, entries: Block, file: str) -> None:
        merged = self.entries[section.name]
        for key, value in entries.items():
            line = entries.lines[key]
            before = merged.setdefault(key, _Entry(value, file, line))
            if before.file != file or before.line != line:
                message = f"duplicate {section.one} {key!r}, first in {before.file}:{before.line}"
                self.mistakes.append(Mistake(file, line, message))

    def end(self) -> tuple[Inventory | None, tuple[Mistake, ...], tuple[Mistake, ...]]:
        sound = {name: self._rows(SECTIONS[name], entries) for name, entries in self.entries.items()}
        inventory = Inventory(**sound, notice=self.notice)
        soundness = Soundness(inventory, self.entries, self.place)
        soundness.look(whole=self.whole)
        mistakes = tuple(sorted(self.mistakes + soundness.mistakes))
        return (None if mistakes else inventory), mistakes, tuple(sorted(soundness.warnings))

    def _rows(self, section: Section, entries: Mapping[str, _Entry]) -> dict[str, Any]:
        """The sound rows; what is wrong with the others is noted."""
        rows = {}
        for key, entry in entries.items():
            try:
                section.check_key(key)
                rows[key] = section.read(key, entry.value)
            except ValidationError as error:
                self.mistakes += mistakes_of(
                    section, key, error, lambda loc, key=key: self.place(section.name, key, *loc)
                )
            except ValueError as error:
                self.mistakes.append(Mistake(entry.file, entry.line, f"{section.one}: {error}"))
        return rows

    def place(self, section: str, key: str, *loc: str | int) -> tuple[str, int]:
        """File and line of an entry, or of a place inside it as far as it is written."""
        entry = self.entries[section][key]
        return entry.file, _line(entry.value, loc, entry.line)


def _line(value: Any, loc: tuple[str | int, ...], line: int) -> int:
    for part in loc:
        if isinstance(value, Block) and isinstance(part, str) and part in value.lines:
            line, value = value.lines[part], value.get(part)
        elif isinstance(value, Rows) and isinstance(part, int) and part < len(value):
            line, value = value.lines[part], value[part]
        else:
            break
    return line
