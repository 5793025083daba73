"""Who hangs on what: devices and links as a graph, seen from where the poller's own cable ends."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import networkx as nx

from inventory.model import Inventory

POLLER = ""  # stands beside the attachment as the one neighbour that always answers


@dataclass(frozen=True, slots=True)
class Edge:
    """A link that leads from what answers (`outside`) into what does not (`inside`)."""

    outside: str
    link: str
    inside: str


@dataclass(frozen=True, slots=True)
class Roots:
    """What, taken together, makes a cut: keys of devices and of links."""

    devices: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


def explain(border: Collection[Edge], down_links: Collection[str], shut_links: Collection[str] = ()) -> Roots:
    """The fewest elements that explain why nothing inside answers, given every edge into it.

    A device behind a link whose port still reads up is dead itself. Where all ports towards it read down, one dead
    device explains more simply than several cut links, and as simply as one (from afar they look the same);
    several devices with one cut link each are links cut. A link shut by configuration needs no guess: it is cut, and
    only what is left of the border says anything about the devices.
    """
    shut = {edge.link for edge in border if edge.link in shut_links}
    edges = [edge for edge in border if edge.link not in shut]
    dead = {edge.inside for edge in edges if edge.link not in down_links}
    cut = [edge for edge in edges if edge.link in down_links and edge.inside not in dead]
    devices, links = {edge.inside for edge in cut}, {edge.link for edge in cut}
    if len(devices) == 1 or len(links) > len(devices):
        return Roots(frozenset(dead | devices), frozenset(shut))
    return Roots(frozenset(dead), frozenset(links | shut))


class Topology:
    """Built once from an inventory; every question is answered without asking the network."""

    def __init__(self, inventory: Inventory, attached_to: str) -> None:
        """`attached_to`: key of the device that the poller's cable ends on; KeyError when there is none such."""
        if attached_to not in inventory.devices:
            raise KeyError(attached_to)
        self.attached_to = attached_to
        self._graph: nx.MultiGraph[str] = nx.MultiGraph()
        self._graph.add_nodes_from(inventory.devices)
        for link in inventory.links.values():
            if not link.a.external and not link.b.external:
                self._graph.add_edge(link.a.device, link.b.device, key=link.key)
        self._near: Mapping[str, tuple[tuple[str, str], ...]] = {
            device: tuple((far, key) for far, keys in self._graph.adj[device].items() for key in keys)
            for device in self._graph
        }

    def neighbours(self, device: str) -> tuple[tuple[str, str], ...]:
        """(device at the other end, link) for every link that joins this device to another of ours."""
        return self._near[device]

    def reachable(self, down_devices: Collection[str] = (), down_links: Collection[str] = ()) -> set[str]:
        """Devices with a path from the poller on which nothing is down; sets are quickest."""
        if self.attached_to in down_devices:
            return set()
        found = {self.attached_to}
        ahead = [self.attached_to]
        near = self._near
        while ahead:
            for far, link in near[ahead.pop()]:
                if far not in found and far not in down_devices and link not in down_links:
                    found.add(far)
                    ahead.append(far)
        return found

    def region(self, start: str, members: Collection[str]) -> tuple[list[str], list[Edge]]:
        """What hangs together with `start` inside `members`, and the edges from there to all other devices."""
        found, border, ahead = {start: None}, [], [start]
        while ahead:
            device = ahead.pop()
            if device == self.attached_to:
                border.append(Edge(POLLER, "", device))
            for far, link in self._near[device]:
                if far not in members:
                    border.append(Edge(far, link, device))
                elif far not in found:
                    found[far] = None
                    ahead.append(far)
        return list(found), border

    def roots(self, down_devices: Collection[str], down_links: Collection[str] = ()) -> Roots:
        """The down elements on the boundary of what still answers; jointly they make the cut."""
        live = self.reachable(set(down_devices), set(down_links))
        left = self._graph.nodes - live
        devices: set[str] = set()
        links: set[str] = set()
        while left:
            members, border = self.region(min(left), left)
            found = explain(border, down_links)
            devices |= found.devices
            links |= found.links
            left -= set(members)
        return Roots(frozenset(devices), frozenset(links))

    def causes(self, members: Collection[str], sources: Mapping[str, str]) -> dict[str, str]:
        """Member -> the cause of the source nearest to it; `sources` maps members to causes."""
        found = dict(sorted(sources.items()))
        ahead = deque(found)
        inside = set(members)
        while ahead:
            device = ahead.popleft()
            for far, _ in self._near[device]:
                if far in inside and far not in found:
                    found[far] = found[device]
                    ahead.append(far)
        return found

    @cached_property
    def _depending(self) -> Mapping[str, tuple[str, ...]]:
        """Device -> those whose last common point on all paths from the poller it is (the dominator tree)."""
        parents = nx.immediate_dominators(nx.DiGraph(self._graph), self.attached_to)
        found: dict[str, list[str]] = {}
        for device, parent in parents.items():
            if parent is not None and parent != device:
                found.setdefault(parent, []).append(device)
        return {device: tuple(children) for device, children in found.items()}

    def behind(self, device: str) -> frozenset[str]:
        """Devices that lose their last path from the poller when this one dies; not itself."""
        found: set[str] = set()
        ahead = [device]
        while ahead:
            children = self._depending.get(ahead.pop(), ())
            found.update(children)
            ahead.extend(children)
        return frozenset(found)

    @cached_property
    def bridges(self) -> frozenset[str]:
        """Links without which something is cut off."""
        simple: nx.Graph[str] = nx.Graph(self._graph)
        return frozenset(
            next(iter(self._graph[near][far]))
            for near, far in cast("Iterable[tuple[str, str]]", nx.bridges(simple))
            if self._graph.number_of_edges(near, far) == 1
        )
