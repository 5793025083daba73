"""The on-call plan of a network that has written none: from the duties of its contacts."""

from datetime import date, time

from alerts.oncall.chains import Chain, escalating
from alerts.oncall.plan import Plan
from alerts.oncall.schedule import Schedule, Shift
from inventory.model import Inventory

ON_CALL, ABOVE = "on-call", ("supervisor", "escalation")
NAME = "noc"
A_MONDAY = date(2024, 1, 1)
HAND_OVER = time(8)


def plan_of_duties(inventory: Inventory) -> Plan:
    """Contacts with the duty on-call take turns by the week, Monday 08:00 EAT, in the order of the files.

    After ten minutes their supervisor is told: who has the duty supervisor, else escalation, else whoever can be.
    """
    contacts = inventory.contacts.values()
    on_call = tuple(contact.key for contact in contacts if ON_CALL in contact.duties)
    reachable = tuple(contact.key for contact in contacts if contact.telephone or contact.email)
    supervisor = next(
        (found for duty in ABOVE if (found := tuple(each.key for each in contacts if duty in each.duties))),
        on_call[:1] or reachable[:1],
    )
    crews = tuple((key,) for key in on_call or supervisor)
    shifts = (Shift("week", HAND_OVER, HAND_OVER, crews, A_MONDAY),) if crews else ()
    desk = tuple(key for key in on_call or supervisor if inventory.contacts[key].email)
    return Plan(
        schedules={NAME: Schedule(NAME, shifts)},
        chains={NAME: Chain(NAME, escalating(f"schedule:{NAME}"), desk)},
        supervisor=supervisor,
        desk=desk,
        contacts=frozenset(inventory.contacts),
    )
