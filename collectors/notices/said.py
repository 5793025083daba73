"""From what was taken apart to a Notice: one line for people, the subject, and content for whoever acts on it."""

from typing import Any

from collectors.notices.meaning import meaning_of
from collectors.notices.mnemonics import spoken_of
from collectors.notices.syslog import Line
from collectors.notices.trap import Trap
from collectors.notices.variables import content_of, line_of
from inventory.notice import Notice, NoticeKind

TRAP_SEVERITY = 5  # traps carry none
_IF_INDEX = "1.3.6.1.2.1.2.2.1.1"


def notice_of_trap(trap: Trap, device: str, source: str, at: float) -> Notice:
    """content: oid, version, uptime_ticks, about, state, variables (dotted OID -> value in words); v1: agent."""
    meaning = meaning_of(trap.oid)
    subject = next((said for one in meaning.subjects if (said := one.of(b.oid for b in trap.bindings))), "")
    if meaning.about == "link" and subject in ("", "0"):
        subject = _index_said(trap)
    variables = content_of(trap.bindings)
    content: dict[str, Any] = {"oid": trap.oid, "version": trap.version, "uptime_ticks": trap.uptime_ticks}
    content |= {"about": meaning.about, "state": meaning.state, "variables": variables}
    if trap.agent:
        content["agent"] = trap.agent
    words = line_of(variables) or trap.oid
    kind: NoticeKind = "inform" if trap.confirmed else "trap"
    return Notice(at, device, source, kind, meaning.name, words, TRAP_SEVERITY, subject, content)


def _index_said(trap: Trap) -> str:
    """Some agents send linkDown with no index behind ifIndex: then its value has to do."""
    for one in trap.bindings:
        if one.oid in (_IF_INDEX, _IF_INDEX + ".0") and isinstance(one.value, int):
            return str(one.value)
    return ""


def notice_of_line(line: Line, device: str, source: str, at: float) -> Notice:
    """content: facility, about, state; host, process and structured data where they were said."""
    about, state, subject = spoken_of(line)
    content: dict[str, Any] = {"facility": line.facility, "about": about, "state": state}
    content |= {key: said for key, said in (("host", line.host), ("process", line.process)) if said}
    if line.structured:
        content["structured"] = dict(line.structured)
    return Notice(at, device, source, "syslog", line.name, line.text, line.severity, subject, content)
