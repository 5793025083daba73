"""What happens when nobody takes an incident, or whoever took it forgets it: the next step, a repeat, back to the desk."""

from collections.abc import Sequence
from dataclasses import replace

from alerts.alarm import Severity
from alerts.cause import Cause
from alerts.desk.asked import Step
from alerts.desk.outbound import ACCEPTED, Post
from alerts.desk.sitting import Sitting
from alerts.desk.story import Story
from alerts.desk.telling import DOWN_S, FURTHER_S, on_call
from alerts.incident import Incident, IncidentState
from alerts.notification import Fate, Occasion

REPEAT_S = 4 * 3600.0
FORGOTTEN_S = 3600.0  # an acknowledged critical without a note
STORM = 50  # incidents at once

_S = IncidentState


def follow(sitting: Sitting, incident: Incident, cause: Cause | None) -> Incident:
    """What is due by now of an incident that people know of and that is still bad."""
    incident = _overdue(sitting, incident)
    if incident.state is not _S.OPEN or not incident.severity.pages:
        return incident
    incident = _flapped(sitting, incident, cause)
    incident = _escalated(sitting, incident)
    return _repeated(sitting, incident)


def _overdue(sitting: Sitting, incident: Incident) -> Incident:
    """Back to the desk, as nobody's: at its next check, or after an hour in which a critical one was not touched."""
    at = overdue_at(incident)
    if at is None or not sitting.due(at):
        return incident
    was = incident.acknowledged_by
    back = replace(
        incident,
        state=_S.OPEN,
        acknowledged_by="",
        acknowledged_at=None,
        updated_at=sitting.now,
        step=_first_steps(sitting, incident),
        step_at=sitting.now,
    )
    sitting.line(incident.number, "changed", "overdue", was=str(incident.state), who=was, at=at)
    if incident.severity.pages:
        _page(sitting, back, "overdue", 1)
    else:
        chain = sitting.staff.chain(back)
        _post(sitting, back, "overdue").mail(chain.mail)
    return back


def overdue_at(incident: Incident) -> float | None:
    """UTC seconds when it comes back to the desk, if nothing happens before; None: it does not."""
    if incident.state is _S.WAITING:
        return incident.next_check_at
    if incident.state in (_S.ACKNOWLEDGED, _S.IN_PROGRESS) and incident.severity is Severity.CRITICAL:
        touched = max(incident.touched_at or 0.0, incident.acknowledged_at or 0.0, incident.told_at or 0.0)
        return touched + FORGOTTEN_S
    return None


def _first_steps(sitting: Sitting, incident: Incident) -> int:
    chain = sitting.staff.chain(incident)
    return max(1, sum(step.after_s <= 0 for step in chain.steps))


def _flapped(sitting: Sitting, incident: Incident, cause: Cause | None) -> Incident:
    """It goes up and down: one more page when it stays down, and not soon another (SEMANTICS 14)."""
    if cause is None or not cause.flapping or not cause.bad:
        return incident
    pages = Story.of(sitting.books.entries(incident.number)).pages()
    if not pages or pages[-1] >= cause.bad_since:
        return incident
    if not sitting.due(max(cause.bad_since + DOWN_S, pages[-1] + FURTHER_S)):
        return incident
    _page(sitting, incident, "update", 1)
    return replace(incident, updated_at=sitting.now)


def next_step_at(incident: Incident, steps: Sequence[Step]) -> float | None:
    """When the next step of its chain is due unless somebody takes it, UTC seconds; None where nobody more is told.

    `incident.step` counts the steps reached, so it is also the place of the next one.
    """
    if incident.step >= len(steps) or incident.step_at is None:
        return None
    before = steps[incident.step - 1].after_s if incident.step else 0.0
    return incident.step_at + max(0.0, steps[incident.step].after_s - before)


def _escalated(sitting: Sitting, incident: Incident) -> Incident:
    """The next steps of its chain that are due; the first of them at once when no message reached anybody."""
    steps = sitting.staff.chain(incident).steps
    while (due := next_step_at(incident, steps)) is not None:
        if not sitting.due(due) and not _failed(sitting, incident):
            break
        incident = replace(incident, step=incident.step + 1, step_at=min(due, sitting.now), updated_at=sitting.now)
        contacts = on_call(sitting, steps[incident.step - 1].targets)
        sitting.line(incident.number, "changed", "escalated", step=incident.step, contacts=contacts)
        _post(sitting, incident, "escalation").page(contacts)
    return incident


def _failed(sitting: Sitting, incident: Incident) -> bool:
    """Every page of the present step was given up: waiting for an answer is no use. Not asked of each in a storm."""
    if len(sitting.unresolved) > STORM:
        return False
    step_at = incident.step_at or 0.0
    sent = [each for each in sitting.books.notifications(incident.number) if each.page and each.queued_at >= step_at]
    return bool(sent) and all(each.fate is Fate.FAILED for each in sent)


def _repeated(sitting: Sitting, incident: Incident) -> Incident:
    """Every four hours, counted from when the last message was accepted: what failed starts no timer (SEMANTICS 23)."""
    queued = max(incident.told_at or 0.0, incident.updated_at or 0.0, incident.step_at or 0.0)
    if not sitting.due(queued + REPEAT_S):
        return incident
    pages = [each for each in sitting.books.notifications(incident.number) if each.occasion != "recovery"]
    accepted = [each.ended_at for each in pages if each.fate in ACCEPTED and each.ended_at is not None]
    if not accepted or not sitting.due(max(accepted) + REPEAT_S):
        return incident
    _page(sitting, incident, "repeat", max(1, incident.step))
    return replace(incident, updated_at=sitting.now)


def _page(sitting: Sitting, incident: Incident, occasion: Occasion, reached: int) -> None:
    """Whoever is on call now for the steps reached."""
    steps = sitting.staff.chain(incident).steps[:reached]
    targets = dict.fromkeys(target for step in steps for target in step.targets)
    _post(sitting, incident, occasion).page(on_call(sitting, targets))


def _post(sitting: Sitting, incident: Incident, occasion: Occasion) -> Post:
    return Post(sitting, incident, occasion, Story.of(sitting.books.entries(incident.number)).turn(occasion))
