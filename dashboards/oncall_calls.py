"""Who would be called, when and in which order, if something broke at a given time; and what became of test messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.alarm import Severity
from alerts.notification import Notification
from alerts.oncall.plan import Plan
from alerts.oncall.telephones import masked
from alerts.roster import Override
from dashboards.figures import iso
from inventory.model import Contact, Inventory

Labels = Mapping[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Call:
    """`at` (UTC seconds) is when nobody has answered for `after_s`; `people` hold the targets at that time."""

    after_s: float
    at: float
    targets: tuple[str, ...]
    people: tuple[str, ...]
    instead: bool  # nobody of them can be reached: the supervisor


@dataclass(frozen=True, slots=True)
class Calls:
    """`chain` decides; `steps` is empty where nothing of that severity wakes anybody. `mail`: who is written to."""

    chain: str
    steps: tuple[Call, ...]
    mail: tuple[str, ...]


def calls(plan: Plan, inventory: Inventory, overrides: Sequence[Override], labels: Labels, at: float) -> Calls:
    """Of an incident with these labels (`alerts.oncall.chains.LABELS`) that is told at `at`."""
    chain = plan.chain(labels)
    pages = Severity(str(labels["severity"])).pages
    steps = [_call(plan, inventory, overrides, (step.after_s, step.targets), at) for step in chain.steps if pages]
    return Calls(chain.name, tuple(steps), tuple(chain.mail))


def _call(
    plan: Plan, inventory: Inventory, overrides: Sequence[Override], step: tuple[float, tuple[str, ...]], at: float
) -> Call:
    after_s, targets = step
    then = at + after_s
    found = dict.fromkeys(one for target in targets for one in plan.who(target, then, overrides))
    reached = tuple(_reached(found, inventory))
    return Call(after_s, then, targets, reached or tuple(_reached(plan.supervisor, inventory)), not reached)


def _reached(people: Iterable[str], inventory: Inventory) -> Iterable[str]:
    """Those with an address that a message can go to."""
    for key in people:
        one = inventory.contacts.get(key)
        if one is not None and (one.telephone or one.email):
            yield key


def calls_json(found: Calls, labels: Labels, inventory: Inventory, *, clear: bool) -> Mapping[str, Any]:
    """`clear`: telephone numbers in full."""
    contacts = inventory.contacts
    return {
        "labels": {name: value for name, value in labels.items() if value},
        "chain": found.chain,
        "steps": [
            {
                "after_s": step.after_s,
                "at": iso(step.at),
                "to": list(step.targets),
                "instead": step.instead,
                "people": [_person(contacts[key], clear=clear) for key in step.people],
            }
            for step in found.steps
        ],
        "mail": [{"contact": key, "name": contacts[key].name if key in contacts else key} for key in found.mail],
    }


def _person(one: Contact, *, clear: bool) -> Mapping[str, Any]:
    telephone = one.telephone if clear else masked(one.telephone)
    return {"contact": one.key, "name": one.name, "telephone": telephone or None, "mail": bool(one.email)}


def trial_json(one: Notification) -> Mapping[str, Any]:
    """A test message as it stands."""
    return {
        "key": one.key,
        "contact": one.contact,
        "fate": str(one.fate),
        "channels": list(one.channels),
        "channel": one.channel or None,
        "queued_at": iso(one.queued_at),
        "ended_at": None if one.ended_at is None else iso(one.ended_at),
        "error": one.error or None,
    }
