"""What a device answered when somebody asked it just now, as lines of text for people."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

from dashboards.figures import duration, rate
from dashboards.layout import Column, Line, plain_table
from dashboards.text import one_line
from inventory.states import OPER_STATUS

ROOM = 80
MARKS = {True: "ok  ", False: "FAIL", None: "  - "}
COLUMNS = (
    Column("interface", flexible=True),
    Column("state"),
    Column("speed", right=True),
    Column("in", right=True),
    Column("out", right=True),
    Column("alias", flexible=True),
)


def said_lines(said: Mapping[str, Any], address: str, most: int | None) -> list[str]:
    """`said`: `noc poll DEVICE --json`; `most`: interfaces shown, None for all."""
    probes = ", ".join(f"{m} {'lost' if rtt is None else f'{rtt:.1f} ms'}" for m, rtt in said["probes"].items())
    lines = [f"{said['device']}  {address}  {probes}"]
    system, interfaces = said["system"], said["interfaces"]
    if system:
        name, about = (one_line(system.get(key) or "(none)") for key in ("sysName", "sysDescr"))
        lines += wrap(f"{name}: {about}", ROOM, initial_indent="  ", subsequent_indent="    ")
    if said["uptime_s"] is not None:
        lines.append(
            f"  up for {duration(said['uptime_s'])}, {len(interfaces)} interfaces, asked in {said['took_s']:.2f} s"
        )
    if said["failure"]:
        lines += wrap(one_line(said["failure"]), ROOM, initial_indent="  ", subsequent_indent="    ")
    rows = [Line("", _cells(one)) for one in interfaces[:most]]
    lines += [f"  {line}" for line in plain_table(COLUMNS, rows, ROOM - 2)] if rows else []
    if most is not None and len(interfaces) > most:
        lines.append(f"  and {len(interfaces) - most} more; --all shows them")
    return lines


def _cells(interface: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        one_line(interface["key"]),
        _oper(interface),
        rate(interface["speed_bps"]) if interface.get("speed_bps") else "",
        *(rate(interface[name]) if name in interface else "" for name in ("in_bps", "out_bps")),
        one_line(interface.get("ifAlias") or ""),
    )


def _oper(interface: Mapping[str, Any]) -> str:
    oper = interface.get("oper")
    if interface.get("admin") == 2:
        return "admin down"
    return OPER_STATUS.get(oper, str(oper)) if isinstance(oper, int) else "?"


def trial_lines(diagnosis: Mapping[str, Any]) -> list[str]:
    """`diagnosis`: `noc poll DEVICE --why --json`: what was tried, one after the other, then what is wrong and what to do."""
    lines = [f"{diagnosis['device']}  {diagnosis['address']}:{diagnosis['port']}  SNMPv{diagnosis['version']}"]
    for trial in diagnosis["trials"]:
        lines.append(f"  {MARKS[trial['good']]}  {one_line(trial['what'])}")
        result = f"{one_line(trial['result'])}  ({trial['took_s']:.2f} s)"
        lines += wrap(result, ROOM, initial_indent=" " * 8, subsequent_indent=" " * 10)
    lines += wrap(diagnosis["sentence"], ROOM)
    return [*lines, *wrap(f"What to do: {diagnosis['advice']}", ROOM)] if diagnosis["advice"] else lines
