"""Lists of sites, links and devices: chosen by the selector language, counted by state, sorted, a page at a time."""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast
from urllib.parse import urlencode

from dashboards.status import SORTS, Age, StatusView, view
from dashboards.status_chosen import ASKED, chooser
from dashboards.words import ENGLISH, Words
from inventory.mistakes import did_you_mean
from inventory.selector import SelectorError, parse_text
from inventory.sentence import Sentence, noted
from inventory.states import WORST_FIRST
from inventory.status import DaemonMark, Kind, StatusRow

PAGE_ROWS: Final = 200
MOST_LETTERS: Final = 500  # of a selector; nobody types more
STATES: Final = tuple(state.value for state in WORST_FIRST)
FACETS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "link": ("region", "kind", "provider"),
    "site": ("region", "kind"),
    "device": ("region", "kind", "role"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. `page` counts from 1; `state` empty: all of them."""

    q: str = ""
    state: str = ""
    sort: str = "worst"
    page: int = 1

    def address(self, path: str, **other: object) -> str:
        """The address of the same question with some parts of it another way; what is as usual is left out."""
        asked = {"q": self.q, "state": self.state, "sort": self.sort, "page": self.page, **other}
        usual = {"q": "", "state": "", "sort": "worst", "page": 1}
        said = {name: value for name, value in asked.items() if value != usual.get(name)}
        return f"{path}?{urlencode(said)}" if said else path


@dataclass(frozen=True, slots=True)
class Choice:
    """One link that narrows or widens what is shown; `asked` is the question that it leads to."""

    value: str
    count: int
    chosen: bool
    asked: Asked


@dataclass(frozen=True, slots=True)
class Listing:
    """`rows` of this page; `states` and `facets` say what else there is and how many."""

    asked: Asked
    seen: StatusView
    rows: Sequence[StatusRow]
    pages: int
    states: Sequence[Choice]
    facets: Mapping[str, Sequence[Choice]]

    @property
    def age(self) -> Age:
        return self.seen.age

    @property
    def first(self) -> int:
        """Number of the first row of this page, from 1; 0 where there is none."""
        return (self.asked.page - 1) * PAGE_ROWS + 1 if self.rows else 0


NONE_OF: Final = {
    "state": noted("there is no state {key!r}"),
    "sort": noted("there is no order {key!r}"),
    "format": noted("there is no format {key!r}"),
}


def unknown(name: str, value: str, known: Iterable[str]) -> Sentence:
    """That there is no such state, order or format, with what may be meant."""
    there = Sentence("there-are", "there are {known}", known=", ".join(filter(None, known)))
    none = Sentence(f"{name}-unknown", NONE_OF[name], key=value[:40])
    return Sentence(none.code, "{what}; {hint}", what=none, hint=did_you_mean(value, known) or there)


def problems(kind: Kind, asked: Asked) -> dict[str, str]:
    """Everything that is wrong with a question, by its part; nothing where it can be answered."""
    found: dict[str, str] = {}
    if len(asked.q) > MOST_LETTERS:
        text = noted("a selector of {count} letters; at most {most}")
        found["q"] = Sentence("too-long", text, count=len(asked.q), most=MOST_LETTERS)
    else:
        try:
            parse_text(asked.q, {"state", "reason", *ASKED[kind]})
        except SelectorError as error:
            found["q"] = str(error)
    for name, value, known in (("state", asked.state, ("", *STATES)), ("sort", asked.sort, SORTS)):
        if value not in known:
            found[name] = unknown(name, value, known)
    return found


def listing(
    kind: Kind,
    rows: Iterable[StatusRow],
    mark: DaemonMark | None,
    now: float,
    *,
    asked: Asked,
    words: Words = ENGLISH,
) -> Listing:
    """`asked` has no problems. A page past the last one is the last one."""
    every = list(rows)
    meant = chosen(kind, every, asked.q)
    counts = Counter(row.state for row in meant)
    kept = [row for row in meant if row.state == asked.state] if asked.state else meant
    seen = view(kind, kept, mark, now, sort=asked.sort, words=words)
    pages = max(1, -(-len(kept) // PAGE_ROWS))
    asked = replace(asked, page=min(max(1, asked.page), pages))
    first = (asked.page - 1) * PAGE_ROWS
    return Listing(
        asked=asked,
        seen=seen,
        rows=seen.rows[first : first + PAGE_ROWS],
        pages=pages,
        states=[
            Choice(state, counts[state], state == asked.state, replace(asked, state=state, page=1))
            for state in STATES
            if counts[state] or state == asked.state
        ],
        facets={label: _facet(label, meant, asked) for label in FACETS[kind]},
    )


def chosen(kind: Kind, rows: Iterable[StatusRow], text: str) -> list[StatusRow]:
    meant = chooser(kind, shlex.split(text))
    return [row for row in rows if meant(row)]


def _facet(label: str, rows: Iterable[StatusRow], asked: Asked) -> list[Choice]:
    """Values of a label among what is chosen, the most frequent first; one of a single value is no choice."""
    counts = Counter([cast("str", row.labels.get(label, "")) for row in rows])
    prefix = f"{label}="
    named = {word for word in _words(asked.q) if word.casefold().startswith(prefix)}
    if named:
        without = " ".join(_quoted(word) for word in _words(asked.q) if word not in named)
        widened = replace(asked, q=without, page=1)
        return [Choice(word[len(prefix) :], sum(counts.values()), True, widened) for word in sorted(named)]
    if len(counts) < 2:
        return []
    return [
        Choice(value, count, False, replace(asked, q=f"{asked.q} {_quoted(prefix + value)}".strip(), page=1))
        for value, count in sorted(counts.items())
        if value
    ]


def _words(text: str) -> list[str]:
    return shlex.split(text)


def _quoted(word: str) -> str:
    """A word of a selector as people type it: region="Dar es Salaam"."""
    safe = shlex.quote(word)
    if safe == word:
        return word
    label, sign, value = word.partition("=")
    return safe if '"' in value or "\\" in value else f'{label}{sign}"{value}"'
