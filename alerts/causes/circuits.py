"""Circuits: which carry nothing and by whose fault, who took the last of the cables, and which are well."""

from collections.abc import Mapping, Sequence

from alerts.causes.draft import Draft, Element
from alerts.causes.grounds import Grounds
from alerts.view import View
from inventory.states import State


def take_circuits(drafts: Sequence[Draft], owner: Mapping[Element, Draft], grounds: Grounds) -> Draft | None:
    """Give each circuit that carries nothing to its cause; the cause that took the last submarine cable, if one did."""
    takers: dict[str, Draft] = {}
    for link, circuit in sorted(grounds.circuit_on.items()):
        draft = owner.get(("link", link)) or owner.get(("device", grounds.ends[link][0]))
        if draft is not None:
            draft.circuits.add(circuit)
            takers[circuit] = draft
    if len(grounds.cables) < 2 or not grounds.cables <= takers.keys():
        return None
    owners = sorted({takers[cable] for cable in grounds.cables}, key=lambda each: each.order)
    if len({draft.bad for draft in owners}) > 1:
        return None  # one of them carries again
    last = owners[-1]
    last.circuits |= grounds.cables
    for draft in owners[:-1]:
        last.before(draft)
    return last


def fine_circuits(draft: Draft, drafts: Sequence[Draft], grounds: Grounds, view: View) -> tuple[str, ...]:
    """Those that carry, where one would ask: after a circuit, a core, a regional router or a region."""
    if draft.family != "reachability" or not (draft.circuits or draft.regions or _backbone(draft, grounds)):
        return ()
    lost = {circuit for each in drafts for circuit in each.circuits}
    found = {circuit for link, circuit in grounds.circuit_on.items() if circuit not in lost and _carries(link, view)}
    return tuple(sorted(found))


def _carries(link: str, view: View) -> bool:
    row = view.row("link", link)
    return row is not None and row.state == State.UP


def _backbone(draft: Draft, grounds: Grounds) -> bool:
    devices = grounds.inventory.devices
    found = [root for root in draft.roots if root.kind == "device" and root.key in devices]
    return any(devices[root.key].role == "regional" or root.key in grounds.cores for root in found)
