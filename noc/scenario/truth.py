"""What truly was wrong during a lab run, fault by fault, and what had to be told about each: the measure of alarms."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from noc.lab.world import World
from noc.scenario.fault import HOLD_S, PAGED_S, PAGING, TELLING_S, Deaf, Duty, Fault, Quiet
from noc.scenario.lesser import lesser_faults, peers_over
from noc.scenario.outages import Book, Outage
from noc.scenario.rewind import Moment, moments

_AFTER_HIDING_S = 45.0  # routing gets its 20 s, then everything behind is proven anew
_AFTER_DEAFNESS_S = {"gateway": 330.0, "daemon": 60.0, "poller": 60.0}  # a retry may be five minutes away
_DETOUR_S = {"critical": 12.0, "major": 65.0}  # a channel that does not answer is waited for, the longer the milder
_FLAPS = 3  # falls within the clear hold of each other: it flaps
_SURE_FLAPS, _PROVABLE_S, _QUICK_S = 8, 12.0, 40.0  # so many falls, each so long, so soon one after another, are told
USUAL_S = 5.0  # between rounds of liveness


def faults_of(
    world: World, until: float, quiet: Sequence[Quiet] = (), deaf: Sequence[Deaf] = (), *, liveness_s: float = USUAL_S
) -> list[Fault]:
    """Every fault from the start of the lab until `until` (UTC seconds), by its beginning.

    It is worked out from what was done to the lab alone. `quiet`: windows and silences; `deaf`: when nothing could
    be sent, or nobody looked. `liveness_s`: seconds between rounds; where they are rarer than usual pages may be later.
    """
    world.advance(until)
    end_s = until - world.start
    played = list(moments(world, end_s))
    later_s = max(0.0, liveness_s - USUAL_S)
    found = [*_outages(world, played, later_s), *_isolations(deaf, world), *lesser_faults(world, played, end_s)]
    faults = sorted(found, key=lambda fault: (fault.from_s, fault.kind, sorted(fault.indistinguishable)))
    known = [_heard(_quietened(_hidden_by(fault, deaf), quiet, end_s), deaf, end_s) for fault in faults]
    return [replace(fault, id=f"F{number}") for number, fault in enumerate(known, 1)]


def _outages(world: World, played: Sequence[Moment], later_s: float) -> list[Fault]:
    book = Book(world.plant)
    for moment in played:
        book.take(moment)
    end_s = world.asked_until - world.start
    return [_without_anchors(_fault(group, end_s, later_s), world) for group in _repeated(book.outages)]


def _without_anchors(fault: Fault, world: World) -> Fault:
    """Of a circuit that nobody asks across only its sessions tell, if it has any."""
    links = [link for key, link in world.inventory.links.items() if key in fault.indistinguishable]
    asked = any(world.inventory.circuits[link.circuit].anchors for link in links if link.circuit)
    if fault.kind != "circuit" or fault.severity in PAGING or asked:
        return fault
    ours = [(end.device, link.key) for link in links for end in link.ends if end.device in world.routers]
    peers = [name for device, link in ours for name in peers_over(world.routers[device], link)]
    told: Duty = "never" if fault.told == "never" else "may"
    return replace(fault, told=told, indistinguishable=fault.indistinguishable.union(peers))


def _repeated(outages: Iterable[Outage]) -> list[list[Outage]]:
    """Outages of the same thing that follow within the clear hold are one."""
    groups: list[list[Outage]] = []
    for outage in outages:
        for group in groups:
            last = group[-1]
            again = last.to_s is not None and 0 <= outage.from_s - last.to_s < HOLD_S
            if again and last.kind == outage.kind and last.roots & outage.roots:
                group.append(outage)
                break
        else:
            groups.append([outage])
    return groups


def _fault(group: Sequence[Outage], end_s: float, later_s: float) -> Fault:
    widest = max(group, key=lambda outage: len(outage.members))
    severity = min((outage.severity for outage in group), key=list(TELLING_S).index)
    harm = widest.widest
    stretches = tuple((outage.from_s, outage.to_s) for outage in group)
    harms = [harm for outage in group for _, harm in outage.harms]
    others = {one.severity for one in harms} | {more for one in harms for more in one.accepted}
    fault = Fault(
        id="",
        kind=widest.kind,
        from_s=group[0].from_s,
        to_s=group[-1].to_s,
        indistinguishable=frozenset().union(*(outage.alike for outage in group)),
        members=frozenset(widest.members),
        spare=frozenset().union(*(outage.spare | outage.members for outage in group)),
        sites=harm.sites,
        institutions=harm.institutions,
        severity=severity,
        accepted=frozenset(others),
        stretches=stretches,
        residual=group[0].residual,
    )
    told, page = _duties(fault, end_s, later_s)
    longest = _longest(group, end_s)
    by = None if _surely_flaps(fault) else longest.page_by_s
    due = by + later_s + (_AFTER_HIDING_S if fault.residual else 0.0) if by is not None and page == "must" else None
    return _overtaken(replace(fault, told=told, page=page, due_s=due), longest, later_s, end_s)


def _overtaken(fault: Fault, outage: Outage, later_s: float, end_s: float) -> Fault:
    """What it hangs on went before it had to be told: one fault as far as anybody sees, until that is mended."""
    hidden = outage.overtaken_s
    if hidden is None or fault.page != "must":
        return fault
    ends = end_s if outage.to_s is None else outage.to_s
    alone = outage.hidden_s[2] if len(outage.hidden_s) > 2 else ends
    sure = PAGED_S[fault.severity] + _AFTER_HIDING_S + later_s
    if hidden[1] is None or alone - hidden[1] < sure:
        return replace(fault, told="may", page="may", due_s=None, blind=True)
    return replace(fault, due_s=hidden[1] + sure, blind=True)


def _longest(group: Sequence[Outage], end_s: float) -> Outage:
    return max(group, key=lambda outage: (end_s if outage.to_s is None else outage.to_s) - outage.from_s)


def _duties(fault: Fault, end_s: float, later_s: float) -> tuple[Duty, Duty]:
    """Whether an incident, and a page, has to be: by how long it was bad at a stretch."""
    longest = max((end_s if to is None else to) - since for since, to in fault.stretches)
    telling = TELLING_S[fault.severity]
    grace = later_s + (_AFTER_HIDING_S if fault.residual else 0.0)
    sure = PAGED_S.get(fault.severity, telling + 20.0) + 5.0 + grace
    flaps = len(fault.stretches) >= _FLAPS
    told: Duty = (
        "must" if longest >= sure or _surely_flaps(fault) else "may" if flaps or longest >= telling else "never"
    )
    if fault.severity not in PAGING:
        return told, "may" if fault.accepted & set(PAGING) else "never"
    return told, told


def _surely_flaps(fault: Fault) -> bool:
    """The score of SEMANTICS 14 passes its threshold long before the end, even where half of the falls are not seen."""
    provable = [since for since, to in fault.stretches if to is None or to - since >= _PROVABLE_S]
    quick = sum(after - before <= _QUICK_S for before, after in pairwise(provable))
    return quick >= _SURE_FLAPS - 1


def _isolations(deaf: Iterable[Deaf], world: World) -> list[Fault]:
    """The poller's own cable is out: one incident, whatever else there is."""
    alike = frozenset({"poller", world.plant.attached_to})
    found = []
    for one in deaf:
        if one.what == "poller":
            lasts = one.to_s - one.from_s
            duty: Duty = "must" if lasts >= 45.0 else "may" if lasts >= TELLING_S["critical"] else "never"
            fault = Fault("", "poller", one.from_s, one.to_s, alike, severity="critical", told=duty, page=duty)
            due = one.from_s + 40.0 if duty == "must" else None
            found.append(replace(fault, due_s=due, stretches=((one.from_s, one.to_s),)))
    return found


