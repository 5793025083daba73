"""Schedules and holidays as they stand in the on-call file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from alerts.local_time import DAY_S
from alerts.oncall.duties import A_MONDAY, HAND_OVER
from alerts.oncall.schedule import EVERY_DAY, Crew, Schedule, Shift, Stand, overlaps
from alerts.oncall.sheet import WEEKDAYS, Sheet
from inventory.mistakes import did_you_mean
from inventory.yaml_file import Block, Rows

MOST_SCHEDULES = 50
MOST_SHIFTS = 24  # of one schedule
LONGEST_TURN_DAYS = 56
WEEK = 7


def read_schedules(sheet: Sheet, value: Any, line: int) -> dict[str, Schedule]:
    """The sound ones, without holidays."""
    section = sheet.block(value, line, "schedules")
    found = {}
    if len(section) > MOST_SCHEDULES:
        sheet.note(line, f"{len(section)} schedules, {MOST_SCHEDULES} are allowed")
        return {}
    for name, written in section.items():
        block = sheet.block(written, section.lines[name], f"schedule {name!r}")
        shifts = _shifts(sheet, name, block) if "shifts" in block.lines else _rotation(sheet, name, block)
        for one, other, second in overlaps(shifts):
            when = f"{WEEKDAYS[second // DAY_S]} {second % DAY_S // 3600:02}:{second % 3600 // 60:02}"
            message = f"schedule {name!r}: shifts {one.name!r} and {other.name!r} run at the same time, {when}"
            sheet.note(_line_of(block, other.name), message)
        if shifts:
            found[name] = Schedule(name, shifts)
    return found


def _rotation(sheet: Sheet, name: str, block: Block) -> tuple[Shift, ...]:
    """People who take over from each other at one time of day, mostly weekly."""
    what = f"schedule {name!r}"
    sound = sheet.keys(block, what, ("people",), ("start", "handover", "every", "shifts"))
    crews = _crews(sheet, block, what) if sound else ()
    clock = sheet.clock(block["handover"], block.lines["handover"], "handover") if "handover" in block else HAND_OVER
    first, every_days = _start(sheet, block), _every(sheet, block)
    return (Shift("", clock, clock, crews, first, every_days),) if crews and clock else ()


def _shifts(sheet: Sheet, name: str, block: Block) -> tuple[Shift, ...]:
    what = f"schedule {name!r}"
    sheet.keys(block, what, ("shifts",), ("start", "every"))
    first, every_days = _start(sheet, block), _every(sheet, block)
    rows = list(sheet.rows(block["shifts"], block.lines["shifts"], f"{what}: shifts"))
    if len(rows) > MOST_SHIFTS:
        sheet.note(block.lines["shifts"], f"{what} has {len(rows)} shifts, {MOST_SHIFTS} are allowed")
        return ()
    turns = (first, every_days)
    found = [_shift(sheet, f"{what}, shift", sheet.block(row, line, "a shift"), turns) for row, line in rows]
    return tuple(one for one in found if one)


def _shift(sheet: Sheet, what: str, block: Block, turns: tuple[date, int]) -> Shift | None:
    """One row of `shifts`; `turns`: start and days of its schedule, where it says none of its own."""
    if not sheet.keys(block, what, ("name", "from", "to", "people"), ("days", "start", "every")):
        return None
    name = sheet.word(block["name"], block.lines["name"], f"{what}: name")
    begins, ends = (sheet.clock(block[key], block.lines[key], f"{what} {name!r}: {key}") for key in ("from", "to"))
    days = sheet.weekdays(block["days"], block.lines["days"], "days") if "days" in block else EVERY_DAY
    crews = _crews(sheet, block, f"{what} {name!r}")
    if begins is None or ends is None or not crews:
        return None
    first = _start(sheet, block) if "start" in block else turns[0]
    every_days = _every(sheet, block) if "every" in block else turns[1]
    return Shift(name, begins, ends, crews, first, every_days, days)


def _crews(sheet: Sheet, block: Block, what: str) -> tuple[Crew, ...]:
    """Each turn is one contact, or a list of some who hold it together."""
    rows = sheet.rows(block["people"], block.lines["people"], f"{what}: people")
    crews = tuple(sheet.people(row, line, what) for row, line in rows)
    if not crews and isinstance(block["people"], Rows):
        sheet.note(block.lines["people"], f"{what}: people is empty")
    return crews if all(crews) else ()


def _start(sheet: Sheet, block: Block) -> date:
    found = sheet.day(block["start"], block.lines["start"], "start") if "start" in block else None
    return found or A_MONDAY


def _every(sheet: Sheet, block: Block) -> int:
    """Days of a turn."""
    if "every" not in block:
        return WEEK
    line = block.lines["every"]
    length = sheet.length(block["every"], line, "every")
    if length is not None and (length % DAY_S or not DAY_S <= length <= LONGEST_TURN_DAYS * DAY_S):
        sheet.note(line, f"every {block['every']!r} is not 1 to {LONGEST_TURN_DAYS} whole days", "write 1d, 1w or 2w")
        return WEEK
    return int(length // DAY_S) if length else WEEK


def _line_of(block: Block, shift: str) -> int:
    rows = block.get("shifts")
    if isinstance(rows, Rows):
        for row, line in zip(rows, rows.lines, strict=True):
            if isinstance(row, Block) and row.get("name") == shift:
                return line
    return block.line


def read_holidays(sheet: Sheet, value: Any, line: int, schedules: Mapping[str, Schedule]) -> dict[str, Schedule]:
    """The schedules with who stands in on which day: a contact, a list of them, schedule:NAME, or one of these for each
    schedule that is meant."""
    section = sheet.block(value, line, "holidays")
    stands: dict[str, dict[date, Stand]] = {name: {} for name in schedules}
    for written, stand in section.items():
        day = sheet.day(written, section.lines[written], "holiday")
        if day is not None:
            for name, found in _stands(sheet, stand, section.lines[written], schedules).items():
                stands[name][day] = found
                _warn_of_nothing(sheet, section.lines[written], schedules[name], day)
    return {name: replace(schedule, holidays=stands[name]) for name, schedule in schedules.items()}


def _stands(sheet: Sheet, value: Any, line: int, schedules: Mapping[str, Schedule]) -> dict[str, Stand]:
    if not isinstance(value, Block):
        stand = _stand(sheet, value, line, schedules)
        return {name: stand for name in schedules if stand and name != stand.schedule}
    found = {}
    for name, one in value.items():
        if name not in schedules:
            sheet.note(value.lines[name], f"holiday: {name!r} is no schedule", did_you_mean(name, schedules))
            continue
        stand = _stand(sheet, one, value.lines[name], schedules)
        if stand and stand.schedule == name:
            sheet.note(value.lines[name], f"holiday: schedule {name!r} stands in for itself")
        elif stand:
            found[name] = stand
    return found


def _stand(sheet: Sheet, value: Any, line: int, schedules: Mapping[str, Schedule]) -> Stand | None:
    kind, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if colon and kind == "schedule":
        if name in schedules:
            return Stand(schedule=name)
        sheet.note(line, f"holiday: {name!r} is no schedule", did_you_mean(name, schedules))
        return None
    crew = sheet.people(name if colon and kind == "contact" else value, line, "holiday")
    return Stand(crew) if crew else None


def _warn_of_nothing(sheet: Sheet, line: int, schedule: Schedule, day: date) -> None:
    if not any(day.weekday() in shift.weekdays for shift in schedule.shifts):
        sheet.warn(line, f"holiday {day}: no shift of schedule {schedule.name!r} begins then, so nothing changes")
