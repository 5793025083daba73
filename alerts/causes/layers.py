"""What fell when, and what it took with it: devices and links that hang together, gone through in the order of events.

The board says how things stand now. A cause has a history: a router that was dead before its parent died stays a fault
of its own, and of two cuts of a ring it is the second that cuts somebody off. Times of first evidence tell it, so the
same alarms give the same causes in whatever order they came (SEMANTICS 18).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from alerts.causes.draft import CHAIN_S, Draft, Element, Fallen, subject_of
from alerts.subject import Subject
from inventory.topology import Edge, Roots, Topology, explain


@dataclass(slots=True)
class Layers:
    """`devices` and `links` fell; `shut` are links shut by configuration. `owner` tells the draft of each element."""

    topology: Topology
    devices: Mapping[str, Fallen]
    links: Mapping[str, Fallen]
    ends: Mapping[str, tuple[str, ...]]  # link -> its devices
    shut: Collection[str] = ()
    cores: Collection[str] = ()
    owner: dict[Element, Draft] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)

    def draw(self) -> list[Draft]:
        """One draft for each cause, in the order in which they began."""
        for fallen in self._together():
            for layer in _in_time(fallen):
                self._settle(layer)
        return self.drafts

    def _together(self) -> Iterator[list[Fallen]]:
        """Fallen devices that hang together with the fallen links on them; each lone link by itself."""
        seen: set[str] = set()
        near: dict[str, list[str]] = {}
        for link in self.links:
            touched = [device for device in self.ends[link] if device in self.devices]
            if not touched:
                yield [self.links[link]]
            else:
                near.setdefault(touched[0], []).append(link)
        for device in self.devices:
            if device not in seen:
                members, _ = self.topology.region(device, self.devices)
                seen.update(members)
                links = (self.links[link] for member in members for link in near.get(member, ()))
                yield [*(self.devices[member] for member in members), *links]

    def _settle(self, layer: "Layer") -> None:
        lost = {each for each in layer.devices if self.devices[each].stands(layer.first, layer.last)}
        down = {each for each in layer.links if self.links[each].stands(layer.first, layer.last)}
        seen: set[str] = set()
        for device in layer.new_devices:
            if device not in seen and ("device", device) not in self.owner:
                members, border = self.topology.region(device, lost)
                seen.update(members)
                self._explain(members, border, down)
        for link in layer.new_links:
            if ("link", link) not in self.owner:
                self._lone_link(link, lost)

    def _explain(self, members: list[str], border: Sequence[Edge], down: set[str]) -> None:
        """Find what took this region, and give its members to that; what was taken before stays where it is."""
        region = Region(members, border, down, {edge.link for edge in border if ("link", edge.link) in self.owner})
        roots = region.roots(self.shut)
        elements = [("device", key) for key in sorted(roots.devices)] + [("link", key) for key in sorted(roots.links)]
        new = [each for each in elements if each not in self.owner]
        old = [each for each in elements if each in self.owner]
        unowned = [each for each in sorted(members) if ("device", each) not in self.owner]
        if not elements:  # no declared link leads there: there is nothing else to blame
            new = [("device", each) for each in unowned]
        sources = {region.inside(each): each for each in old}
        if new:
            draft = self._draft(new)
            passed = {key for kind, key in old if kind == "device"}
            reached = self._reached([region.inside(each) for each in new], members, passed)
            self._own(draft, new, [each for each in unowned if each in reached])
            draft.earlier = self._needed(draft, region, old)
        left = [each for each in unowned if ("device", each) not in self.owner]
        if left:
            self._give(left, members, sources)

    def _give(self, left: Sequence[str], members: Sequence[str], sources: Mapping[str, Element]) -> None:
        """What fell later, and has nothing new to blame, goes with the nearest root of before."""
        nearest = self.topology.causes(members, {device: "/".join(each) for device, each in sorted(sources.items())})
        for device in left:
            kind, _, key = nearest[device].partition("/")
            self._own(self.owner[kind, key], (), [device])

    def _draft(self, elements: Sequence[Element]) -> Draft:
        fallen = sorted((self._fallen(each) for each in elements), key=lambda each: (each.bad_since, each.element))
        draft = Draft("reachability", max(each.bad_since for each in fallen))
        draft.roots = [subject_of(each.element) for each in self._named_first(fallen)]
        self.drafts.append(draft)
        return draft

    def _named_first(self, fallen: list[Fallen]) -> list[Fallen]:
        """A core, else the one with most behind it, gives the name; of equals the newest."""

        def weight(each: Fallen) -> tuple[bool, int, float, Element]:
            depth = len(self.topology.behind(each.key)) if each.element[0] == "device" else 0
            return each.key not in self.cores, -depth, -each.bad_since, each.element

        return sorted(fallen, key=weight)

    def _fallen(self, element: Element) -> Fallen:
        return (self.devices if element[0] == "device" else self.links)[element[1]]

    def _own(self, draft: Draft, roots: Sequence[Element], devices: Sequence[str]) -> None:
        for element in [*roots, *(("device", each) for each in devices)]:
            self.owner.setdefault(element, draft)
            if self.owner[element] is draft:
                (draft.devices if element[0] == "device" else draft.links).add(element[1])

    def _reached(self, starts: Sequence[str], members: Collection[str], barred: Collection[str]) -> set[str]:
        """Members that hang together with the starts without passing what has been a root before."""
        inside = set(members)
        found = set(starts)
        ahead = list(starts)
        while ahead:
            for far, _ in self.topology.neighbours(ahead.pop()):
                if far in inside and far not in found and far not in barred:
                    found.add(far)
                    ahead.append(far)
        return found

    def _needed(self, draft: Draft, region: "Region", old: Sequence[Element]) -> list[Subject]:
        """Old roots and cuts without which what is cut off now would still answer over them."""
        dead = {root.key for root in draft.roots if root.kind == "device"}
        gone = draft.devices - (dead & region.certain)
        older = dict.fromkeys([*old, *(("link", link) for link in sorted(region.old_cut))])
        barred = dead | {key for kind, key in older if kind == "device"}
        found = []
        for element in older:
            start = region.inside(element)
            reached = self._reached([start], region.members, barred - {start})
            border = (
                {far for each in reached for far, _ in self.topology.neighbours(each)} if start in reached else set()
            )
            if self.owner[element] is not draft and (reached | border & dead) & gone:
                found.append(subject_of(element))
        return found

    def _lone_link(self, link: str, lost: set[str]) -> None:
        """Behind the silent router it ends on; with both ends answering it is lost redundancy, a cause of its own."""
        silent = sorted(device for device in self.ends[link] if device in lost and ("device", device) in self.owner)
        if silent:
            owners = [self.owner["device", device] for device in silent]
            draft = max(owners, key=lambda each: each.order)
            self.owner["link", link] = draft
            draft.links.add(link)
            return
        self._own(self._draft([("link", link)]), [("link", link)], ())


@dataclass(frozen=True)
class Region:
    """Lost devices that hang together, and the edges to what answers; `taken` are links whose cut is known already."""

    members: Sequence[str]
    border: Sequence[Edge]
    down: Collection[str]
    taken: Collection[str]

    @cached_property
    def old_cut(self) -> frozenset[str]:
        return frozenset(edge.link for edge in self.border if edge.link in self.down and edge.link in self.taken)

    @cached_property
    def certain(self) -> frozenset[str]:
        """Devices behind a port that reads up: dead themselves."""
        return frozenset(edge.inside for edge in self.border if edge.link not in self.down)

    def inside(self, element: Element) -> str:
        kind, key = element
        return key if kind == "device" else next(edge.inside for edge in self.border if edge.link == key)

    def roots(self, shut: Collection[str]) -> Roots:
        """A router whose other ways were cut before, and whose last one now reads down: that cut explains it as simply.

        Several of its links that went down at one moment are still one dead device. Where all its own ways out were cut
        before, it hung on something else that is gone now.
        """
        roots = explain(self.border, self.down, shut)
        devices, links = set(roots.devices), set(roots.links)
        for device in roots.devices - self.certain:
            cut = {edge.link for edge in self.border if edge.inside == device}
            known, fresh = cut & self.old_cut, cut - self.old_cut
            others = devices - {device} or links - self.old_cut
            if known and (len(fresh) == 1 or (not fresh and others)):
                devices.discard(device)
                links |= cut
        return Roots(frozenset(devices), frozenset(links))


@dataclass(frozen=True, slots=True)
class Layer:
    """What fell within one event. `devices` and `links` are all that hang together, at whatever time they fell."""

    first: float
    last: float
    new_devices: tuple[str, ...]
    new_links: tuple[str, ...]
    devices: tuple[str, ...]
    links: tuple[str, ...]


def _in_time(fallen: Sequence[Fallen]) -> Iterator[Layer]:
    """Layers, the earliest first; something that fell, came back and fell again is in two of them."""
    devices = tuple(sorted(each.key for each in fallen if each.element[0] == "device"))
    links = tuple(sorted(each.key for each in fallen if each.element[0] == "link"))
    moments = sorted({(at, each.element) for each in fallen for at in (each.since, each.bad_since)})
    start = 0
    for place in range(1, len(moments) + 1):
        if place == len(moments) or moments[place][0] - moments[place - 1][0] > CHAIN_S:
            chunk = moments[start:place]
            new = sorted({element for _, element in chunk})
            yield Layer(
                chunk[0][0],
                chunk[-1][0],
                tuple(key for kind, key in new if kind == "device"),
                tuple(key for kind, key in new if kind == "link"),
                devices,
                links,
            )
            start = place
