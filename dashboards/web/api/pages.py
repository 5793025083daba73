"""Long lists a page at a time: a cursor says where the page before ended, not how many rows were before it.

Rows that come or go between two pages move nothing else: none is shown twice, none is left out.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from dashboards.web.api.etag import digest
from dashboards.web.refusal import BadQuestion

Row = TypeVar("Row")
Place = tuple[Any, ...]
MOST: Final = 1000
USUAL: Final = 200
HIGHEST: Final = 2**63
LONGEST: Final = 600  # letters of a cursor


class Question(BaseModel):
    """What may be asked in a query; anything else is a mistake, and said to be one."""

    model_config = ConfigDict(extra="forbid")


class ListQuestion(Question):
    """Of every list."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="Rows of a page at most.")] = USUAL
    cursor: Annotated[
        str,
        Field(
            max_length=LONGEST,
            pattern=r"^[A-Za-z0-9_-]*$",
            description="`next` of the page before, with the same other parameters.",
        ),
    ] = ""

    def same(self, path: str) -> str:
        """What a cursor is good for: this question about this list, however long its pages."""
        return digest(path, self.model_dump(exclude={"limit", "cursor"}))


@dataclass(frozen=True)
class Page(Generic[Row]):
    """`next`: the cursor of the page after, empty on the last one."""

    rows: Sequence[Row]
    next: str


def page(rows: Sequence[Row], place: Callable[[Row], Place], asked: ListQuestion, path: str) -> Page[Row]:
    """`rows` in the order of `place`, which is another one for each; `path` says of which list they are."""
    first = _begin(rows, place, asked, path) if asked.cursor else 0
    shown = rows[first : first + asked.limit]
    more = first + asked.limit < len(rows)
    return Page(shown, written(place(shown[-1]), asked, path) if more else "")


def written(place: Place, asked: ListQuestion, path: str) -> str:
    text = json.dumps([asked.same(path), *place], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(asked: ListQuestion, path: str) -> Place:
    """The place that a cursor speaks of; BadQuestion when it is none of ours, or of another question."""
    try:
        text = urlsafe_b64decode(asked.cursor + "=" * (-len(asked.cursor) % 4))
        same, *place = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise _broken("is none that was given here; begin again without it") from None
    if same != asked.same(path):
        raise _broken("belongs to another question; begin again without it")
    return tuple(place)


def number(asked: ListQuestion, path: str) -> int | None:
    """Of lists that are kept by numbers: the last that was told; None on the first page."""
    if not asked.cursor:
        return None
    place = read(asked, path)
    if len(place) != 1 or type(place[0]) is not int or not 0 < place[0] < HIGHEST:
        raise _broken("is none that was given here; begin again without it")
    return place[0]


def _begin(rows: Sequence[Row], place: Callable[[Row], Place], asked: ListQuestion, path: str) -> int:
    after = read(asked, path)
    try:
        return sum(place(row) <= after for row in rows)
    except TypeError:
        raise _broken("is none that was given here; begin again without it") from None


def _broken(why: str) -> BadQuestion:
    return BadQuestion(f"cursor {why}", {"cursor": why})
