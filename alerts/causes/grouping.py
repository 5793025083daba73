"""From alarms to causes: one for each fault, with its root, everything it explains, and whom it hurts."""

from collections.abc import Iterable, Mapping, Sequence

from alerts.alarm import SYMPTOMS, Alarm, Phase
from alerts.cause import Cause, Role
from alerts.causes.agents import agent_causes
from alerts.causes.circuits import fine_circuits, take_circuits
from alerts.causes.conditions import condition_causes
from alerts.causes.draft import CHAIN_S, Draft, Element, Fallen, gather
from alerts.causes.grounds import Grounds
from alerts.causes.impact import allot, impact_of
from alerts.causes.layers import Layers
from alerts.causes.power import Power
from alerts.causes.reasons import add_reasons
from alerts.causes.recovery import split
from alerts.causes.severity import severity_of
from alerts.causes.symptoms import Symptoms, own_causes
from alerts.subject import Subject
from alerts.view import View
from inventory.model import Inventory
from inventory.states import Reason
from inventory.topology import Topology


class Causes:
    """Prepared once from an inventory; `group` is pure and may be asked as often as anything changes."""

    def __init__(self, inventory: Inventory, topology: Topology) -> None:
        self._grounds = Grounds.of(inventory, topology)

    def group(self, alarms: Mapping[str, Alarm], view: View) -> tuple[Cause, ...]:
        """Every firing alarm is in exactly one of the causes; sorted by beginning and name of root."""
        firing = [alarm for alarm in alarms.values() if alarm.phase is Phase.FIRING]
        if not firing and view.blind_since is None:
            return ()
        pending = [each for each in alarms.values() if each.phase is Phase.PENDING and each.family in SYMPTOMS]
        sheet = Sheet(self._grounds, view, sorted(firing, key=lambda alarm: alarm.key))
        return sheet.causes(sorted(pending, key=lambda alarm: alarm.key))


