"""Which incident stands for which true fault, so that they can be held against each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from alerts.subject import SubjectKind
from noc.scenario.fault import Fault

Row = Mapping[str, Any]
_EARLY_S = 2.0  # clocks of probes against those of deeds
_LINGERS_S = 200.0  # clear holds, and what has to be proven before them
_KINDS = frozenset(get_args(SubjectKind))


def names(row: Row) -> list[str]:
    """Keys of an incident's roots; `device dod-pe-1` and {"kind", "key"} are read as well."""
    given = [row.get("root"), *(row.get("roots") or [])]
    return list(dict.fromkeys(_key(one) for one in given if one))


def _key(one: Any) -> str:
    if isinstance(one, Mapping):
        return str(one["key"])
    kind, _, key = str(one).partition(" ")
    return key if kind in _KINDS and key else str(one)


def lived(row: Row, fault: Fault, until_s: float) -> bool:
    """Did the incident stand at any time at which the fault did, or when its traces lingered?"""
    ends = until_s if fault.to_s is None else fault.to_s + _LINGERS_S
    resolved = row.get("resolved_s")
    return float(row["opened_s"]) <= ends and (resolved is None or float(resolved) >= fault.from_s - _EARLY_S)


@dataclass
class Matched:
    """`of`: incident number -> faults it rightly names; `first`: the one of them that made it be opened."""

    of: dict[Any, list[Fault]] = field(default_factory=dict)
    first: dict[Any, Fault] = field(default_factory=dict)
    astray: dict[Any, Fault] = field(default_factory=dict)  # names no fault rightly, but is about this one

    def standing_for(self, fault: Fault) -> list[Any]:
        return [number for number, faults in self.of.items() if fault in faults]


def match(faults: Sequence[Fault], incidents: Iterable[Row], until_s: float) -> Matched:
    """Every incident to the faults whose indistinguishable set holds one of its roots, while they lasted."""
    found = Matched()
    for row in sorted(incidents, key=lambda row: (float(row["opened_s"]), row["number"])):
        number, named = row["number"], set(names(row))
        alive = [fault for fault in faults if lived(row, fault, until_s)]
        right = [fault for fault in alive if named & fault.indistinguishable]
        if right:
            found.of[number] = right
            found.first[number] = min(right, key=lambda fault: _distance(fault, row, found))
        else:
            near = [fault for fault in alive if _touches(row, named, fault)]
            if near:
                found.astray[number] = min(near, key=lambda fault: _distance(fault, row, found))
    return found


def _distance(fault: Fault, row: Row, found: Matched) -> tuple[bool, bool, float]:
    """Best is one that has no incident yet, began before this one was opened, and not long before."""
    opened = float(row["opened_s"])
    taken = any(first is fault for first in found.first.values())
    after = fault.from_s > opened + _EARLY_S
    return after, taken, abs(opened - fault.from_s)


def _touches(row: Row, named: set[str], fault: Fault) -> bool:
    about = named | set(row.get("members") or ())
    return bool(about & (fault.members | fault.spare | set(fault.sites) | fault.indistinguishable))
