"""What only shows that something else is broken: sessions, loss, round trips, load, capacity (SEMANTICS 47)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from math import inf

from alerts.alarm import Alarm, Family
from alerts.cause import Role
from alerts.causes.draft import Draft, Element
from alerts.causes.grounds import Grounds
from alerts.view import View
from inventory.states import State

BEFORE_S = 60.0  # a symptom may be seen first
AFTER_S = 300.0  # hold times of BGP are 180 s
REROUTED_S = 120.0
TOGETHER_S = 60.0
ALONG_S = 240.0  # windows of loss and round trip fill at different moments along one way
ECHO_S = 600.0  # of a fault that is over: sessions and windows take that long to be well again
LOAD_ECHO_S = 1800.0  # what filled because of it is measured over a quarter of an hour and more
BOOKED = frozenset({"contract-ending", "over-committed", "over-subscribed"})  # codes: no cut explains what is agreed
REROUTABLE = frozenset({"device", "site", "link"})


@dataclass
class Symptoms:
    """Attaches alarms to drafts; `owner` tells who has a device or link, `drafts` are those of reachability."""

    grounds: Grounds
    owner: Mapping[Element, Draft]
    drafts: Sequence[Draft]
    circuits: dict[str, list[Draft]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for draft in self.drafts:
            for circuit in draft.circuits:
                self.circuits.setdefault(circuit, []).append(draft)

    def attach(self, alarm: Alarm) -> bool:
        """Give it to the cause it is a symptom of; False where there is none."""
        if alarm.evidence.code in BOOKED:
            return False
        touched = [each for each in self._touched(alarm) if each.family == "reachability"]
        after_s = inf if self._stands_in(alarm) else AFTER_S
        fitting = [draft for draft in touched if _in_time(alarm, draft, after_s)]
        if not fitting:
            fitting = [draft for draft in self._rerouted(alarm) if _in_time(alarm, draft, REROUTED_S)]
        if not fitting:
            return False
        draft = min(fitting, key=lambda each: (abs(alarm.since - each.at), each.order))
        draft.take(alarm, Role.SYMPTOM)
        return True

    def echoes(self, alarm: Alarm, view: View) -> bool:
        """Did it begin while something it touches was gone that has come back since, a little while ago?"""
        if alarm.evidence.code in BOOKED or alarm.subject.kind == "contract":
            return False  # what is agreed, and what a month was like, is no echo of anything
        elements = list(self._elements(alarm))
        if _takes_ways(alarm):
            elements += self.grounds.backbone
        rows = [view.row("device" if kind == "device" else "link", key) for kind, key in elements]
        back = [row.since for row in rows if row is not None and row.state == State.UP and row.since is not None]
        lasts_s = LOAD_ECHO_S if self._stands_in(alarm) else ECHO_S
        return any(alarm.since <= since and alarm.at - since <= lasts_s for since in back)

    def _stands_in(self, alarm: Alarm) -> bool:
        """What is said of a cable's capacity: while another one is down it carries that one's load as long as it lasts."""
        if alarm.family != "capacity" or alarm.evidence.code in BOOKED:
            return False
        return alarm.subject.kind == "diversity" or not self.grounds.cables.isdisjoint(self._circuits(alarm))

    def _circuits(self, alarm: Alarm) -> tuple[str, ...]:
        """That the alarm speaks of, by whatever name."""
        subject, inventory = alarm.subject, self.grounds.inventory
        if subject.kind == "link" and subject.key in inventory.links:
            return (inventory.links[subject.key].circuit,)
        if subject.kind == "contract" and subject.key in inventory.contracts:
            return inventory.contracts[subject.key].circuits
        if subject.kind == "diversity":
            return tuple(sorted(self.grounds.cables))
        return (subject.key,) if subject.kind == "circuit" else ()

    def _touched(self, alarm: Alarm) -> Iterator[Draft]:
        for element in self._elements(alarm):
            draft = self.owner.get(element)
            if draft is not None:
                yield draft
        for circuit in self._standing_for(alarm):
            yield from self.circuits.get(circuit, ())

    def _standing_for(self, alarm: Alarm) -> tuple[str, ...]:
        """Circuits whose loss would explain it: its own, and of one cable all of them."""
        if self._stands_in(alarm):
            return tuple(sorted(self.grounds.cables))
        return (alarm.subject.key,) if alarm.subject.kind == "circuit" else self._of_contract(alarm)

    def _of_contract(self, alarm: Alarm) -> tuple[str, ...]:
        return self._circuits(alarm) if alarm.subject.kind == "contract" else ()

    def _elements(self, alarm: Alarm) -> Iterator[Element]:
        """Everything whose loss would explain it."""
        subject, grounds = alarm.subject, self.grounds
        if subject.kind == "link":
            yield "link", subject.key
            yield from (("device", device) for device in grounds.ends.get(subject.key, ()))
        for link in (
            link for circuit in self._standing_for(alarm) for link in grounds.links_of_circuit.get(circuit, ())
        ):
            yield "link", link
            yield from (("device", device) for device in grounds.ends[link])
        if subject.kind == "site":
            yield from (("device", each.key) for each in grounds.inventory.devices_at.get(subject.key, ()))
        elif subject.device in grounds.credentials:
            yield "device", subject.device
            if subject.kind == "peer":
                yield from self._towards(subject.device, self.far_device(alarm))

    def _towards(self, device: str, far: str) -> Iterator[Element]:
        """The far router and the links to it; where it cannot be told, everything next to this one."""
        if far:
            yield "device", far
        for near, link in self.grounds.topology.neighbours(device):
            if not far or near == far:
                yield "link", link
                yield "device", near
        if not far:
            yield from (("link", link.key) for link in self.grounds.inventory.links_of[device])

    def far_device(self, alarm: Alarm) -> str:
        """The device of ours that a session's peer address belongs to; "" where none does."""
        words = alarm.subject.key.removeprefix(alarm.subject.device).split()
        if not words:
            return ""
        try:
            address = str(ip_address(words[0]))
        except ValueError:
            return words[0] if words[0] in self.grounds.credentials else ""
        return self.grounds.addresses.get(address, "")

    def _rerouted(self, alarm: Alarm) -> Iterator[Draft]:
        """A cut in the backbone sends packets a longer way round: round trips change for those who still answer."""
        if _takes_ways(alarm):
            grounds = self.grounds
            for draft in self.drafts:
                if draft.links & grounds.backbone_links or draft.devices & grounds.backbone_devices:
                    yield draft


