"""Scenes of a wallboard over the sample network, made by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from alerts.alarm import Severity
from alerts.incident import Incident, IncidentState
from alerts.subject import Subject
from dashboards.wall.scene import Scene
from inventory.model import Inventory
from inventory.sample_network import generate
from inventory.status import DaemonMark, Kind, StatusRow

NOW = 1_795_340_000.0
MARK = DaemonMark(at=NOW, started=NOW - 3600, pid=1, version="0")


@cache
def network(sites: int = 149) -> Inventory:
    return generate(sites)


def rows(kind: Kind, states: Mapping[str, str], at: float = NOW - 2, **more: Any) -> dict[str, StatusRow]:
    return {key: StatusRow(kind, key, state=state, since=NOW - 60, at=at, **more) for key, state in states.items()}


def carrying(key: str, ratio: float, at: float = NOW - 2, state: str = "up") -> StatusRow:
    figures = {"in_bps": ratio * 1e8, "out_bps": 1e6, "in_ratio": ratio, "out_ratio": 0.01, "measured_at": at}
    return StatusRow("link", key, {"name": f"Link {key}"}, state, NOW - 60, at=at, figures=figures)


def incident(number: int, root: Subject | str, severity: Severity = Severity.MAJOR, **more: Any) -> Incident:
    subject = Subject("device", root, root) if isinstance(root, str) else root
    made = Incident(
        number=number,
        state=IncidentState.OPEN,
        severity=severity,
        worst=severity,
        family="reachability",
        roots=(subject,),
        since=NOW - 600,
        opened_at=NOW - 590,
        changed_at=NOW - 590,
    )
    return replace(made, **more)


def scene(incidents: Sequence[Incident] | None = (), **more: Any) -> Scene:
    """Everything up, unless said otherwise."""
    inventory = more.pop("inventory", None) or network()
    calm: dict[str, Any] = {
        "mark": MARK,
        "sites": rows("site", dict.fromkeys(inventory.sites, "up")),
        "links": {},
        "windows": (),
    }
    return Scene(NOW, inventory, incidents=incidents, **{**calm, **more})
