"""Why something was refused: a code for machines, English for the terminal, and what a page needs for other languages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

ALONE: Final = "{one}"


class Sentence(str):
    """One whole sentence. It is its English text; `code` never changes, and `figures` fill the {braces} of `text`.

    Figures that are sentences themselves are said in the same language. Whoever only passes it on treats it as text.
    """

    code: str
    text: str
    figures: Mapping[str, object]

    def __new__(cls, code: str, text: str, /, **figures: object) -> "Sentence":
        self = super().__new__(cls, text.format(**figures))
        self.code, self.text, self.figures = code, text, figures
        return self

    def __str__(self) -> str:
        return self

    def __getnewargs_ex__(self) -> tuple[Any, Any]:
        return (self.code, self.text), dict(self.figures)

    def with_hint(self, hint: str) -> "Sentence":
        """The same with what may have been meant behind it; without a hint it stays as it is."""
        return Sentence(self.code, "{what} ({hint})", what=self, hint=hint) if hint else self


def joined(code: str, sentences: Sequence[str]) -> Sentence:
    """Several whole sentences, one behind the other."""
    whole, *others = sentences
    for one in others:
        whole = Sentence(code, "{one}; {other}", one=whole, other=one)
    return Sentence(code, ALONE, one=whole)


def noted(text: str) -> str:
    """Marks a text of a table, to be said in the language of whoever reads it."""
    return text


def code_of(text: str) -> str:
    """Of a sentence; "" of bare words."""
    return text.code if isinstance(text, Sentence) else ""


MONTHS: Final = (
    Sentence("month", "Jan"),
    Sentence("month", "Feb"),
    Sentence("month", "Mar"),
    Sentence("month", "Apr"),
    Sentence("month", "May"),
    Sentence("month", "Jun"),
    Sentence("month", "Jul"),
    Sentence("month", "Aug"),
    Sentence("month", "Sep"),
    Sentence("month", "Oct"),
    Sentence("month", "Nov"),
    Sentence("month", "Dec"),
)
