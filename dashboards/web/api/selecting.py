"""Selectors in a query: `?select=region=Dodoma&select=kind=lga`, the words that commands and pages have, too."""

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, TypeVar

from pydantic import Field

from dashboards.web.refusal import BadQuestion
from inventory.selector import Selector, SelectorError, parse_selector

Meant = TypeVar("Meant")
Term = Annotated[str, Field(min_length=1, max_length=200)]
Terms = Annotated[
    Sequence[Term],
    Field(
        max_length=20,
        description="label=value, label!=value, label~part, or a part of a key or name; all must match.",
        examples=[["region=Dodoma", "kind=lga"]],
    ),
]


def chosen(words: Sequence[str], labels: Collection[str]) -> Selector:
    return understood(lambda: parse_selector(words, labels), labels)


def understood(parse: Callable[[], Meant], labels: Collection[str]) -> Meant:
    """What `parse` makes of the words; BadQuestion where they mean nothing."""
    try:
        return parse()
    except SelectorError as error:
        raise BadQuestion(str(error), {"select": str(error)}, [f"labels: {', '.join(labels)}"]) from error
