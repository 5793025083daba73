"""The declared links held against what the devices see: as declared, elsewhere, not seen, or nobody tells."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from inventory.model import End, Inventory, Link
from inventory.seen import Directory, Sighting, Told, names_of, sightings

Verdict = Literal["as declared", "other port", "other device", "not seen", "not told"]
DIFFERENT: frozenset[Verdict] = frozenset({"other port", "other device", "not seen"})
# Of two ends the one that says more decides: a contradiction before a confirmation before silence
_WEIGHT: Mapping[Verdict, int] = {"other device": 4, "other port": 3, "as declared": 2, "not seen": 1, "not told": 0}


@dataclass(frozen=True, slots=True)
class Finding:
    """One declared link. `what` says in words what was seen instead; `ends` is what each end tells, by device."""

    link: str
    a: str
    b: str
    verdict: Verdict
    what: str = ""
    ends: tuple[tuple[str, Verdict], ...] = ()


@dataclass(frozen=True, slots=True)
class Undeclared:
    """Two devices of the inventory that see each other where no link is declared; the far port as it is announced."""

    a: str
    b: str
    told_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cabling:
    """`unknown` are boxes that the inventory does not know; they are no mistake by themselves."""

    links: tuple[Finding, ...]
    undeclared: tuple[Undeclared, ...]
    unknown: tuple[Sighting, ...]
    silent: tuple[
        str, ...
    ]  # devices that told of no neighbours, because nothing is known of them or they speak nothing

    @property
    def different(self) -> bool:
        return bool(self.undeclared) or any(finding.verdict in DIFFERENT for finding in self.links)


def check(inventory: Inventory, told: Mapping[str, Told]) -> Cabling:
    """External links are left out: at their far end nobody of ours stands."""
    directory = Directory(inventory, told)
    left = {key: list[Sighting]() for key in inventory.devices}
    for one in sightings(directory, {key: each for key, each in told.items() if key in inventory.devices}):
        left[one.device].append(one)
    bench = _Bench(inventory, told, directory, left)
    links = tuple(bench.finding(link) for link in inventory.links.values() if len(link.ends) == 2)
    rest = [one for seen in left.values() for one in seen if one not in bench.used]
    silent = tuple(key for key in inventory.devices if key not in told or not told[key].speaks)
    unknown = tuple(one for one in rest if one.far is None)
    return Cabling(links, _undeclared([one for one in rest if one.far not in (None, one.device)]), unknown, silent)


class _Heard:
    """What one device hears, by where and by whom: hubs have hundreds of links."""

    def __init__(self, seen: Iterable[Sighting]) -> None:
        self._at: dict[str, list[Sighting]] = {}
        self._of: dict[str | None, list[Sighting]] = {}
        for one in seen:
            self._of.setdefault(one.far, []).append(one)
            for name in names_of(one.interface) | names_of(one.bundle or ""):
                self._at.setdefault(name, []).append(one)

    def at(self, interface: str) -> list[Sighting]:
        """On this declared interface."""
        found = dict.fromkeys(one for name in names_of(interface) for one in self._at.get(name, ()))
        return [one for one in found if one.at(interface)]

    def of(self, device: str) -> list[Sighting]:
        """Of that far device, anywhere."""
        return self._of.get(device, [])


class _Bench:
    """The links one by one; `used` are the sightings that a declared link explains."""

    def __init__(
        self,
        inventory: Inventory,
        told: Mapping[str, Told],
        directory: Directory,
        seen: Mapping[str, list[Sighting]],
    ) -> None:
        self._told = told
        self._directory = directory
        self._seen = {device: _Heard(rows) for device, rows in seen.items()}
        self._between: dict[tuple[str, str], list[tuple[Link, End]]] = {}
        for link in inventory.links.values():
            for end, far in ((link.a, link.b), (link.b, link.a)):
                self._between.setdefault((end.device, far.device), []).append((link, end))
        self.used: set[Sighting] = set()

    def finding(self, link: Link) -> Finding:
        found = [(end.device, *self._end(link, end, far)) for end, far in ((link.a, link.b), (link.b, link.a))]
        _, verdict, what = max(found, key=lambda each: _WEIGHT[each[1]])
        return Finding(
            link.key, str(link.a), str(link.b), verdict, what, tuple((device, said) for device, said, _ in found)
        )

    def _end(self, link: Link, end: End, far: End) -> tuple[Verdict, str]:
        told = self._told.get(end.device)
        if told is None or not told.speaks:
            return "not told", ""
        heard = self._seen[end.device]
        here = heard.at(end.interface)
        right = [one for one in here if one.far == far.device]
        right += [one for one in heard.of(far.device) if one not in right and self._member(one, link, end)]
        if right:
            return self._right_device(right, end, far)
        elsewhere = [one for one in heard.of(far.device) if not self._explained(one, link)]
        if elsewhere:
            self.used.update(elsewhere[:1])
            return "other port", f"{end.device} sees {far.device} on {elsewhere[0].interface}, not on {end.interface}"
        strangers = [one for one in here if not self._explained(one, link)]
        if strangers:
            self.used.update(strangers)
            return "other device", f"{end} sees {strangers[0].far or strangers[0].called}, not {far.device}"
        return "not seen", ""

    def _right_device(self, right: list[Sighting], end: End, far: End) -> tuple[Verdict, str]:
        self.used.update(right)
        wrong = [one for one in right if self._directory.leads_to(one, far.interface) is False]
        if len(wrong) < len(right):
            return "as declared", ""
        there = wrong[0].far_interface or wrong[0].far_port
        return "other port", f"{end} sees {far.device} {there}, not {far.interface}"

    def _member(self, one: Sighting, link: Link, end: End) -> bool:
        """Whether it may have been heard on a member of the declared aggregate: the device does not say of which."""
        aggregate = one.bundle is None and self._directory.aggregate(end.device, end.interface)
        return aggregate and not self._explained(one, link)

    def _explained(self, one: Sighting, but: Link) -> bool:
        """Whether another declared link accounts for it."""
        between = self._between.get((one.device, one.far or ""), ())
        return any(link is not but and one.at(end.interface) for link, end in between)


def _undeclared(rest: list[Sighting]) -> tuple[Undeclared, ...]:
    """Both ends mostly tell of the same cable: once is enough."""
    found: dict[frozenset[str], Undeclared] = {}
    for one in rest:
        near = f"{one.device}:{one.bundle or one.interface}"
        far = f"{one.far}:{one.far_interface or one.far_port}" if one.far_interface or one.far_port else str(one.far)
        key = frozenset((near.casefold(), far.casefold()))
        there = found.get(key)
        if there is None:
            found[key] = Undeclared(near, far, (one.device,))
        elif one.device not in there.told_by:
            found[key] = Undeclared(there.a, there.b, (*there.told_by, one.device))
    return tuple(found.values())
