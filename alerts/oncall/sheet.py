"""One on-call file as it is read: what each value means, and every mistake in it with its line."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, time
from typing import Any

from alerts.oncall.telephones import TelephoneError, normal
from inventory.mistakes import Mistake, did_you_mean
from inventory.model import Contact
from inventory.yaml_file import Block, Rows

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_ROWS = 500  # of one list or mapping
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])\Z")
_LENGTH = re.compile(r"([0-9]{1,5})(s|m|h|d|w)\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Sheet:
    """Collects mistakes and warnings; what cannot be read is None or empty, and has been noted."""

    def __init__(self, file: str, contacts: Mapping[str, Contact]) -> None:
        self.file = file
        self.contacts = contacts
        self.mistakes: list[Mistake] = []
        self.warnings: list[Mistake] = []
        self._looked_at: set[tuple[str, bool]] = set()

    def note(self, line: int, message: str, hint: str = "") -> None:
        self.mistakes.append(Mistake(self.file, line, message, hint))

    def warn(self, line: int, message: str, hint: str = "") -> None:
        self.warnings.append(Mistake(self.file, line, message, hint))

    def block(self, value: Any, line: int, what: str) -> Block:
        if isinstance(value, Block) and len(value) <= MOST_ROWS:
            return value
        if value is not None:
            amount = f" of at most {MOST_ROWS}" if isinstance(value, Block) else ""
            self.note(line, f"{what} must be a mapping of keys{amount}")
        return Block(line)

    def rows(self, value: Any, line: int, what: str) -> Iterator[tuple[Any, int]]:
        """(value, line) of each element."""
        if isinstance(value, Rows) and len(value) <= MOST_ROWS:
            yield from zip(value, value.lines, strict=True)
        elif value is not None:
            amount = f" of at most {MOST_ROWS}" if isinstance(value, Rows) else ""
            self.note(line, f"{what} must be a list{amount}: [one, two]")

    def keys(self, block: Block, what: str, needed: Collection[str], allowed: Collection[str] = ()) -> bool:
        """Whether it has what it needs; keys that mean nothing here are noted."""
        known = (*needed, *allowed)
        for key, line in block.lines.items():
            if key not in known:
                self.note(line, f"{what}: unknown key {key!r}", did_you_mean(key, known))
        missing = [key for key in needed if block.get(key) is None]
        for key in missing:
            empty = key in block.lines
            self.note(block.lines.get(key, block.line), f"{what}: {key} is {'empty' if empty else 'missing'}")
        return not missing

    def word(self, value: Any, line: int, what: str) -> str:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.note(line, f"{what} must be a word")
        return ""

    def clock(self, value: Any, line: int, what: str) -> time | None:
        found = _CLOCK.match(value) if isinstance(value, str) else None
        if found is None:
            self.note(line, f"{what} {value!r} is no time of day", 'write "07:00", East Africa Time')
            return None
        return time(int(found[1]), int(found[2]))

    def day(self, value: Any, line: int, what: str) -> date | None:
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            self.note(line, f"{what} {value!r} is no date", "write 2026-12-25")
            return None

    def length(self, value: Any, line: int, what: str) -> float | None:
        """Seconds of 10m, 1h, 1w."""
        found = _LENGTH.match(value) if isinstance(value, str) else None
        if found is None:
            self.note(line, f"{what} {value!r} is no length of time", "write 0m, 10m, 1h, 1w")
            return None
        return float(found[1]) * _UNITS[found[2]]

    def weekdays(self, value: Any, line: int, what: str) -> frozenset[int]:
        """Of mon-fri, sat or [mon, thu]: 0 is Monday."""
        found: set[int] = set()
        words = self.rows(value, line, what) if isinstance(value, Rows) else [(value, line)]
        for word, at in words:
            first, dash, last = str(word).casefold().partition("-")
            if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
                self.note(at, f"{what} {word!r} are no days of the week", "write mon-fri, sat or [mon, thu]")
                continue
            start, end = WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first)
            found.update(day % 7 for day in range(start, (end if end >= start else end + 7) + 1))
        return frozenset(found)

    def people(self, value: Any, line: int, what: str, *, paged: bool = True) -> tuple[str, ...]:
        """Contacts that can be told: one by its key, or a list. `paged`: they are to be woken, not only mailed."""
        words = self.rows(value, line, what) if isinstance(value, Rows) else [(value, line)]
        found = [self.contact(word, at, what, paged=paged) for word, at in words]
        return tuple(dict.fromkeys(key for key in found if key))

    def contact(self, value: Any, line: int, what: str, *, paged: bool = True) -> str:
        """The key of a contact of the inventory, "" for none; each is looked over once."""
        key = self.word(value, line, what)
        if not key:
            return ""
        if key not in self.contacts:
            self.note(line, f"{what}: {key!r} is no contact", did_you_mean(key, self.contacts))
            return ""
        if (key, paged) not in self._looked_at:
            self._looked_at.add((key, paged))
            self._look_at(self.contacts[key], line, paged)
        return key

    def _look_at(self, contact: Contact, line: int, paged: bool) -> None:
        if not contact.email and not (paged and contact.telephone):
            missing = "neither telephone nor e-mail" if paged or not contact.telephone else "no e-mail address"
            self.note(line, f"contact {contact.key!r} has {missing}: nothing can be sent to it")
        elif paged and not contact.telephone:
            self.warn(line, f"contact {contact.key!r} has no telephone and cannot be paged, only mailed")
        elif paged:
            try:
                normal(contact.telephone)
            except TelephoneError as error:
                self.note(line, f"contact {contact.key!r}: {error}")
