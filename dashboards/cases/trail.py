"""Where a piece of evidence can be seen as it was then: curves, polls and notices around the moment of its first sign."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, urlencode

from alerts.subject import Subject
from alerts.words.names import Names
from dashboards.charts.asked import local
from dashboards.incident_story import devices_of
from dashboards.text import one_line
from inventory.model import Inventory

AROUND_S: Final = 900  # before the moment and after it
MINUTE_S: Final = 60
MOST_DEVICES: Final = 3  # of one place, whose polls are named
OWN: Final = ("own", "poller")


def address_of(subject: Subject, inventory: Inventory) -> str:
    """The page of what an alarm is about, of a part its device's; "" where the viewer has none."""
    tables: Mapping[str, tuple[str, Mapping[str, object]]] = {
        "device": ("devices", inventory.devices),
        "site": ("sites", inventory.sites),
        "link": ("links", inventory.links),
        "circuit": ("circuits", inventory.circuits),
        "region": ("regions", inventory.regions),
    }
    if subject.kind == "contract":
        return "/iru" if subject.key in inventory.contracts else ""
    if subject.kind in tables:
        place, known = tables[subject.kind]
        return f"/{place}/{quote(subject.key)}" if subject.key in known else ""
    if subject.device not in inventory.devices:
        return ""
    port = subject.key.removeprefix(f"{subject.device}:") if subject.kind == "interface" else ""
    return f"/devices/{quote(subject.device)}" + (f"/interfaces/{quote(port)}" if port else "")


@dataclass(frozen=True, slots=True)
class Way:
    """`sort`: what is seen at `address`: the page of the thing (its curves), its polls, its notices. `of`: its name."""

    sort: Literal["page", "polls", "notices"]
    address: str
    of: str


@dataclass(frozen=True)
class Trail:
    """`whole`: the viewer sees the whole network, so what devices said and how the NOC itself is, too."""

    names: Names
    language: str
    now: float
    whole: bool

    @property
    def inventory(self) -> Inventory:
        return self.names.inventory

    def ways(self, subject: Subject, at: float) -> list[Way]:
        """First the page of what it is about, then the polls and notices of its devices; nothing that may not be seen."""
        page = self.page(subject, at)
        named = one_line(self.names.subject(subject, self.language))
        found = [Way("page", page, named)] if page else []
        devices = devices_of(subject, self.inventory)[:MOST_DEVICES]
        for key in devices:
            found.append(Way("polls", f"{self._device(key, at)}#polls", key if subject.key != key else ""))
        if self.whole and (wanted := f"region={subject.key}" if subject.kind == "region" else _each(devices)):
            found.append(Way("notices", f"/notices?{self._heard(wanted, at)}", ""))
        return found

    def page(self, subject: Subject, at: float) -> str:
        """The page of what it is about as it was then; "" where the viewer has none."""
        if subject.kind in OWN:
            return "/noc" if self.whole else ""
        found = address_of(subject, self.inventory)
        if found == "/iru":
            return f"/iru/{quote(subject.key, safe='')}" if self.whole else found
        return f"{found}?{self._between(at)}" if found and subject.kind not in ("site", "region") else found

    def _device(self, key: str, at: float) -> str:
        return f"/devices/{quote(key, safe='')}?{self._between(at)}"

    def _between(self, at: float) -> str:
        return urlencode(dict(zip(("from", "to"), self._minutes(at), strict=False)), safe=":")

    def _heard(self, wanted: str, at: float) -> str:
        times = dict(zip(("since", "until"), self._minutes(at), strict=False))
        return urlencode({"q": wanted, **times}, safe=":")

    def _minutes(self, at: float) -> tuple[str, ...]:
        """Whole minutes around it; without an end while that is still to come: what happens now is seen as it comes."""
        start = (at - AROUND_S) // MINUTE_S * MINUTE_S
        end = start + 2 * AROUND_S + MINUTE_S
        return (local(start), local(end)) if end <= self.now else (local(start),)


def _each(devices: list[str]) -> str:
    """A selector of the one device; of several no selector speaks, and their own pages show what they said."""
    return f"key={devices[0]}" if len(devices) == 1 else ""
