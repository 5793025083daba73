"""What a device said about itself, as lines of text for people."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from dashboards import figures
from dashboards.device_health import health_lines
from dashboards.layout import Column, Line, plain_table
from dashboards.text import one_line
from inventory.states import OPER_STATUS

ROOM = 80
INDENT = " " * 14
SYSTEM = ("sysDescr", "sysName", "sysLocation", "sysContact")
ASKED = ("system", "interfaces", "rates")  # whose age is said; the rest is asked about as often
COLUMNS = (
    Column("interface", flexible=True),
    Column("alias", flexible=True),
    Column("oper"),
    Column("speed", right=True),
    Column("in", right=True),
    Column("out", right=True),
)


def facts_told(known: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of one device with times as machines and people read them, not UTC seconds."""
    told = {**known, "at": {part: figures.iso(at) for part, at in known["at"].items()}}
    if "failing" in known:
        told["failing"] = {
            name: {**said, "since": figures.iso(said["since"])} for name, said in known["failing"].items()
        }
    return told


def facts_lines(device: str, content: Mapping[str, Any]) -> Sequence[str]:
    """`content`: one device of `noc device facts --json`."""
    system = content["system"]
    lines = wrap(f"{device}  {_who(system)}", ROOM, subsequent_indent=INDENT)
    for name in SYSTEM:
        if system.get(name):
            lines.extend(
                wrap(f"{name:<12}{one_line(system[name])}", ROOM, initial_indent="  ", subsequent_indent=INDENT)
            )
    asked = ", ".join(f"{part} {at}" for part, at in sorted(content["at"].items()) if part in ASKED)
    lines.extend(wrap(f"asked       {asked}", ROOM, initial_indent="  ", subsequent_indent=INDENT))
    lines.extend(f"  {line}" for line in health_lines(content))
    rows = [Line("", _cells(each)) for each in content["interfaces"]]
    if rows:
        lines.extend(f"  {line}" for line in plain_table(COLUMNS, rows, ROOM - 2))
    return [*lines, ""]


def _who(system: Mapping[str, Any]) -> str:
    """Cisco ASR-9001, iosxr 6.6.3, serial FOC1939NDNZ: as much of it as is known."""
    box = " ".join(one_line(system[key]) for key in ("vendor", "hardware") if system.get(key))
    software = " ".join(one_line(system[key]) for key in ("os", "version") if system.get(key))
    serial = f"serial {one_line(system['serial'])}" if system.get("serial") else ""
    return ", ".join(part for part in (box, software, serial) if part)


def _cells(interface: Mapping[str, Any]) -> tuple[str, ...]:
    name = interface.get("key") or interface.get("ifName") or interface.get("ifDescr") or interface.get("ifIndex")
    oper = interface.get("oper")
    return (
        one_line(name),
        one_line(interface.get("ifAlias") or ""),
        OPER_STATUS.get(oper, str(oper)) if isinstance(oper, int) else "–",
        *(_rate(interface.get(key)) for key in ("speed_bps", "in_bps", "out_bps")),
    )


def _rate(value: object) -> str:
    return figures.rate(value) if isinstance(value, int | float) else "–"
