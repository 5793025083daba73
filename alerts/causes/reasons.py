"""Why we think so: the evidence of a cause, in the order in which it is worth saying."""

from collections import Counter
from collections.abc import Iterator

from alerts.alarm import Evidence
from alerts.cause import Impact, Role
from alerts.causes.draft import Draft
from alerts.causes.grounds import Grounds
from alerts.view import View
from inventory.model import End, Link
from inventory.states import Reason, State


def add_reasons(draft: Draft, impact: Impact, grounds: Grounds, view: View) -> None:
    """Put the evidence of its roots before what is already noted, and what hangs on it behind."""
    noted, draft.evidence = draft.evidence, []
    said = [alarm.evidence for alarm in draft.root_alarms() if alarm.evidence.code]
    if draft.family == "reachability":
        draft.evidence += [*_of_root(draft, grounds, view), *noted, *_around(draft, impact)]
    elif draft.family == "poller":
        draft.evidence += [*said[:1], Evidence("poller-isolated")] if not said else said[:1]
    else:
        draft.evidence += [*noted, *said[:3]]
    if draft.family == "routing" and len(draft.root_alarms()) > 1:
        draft.note("sessions-down", device=draft.roots[0].device, count=len(draft.root_alarms()))


def _of_root(draft: Draft, grounds: Grounds, view: View) -> Iterator[Evidence]:
    root = draft.roots[0]
    if root.kind == "link" and root.key in grounds.ends:
        yield _of_link(root.key, grounds, view)
    elif root.kind == "device" and root.key in grounds.credentials:
        yield Evidence("device-down", {"device": root.key})
        yield from _ports_towards(root.key, draft, grounds, view)
    else:
        yield from (alarm.evidence for alarm in draft.root_alarms()[:1] if alarm.evidence.code)


def _of_link(key: str, grounds: Grounds, view: View) -> Evidence:
    link = grounds.inventory.links[key]
    row = view.row("link", key)
    reason = row.reason if row is not None else ""
    if reason == Reason.NO_PATH or (len(link.ends) == 1 and reason != Reason.ADMIN_DOWN and _port_up(link, view)):
        return Evidence("no-path", {"link": key, "circuit": link.circuit})
    end = next((end for end in link.ends if _down(end, view)), link.ends[0])
    code = "admin-down" if reason == Reason.ADMIN_DOWN else "port-down"
    return Evidence(code, {"link": key, "device": end.device, "interface": end.interface})


def _port_up(link: Link, view: View) -> bool:
    return view.board.port_state(link.ends[0].device, link.ends[0].interface) is State.UP


def _down(end: End, view: View) -> bool:
    return view.board.port_state(end.device, end.interface) is State.DOWN


def _ports_towards(device: str, draft: Draft, grounds: Grounds, view: View) -> Iterator[Evidence]:
    """What neighbours that answer say of their ports to it."""
    said: Counter[str] = Counter()
    answering = []
    for far, key in sorted(grounds.topology.neighbours(device)):
        if far not in draft.devices and (row := view.row("device", far)) is not None and row.state == State.UP:
            answering.append(far)
            end = next(end for end in grounds.inventory.links[key].ends if end.device == far)
            said[str(view.board.port_state(far, end.interface))] += 1
    for state, code in ((State.DOWN, "ports-towards-down"), (State.UP, "ports-towards-up")):
        if said[str(state)]:
            yield Evidence(code, {"device": device, "count": said[str(state)]})
    if answering:
        yield Evidence("neighbour-answers", {"device": device, "neighbour": answering[0]})


def _around(draft: Draft, impact: Impact) -> Iterator[Evidence]:
    behind = draft.devices - {root.key for root in draft.roots}
    if behind:
        yield Evidence("silent-behind", {"count": len(behind)})
    if impact.degraded and not impact.sites:
        yield Evidence("redundancy-lost", {"count": len(impact.degraded)})
    yield from (Evidence("cut-before", {"kind": each.kind, "key": each.key}) for each in draft.earlier)
    for alarm in draft.alarms.values():
        if alarm.family == "restart" and draft.roles[alarm.key] is Role.SYMPTOM:
            uptime = alarm.evidence.figures.get("uptime_s", 0.0)
            yield Evidence("uptime-reset", {"device": alarm.subject.device, "uptime_s": uptime})
