"""The roster as people see it: who is on call, until when, who takes over, what was changed, where nobody's turn is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.roster import Override
from dashboards.figures import EAT_S, ZONE, clock, duration, iso
from dashboards.layout import NOTHING, Column, Line, plain_table
from dashboards.text import one_line

BY = {"rotation": "", "override": "override", "holiday": "holiday", "gap": "GAP: supervisor"}
NOW = (
    Column("schedule", flexible=True),
    Column("on call", flexible=True),
    Column("until"),
    Column("by", flexible=True),
    Column("then", flexible=True),
)
COMING = (
    Column("schedule", flexible=True),
    Column("from"),
    Column("to"),
    Column("on call", flexible=True),
    Column("by", flexible=True),
)


@dataclass(frozen=True, slots=True)
class Held:
    """`crew` holds `schedule` in [from_at, to_at); `to_at` None: as far as can be seen. Names beside keys."""

    schedule: str
    crew: tuple[tuple[str, str], ...]  # (key, name)
    source: str  # rotation, override, holiday, gap
    shift: str
    from_at: float
    to_at: float | None
    then: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything one look at the plan shows. Times are UTC seconds."""

    at: float
    held: tuple[Held, ...]  # now, one a schedule
    coming: tuple[Held, ...] = ()  # turn by turn
    supervisor: tuple[tuple[str, str], ...] = ()
    desk: tuple[tuple[str, str], ...] = ()
    overrides: tuple[Override, ...] = ()
    gaps: tuple[tuple[str, float, float], ...] = ()  # schedule, from, to
    chains: tuple[tuple[str, tuple[tuple[float, tuple[str, ...]], ...]], ...] = ()


def roster_lines(roster: Roster, now: float, room: int) -> Sequence[str]:
    """At most `room` columns: who is on call first, all else after."""
    at = f"at {clock(roster.at, now)} {ZONE}" if abs(roster.at - now) > 60 else f"now, {clock(now, now)} {ZONE}"
    found = [f"On call {at}", *plain_table(NOW, [_now(held, now) for held in roster.held], room)]
    found.append(f"supervisor {names(roster.supervisor)} · mail to {names(roster.desk)}")
    if roster.coming:
        found += ["", *plain_table(COMING, [_coming(held, now) for held in roster.coming], room)]
    if roster.overrides:
        found += ["", "Overrides", *(_override(override, now)[: room - 1] for override in roster.overrides)]
    if roster.gaps:
        found += ["", "Nobody's turn: goes to the supervisor", *(_gap(gap, now) for gap in roster.gaps[:10])]
        found += [f"  and {len(roster.gaps) - 10} more"] if len(roster.gaps) > 10 else []
    found += ["", "Escalation", *(line for chain in roster.chains for line in _chain(*chain))]
    return found


def names(people: Iterable[tuple[str, str]]) -> str:
    return ", ".join(one_line(name) for _, name in people) or NOTHING


def _by(held: Held) -> str:
    return " ".join(part for part in (BY.get(held.source, held.source), one_line(held.shift)) if part) or NOTHING


def _now(held: Held, now: float) -> Line:
    until = clock(held.to_at, now) if held.to_at is not None else NOTHING
    return Line(held.source, (one_line(held.schedule), names(held.crew), until, _by(held), names(held.then)))


def _coming(held: Held, now: float) -> Line:
    to = day_clock(held.to_at) if held.to_at is not None else NOTHING
    return Line(held.source, (one_line(held.schedule), day_clock(held.from_at), to, names(held.crew), _by(held)))


def day_clock(at: float) -> str:
    """With the day of the week, which is how shifts are spoken of: Sun 22 Nov 19:00."""
    import time

    then = time.gmtime(at + EAT_S)
    return time.strftime(f"%a {then.tm_mday} %b %H:%M", then)


def _override(override: Override, now: float) -> str:
    reason = f": {one_line(override.reason)}" if override.reason else ""
    span = f"{clock(override.from_at, now)} to {clock(override.to_at, now)}"
    return (
        f"  {override.number} {override.schedule}: {override.contact}, {span}, by {one_line(override.author)}{reason}"
    )


def _gap(gap: tuple[str, float, float], now: float) -> str:
    schedule, from_at, to_at = gap
    return f"  {schedule}: {day_clock(from_at)} to {day_clock(to_at)} ({duration(to_at - from_at)})"


def _chain(name: str, steps: tuple[tuple[float, tuple[str, ...]], ...]) -> Iterable[str]:
    said = [f"{'at once' if not after_s else 'after ' + duration(after_s)} {', '.join(to)}" for after_s, to in steps]
    yield f"  {one_line(name)}: {' · '.join(said)}"


def as_json(roster: Roster, now: float) -> Mapping[str, Any]:
    """Stable keys; times in UTC."""
    return {
        "at": iso(roster.at),
        "asked_at": iso(now),
        "schedules": [_held_json(held) for held in roster.held],
        "turns": [_held_json(held) for held in roster.coming],
        "supervisor": _people_json(roster.supervisor),
        "desk": _people_json(roster.desk),
        "overrides": [override_json(override) for override in roster.overrides],
        "gaps": [{"schedule": name, "from": iso(start), "to": iso(end)} for name, start, end in roster.gaps],
        "chains": [
            {"name": name, "steps": [{"after_s": after_s, "to": list(to)} for after_s, to in steps]}
            for name, steps in roster.chains
        ],
    }


def override_json(override: Override) -> Mapping[str, Any]:
    return {
        "number": override.number,
        "schedule": override.schedule,
        "contact": override.contact,
        "from": iso(override.from_at),
        "to": iso(override.to_at),
        "author": override.author,
        "reason": override.reason,
        "ended_by": override.ended_by or None,
    }


def _held_json(held: Held) -> Mapping[str, Any]:
    return {
        "schedule": held.schedule,
        "on_call": _people_json(held.crew),
        "by": held.source,
        "shift": held.shift or None,
        "from": iso(held.from_at),
        "until": None if held.to_at is None else iso(held.to_at),
        "then": _people_json(held.then),
    }


def _people_json(people: Iterable[tuple[str, str]]) -> list[Mapping[str, str]]:
    return [{"contact": key, "name": name} for key, name in people]
