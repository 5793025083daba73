"""Who is told next when nobody acknowledges an incident, by the on-call plan."""

from alerts.incident import Incident
from alerts.oncall.plan import Plan
from alerts.words.names import Names
from dashboards.incidents import NextStep, places_of


class Escalation:
    """Asked of one incident at a time; nobody where there is no plan ('noc check' says why it cannot be read)."""

    def __init__(self, plan: Plan | None, names: Names) -> None:
        self._plan = plan
        self._names = names

    def __call__(self, incident: Incident) -> NextStep | None:
        if self._plan is None or incident.told_at is None or incident.state != "open" or not incident.severity.pages:
            return None
        steps = self._plan.chain(places_of(incident, self._names.inventory)).steps
        if incident.step + 1 >= len(steps):
            return None
        coming = steps[incident.step + 1]
        known = set(steps[incident.step].targets)
        fresh = [target for target in coming.targets if target not in known] or list(coming.targets)
        whom = ", ".join(target.partition(":")[2] or target for target in fresh)
        return NextStep(incident.told_at + coming.after_s, whom)