def _hidden_by(fault: Fault, deaf: Iterable[Deaf]) -> Fault:
    """What began while nobody could look is found afterwards, if it is still there."""
    for one in sorted(deaf, key=lambda one: one.from_s):
        if one.what in ("gateway", "detour") or fault.kind == "poller" or not one.from_s <= fault.from_s < one.to_s:
            continue
        if fault.to_s is not None and fault.to_s - one.to_s < _AFTER_DEAFNESS_S[one.what]:
            return replace(fault, told="may", page="never" if fault.page == "never" else "may", due_s=None, blind=True)
        return replace(fault, blind=True)
    return fault


def _quietened(fault: Fault, quiet: Iterable[Quiet], end_s: float) -> Fault:
    """In a window nobody is told; what is still bad at its end is told then (SEMANTICS 26)."""
    for window in sorted(quiet, key=lambda window: window.from_s):
        covered = fault.indistinguishable & window.keys
        by = fault.from_s + TELLING_S[fault.severity]
        if not covered or not (window.from_s <= by and fault.from_s < window.to_s):
            continue
        lasts = (end_s if fault.to_s is None else fault.to_s) - window.to_s
        if fault.page == "never" or lasts <= 0:
            return replace(fault, not_before_s=window.to_s, page="never", due_s=None)
        if lasts < PAGED_S.get(fault.severity, 60.0) + 5.0:
            return replace(fault, not_before_s=window.to_s, page="may", due_s=None)
        due = window.to_s + PAGED_S[fault.severity] if fault.page == "must" else None
        return replace(fault, not_before_s=window.to_s, due_s=due, blind=True)
    return fault


def _heard(fault: Fault, deaf: Iterable[Deaf], end_s: float) -> Fault:
    """No page is late that could not go out."""
    due = fault.due_s
    if due is None:
        return fault
    held = False
    for one in sorted(deaf, key=lambda one: one.from_s):
        if not (one.from_s < due and fault.from_s < one.to_s and fault.kind != "poller"):
            continue
        if one.what == "detour":
            due += _DETOUR_S.get(fault.severity, 0.0)
        else:
            due, held = max(due, one.to_s + _AFTER_DEAFNESS_S[one.what]), True
            if one.what == "gateway" and fault.to_s is not None and fault.to_s + HOLD_S <= one.to_s:
                return replace(fault, page="may", due_s=None)  # over before anybody could be woken for it
    if due > end_s:
        return replace(fault, page="may", due_s=None)
    return replace(fault, due_s=due, blind=fault.blind or held)
