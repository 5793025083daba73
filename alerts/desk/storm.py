"""The guard against storms: whoever was paged ten times in ten minutes gets further pages gathered in one message."""

import json

from alerts.alarm import Severity
from alerts.desk.sitting import Sitting
from alerts.incident import Incident

MOST_PAGES = 10
WITHIN_S = 600.0
MARK_S = 300.0
PAGES, HELD = "desk.pages", "desk.held"


def _read(sitting: Sitting, name: str) -> dict[str, list[float]]:
    text = sitting.books.mark(name)
    return dict(json.loads(text)) if text else {}


def exempt(incident: Incident) -> bool:
    """Of a core or a whole region everybody hears by name, however many messages there were."""
    impact = incident.impact
    return incident.severity is Severity.CRITICAL and bool(impact.core or impact.regions or incident.family == "poller")


def admits(sitting: Sitting, contact: str, incident: Incident) -> bool:
    """May this contact be paged for it now? If not, it is gathered for the next five-minute mark."""
    pages = _read(sitting, PAGES)
    recent = {
        key: fresh for key, times in pages.items() if (fresh := [at for at in times if at > sitting.now - WITHIN_S])
    }
    mine = recent.setdefault(contact, [])
    if len(mine) >= MOST_PAGES and not exempt(incident):
        _hold(sitting, contact, incident.number)
        return False
    mine.append(sitting.now)
    sitting.books.put_mark(PAGES, json.dumps(recent, sort_keys=True))
    return True


def _hold(sitting: Sitting, contact: str, number: int) -> None:
    """The first of the list is when it is due."""
    held = _read(sitting, HELD)
    waiting = held.setdefault(contact, [mark_after(sitting.now)])
    if number not in waiting[1:]:
        waiting.append(number)
    sitting.books.put_mark(HELD, json.dumps(held, sort_keys=True))
    sitting.due(waiting[0])


def gathered(sitting: Sitting) -> list[tuple[str, float, list[int]]]:
    """(contact, mark, numbers) of what is due now; taken off the list."""
    held = _read(sitting, HELD)
    ready = [contact for contact in sorted(held) if sitting.due(held[contact][0])]
    found = [(contact, held[contact][0], [int(number) for number in held.pop(contact)[1:]]) for contact in ready]
    if found:
        sitting.books.put_mark(HELD, json.dumps(held, sort_keys=True) if held else "")
    return found


def mark_after(now: float) -> float:
    return (now // MARK_S + 1) * MARK_S
