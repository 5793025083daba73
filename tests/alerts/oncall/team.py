"""A small team on call, and files about it."""

from datetime import date, time
from pathlib import Path

from alerts.local_time import instant
from alerts.oncall.plan import Plan
from alerts.oncall.reading import read_oncall
from inventory.model import Contact, Inventory

CONTACTS = {
    contact.key: contact
    for contact in (
        Contact("asha", "Asha", "+255 712 000 001", "asha@noc.example", duties=("on-call",)),
        Contact("juma", "Juma", "+255 712 000 002", "juma@noc.example", duties=("on-call",)),
        Contact("neema", "Neema", "0612 000 003", "neema@noc.example", duties=("on-call",)),
        Contact("boss", "The supervisor", "+255 712 000 009", "boss@noc.example", duties=("supervisor",)),
        Contact("desk", "Desk", email="desk@noc.example"),
        Contact("landline", "Front office", "+255 22 211 0000"),
        Contact("nobody", "Nobody"),
    )
}
TEAM = Inventory(contacts=CONTACTS)
SOUND = """
supervisor: boss
desk: [desk]
schedules:
  noc:
    start: 2026-11-23
    shifts:
      - {name: day, from: "07:00", to: "19:00", people: [asha, juma, neema]}
      - {name: night, from: "19:00", to: "07:00", people: [neema, asha, juma]}
  lines:
    people: [juma, [asha, neema]]
    start: 2026-11-23
"""


def at(day: int, clock: str = "12:00", month: int = 11) -> float:
    """UTC seconds of a day and clock there, in 2026; 23 November is a Monday."""
    return instant(date(2026, month, day), time.fromisoformat(clock))


def written(directory: Path, text: str) -> Path:
    path = directory / "oncall.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def plan_of(directory: Path, text: str = SOUND, inventory: Inventory = TEAM) -> Plan:
    return read_oncall(written(directory, text), inventory)
