"""What is wrong with the incidents of a run: missing, doubled, misnamed, or with the wrong devices and severity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from noc.scenario.fault import Fault
from noc.scenario.matching import Matched, Row, names
from noc.scenario.pages import handed, wakes

Error = tuple[str, str, str, Any, float | None]
_CUTS = ("device", "link", "power", "redundancy", "circuit")
_SETTLED_S = 300.0  # a clear hold, and time to tell it


def incident_errors(
    faults: Sequence[Fault], incidents: Sequence[Row], notifications: Sequence[Row], matched: Matched, *, until_s: float
) -> Iterator[Error]:
    """Everything but pages; each error once."""
    for fault in faults:
        yield from _of_fault(fault, matched)
    for row in incidents:
        yield from _of_incident(row, matched)
        yield from _recoveries(row, notifications, matched, until_s)


def _of_fault(fault: Fault, matched: Matched) -> Iterator[Error]:
    what = f"{fault.severity} {fault.kind} {'/'.join(sorted(fault.indistinguishable)[:3])}"
    astray = [number for number, about in matched.astray.items() if about is fault]
    own = [number for number, first in matched.first.items() if first is fault]
    standing = matched.standing_for(fault)
    if fault.told == "must" and not standing and not astray:
        yield "missed", f"{what}: no incident", fault.id, None, fault.from_s
    if astray and not standing:
        yield "wrong root", f"{what}: the incident names something else", fault.id, astray[0], fault.from_s
        astray = astray[1:]
    for number in astray:
        yield "extra incident", f"{what}: its trace became an incident of its own", fault.id, number, None
    for number in own[1:]:
        yield "extra incident", f"{what}: one more incident", fault.id, number, None


def _of_incident(row: Row, matched: Matched) -> Iterator[Error]:
    number, opened = row["number"], float(row["opened_s"])
    right = matched.of.get(number, [])
    if not right:
        if number not in matched.astray and row.get("family") != "own":
            yield "extra incident", f"about {', '.join(names(row))}, and nothing was wrong", "", number, opened
        return
    fault = matched.first[number]
    alike = frozenset(chain.from_iterable(one.indistinguishable for one in right))
    strange = [name for name in names(row) if name not in alike]
    if strange:
        yield "wrong root", f"names {', '.join(strange)} beside what was broken", fault.id, number, opened
    yield from _members(row, fault, right)
    yield from _severity(row, fault, right)


def _members(row: Row, fault: Fault, right: Iterable[Fault]) -> Iterator[Error]:
    """Devices that cannot be reached, as sets; those of other faults which it rightly names may be among them."""
    if fault.kind not in _CUTS or fault.told != "must" or "members" not in row:
        return
    got = set(row["members"] or ())
    allowed = frozenset(chain.from_iterable(one.members | one.spare | one.indistinguishable for one in right))
    lacking, more = sorted(fault.members - got), sorted(got - allowed)
    if lacking or more:
        text = f"{_few('lacks', lacking)}{_few('has too', more)}".strip()
        yield "wrong members", text, fault.id, row["number"], None


def _few(word: str, keys: Sequence[str]) -> str:
    more = f" and {len(keys) - 4} more" if len(keys) > 4 else ""
    return f"{word} {', '.join(keys[:4])}{more} " if keys else ""


def _severity(row: Row, fault: Fault, right: Iterable[Fault]) -> Iterator[Error]:
    said = str(row.get("worst") or row["severity"])
    good = {one.severity for one in right} | set(chain.from_iterable(one.accepted for one in right))
    if fault.told == "must" and said not in good:
        yield "wrong severity", f"{said}, but it is {fault.severity}", fault.id, row["number"], None


def _recoveries(row: Row, notifications: Sequence[Row], matched: Matched, until_s: float) -> Iterator[Error]:
    """Who was woken is told once that it is over, and nobody else is; what became part of another is over with that."""
    number = row["number"]
    own = {number}
    kin = own | set(row.get("linked") or ())
    over = Counter(one["to"] for one in _sent(notifications, own) if one["occasion"] == "recovery" and wakes(one))
    fell = sum(len(fault.stretches) for fault in matched.of.get(number, [])) or 1
    woken_by_kin = _woken(notifications, kin)
    for contact in sorted(over):
        if over[contact] > fell or contact not in woken_by_kin:
            yield "recovery", f"{over[contact]} recoveries to {contact}", "", number, None
    resolved = row.get("resolved_s")
    if resolved is None or until_s - float(resolved) < _SETTLED_S:
        return
    told = {one["to"] for one in _sent(notifications, kin) if one["occasion"] == "recovery"}
    for contact in sorted(_woken(notifications, own) - told):
        yield "recovery", f"{contact} was woken and never told that it is over", "", number, float(resolved)


def _sent(notifications: Iterable[Row], numbers: set[Any]) -> list[Row]:
    return [one for one in notifications if one["incident"] in numbers and handed(one)]


def _woken(notifications: Iterable[Row], numbers: set[Any]) -> set[str]:
    quiet = ("recovery", "handover", "test")
    return {one["to"] for one in _sent(notifications, numbers) if one["page"] and one["occasion"] not in quiet}
