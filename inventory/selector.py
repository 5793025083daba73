"""How people name what they mean: `region=Dodoma kind=lga name~edge`; the same on every command and page."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from inventory.sentence import Sentence, noted

Label = str | float | list[str]
BARE = ("name", "name_sw")  # beside the key, what a bare word is looked for in


class SelectorError(ValueError):
    """A selector that cannot be meant; the text says why."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. Upper and lower case are the same; an empty `label` is a bare word."""

    label: str
    operator: Literal["=", "!=", "~"]
    value: str

    def matches(self, key: str, labels: Mapping[str, Label]) -> bool:
        """Without a label: part of the key or of a name. A list matches by any of its members."""
        if not self.label:
            return any(self.value in text for text in _texts([key, *(labels.get(name, "") for name in BARE)]))
        texts = _texts([key if self.label == "key" else labels.get(self.label, "")])
        if self.operator == "~":
            return any(self.value in text for text in texts)
        return (self.value in texts) is (self.operator == "=")


@dataclass(frozen=True, slots=True)
class Selector:
    """All its terms must match; without terms everything does."""

    terms: tuple[Term, ...] = ()

    def matches(self, key: str, labels: Mapping[str, Label]) -> bool:
        return all(term.matches(key, labels) for term in self.terms)


def parse_selector(words: Iterable[str], known: Collection[str]) -> Selector:
    """`known`: labels that may be asked for, beside `key`. Raises SelectorError."""
    return Selector(tuple(_term(word, known) for word in words))


def parse_text(text: str, known: Collection[str]) -> Selector:
    """A selector written as one line; values with blanks stand in quotes: region="Dar es Salaam"."""
    import shlex  # only for what is kept in files: status commands start faster without it

    try:
        words = shlex.split(text)
    except ValueError:
        raise SelectorError(Sentence("quote-open", "{text!r}: a quotation mark is not closed", text=text)) from None
    return parse_selector(words, known)


def _term(word: str, known: Collection[str]) -> Term:
    for place, sign in enumerate(word):
        if sign not in "=~!":
            continue
        operator: Literal["=", "!=", "~"] = "~" if sign == "~" else "!=" if word[place : place + 2] == "!=" else "="
        if sign == "!" and operator != "!=":
            break
        return _named(word, word[:place], operator, word[place + len(operator) :], known)
    if not word.strip():
        raise SelectorError(
            Sentence("selector-empty", "an empty selector matches nothing; leave it away to see everything")
        )
    return Term("", "~", word.casefold())


def _named(word: str, label: str, operator: Literal["=", "!=", "~"], value: str, known: Collection[str]) -> Term:
    if not label:
        text = noted("{word!r} has nothing before {operator!r}; write label{operator}value")
        raise SelectorError(Sentence("label-needed", text, word=word, operator=operator))
    if label != "key" and label not in known:
        none = Sentence("label-unknown", "{word!r}: there is no label {label!r}", word=word, label=label)
        raise SelectorError(Sentence("label-unknown", "{what}; {hint}", what=none, hint=_hint(label, known)))
    if not value:
        text = noted("{word!r} has nothing after {operator!r}; write label{operator}value")
        raise SelectorError(Sentence("value-needed", text, word=word, operator=operator))
    return Term(label, operator, value.casefold())


def _hint(label: str, known: Collection[str]) -> Sentence:
    import difflib  # only for a mistake: status commands start faster without it

    near = difflib.get_close_matches(label, known, n=1, cutoff=0.6)
    if near:
        return Sentence("near", "did you mean {near!r}?", near=near[0])
    return Sentence("there-are", "there are {known}", known=", ".join(sorted(known)))


def _texts(values: Iterable[Label]) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            found.extend(str(each).casefold() for each in value)
        elif isinstance(value, float) and value.is_integer():
            found.append(str(int(value)))
        else:
            found.append(str(value).casefold())
    return found
