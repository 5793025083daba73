"""Who is told next when nobody acknowledges an incident, by the on-call plan."""

from alerts.desk.escalation import next_step_at
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
        at = next_step_at(incident, steps)
        if at is None:
            return None
        targets = steps[incident.step].targets
        told = {target for step in steps[: incident.step] for target in step.targets}
        fresh = [target for target in targets if target not in told] or list(targets)
        return NextStep(at, ", ".join(target.partition(":")[2] or target for target in fresh))
