"""Finding what one viewer may see: their scope's inventory, and incidents that stand or are named by number."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from dashboards.incidents import row as row_of
from dashboards.search import Found, Thing, folded, found, known_by, things
from dashboards.web.house import House
from dashboards.web.refusal import Refusal, Unseen

if TYPE_CHECKING:
    from dashboards.web.sight.sight import Sight

NUMBER: Final = re.compile(r"(?:noc\s*)?#?\s*(\d{1,9})\Z")


class Search:
    """Of one request."""

    def __init__(self, sight: "Sight", house: House) -> None:
        self._sight, self._house = sight, house

    def ask(self, asked: str, language: str) -> Found:
        """A number is an incident's, where there is such a one; all else is looked for by its words."""
        number = NUMBER.match(folded(asked))
        if number and self._there(int(number[1])):
            way = f"/incidents/{int(number[1])}"
            return Found((), 1, exact=way)
        return found((*self._things(language), *self._incidents(language)), asked)

    def _things(self, language: str) -> Sequence[Thing]:
        """Of one inventory as one viewer may see it, made once."""
        viewer = self._sight.viewer
        key = ("things", language, viewer.sites, viewer.institutions)
        declared = self._house.status.inventory()
        return self._house.kept.of(key, declared, lambda: tuple(things(self._sight.inventory, language)))

    def state(self, thing: Thing) -> str | None:
        """How it stands, where it is something that stands somehow."""
        rows = {"site": self._sight.picture.sites, "link": self._sight.picture.links}
        row = {**rows, "device": self._sight.picture.devices}.get(thing.kind, {}).get(thing.key)
        return row.state if row else None

    def _there(self, number: int) -> bool:
        try:
            self._sight.cases.story(number)
        except Unseen:
            return False
        return True

    def _incidents(self, language: str) -> Iterator[Thing]:
        """Those that stand; a ledger that cannot be read keeps nobody from finding a site."""
        try:
            view = self._sight.cases.view(language)
            standing = self._sight.cases.standing()
        except Refusal:
            return
        for incident in standing:
            row = row_of(incident, view)
            number, said = str(row.number), (row.what, incident.root.key, incident.ticket, incident.owner)
            called = f"{number} {row.what}"
            yield Thing("incident", number, called, row.severity_text, f"/incidents/{number}", known_by(number, *said))
