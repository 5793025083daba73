"""One rule as written: its keys with their lines, taken one by one, every mistake noted and none in the way of the next."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeVar

from inventory.mistakes import Mistake, did_you_mean
from inventory.yaml_file import Rows

T = TypeVar("T")


@dataclass(slots=True)
class Entry:
    """`values` as they stand in the files, a user's over the defaults'; `places` has file and line of each key."""

    name: str
    file: str
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def over(self, before: "Entry") -> "Entry":
        """This one, with what it leaves unsaid taken from the one before."""
        return Entry(
            self.name,
            self.file,
            self.line,
            {**before.values, **self.values},
            {**before.places, **self.places},
        )


@dataclass(slots=True)
class Form:
    """Reads an Entry; `mistakes` grow meanwhile. A value that is wrong reads as its default."""

    entry: Entry
    mistakes: list[Mistake]

    def note(self, key: str, message: str, hint: str = "") -> None:
        file, line = self.entry.places.get(key, (self.entry.file, self.entry.line))
        self.mistakes.append(Mistake(file, line, f"rule {self.entry.name!r}: {message}", hint))

    def check_keys(self, known: Collection[str]) -> None:
        for key in self.entry.values:
            if key not in known:
                self.note(key, f"unknown key {key!r}", did_you_mean(key, known) or f"there are {', '.join(known)}")

    def one(self, key: str, parse: Callable[[str], T], default: T, *, needed: bool = False) -> T:
        """The value of a key; `needed`: it must be there."""
        if key not in self.entry.values:
            if needed:
                self.note(key, f"key {key!r} is missing")
            return default
        value = self.entry.values[key]
        if not isinstance(value, str):
            self.note(key, f"{key} is empty" if value is None else f"{key} must be one value")
            return default
        return self._parsed(key, value, parse, default)

    def many(self, key: str, parse: Callable[[str], T], *, needed: bool = False) -> tuple[T, ...]:
        """A list, or one value that stands for a list of one."""
        value = self.entry.values.get(key)
        if value is None:
            if needed or key in self.entry.values:
                self.note(key, f"{key} is empty" if key in self.entry.values else f"key {key!r} is missing")
            return ()
        if not isinstance(value, (Rows, str)):
            self.note(key, f"{key} must be a list: [one, two]")
            return ()
        texts = [value] if isinstance(value, str) else value
        found: list[T] = []
        for text in texts:
            if isinstance(text, str):
                found += self._each(key, text, parse)
            else:
                self.note(key, f"{key} must be a list of words")
        if not texts:
            self.note(key, f"{key} is empty")
        return tuple(found)

    def word(self, key: str, known: Collection[str], default: str, *, needed: bool = False) -> str:
        """One of the words that may stand here."""
        return self.one(key, lambda text: one_of(text, known), default, needed=needed)

    def _parsed(self, key: str, text: str, parse: Callable[[str], T], default: T) -> T:
        try:
            return parse(text)
        except ValueError as error:
            self.note(key, f"{key}: {error}")
            return default

    def _each(self, key: str, text: str, parse: Callable[[str], T]) -> list[T]:
        try:
            return [parse(text)]
        except ValueError as error:
            self.note(key, f"{key}: {error}")
            return []


def one_of(text: str, known: Collection[str]) -> str:
    if text not in known:
        hint = did_you_mean(text, known)
        raise ValueError(f"{text!r} is not one of {', '.join(known)}" + (f"; {hint}" if hint else ""))
    return text


def yes_or_no(text: str) -> bool:
    if text not in ("true", "false", "yes", "no"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text in ("true", "yes")