def _takes_ways(alarm: Alarm) -> bool:
    return alarm.family == "quality" and alarm.subject.kind in REROUTABLE


def _in_time(alarm: Alarm, draft: Draft, after_s: float) -> bool:
    return draft.at - BEFORE_S <= alarm.since <= draft.at + after_s


def own_causes(alarms: Iterable[Alarm], symptoms: Symptoms) -> list[Draft]:
    """Symptoms without a root: those of one device, one circuit or one way that began together are one cause.

    A link that fills is over its level first, then at its ceiling, then drops packets: that is one, whatever the time.
    """
    bundles: dict[tuple[Family, str], list[list[Alarm]]] = {}
    for alarm in sorted(alarms, key=lambda each: (each.since, each.key)):
        spans = bundles.setdefault((alarm.family, _anchor(alarm, symptoms.grounds)), [])
        together = alarm.family == "capacity" or (spans and alarm.since - spans[-1][-1].since <= TOGETHER_S)
        if spans and together:
            spans[-1].append(alarm)
        else:
            spans.append([alarm])
    drafts = [_draft(family, bundle) for (family, _), spans in sorted(bundles.items()) for bundle in spans]
    return _ways_joined(_sessions_joined(drafts, symptoms), symptoms.grounds)


def _anchor(alarm: Alarm, grounds: Grounds) -> str:
    """What it is said of: a device, a link, or all circuits of one submarine provider, which lie in one cable.

    Of capacity: the contract, by whatever name of it.
    """
    subject = alarm.subject
    circuit = grounds.circuit_on.get(subject.key, "") if subject.kind == "link" else subject.key
    if alarm.family == "capacity" and subject.kind in ("link", "circuit") and circuit in grounds.contract_of:
        return f"contract {grounds.contract_of[circuit]}"
    if subject.kind in ("link", "circuit") and circuit in grounds.cables and alarm.family != "capacity":
        return f"cable {grounds.inventory.circuits[circuit].provider}"
    return subject.device or f"{subject.kind} {subject.key}"


def _draft(family: Family, alarms: Sequence[Alarm]) -> Draft:
    draft = Draft(family, alarms[0].since)
    draft.roots = list(dict.fromkeys(alarm.subject for alarm in alarms))
    for alarm in alarms:
        draft.take(alarm, Role.ROOT)
    return draft


def _sessions_joined(drafts: list[Draft], symptoms: Symptoms) -> list[Draft]:
    """A session has two ends: what both say is one fault, named after the end that says more."""
    left = sorted(drafts, key=lambda each: (each.family != "routing", -len(each.alarms), each.order))
    found: list[Draft] = []
    for draft in left:
        whole = next((each for each in found if _same_sessions(each, draft, symptoms)), None)
        if whole is None:
            found.append(draft)
        else:
            _absorb(whole, draft)
    return found


def _absorb(whole: Draft, draft: Draft) -> None:
    for alarm in draft.alarms.values():
        whole.take(alarm, Role.SYMPTOM)


def _same_sessions(whole: Draft, draft: Draft, symptoms: Symptoms) -> bool:
    """Does every session of the one lead to the device of the other, and did they fall together?"""
    if whole.family != "routing" or draft.family != "routing" or abs(whole.at - draft.at) > 2 * TOGETHER_S:
        return False
    device = whole.roots[0].device
    return all(symptoms.far_device(alarm) == device for alarm in draft.alarms.values())


def _ways_joined(drafts: list[Draft], grounds: Grounds) -> list[Draft]:
    """Loss on the way to a router is loss to everybody behind it: named after the one nearest to the poller."""
    found: list[Draft] = []
    along: dict[str, Draft] = {}
    for draft in sorted(drafts, key=lambda each: (grounds.depths.get(each.roots[0].device, 0), each.order)):
        device = draft.roots[0].device
        if draft.family != "quality" or device not in grounds.depths:
            found.append(draft)
            continue
        near = [along[far] for far, _ in grounds.topology.neighbours(device) if far in along]
        ways = [each for each in near if abs(each.at - draft.at) <= ALONG_S]
        if ways:
            along[device] = min(ways, key=lambda each: each.order)
            _absorb(along[device], draft)
        else:
            along[device] = draft
            found.append(draft)
    return found
