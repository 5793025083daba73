"""Outages in the course of a lab run: which devices were gone because of what, from when until when."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from inventory.model import Link
from noc.lab.paths import Plant
from noc.scenario.cutoff import Gap, behind, gaps, loose_ends, way_in
from noc.scenario.fault import PAGED_S, FaultKind
from noc.scenario.impact import Harm, harm_of, worst
from noc.scenario.rewind import Moment

Stretch = tuple[float, float | None]


@dataclass
class Outage:
    """One cause while it lasts. `owned` are the devices that are gone because of it now."""

    kind: FaultKind
    from_s: float
    roots: set[str]
    alike: set[str]
    owned: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    spare: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    harms: list[tuple[float, Harm]] = field(default_factory=list)
    to_s: float | None = None
    residual: bool = False
    hidden_s: list[float] = field(default_factory=list)  # when it fell behind another cut, came to light, fell ...

    @property
    def severity(self) -> str:
        return worst(harm.severity for _, harm in self.harms)

    @property
    def page_by_s(self) -> float | None:
        """When a page about it has to be out; None while it is none that wakes people."""
        found = (at + PAGED_S[harm.severity] for at, harm in self.harms if harm.severity in PAGED_S)
        return next(found, None)

    @property
    def overtaken_s(self) -> Stretch | None:
        """When it lay behind another cut, where that came before anybody had to know of it."""
        by = self.page_by_s
        if by is None or not self.hidden_s or self.hidden_s[0] >= by:
            return None
        return self.hidden_s[0], self.hidden_s[1] if len(self.hidden_s) > 1 else None

    @property
    def widest(self) -> Harm:
        return max((harm for _, harm in self.harms), key=lambda harm: (len(harm.institutions), len(harm.sites)))


class Book:
    """Takes the moments in turn and keeps account of who is gone because of whom."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._inventory = plant.inventory
        self._active: list[Outage] = []
        self._gone: set[str] = set()
        self._dead: set[str] = set()  # links
        self.outages: list[Outage] = []

    def take(self, moment: Moment) -> None:
        """Moments come in the order of time."""
        found = gaps(self._plant, moment)
        self._release(moment, found)
        fresh = [made for gap in found for made in self._own(moment, gap)]
        self._join_power(moment, fresh)
        fresh += self._loose(moment)
        self._active += fresh
        self.outages += fresh
        self._harm(moment)
        self._hide(moment, found)
        self._gone = {device for gap in found for device in gap.devices}
        self._dead = set(moment.epoch.dead)

    def _harm(self, moment: Moment) -> None:
        """A site that is cut off is harm done by whatever took its last router."""
        sites: dict[int, set[str]] = {}
        for site, devices in self._inventory.devices_at.items():
            keys = {device.key for device in devices}
            owners = [(outage.from_s, n) for n, outage in enumerate(self._active) if outage.owned & keys]
            if owners and keys.isdisjoint(moment.epoch.ways):
                sites.setdefault(max(owners)[1], set()).add(site)
        for number, outage in enumerate(self._active):
            harm = harm_of(
                self._inventory,
                moment,
                sites.get(number, set()),
                owned=outage.owned,
                broken=outage.links,
                new=outage.from_s == moment.at_s,
            )
            outage.harms.append((moment.at_s, harm))

    def _hide(self, moment: Moment, found: Iterable[Gap]) -> None:
        """None of its roots borders on what can be reached: nobody can tell it from what it hangs on."""
        gap_of = {device: gap for gap in found for device in gap.devices}
        for outage in self._active:
            seen = not outage.owned or any(outage.roots & gap_of[device].roots for device in outage.owned)
            if seen is bool(len(outage.hidden_s) % 2):
                outage.hidden_s.append(moment.at_s)

    def _release(self, moment: Moment, found: Iterable[Gap]) -> None:
        """Give back who is there again, or gone for another reason now; end what has nobody left."""
        gap_of = {device: gap for gap in found for device in gap.devices}
        broken = set(moment.damage.dark) | set(moment.epoch.dead)
        for outage in self._active:
            outage.links &= set(moment.epoch.dead)
            still = _still_cut(self._plant, outage, broken)
            outage.owned = {
                device
                for device in outage.owned
                if device in gap_of and (device in still or gap_of[device].roots <= outage.roots)
            }
            if not outage.owned and not (outage.links and outage.kind in ("circuit", "redundancy")):
                outage.to_s = moment.at_s
        self._active = [outage for outage in self._active if outage.to_s is None]

    def _own(self, moment: Moment, gap: Gap) -> list[Outage]:
        """Who is newly gone belongs to a known outage with the same roots, else to a new one."""
        owners = [outage for outage in self._active if outage.owned & gap.devices]
        fresh = set(gap.devices).difference(*(outage.owned for outage in owners))
        if not fresh:
            return []
        links = {root for root in gap.roots if root in self._inventory.links}
        same = next((one for one in owners if gap.alike & one.alike), None)
        known = set[str]().union(*(outage.roots for outage in owners))
        if same is not None and gap.roots <= known:
            same.owned |= fresh
            same.members |= fresh - self._gone
            same.spare |= fresh
            same.alike |= gap.alike
            same.roots |= gap.roots
            same.links |= links
            return []
        kind: FaultKind = "poller" if gap.blind else "link" if links and links == gap.roots else "device"
        alike = gap.alike | way_in(self._plant, moment, fresh, gap)
        made = Outage(kind, moment.at_s, set(gap.roots), set(alike), set(fresh), set(fresh), links=links)
        made.spare = set(gap.devices) - fresh
        made.residual = bool(fresh & self._gone)
        self._with_the_rest_of_its_site(moment, made)
        return [made]

    def _with_the_rest_of_its_site(self, moment: Moment, made: Outage) -> None:
        """The last router of a site with several cuts it off jointly with what took the others."""
        for site in {self._inventory.devices[device].site for device in made.owned}:
            devices = {device.key for device in self._inventory.devices_at[site]}
            if devices.isdisjoint(moment.epoch.ways):
                for other in self._active:
                    if other.owned & devices and other.owned <= devices:
                        made.alike |= other.alike | {site}
                        made.spare |= other.members

    def _join_power(self, moment: Moment, fresh: list[Outage]) -> None:
        """What began at once because of one power cut is one outage."""
        by_cause: dict[str, Outage] = {}
        for outage in list(fresh):
            for root in sorted(outage.roots):
                causes = moment.damage.dark.get(root, set())
                power = next((cause for cause in sorted(causes) if cause.startswith("power of ")), "")
                if not power:
                    continue
                first = by_cause.setdefault(power, outage)
                first.kind = "power" if first.kind == "device" else first.kind
                first.alike.add(power.removeprefix("power of "))
                if first is not outage and outage in fresh:
                    _join(first, outage)
                    fresh.remove(outage)

    def _loose(self, moment: Moment) -> Iterator[Outage]:
        known = {key for outage in self._active for key in outage.links if outage.kind in ("circuit", "redundancy")}
        for link in loose_ends(self._plant, moment):
            if link.key in known:
                continue
            made = Outage(_kind(link, moment), moment.at_s, {link.key}, {link.key, link.circuit} - {""})
            made.links = {link.key}
            made.residual = link.key in self._dead
            yield made


def _still_cut(plant: Plant, outage: Outage, broken: Collection[str]) -> frozenset[str]:
    """Whom that of its roots which is still broken cuts off, whatever else is broken."""
    left = sorted(outage.roots & set(broken))
    links = [root for root in left if root in plant.inventory.links]
    return behind(plant, [root for root in left if root in plant.inventory.devices], links)


def _join(first: Outage, other: Outage) -> None:
    for name in ("roots", "alike", "owned", "members", "spare", "links"):
        getattr(first, name).update(getattr(other, name))


def _kind(link: Link, moment: Moment) -> FaultKind:
    return "circuit" if len(link.ends) == 1 or link.circuit in moment.damage.circuits else "redundancy"
