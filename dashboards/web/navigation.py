"""The ways to the pages that every page shows, of which a viewer sees those that it may go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.languages import Language
from dashboards.web.viewer import Right


@dataclass(frozen=True, slots=True)
class Entry:
    """`letter`: g and this letter go there. `first`: stands on top, others at the foot."""

    address: str
    text: str
    letter: str
    needs: Right
    first: bool

    def holds(self, path: str) -> bool:
        """Is that page one of this entry's?"""
        return path == self.address or path.startswith(self.address + "/")


def entries(language: Language, needs: Mapping[str, Right]) -> Sequence[Entry]:
    """`needs`: the right of every address there is; what has no address is left out."""
    gettext = language.gettext
    first = (
        ("/wall", gettext("Wall"), "w"),
        ("/sites", gettext("Sites"), "s"),
        ("/links", gettext("Links"), "l"),
        ("/incidents", gettext("Incidents"), "i"),
        ("/iru", gettext("IRU"), "u"),
        ("/services", gettext("Services"), "v"),
        ("/oncall", gettext("On call"), "o"),
        ("/reports", gettext("Reports"), "r"),
        ("/noc", gettext("NOC"), "n"),
    )
    more = (
        ("/regions", gettext("Regions"), ""),
        ("/devices", gettext("Devices"), "d"),
        ("/circuits", gettext("Circuits"), "c"),
        ("/providers", gettext("Providers"), "p"),
        ("/maintenance", gettext("Maintenance"), "m"),
        ("/silences", gettext("Silences"), ""),
        ("/notices", gettext("Notices"), ""),
        ("/inventory", gettext("Inventory check"), ""),
        ("/accounts", gettext("Accounts"), ""),
        ("/tokens", gettext("Tokens"), ""),
        ("/displays", gettext("Displays"), ""),
        ("/audit", gettext("Audit log"), ""),
        ("/api", gettext("API"), ""),
    )
    return [
        Entry(address, text, letter, needs[address], place is first)
        for place in (first, more)
        for address, text, letter in place
        if address in needs
    ]