class Sheet:
    """One grouping: takes alarms off its list as they find their place."""

    def __init__(self, grounds: Grounds, view: View, firing: list[Alarm]) -> None:
        self._grounds = grounds
        self._view = view
        self._left = firing
        self._drafts: list[Draft] = []
        self._owner: dict[Element, Draft] = {}
        self._cables: Draft | None = None  # that took the last submarine cable

    def causes(self, pending: Iterable[Alarm]) -> tuple[Cause, ...]:
        self._poller()
        self._reachability()
        self._symptoms(pending)
        self._standing_alone()
        gone = {site for each in self._drafts for site in each.sites}
        done = [self._finished(draft, gone) for draft in self._drafts]
        return tuple(sorted(done, key=lambda cause: (cause.since, cause.root)))

    def _take(self, *families: str) -> list[Alarm]:
        taken = [alarm for alarm in self._left if alarm.family in families]
        self._left = [alarm for alarm in self._left if alarm.family not in families]
        return taken

    # the poller itself

    def _poller(self) -> None:
        alarms = self._take("poller")
        blind = self._view.blind_since
        if not alarms and blind is None:
            return
        draft = Draft("poller", blind if blind is not None else alarms[0].since)
        draft.roots = [alarms[0].subject if alarms else Subject("poller", "poller")]
        for alarm in alarms:
            draft.take(alarm, Role.ROOT)
        self._drafts.append(draft)
        if blind is not None:
            self._freeze(draft, blind - CHAIN_S)

    def _freeze(self, draft: Draft, since: float) -> None:
        """What seems to have begun in the dark is no fault of anybody's yet (SEMANTICS 21)."""
        dark = [each for each in self._left if each.bad_since >= since and each.bad and each.family != "own"]
        for alarm in dark:
            draft.take(alarm, Role.BEHIND if alarm.family == "reachability" else Role.SYMPTOM)
        self._left = [alarm for alarm in self._left if alarm.key not in draft.alarms]

    # what cannot be reached

    def _reachability(self) -> None:
        alarms = self._take("reachability")
        devices = {key: each for key, each in gather(alarms, "device").items() if key in self._grounds.credentials}
        links = self._links(alarms)
        shut = {key for key in links if self._reason("link", key) == Reason.ADMIN_DOWN}
        layers = Layers(self._grounds.topology, devices, links, self._grounds.ends, shut, self._grounds.cores)
        drafts = layers.draw()
        self._owner = layers.owner
        power = Power(self._grounds, self._view, devices)
        drafts = power.merge(drafts, self._owner)
        drafts += split(drafts, layers, self._view)
        for draft in drafts:
            fallen = [devices.get(root.key) or links.get(root.key) for root in draft.roots]
            draft.bad = any(each is not None and each.bad for each in fallen)
            draft.back = {each for each in draft.devices if draft.bad and not devices[each].bad}
        allot(drafts, self._grounds)
        for draft in drafts:
            power.told(draft, (each for each in self._left if each.family == "health"))
        self._drafts += drafts
        self._cables = take_circuits(drafts, self._owner, self._grounds)
        self._assign(devices, links)
        self._sites([each for each in alarms if each.subject.kind == "site"])
        placed = {key for draft in self._drafts for key in draft.alarms}
        self._strangers([each for each in alarms if each.key not in placed])

    def _links(self, alarms: Iterable[Alarm]) -> dict[str, Fallen]:
        """By link; what is said of a circuit is said of the link that carries it."""
        alarms = list(alarms)
        found = {key: each for key, each in gather(alarms, "link").items() if key in self._grounds.ends}
        for circuit, fallen in gather(alarms, "circuit").items():
            for link in self._grounds.links_of_circuit.get(circuit, ())[:1]:
                there = found.get(link)
                whole = [*fallen.alarms, *(there.alarms if there else ())]
                bad = [alarm for alarm in whole if alarm.bad]
                good = None if bad else max(alarm.good_since or 0.0 for alarm in whole)
                since, begun = min(each.since for each in whole), min(each.bad_since for each in bad or whole)
                found[link] = Fallen(("link", link), whole, since, begun, good)
        return dict(sorted(found.items()))

    def _reason(self, kind: str, key: str) -> str:
        row = self._view.row(kind, key)  # type: ignore[arg-type]
        return row.reason if row is not None else ""

    def _assign(self, devices: Mapping[str, Fallen], links: Mapping[str, Fallen]) -> None:
        for fallen in (*devices.values(), *links.values()):
            draft = self._owner[fallen.element]
            role = Role.ROOT if draft.is_root(fallen.element) else Role.BEHIND
            for alarm in fallen.alarms:
                draft.take(alarm, role)

    def _sites(self, alarms: Sequence[Alarm]) -> None:
        """A site's alarm goes with what took the last of its devices, or with the link that it lost."""
        for alarm in alarms:
            owners = [draft for draft in self._drafts if alarm.subject.key in draft.sites]
            devices = [each.key for each in self._grounds.inventory.devices_at.get(alarm.subject.key, ())]
            links = self._grounds.site_links.get(alarm.subject.key, ())
            beyond = [device for link in links for device in self._grounds.ends[link]]
            for elements in ([("device", each) for each in devices], [("link", each) for each in links],
                             [("device", each) for each in beyond]):  # fmt: skip
                owners = owners or [self._owner[each] for each in elements if each in self._owner]
            if owners:
                max(owners, key=lambda each: each.order).take(alarm, Role.BEHIND)

    def _strangers(self, alarms: Iterable[Alarm]) -> None:
        """What the inventory does not place, or what is left of a fault that is over: each by itself."""
        for alarm in alarms:
            draft = Draft("reachability", alarm.bad_since, [alarm.subject])
            draft.take(alarm, Role.ROOT)
            self._drafts.append(draft)

    # what shows something else, and what stands by itself

    def _symptoms(self, pending: Iterable[Alarm]) -> None:
        symptoms = Symptoms(self._grounds, self._owner, [d for d in self._drafts if d.family == "reachability"])
        left = [alarm for alarm in self._take(*SYMPTOMS) if not symptoms.attach(alarm)]
        for alarm in pending:
            symptoms.attach(alarm)
        for draft in own_causes(left, symptoms):
            draft.over = all(symptoms.echoes(alarm, self._view) for alarm in draft.root_alarms())
            self._drafts.append(draft)
        self._left = [alarm for alarm in self._left if alarm.family != "restart" or not symptoms.attach(alarm)]

    def _standing_alone(self) -> None:
        """Agents by credential or device, health and restarts by device, the NOC's own by subject."""
        self._drafts += agent_causes(self._take("agent"), self._grounds, self._view, self._owner)
        for family in ("health", "restart", "own"):
            self._drafts += condition_causes(self._take(family), self._grounds, self._view)

    # the end

    def _finished(self, draft: Draft, gone: set[str]) -> Cause:
        impact = impact_of(draft, self._grounds, gone)
        roots = draft.root_alarms()
        shown = [alarm for alarm in roots if alarm.bad] or roots
        add_reasons(draft, impact, self._grounds, self._view)
        blind = draft.family == "poller" and self._view.blind_since is not None
        return Cause(
            family=draft.family,
            roots=tuple(draft.roots),
            alarms=dict(sorted(draft.roles.items())),
            since=min((alarm.since for alarm in roots), default=draft.at),
            bad_since=min((alarm.bad_since for alarm in shown), default=draft.at),
            confirmed_at=min((alarm.changed_at for alarm in roots), default=draft.at),
            severity=severity_of(draft.family, impact, roots, cables=draft is self._cables),
            impact=impact,
            evidence=tuple(draft.evidence),
            power=draft.power,
            fine=fine_circuits(draft, self._drafts, self._grounds, self._view),
            earlier=tuple(draft.earlier),
            bad=blind or (not draft.over and any(alarm.bad for alarm in roots)),
            flapping=any(alarm.flapping for alarm in roots),
        )
