"""Which page was about which true fault, and which was about none: those wake people for nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from noc.scenario.fault import Fault
from noc.scenario.matching import Matched, Row

_HANDED = ("sent", "delivered")
_EARLY_S = 2.0
_LINGERS_S = 200.0
_FLAP_PAGES_S = 895.0  # at most one in 15 min (SEMANTICS 14), less what a tick may move it
_REPEATS_S = 4 * 3600.0 - 5.0

Error = tuple[str, str, str, Any, float | None]


@dataclass
class Paged:
    """(fault, page) in the order of time; `false`: page and why."""

    of: list[tuple[Fault, Row]] = field(default_factory=list)
    false: list[tuple[Row, str]] = field(default_factory=list)

    def rows(self, fault: Fault) -> list[Row]:
        return [row for one, row in self.of if one is fault]

    def first(self, fault: Fault) -> float | None:
        """When the first page about it was handed to a channel, seconds since the start."""
        return min((float(row["at_s"]) for row in self.rows(fault)), default=None)

    def contacts(self, fault: Fault) -> tuple[str, ...]:
        return tuple(sorted({str(row["to"]) for row in self.rows(fault)}))


def handed(row: Row) -> bool:
    """A channel took it."""
    return row["fate"] in _HANDED


def wakes(row: Row) -> bool:
    """A page, or what else comes to a telephone."""
    return bool(row["page"]) or row["channel"] in ("sms", "modem")


def pages_of(
    faults: Sequence[Fault], incidents: Iterable[Row], notifications: Iterable[Row], matched: Matched, *, twice: int = 0
) -> Paged:
    """Pages that were handed to a channel; recoveries, tests and hand-overs are no pages about a fault."""
    found = Paged()
    rows = {row["number"]: row for row in incidents}
    for page in sorted(notifications, key=lambda row: float(row["at_s"])):
        if not page["page"] or not handed(page) or page["occasion"] in ("recovery", "test", "handover"):
            continue
        incident = rows.get(page["incident"])
        if incident is not None and incident.get("family") == "own":
            continue  # about the NOC itself, not about the network
        fault, wrong = _about(page, incident, matched, found)
        if wrong and twice > 0 and wrong.startswith("second"):
            twice -= 1
        elif wrong:
            found.false.append((page, wrong))
        if fault is not None:
            found.of.append((fault, page))
    return found


def _about(page: Row, incident: Row | None, matched: Matched, found: Paged) -> tuple[Fault | None, str]:
    """The fault that the page is about, and what is wrong with it."""
    number = page["incident"]
    candidates = matched.of.get(number) or ([matched.astray[number]] if number in matched.astray else [])
    at = float(page["at_s"])
    begun = [fault for fault in candidates if fault.from_s - _EARLY_S <= at]
    if not begun:
        return None, "about nothing that was broken"
    paging = [fault for fault in begun if fault.page != "never"]
    if not paging:
        return None, f"{begun[0].id} ({begun[0].kind}) pages nobody"
    standing = [fault for fault in paging if _stands(fault, at)]
    if not standing:
        return None, f"{paging[0].id} was over"
    ready = [fault for fault in standing if fault.not_before_s is None or at >= fault.not_before_s - _EARLY_S]
    if not ready:
        return None, f"{standing[0].id} was in a window"
    if page["occasion"] != "opened":
        return ready[-1], _too_often(page, ready[-1], incident, found)
    untold = [fault for fault in ready if not _told(fault, page, found)]
    if untold:
        return max(untold, key=lambda fault: fault.from_s), ""
    return ready[-1], f"second page about {ready[-1].id} to {page['to']}"


def _stands(fault: Fault, at: float) -> bool:
    return fault.to_s is None or fault.blind or at <= fault.to_s + _LINGERS_S


def _told(fault: Fault, page: Row, found: Paged) -> bool:
    """Has this person been woken about it? A flapping thing may wake again after a quarter of an hour."""
    times = [float(row["at_s"]) for row in found.rows(fault) if row["to"] == page["to"] and row["occasion"] == "opened"]
    return bool(times) and not (len(fault.stretches) > 1 and float(page["at_s"]) - max(times) >= _FLAP_PAGES_S)


def _too_often(page: Row, fault: Fault, incident: Row | None, found: Paged) -> str:
    """Repeats every four hours, and only while nobody took it; nor does it escalate then (SEMANTICS 16, 24)."""
    if page["occasion"] not in ("repeat", "escalation"):
        return ""
    at = float(page["at_s"])
    taken = (incident or {}).get("acknowledged_s")
    if taken is not None and at > float(taken) + _EARLY_S:
        return f"{page['occasion']} about {fault.id} after somebody took it"
    times = [float(row["at_s"]) for row in found.rows(fault) if row["to"] == page["to"]]
    if page["occasion"] == "repeat" and times and at - max(times) < _REPEATS_S:
        return f"repeated about {fault.id} to {page['to']} within four hours"
    return ""


def page_errors(faults: Iterable[Fault], paged: Paged, matched: Matched) -> Iterator[Error]:
    """False pages, and pages that were due and came late or never."""
    for page, why in paged.false:
        text = f"{page['occasion']} page to {page['to']}: {why}"
        yield "false page", text, "", page["incident"], float(page["at_s"])
    for fault in faults:
        if not fault.pages:
            continue
        first = paged.first(fault)
        if first is None and _stood_for(fault, matched):
            yield "missed", f"{_what(fault)}: no page", fault.id, None, fault.from_s
        elif first is not None and fault.due_s is not None and first > fault.due_s:
            late = (
                f"{_what(fault)}: page {first - fault.from_s:.1f} s after it, {fault.due_s - fault.from_s:.0f} allowed"
            )
            yield "late", late, fault.id, None, first


def _stood_for(fault: Fault, matched: Matched) -> bool:
    """Where there is no incident at all, that alone is said."""
    return fault.told != "must" or bool(matched.standing_for(fault)) or fault in matched.astray.values()


def _what(fault: Fault) -> str:
    return f"{fault.severity} {fault.kind} {'/'.join(sorted(fault.indistinguishable)[:3])}"
