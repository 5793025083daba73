"""The state of everything in one small answer: what a program asks every few seconds, before it asks for more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi.responses import Response

from alerts.alarm import Severity
from alerts.incident import Incident
from dashboards.figures import iso
from dashboards.status import Age, age_of
from dashboards.status_told import daemon_told
from dashboards.web.api import models_own as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.reading import reading
from dashboards.web.viewer import Right
from inventory.status import Kind, StatusRow

KINDS: Final[Mapping[str, Kind]] = {"sites": "site", "links": "link", "devices": "device"}


def summary(asked: Asking) -> Response:
    """How many of everything stand how, what is open and how bad, who is on call, how old that is."""
    sight = asked.sight

    def make() -> Mapping[str, Any]:
        picture = sight.picture
        age = age_of(picture.mark, sight.now)
        kinds = {name: _counted(picture.rows[kind].values(), age) for name, kind in KINDS.items()}
        whole = sight.viewer.may(Right.WATCH)
        return {
            "at": iso(sight.now),
            "daemon": daemon_told(age, picture.mark),
            **kinds,
            "incidents": _open([one for one in sight.cases.standing() if one.unresolved]),
            "oncall": sight.rota.holding() if whole else None,
        }

    return asked.told(make, asked.standing(), sight.records.version())


def _counted(rows: Iterable[StatusRow], age: Age) -> Mapping[str, Any]:
    every = list(rows)
    states = Counter(str(row.state) for row in every)
    return {"total": len(every), "counts": dict(states), "stale": sum(age.stale(row) for row in every)}


def _open(standing: Iterable[Incident]) -> Mapping[str, Any]:
    every = list(standing)
    severities = Counter(str(one.severity) for one in every)
    untaken = [one for one in every if one.state == "open" and one.severity.pages]
    oldest = min(untaken, key=lambda one: one.since, default=None)
    return {
        "open": len(every),
        "severities": {str(one): severities[str(one)] for one in Severity if severities[str(one)]},
        "unacknowledged": len(untaken),
        "oldest_unacknowledged": oldest.number if oldest else None,
    }


ROUTES: Final = (reading("/summary", summary, models.Summary, "Everything at a glance"),)
