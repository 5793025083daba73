"""The fields of a form, as a page of ours sends them; what was sent twice, or is no text, is not taken."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData

from dashboards.access_words import problem_words
from dashboards.web.frame import Frame
from dashboards.web.refusal import BadQuestion
from dashboards.web.sources.accounts import Declined

LONGEST: Final = 2_000


class Fields:
    """Of one request that the gate let through."""

    def __init__(self, request: Request) -> None:
        self._form: FormData = request.state.form

    def text(self, name: str, longest: int = LONGEST) -> str:
        """Without blanks round it; "" where it was not sent."""
        return self._one(name, longest).strip()

    def secret(self, name: str) -> str:
        """As it was typed."""
        return self._one(name, LONGEST)

    def several(self, name: str) -> Sequence[str]:
        """Of boxes and lists that may be chosen more than once."""
        return [one for one in self._form.getlist(name)[:LONGEST] if isinstance(one, str) and len(one) <= LONGEST]

    def _one(self, name: str, longest: int) -> str:
        given = self._form.getlist(name)
        if not given:
            return ""
        if len(given) > 1 or not isinstance(given[0], str) or len(given[0]) > longest or "\0" in given[0]:
            raise BadQuestion(f"{name}: one text of at most {longest} characters", {name: "not understood"})
        return given[0]


def words_of(frame: Frame, error: Declined) -> Mapping[str, str]:
    """What was declined, in the viewer's language, by field."""
    words = problem_words(frame.gettext)
    return {name: words.get(word, word) for name, word in error.problems.items()}


Form = Annotated[Fields, Depends(Fields)]
