"""What must hold between the entries: references that lead somewhere, one use of an end, no cycles of parents."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.contracts import contract_doubts, contract_mistakes
from inventory.mistakes import Mistake, did_you_mean
from inventory.model import Inventory, Link
from inventory.points import point_mistakes

Place = Callable[..., tuple[str, int]]

MOST_HINTS = 100
REFERENCES = (  # section, field, section that it must name a key of
    ("institutions", "site", "sites"),
    ("sites", "region", "regions"),
    ("sites", "parent", "sites"),
    ("devices", "site", "sites"),
    ("links", "provider", "providers"),
    ("links", "circuit", "circuits"),
    ("circuits", "provider", "providers"),
    ("contracts", "provider", "providers"),
    ("contracts", "circuits", "circuits"),
    ("points", "institution", "institutions"),
    ("points", "device", "devices"),
    ("points", "contract", "contracts"),
    ("services", "sites", "sites"),
)
MAY_BE_EMPTY = frozenset({("points", "contract")})


@dataclass(slots=True)
class Soundness:
    """Looks over well-formed entries. `known` holds every key that was written, sound or not, so that one bad site
    is one mistake and not one more for each device in it. `place(section, key, *loc)` gives file and line."""

    inventory: Inventory
    known: Mapping[str, Mapping[str, Any]]
    place: Place
    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    hints: int = MOST_HINTS

    def look(self, *, whole: bool = True) -> None:
        """`whole`: everything was read. Where a file is broken, what seems to be missing may stand in its rest."""
        for section, name, target in REFERENCES if whole else ():
            self._references(section, name, target)
        self._ends(whole)
        self._ends_once()
        self._addresses()
        self._sources()
        self._parents()
        for message, where in (
            *contract_mistakes(self.inventory, self.place),
            *point_mistakes(self.inventory, self.place),
        ):
            self._note(message, where)
        self._warn()

    def _note(self, message: str, where: tuple[Any, ...], hint: str = "") -> None:
        file, line = self.place(*where)
        self.mistakes.append(Mistake(file, line, message, hint))

    def _hint(self, word: str, known: Mapping[str, Any]) -> str:
        """The nearest word; looked for among thousands, so only so many times."""
        self.hints -= 1
        return did_you_mean(word, known) if self.hints >= 0 else ""

    def _references(self, section: str, name: str, target: str) -> None:
        known = self.known[target]
        one, wanted = section[:-1], target[:-1]
        for key, entity in getattr(self.inventory, section).items():
            value = getattr(entity, name)
            for index, word in enumerate(value if isinstance(value, tuple) else (value,)):
                if word is not None and word not in known and (word or (section, name) not in MAY_BE_EMPTY):
                    where = (section, key, name, index) if isinstance(value, tuple) else (section, key, name)
                    self._note(f"{one} {key!r}: {name} {word!r} is no {wanted}", where, self._hint(word, known))

    def _ends(self, whole: bool) -> None:
        devices = self.known["devices"]
        for key, link in self.inventory.links.items():
            for side, end in (("a", link.a), ("b", link.b)):
                if whole and not end.external and end.device not in devices:
                    message = f"link {key!r}: end {side} names {end.device!r}, which is no device"
                    self._note(message, ("links", key, side), self._hint(end.device, devices))
            if link.a.external and link.b.external:
                self._note(f"link {key!r}: both ends are external", ("links", key, "b"))
            elif link.a.external:
                self._note(f"link {key!r}: the external end is 'b', ours is 'a'", ("links", key, "a"))
            elif link.a.device == link.b.device:
                self._note(f"link {key!r} joins {link.a.device!r} to itself", ("links", key, "b"))

    def _ends_once(self) -> None:
        used: dict[tuple[str, str], tuple[str, str]] = {}
        for key, side, end in _own_ends(self.inventory.links):
            before = used.setdefault((end.device, end.interface), (key, side))
            if before != (key, side):
                file, line = self.place("links", before[0], before[1])
                message = f"link {key!r}: end {end} is used by link {before[0]!r} already ({file}:{line})"
                self._note(message, ("links", key, side))

    def _addresses(self) -> None:
        # one address may stand for many agents behind a proxy when each has its own credential
        used: dict[tuple[str, int, str], str] = {}
        for key, device in self.inventory.devices.items():
            before = used.setdefault((device.address.lower(), device.snmp.port, device.snmp.credential), key)
            if before != key:
                file, line = self.place("devices", before, "address")
                asked = f"{device.address} port {device.snmp.port}"
                message = f"device {key!r}: {asked} is the address of {before!r} already ({file}:{line})"
                self._note(message, ("devices", key, "address"))

    def _sources(self) -> None:
        # a trap or a syslog line says who sent it only by the address that it came from
        devices = self.inventory.devices
        used = {device.address.lower(): (key, "address") for key, device in devices.items()}
        said: dict[str, tuple[str, str]] = {}
        for key, device in devices.items():
            for number, source in enumerate(device.sources):
                before = said.setdefault(source, used.get(source, (key, "sources")))
                if before[0] != key:
                    file, line = self.place("devices", *before)
                    message = f"device {key!r}: source {source} belongs to {before[0]!r} already ({file}:{line})"
                    self._note(message, ("devices", key, "sources", number))

    def _parents(self) -> None:
        sites = self.inventory.sites
        done: set[str] = set()
        for start in sites:
            path: dict[str, None] = {}
            key: str | None = start
            while key is not None and key in sites and key not in done and key not in path:
                path[key] = None
                key = sites[key].parent
            if key in path:
                cycle = list(path)[list(path).index(str(key)) :]
                first = min(cycle)
                turn = cycle.index(first)
                round_trip = " -> ".join([*cycle[turn:], *cycle[:turn], first])
                self._note(f"site {first!r}: cycle of parents: {round_trip}", ("sites", first, "parent"))
            done.update(path)

    def _warn(self) -> None:
        for message, where in _doubts(self.inventory):
            file, line = self.place(*where)
            self.warnings.append(Mistake(file, line, message))


def _own_ends(links: Mapping[str, Link]) -> Iterator[tuple[str, str, Any]]:
    for key, link in links.items():
        for side, end in (("a", link.a), ("b", link.b)):
            if not end.external:
                yield key, side, end


def _doubts(inventory: Inventory) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What is allowed but probably not meant."""
    with_device = {device.site for device in inventory.devices.values()}
    for key, site in inventory.sites.items():
        if site.member and key not in with_device:
            yield f"site {key!r} has no device: nothing there can be asked", ("sites", key)
    carried = {link.circuit for link in inventory.links.values()}
    for key in inventory.circuits:
        if key not in carried:
            yield f"circuit {key!r} is on no link", ("circuits", key)
    for key, link in inventory.links.items():
        carrier = inventory.circuits.get(link.circuit)
        if carrier is not None and carrier.provider != link.provider:
            message = f"link {key!r}: provider {link.provider!r}, but circuit {carrier.key!r} is {carrier.provider!r}'s"
            yield message, ("links", key, "provider")
    for key, contact in inventory.contacts.items():
        if not contact.telephone and not contact.email:
            yield f"contact {key!r} has neither telephone nor e-mail", ("contacts", key)
    yield from contract_doubts(inventory)
