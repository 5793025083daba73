"""How a site stands, from its devices and the links that serve it (SEMANTICS 19)."""

from alerts.standing import LinkStanding, Ruling, SiteStanding
from inventory.model import Inventory, Link
from inventory.states import Reason, State

BOTH_WAYS = frozenset({"core", "ring"})


def links_serving(inventory: Inventory) -> dict[str, list[str]]:
    """Site -> links that it hangs on: of a core or ring link both ends, otherwise the far (b) end."""
    found: dict[str, dict[str, None]] = {key: {} for key in inventory.sites}
    for link in inventory.links.values():
        for device in _served(link):
            found[inventory.devices[device].site][link.key] = None
    return {site: list(links) for site, links in found.items()}


def _served(link: Link) -> list[str]:
    if link.role in BOTH_WAYS:
        return [end.device for end in link.ends]
    return [link.ends[-1].device]


def judge_site(standing: SiteStanding) -> Ruling | None:
    """Gone when all its devices are; degraded when some are, or when a link or the neighbour it leads to is gone."""
    if any(each.watch.suspicious or (each.watch.silent and not each.shown.gone) for each in standing.devices):
        return None  # first its own devices: a neighbour's death is not its degradation while it may be cut off
    shown = [each.shown for each in standing.devices]
    known = [each for each in shown if each.state is not State.UNKNOWN]
    if not known:
        return None
    gone = [each for each in known if each.gone]
    if len(gone) == len(known):
        state = State.DOWN if any(each.state is State.DOWN for each in gone) else State.UNREACHABLE
        since = max((each.since for each in gone if each.since is not None), default=None)
        return Ruling(state, since, _reason(standing), next((each.cause for each in gone if each.cause), ""))
    lost = [each.since for each in gone] + [_lost_since(link) for link in standing.links if _lost(link)]
    if lost:
        return Ruling(State.DEGRADED, min((at for at in lost if at is not None), default=None), _reason(standing))
    newest = max((each.since for each in known if each.since is not None), default=None)
    return Ruling(State.UP, newest, _reason(standing))


def _lost(link: LinkStanding) -> bool:
    return link.shown.gone or any(end.standing.shown.gone for end in link.ends)


def _lost_since(link: LinkStanding) -> float | None:
    if link.shown.gone:
        return link.shown.since
    return min((end.standing.shown.since or 0.0 for end in link.ends if end.standing.shown.gone), default=None)


def _reason(standing: SiteStanding) -> Reason:
    return next((each.shown.reason for each in standing.devices if each.shown.reason), Reason.NONE)
