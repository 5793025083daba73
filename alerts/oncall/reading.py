"""The on-call file, oncall.yaml: read whole, every mistake at once, or one plan; without a file, a plan from duties."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from alerts.local_time import DAY_S, local
from alerts.oncall.duties import plan_of_duties
from alerts.oncall.escalations import read_chains, read_routes
from alerts.oncall.plan import Plan
from alerts.oncall.rotations import read_holidays, read_schedules
from alerts.oncall.schedule import Schedule
from alerts.oncall.sheet import Sheet
from inventory.mistakes import Mistake, MistakesError
from inventory.model import Inventory
from inventory.yaml_file import Block, YamlFile, read_file

SECTIONS = ("supervisor", "desk", "schedules", "holidays", "chains", "routes")
NEEDED = ("supervisor", "schedules")
AHEAD_DAYS = 60


def read_oncall(path: Path, inventory: Inventory) -> Plan:
    """The plan; MistakesError holds every mistake. Without the file the plan comes from the contacts' duties."""
    plan, mistakes, _ = _look(path, inventory)
    if plan is None:
        raise MistakesError(mistakes)
    return plan


def check_oncall(
    path: Path, inventory: Inventory, now: float | None = None
) -> tuple[tuple[Mistake, ...], tuple[Mistake, ...]]:
    """(mistakes, warnings); among the warnings every schedule with gaps in the 60 days after `now` (UTC seconds)."""
    plan, mistakes, warnings = _look(path, inventory)
    now = time.time() if now is None else now
    gaps = _gaps(path, plan, now) if plan is not None and path.exists() else ()
    return tuple(sorted(mistakes)), tuple(sorted((*warnings, *gaps)))


def _look(path: Path, inventory: Inventory) -> tuple[Plan | None, list[Mistake], list[Mistake]]:
    file = read_file(path) if path.exists() else None
    if file is None or not (file.top or file.mistakes):
        return _without_file(path, inventory)
    sheet = Sheet(str(path), inventory.contacts)
    sheet.mistakes += file.mistakes
    plan = _plan(sheet, file, inventory) if file.whole else None
    return (None if sheet.mistakes else plan), sheet.mistakes, sheet.warnings


def _without_file(path: Path, inventory: Inventory) -> tuple[Plan, list[Mistake], list[Mistake]]:
    """What would be a mistake in the file is a warning here: nobody has written anything."""
    plan, sheet = plan_of_duties(inventory), Sheet(str(path), inventory.contacts)
    shifts = [shift for schedule in plan.schedules.values() for shift in schedule.shifts]
    for crew in (*(crew for shift in shifts for crew in shift.crews), plan.supervisor):
        for key in crew:
            sheet.contact(key, 0, "duty")
    if not plan.supervisor:
        sheet.warn(
            0, "no contact can be told of anything: nobody is on call", "give one telephone and duties: [on-call]"
        )
    return plan, [], [*sheet.mistakes, *sheet.warnings]


def _plan(sheet: Sheet, file: YamlFile, inventory: Inventory) -> Plan:
    top = file.top
    sheet.keys(top, "on-call file", NEEDED, SECTIONS)
    supervisor = sheet.people(*_of(top, "supervisor"), "supervisor") if top.get("supervisor") is not None else ()
    schedules = read_schedules(sheet, *_of(top, "schedules"))
    desk = _desk(sheet, top, schedules)
    chains = read_chains(sheet, *_of(top, "chains"), schedules)
    return Plan(
        schedules=read_holidays(sheet, *_of(top, "holidays"), schedules),
        chains={name: replace(chain, mail=desk) for name, chain in chains.items()},
        routes=tuple(read_routes(sheet, *_of(top, "routes"), chains)),
        supervisor=supervisor,
        desk=desk,
        contacts=frozenset(inventory.contacts),
    )


def _of(top: Block, section: str) -> tuple[Any, int]:
    return top.get(section), top.lines.get(section, 0)


def _desk(sheet: Sheet, top: Block, schedules: Mapping[str, Schedule]) -> tuple[str, ...]:
    """Who gets the mails of minor and warning; where nobody is named, everybody on a schedule who has an address."""
    if top.get("desk") is None:
        crews = [crew for schedule in schedules.values() for shift in schedule.shifts for crew in shift.crews]
        named = dict.fromkeys(key for crew in crews for key in crew)
        return tuple(key for key in named if sheet.contacts[key].email)
    return sheet.people(*_of(top, "desk"), "desk", paged=False)


def _gaps(path: Path, plan: Plan, now: float) -> list[Mistake]:
    """One warning a schedule: when its first gap is, and how many there are."""
    top, found = read_file(path).top, []
    section = top.get("schedules")
    lines = section.lines if isinstance(section, Block) else {}
    gaps = plan.gaps(now, now + AHEAD_DAYS * DAY_S)
    for name in plan.schedules:
        mine = [gap for gap in gaps if gap.schedule == name]
        if mine:
            when = f"{local(mine[0].from_at):%a %d %b %H:%M} to {local(mine[0].to_at):%a %d %b %H:%M} EAT"
            more = f", and {len(mine) - 1} more in {AHEAD_DAYS} days" if len(mine) > 1 else ""
            message = f"schedule {name!r}: it is nobody's turn {when}{more}"
            found.append(Mistake(str(path), lines.get(name, 0), message, "gaps go to the supervisor"))
    return found
