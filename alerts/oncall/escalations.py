"""Chains and routes as they stand in the on-call file."""

from collections.abc import Iterator, Mapping
from typing import Any

from alerts.oncall.chains import LABELS, SUPERVISOR, Chain, Route, Step, escalating, loop_in, unfolded
from alerts.oncall.schedule import Schedule
from alerts.oncall.sheet import Sheet
from inventory.mistakes import did_you_mean
from inventory.selector import Selector, SelectorError, parse_text
from inventory.yaml_file import Block, Rows

MOST_STEPS = 20
DEFAULT = "default"


def read_chains(sheet: Sheet, value: Any, line: int, schedules: Mapping[str, Schedule]) -> Mapping[str, Chain]:
    """Each with the steps of those it goes on by; without any, the first schedule, and its supervisor after 10 min."""
    section = sheet.block(value, line, "chains")
    if not section:
        return {DEFAULT: Chain(DEFAULT, escalating(f"schedule:{next(iter(schedules), '')}"))}
    read = {name: _steps(sheet, name, section, schedules) for name in section}
    loop = loop_in(read)
    if loop:
        sheet.note(section.lines[loop[0]], f"chain {loop[0]!r}: escalation goes round in a loop: {' -> '.join(loop)}")
        return {name: Chain(name, ()) for name in read}
    return {name: Chain(name, unfolded(read, name)) for name in read}


def _steps(sheet: Sheet, name: str, section: Block, schedules: Mapping[str, Schedule]) -> tuple[Step, ...]:
    what, found, last = f"chain {name!r}", [], -1.0
    rows = list(sheet.rows(section[name], section.lines[name], what))
    if not 0 < len(rows) <= MOST_STEPS:
        sheet.note(
            section.lines[name], f"{what} needs 1 to {MOST_STEPS} steps: [{{after: 0m, to: [schedule:...]}}, ...]"
        )
        return ()
    for row, line in rows:
        block = sheet.block(row, line, f"{what}: a step")
        if not sheet.keys(block, f"{what}: a step", ("after", "to")):
            continue
        after_s = sheet.length(block["after"], block.lines["after"], f"{what}: after")
        if after_s is not None and (after_s <= last or (last < 0 < after_s)):
            message = "is not later than the step before" if last >= 0 else "of the first step is 0m: somebody at once"
            sheet.note(block.lines["after"], f"{what}: after {block['after']} {message}")
        last = max(last, after_s or 0.0)
        found.append(Step(after_s or 0.0, _targets(sheet, block, what, (schedules, section))))
    return tuple(found)


def _targets(
    sheet: Sheet, block: Block, what: str, known: tuple[Mapping[str, Any], Mapping[str, Any]]
) -> tuple[str, ...]:
    tables = {"schedule": known[0], "chain": known[1], "contact": sheet.contacts}
    found = []
    for value, line in sheet.rows(block["to"], block.lines["to"], f"{what}: to"):
        target = sheet.word(value, line, f"{what}: to")
        kind, _, name = target.partition(":")
        if target == SUPERVISOR or (name and name in tables.get(kind, ())):
            if kind == "contact":
                sheet.contact(name, line, what)
            found.append(target)
        elif target:
            sheet.note(line, f"{what}: {target!r} is nobody", _meant(target, tables))
    if isinstance(block["to"], Rows) and not block["to"]:
        sheet.note(block.lines["to"], f"{what}: to names nobody")
    return tuple(found)


def _meant(target: str, tables: Mapping[str, Mapping[str, Any]]) -> str:
    known = [SUPERVISOR, *(f"{kind}:{name}" for kind, names in tables.items() for name in names)]
    exact = next((one for one in known if one.endswith(f":{target}")), "")
    hint = f"did you mean {exact!r}?" if exact else did_you_mean(target, known)
    return hint or "write schedule:NAME, contact:KEY, chain:NAME or supervisor"


def read_routes(sheet: Sheet, value: Any, line: int, chains: Mapping[str, Chain]) -> Iterator[Route]:
    """In the order of the file: the first that matches decides."""
    for row, at in sheet.rows(value, line, "routes"):
        block = sheet.block(row, at, "a route")
        if not sheet.keys(block, "route", ("chain",), ("match", "mail")):
            continue
        chain = sheet.word(block["chain"], block.lines["chain"], "route: chain")
        if chain and chain not in chains:
            sheet.note(block.lines["chain"], f"route: {chain!r} is no chain", did_you_mean(chain, chains))
        mail = sheet.people(block["mail"], block.lines["mail"], "route: mail", paged=False) if "mail" in block else None
        yield Route(_selector(sheet, block), chain, mail)


def _selector(sheet: Sheet, block: Block) -> Selector:
    text, line = block.get("match"), block.lines.get("match", block.line)
    try:
        selector = parse_text(text if isinstance(text, str) else "", LABELS)
    except SelectorError as error:
        sheet.note(line, f"route: match {error}")
        return Selector()
    if any(not term.label for term in selector.terms):
        sheet.note(line, f"route: match {text!r} has a word without a label", "write severity=critical region=Dodoma")
    return selector
