"""What the web answers instead of what was asked: a sentence for people that says what to do, said in their language.

Exception tree:

    Refusal              some other status with its reason
    ├── Unseen           404: there is no such thing, or the viewer may not know that there is
    │   └── Missing      of a kind, by its key; said in the viewer's language
    ├── BadQuestion      422: a parameter that means nothing; all mistakes at once
    ├── NotNow           409: it cannot be done as things stand
    └── Away             503: what it would be read from is missing or locked; `retry_s` when to ask again
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from inventory.mistakes import ABSENT
from inventory.sentence import Sentence, code_of, joined, noted

NOTHING: Final = noted("there is nothing of the name {key!r}")
FOLDERS: Final = re.compile(r"(?<![\w:/])(?:/[^\s/:]+)+/")


class Refusal(Exception):
    """`problems`: parameter -> what is wrong with it. `code`: one word for programs; "": that of the status."""

    status = 400
    code = ""
    retry_s = 0

    def __init__(self, text: str, problems: Mapping[str, str] | None = None, hints: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.code = code_of(text) or self.code
        self.problems = dict(problems or {})
        self.hints = tuple(hints)


class Unseen(Refusal):
    status = 404


class Missing(Unseen):
    """`what` ("site") of that `key`; `near`: the key that may be meant."""

    def __init__(self, what: str, key: str, near: str = "") -> None:
        hint = Sentence("near", "did you mean {near!r}?", near=near) if near else ""
        none = Sentence(f"{what}-unknown", ABSENT.get(what, NOTHING), key=key)
        text = Sentence(none.code, "{what}; {hint}", what=none, hint=hint) if hint else none
        super().__init__(text, hints=[hint] if hint else [])
        self.what, self.key, self.near = what, key, near


class BadQuestion(Refusal):
    status = 422


def mistaken(problems: Mapping[str, str]) -> BadQuestion:
    """Every mistake of a question at once, by its parameter."""
    return BadQuestion(joined("not-understood", list(problems.values())), problems)


class NotNow(Refusal):
    status = 409


def _without_folders(text: str) -> str:
    if not isinstance(text, Sentence):
        return FOLDERS.sub("", text)
    figures = {
        name: one if isinstance(one, Sentence | int) else FOLDERS.sub("", str(one))
        for name, one in text.figures.items()
    }
    return Sentence(text.code, text.text, **figures)


class Away(Refusal):
    """Said without the folders that our files lie in: whoever asks may be nobody."""

    status = 503
    retry_s = 5

    def __init__(self, text: str, problems: Mapping[str, str] | None = None, hints: Sequence[str] = ()) -> None:
        super().__init__(_without_folders(text), problems, hints)
