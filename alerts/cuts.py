"""Who among the silent is down and who only unreachable behind it, in whatever order they were asked (SEMANTICS 11, 18)."""

from collections.abc import Iterable, Mapping

from alerts.blind import Witnesses
from alerts.standing import DeviceStanding, Ruling
from inventory.states import State
from inventory.topology import POLLER, Edge, Topology, explain

PATIENCE_S = 15.0  # a neighbour that neither answers nor proves silent is not waited for longer
MOST_HURRIED = 50  # at a time, for the sake of mere suspects' neighbours
ROUTING_S = 20.0  # what is behind a router or link that came back is reached only when routing has found it again


class Cuts:
    """Keeps the set of silent devices; a verdict on one waits until all its neighbours were asked after its proof."""

    def __init__(self, topology: Topology, standings: Mapping[str, DeviceStanding], witnesses: Witnesses) -> None:
        self._topology = topology
        self._standings = standings
        self._witnesses = witnesses
        self._silent: set[str] = set()
        self._open: set[str] = set()  # silent, and to be judged (again)
        self._mending: dict[str, float] = {}  # shown as gone, its way just came back: not judged before (UTC seconds)
        self.hurried: set[str] = set()  # to be asked now, so that others can be judged
        self.down_links: set[str] = set()
        self.shut_links: set[str] = set()  # of these, those shut by configuration

    def fell_silent(self, device: str) -> None:
        self._silent.add(device)
        self._reopen(device)

    def came_back(self, device: str, now: float) -> None:
        """What hangs on it silently is proven anew: its silence so far may have been this device's."""
        if device not in self._silent:
            return
        self._silent.discard(device)
        self._open.discard(device)
        self._mending.pop(device, None)
        for far, _ in self._topology.neighbours(device):
            if far in self._silent:
                self._mend(far, now)

    def reconsider(
        self, link: str, ends: Iterable[str], now: float, *, down: bool, shut: bool = False, up: bool = True
    ) -> None:
        """A link went down or came up, or it is known why: whoever is silent at its ends is judged again.

        Neither `down` nor `up`: both its ends fell silent. Nothing came back, so nobody has to be proven anew.
        """
        (self.down_links.add if down else self.down_links.discard)(link)
        (self.shut_links.add if down and shut else self.shut_links.discard)(link)
        for device in ends:
            if device in self._silent and down:
                self._open.add(device)
            elif device in self._silent and up:
                self._mend(device, now)

    def awaits(self, device: str) -> bool:
        """Is somebody judged by what this device answers?"""
        return bool(self._open) and any(far in self._open for far, _ in self._topology.neighbours(device))

    def suspect(self, device: str) -> None:
        """A neighbour's port says that it is gone; where these are few, who may hang on it is asked as well."""
        self.hurried.add(device)
        if len(self.hurried) + len(self._topology.neighbours(device)) <= MOST_HURRIED:
            self.doubt(device)

    def doubt(self, device: str) -> None:
        """Probes are lost: ask the neighbours as well, before anything is decided; those in doubt are asked anyway."""
        calm = (far for far, _ in self._topology.neighbours(device) if not self._standings[far].watch.suspicious)
        self.hurried.update(far for far in calm if far not in self._silent)

    def _reopen(self, device: str) -> None:
        self._open.add(device)
        self._open.update(far for far, _ in self._topology.neighbours(device) if far in self._silent)

    def _recheck(self, device: str, *, anew: bool = False) -> None:
        self._standings[device].watch.recheck(anew=anew)
        self._open.add(device)
        self.hurried.add(device)

    def _mend(self, device: str, now: float) -> None:
        """Its silence so far is explained; of the silence from now on, the first seconds are routing's."""
        self._recheck(device)
        if self._standings[device].shown.gone:
            self._mending[device] = now + ROUTING_S

    def settle(self, now: float) -> dict[str, Ruling]:
        """Verdicts on silent devices that can be given now; none while the poller itself may be blind."""
        if not self._open:
            self._witnesses.clear()
            return {}
        verdicts: dict[str, Ruling] = {}
        judged: set[str] = set()
        seen: set[str] = set()
        for device in sorted(self._open):
            if device not in seen:
                members, border = self._topology.region(device, self._silent)
                seen.update(members)
                verdicts.update(self._judge(members, border, now, judged))
        if self._withheld(verdicts, now):
            return {}
        self._open -= judged
        return verdicts

    def _withheld(self, verdicts: Mapping[str, Ruling], now: float) -> bool:
        if all(self._standings[device].shown.gone for device in verdicts):
            return False
        seen = self._topology.reachable(self._silent, self.down_links)
        held = self._witnesses.held
        if self._witnesses.withhold(now, self._standings.keys() - seen):
            return True
        if held:  # sight came back: what was proven in the dark is proven again
            for device in sorted(self._silent):
                if not self._standings[device].shown.gone:
                    self._recheck(device, anew=True)
        return held

    def _judge(self, members: list[str], border: list[Edge], now: float, judged: set[str]) -> dict[str, Ruling]:
        if any(self._mending.get(each, now) > now for each in members):
            return {}
        live = [edge for edge in border if self._answers(edge, now)]
        if len(live) < len(border) or not all(self._standings[each].watch.settled for each in members):
            sure = {edge.inside for edge in live if edge.link not in self.down_links}
            return {device: self._verdict(device, "") for device in sure}
        judged.update(members)
        roots = explain(live, self.down_links, self.shut_links)
        sources = {edge.inside: edge.link for edge in live if edge.link in roots.links}
        sources.update((device, "") for device in roots.devices)
        if not sources:  # no declared link leads there: there is nothing else to blame
            sources = dict.fromkeys(members, "")
        causes = self._topology.causes(members, {key: cause or key for key, cause in sources.items()})
        return {each: self._verdict(each, "" if sources.get(each) == "" else causes.get(each, "")) for each in members}

    def _answers(self, edge: Edge, now: float) -> bool:
        """Did the device outside answer after the one inside had proven silent? If not, it is asked now."""
        proven_at = self._standings[edge.inside].watch.confirmed_at
        if proven_at is None:
            return False
        if edge.outside == POLLER:
            return True
        answered_at = self._standings[edge.outside].watch.answered_at
        if answered_at is not None and answered_at >= proven_at:
            return True
        self.hurried.add(edge.outside)
        return now - proven_at >= PATIENCE_S

    def _verdict(self, device: str, cause: str) -> Ruling:
        watch = self._standings[device].watch
        return Ruling(State.UNREACHABLE if cause else State.DOWN, watch.since, watch.reason, cause)
