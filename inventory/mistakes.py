"""What is wrong in somebody's files: every mistake with its file, its line and what to do."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from inventory.sentence import Sentence, noted


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing to mend; `line` counts from 1, 0 where the file as a whole is meant."""

    file: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class MistakesError(Exception):
    """All the mistakes at once; nothing was taken."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """A hint naming the nearest known word, or nothing; `cutoff` is how alike they must be, 0 to 1."""
    near = nearest(word, known, cutoff)
    return Sentence("near", "did you mean {near!r}?", near=near) if near else ""


# whole sentences of each kind, since nouns agree in Swahili
ABSENT: Final[Mapping[str, str]] = {
    "site": noted("there is no site {key!r}"),
    "device": noted("there is no device {key!r}"),
    "interface": noted("there is no interface {key!r}"),
    "link": noted("there is no link {key!r}"),
    "circuit": noted("there is no circuit {key!r}"),
    "provider": noted("there is no provider {key!r}"),
    "region": noted("there is no region {key!r}"),
    "service": noted("there is no service {key!r}"),
    "institution": noted("there is no institution {key!r}"),
    "contract": noted("there is no contract {key!r}"),
    "pool": noted("there is no pool {key!r}"),
    "contact": noted("there is no contact {key!r}"),
    "schedule": noted("there is no schedule {key!r}"),
    "quantity": noted("there is no quantity {key!r}"),
    "account": noted("there is no account {key!r}"),
}


def absent(what: str, key: str, known: Iterable[str] = ()) -> Sentence:
    """That there is no such thing, with the nearest that there is."""
    return Sentence(f"{what}-unknown", ABSENT[what], key=key).with_hint(did_you_mean(key, known))


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that is most alike, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return near[0] if near else ""
