"""Which links, sites or devices are meant by `region=Dodoma --down`: the same words for commands, pages and API."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from inventory.selector import parse_selector
from inventory.status import Kind, StatusRow

ASKED: Final[Mapping[Kind, tuple[str, ...]]] = {  # labels that a selector may name, beside the state
    "link": ("name", "name_sw", "region", "regions", "site", "kind", "provider", "circuit", "a", "b"),
    "site": ("name", "name_sw", "kind", "region", "institutions", "devices"),
    "device": ("name", "site", "region", "kind", "role", "address"),
}


def chooser(kind: Kind, words: Iterable[str]) -> Callable[[StatusRow], bool]:
    """Whether a row is meant; without words every row is. Raises SelectorError."""
    selector = parse_selector(words, {"state", "reason", *ASKED[kind]})
    if not selector.terms:
        return lambda row: True
    return lambda row: selector.matches(row.key, {**row.labels, "state": row.state, "reason": row.reason})
