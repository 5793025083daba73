"""Whether the power of a place went: several ways into it silent at one moment, or its UPS said so (SEMANTICS D)."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.alarm import Alarm
from alerts.causes.draft import CHAIN_S, Draft, Element, Fallen
from alerts.causes.grounds import Grounds
from alerts.view import View
from inventory.states import State

TOLD = ("battery", "gasp")  # in the code of a health alarm's evidence
HEALTH_BEFORE_S = 7200.0  # a battery may last so long


@dataclass(frozen=True)
class Power:
    grounds: Grounds
    view: View
    devices: Mapping[str, Fallen]

    def merge(self, drafts: list[Draft], owner: dict[Element, Draft]) -> list[Draft]:
        """Drafts with those joined that one power cut explains; regions first, then single sites."""
        lost = {key for kind, key in owner if kind == "device"}
        for place, devices in self._places(lost):
            hit = sorted({owner["device", each] for each in devices if each in lost}, key=lambda each: each.order)
            for event in _events(hit, self.devices):
                if self._silent_together(event, devices):
                    whole = _join(event, owner, self.grounds.cores)
                    drafts = [each for each in drafts if each is whole or each not in event]
                    whole.power = True
                    kind, key = place
                    whole.note("independent-paths", count=len(whole.roots), kind=kind, key=key)
        return drafts

    def told(self, draft: Draft, health: Iterable[Alarm]) -> None:
        """A UPS on battery, a dying gasp: of a place where now nothing answers."""
        first = min((self.devices[each].bad_since for each in draft.devices), default=0.0)
        for alarm in health:
            device = alarm.subject.device
            near = first - HEALTH_BEFORE_S <= alarm.since <= first + CHAIN_S * 4
            told = any(word in alarm.evidence.code for word in TOLD)
            if told and near and device in self.grounds.credentials and self._site(device) in draft.sites:
                draft.power = True
                draft.note("on-battery", device=device, site=self._site(device))

    def _site(self, device: str) -> str:
        return self.grounds.inventory.devices[device].site

    def _places(self, lost: Collection[str]) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
        inventory = self.grounds.inventory
        sites = sorted({self._site(device) for device in lost})
        for region in sorted({inventory.sites[site].region for site in sites}):
            yield ("region", region), self.grounds.devices_in[region]
        for site in sites:
            yield ("site", site), tuple(device.key for device in inventory.devices_at[site])

    def _silent_together(self, event: Sequence[Draft], devices: Sequence[str]) -> bool:
        """Its roots stand in that place, at least two of them, and nothing there answered through it."""
        inside = set(devices)
        roots = [root for draft in event for root in draft.roots]
        here = [root for root in roots if any(end in inside for end in self._ends(root.kind, root.key))]
        if len(here) < 2 or len(here) < len(roots) or all(draft.power for draft in event):
            return False
        at = min(self.devices[each].bad_since for draft in event for each in draft.devices)
        seen_dying = all(self._watched(root.kind, root.key, at) for root in here)
        return seen_dying and all(self._was_silent(device, at) for device in devices)

    def _watched(self, kind: str, key: str, at: float) -> bool:
        """Something next to it answered all the while: what was only behind another proves nothing about power."""
        if kind != "device":
            return True
        near = [
            self.view.row("device", far) for far, _ in self.grounds.topology.neighbours(key) if far not in self.devices
        ]
        return key == self.grounds.topology.attached_to or any(
            row is not None and row.state == State.UP and (row.since or 0.0) <= at for row in near
        )

    def _ends(self, kind: str, key: str) -> tuple[str, ...]:
        return (key,) if kind == "device" else self.grounds.ends[key]

    def _was_silent(self, device: str, at: float) -> bool:
        """It is lost, or it is back, since a moment after that."""
        if device in self.devices:
            return True
        row = self.view.row("device", device)
        return row is not None and row.since is not None and row.since > at + CHAIN_S


def _events(drafts: Sequence[Draft], devices: Mapping[str, Fallen]) -> Iterator[list[Draft]]:
    """Drafts that began within one moment of each other."""
    chunk: list[Draft] = []
    for draft in drafts:
        if chunk and draft.at - chunk[-1].at > CHAIN_S:
            yield chunk
            chunk = []
        chunk.append(draft)
    if chunk:
        yield chunk


def _join(event: Sequence[Draft], owner: dict[Element, Draft], cores: Collection[str]) -> Draft:
    """All in the one with a core, else with most devices; the elder of equals."""
    whole = max(event, key=lambda each: (not each.devices.isdisjoint(cores), len(each.devices), -each.at, each.order))
    for draft in event:
        if draft is not whole:
            whole.roots += draft.roots
            whole.devices |= draft.devices
            whole.links |= draft.links
            whole.earlier += draft.earlier
    for draft in event:
        owner.update({("device", each): whole for each in draft.devices})
        owner.update({("link", each): whole for each in draft.links})
    whole.earlier = [each for each in whole.earlier if each not in whole.roots]
    whole.at = max(draft.at for draft in event)
    return whole
