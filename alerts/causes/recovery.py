"""After a recovery: who comes back with the root, and who truly stayed down (SEMANTICS 18)."""

import math
from collections.abc import Sequence

from alerts.causes.draft import Draft, Element, Fallen, subject_of
from alerts.causes.layers import Layers
from alerts.view import View
from inventory.states import State

BOOT_SLACK_S = 10.0
READ_AGAIN_S = 15.0  # after a router is back, until all ports towards it were surely read again


def split(drafts: Sequence[Draft], layers: Layers, view: View) -> list[Draft]:
    """New drafts for what the board, having probed it after its parent's recovery, calls down by itself."""
    found: list[Draft] = []
    for draft in drafts:
        roots = [layers.devices.get(root.key) or layers.links.get(root.key) for root in draft.roots]
        if any(root is not None and not root.bad for root in roots) and not _rebooted(roots, view):
            back = max(root.good_since or 0.0 for root in roots if root is not None)
            found += _stayed(draft, layers, view, back)
    return found


def _rebooted(roots: Sequence[Fallen | None], view: View) -> bool:
    """A root that began anew while it was away had no power: what is behind it is starting too, and gets the hold."""
    return any(_booted_at(root.key, view) > root.bad_since - BOOT_SLACK_S for root in roots if root is not None)


def _booted_at(device: str, view: View) -> float:
    """UTC seconds when a device that answers now began to run; minus infinity where that is not known."""
    row = view.row("device", device)
    uptime_s = row.figures.get("uptime_s") if row is not None and row.state == State.UP else None
    if row is None or row.at is None or uptime_s is None:
        return -math.inf
    return row.at - float(uptime_s)


def _stayed(draft: Draft, layers: Layers, view: View, back: float) -> list[Draft]:
    found: dict[Element, Draft] = {}
    names = {root.key for root in draft.roots}
    for kind, fallen in (("device", layers.devices), ("link", layers.links)):
        for key in sorted(draft.devices if kind == "device" else draft.links):
            row = view.row(kind, key)  # type: ignore[arg-type]
            proven = kind == "device" or max(alarm.at for alarm in fallen[key].alarms) >= back + READ_AGAIN_S
            if kind == "link" and fallen[key].bad and _passed_on(key, draft, layers):
                continue
            if key not in names and fallen[key].bad and proven and row is not None and row.state == State.DOWN:
                found[kind, key] = _apart(draft, fallen[key])
    for device in sorted(draft.devices):
        row = view.row("device", device)
        cause = str(row.figures.get("cause", "")) if row is not None and layers.devices[device].bad else ""
        for kind in ("device", "link"):
            new = found.get((kind, cause))
            if new is not None and ("device", device) not in found:
                new.devices.add(device)
    return [_moved(draft, new, layers) for new in found.values()]


def _passed_on(link: str, draft: Draft, layers: Layers) -> bool:
    """A link whose other end is gone by another cause belongs there, now that this end is back."""
    ends = [layers.devices[end] for end in layers.ends[link] if end in layers.devices]
    others = [layers.owner[end.element] for end in ends if end.bad and layers.owner[end.element] is not draft]
    if draft.is_root(("link", link)) or not others or any(end.bad and end.key in draft.devices for end in ends):
        return False
    new = max(others, key=lambda each: each.order)
    draft.links.discard(link)
    new.links.add(link)
    layers.owner["link", link] = new
    return True


def _apart(draft: Draft, fallen: Fallen) -> Draft:
    new = Draft("reachability", fallen.bad_since, [subject_of(fallen.element)])
    (new.devices if fallen.element[0] == "device" else new.links).add(fallen.key)
    return new


def _moved(draft: Draft, new: Draft, layers: Layers) -> Draft:
    draft.devices -= new.devices
    new.links.update(link for link in draft.links if any(end in new.devices for end in layers.ends[link]))
    draft.links -= new.links
    layers.owner.update({("device", each): new for each in new.devices})
    layers.owner.update({("link", each): new for each in new.links})
    return new
