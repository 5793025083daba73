"""One incident told whole: how it stands, why, whom it hurts, which alarms, who was told, and what happened when."""

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.alarm import Alarm, Phase
from alerts.cause import Role
from alerts.incident import Entry, Incident
from alerts.notification import Notification
from alerts.subject import Subject
from alerts.words.lines import line as said_of
from alerts.words.phrases import evidence, explain, language_of, title
from dashboards import figures
from dashboards.incident_words import SHAPES
from dashboards.incidents import IncidentsView, having
from dashboards.layout import Column, Line, plain_table
from dashboards.notices import when
from dashboards.text import one_line
from inventory.model import Inventory
from inventory.notice import Notice

AROUND_S = 120.0  # before the first sign and after the end, in which notices belong to an incident
MOST_NOTICES = 30
MOST_LINES = 12  # of one kind of alarm, unless all are asked for


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of one incident. `alarms`: of its members, those that are not clear."""

    incident: Incident
    alarms: Mapping[str, Alarm]
    entries: Sequence[Entry]
    notifications: Sequence[Notification]
    notices: Sequence[Notice] = ()


Address = Callable[[str, str], str]  # (contact, channel) -> masked


@dataclass(frozen=True, slots=True)
class Around:
    """Notices of `devices` within [start, end], UTC seconds, belong to an incident; those of `beside` at its beginning."""

    devices: Sequence[str]
    start: float
    end: float
    beside: frozenset[str]

    def holds(self, one: Notice) -> bool:
        return one.device not in self.beside or one.at <= self.start + 2 * AROUND_S


def heard_around(incident: Incident, inventory: Inventory, now: float) -> Around:
    """Of a line both ends speak; of a device also what stands at the far ends of its lines: it may be silent itself."""
    its = {key for each in incident.roots for key in devices_of(each, inventory)} | set(incident.impact.devices)
    beside = {key for each in incident.roots if each.kind == "device" for key in beside_of(each.key, inventory)} - its
    end = (incident.recovered_at or now) + AROUND_S
    return Around(sorted(its | beside), incident.since - AROUND_S, end, frozenset(beside))


def devices_of(subject: Subject, inventory: Inventory) -> list[str]:
    """Those that it is of, or that see it: of a link or circuit both ends, of a site those that stand there."""
    if subject.kind in ("link", "circuit"):
        links = (link for link in inventory.links.values() if subject.key in (link.key, link.circuit))
        keys = [end.device for link in links for end in (link.b, link.a)]
    elif subject.kind == "site":
        keys = [each.key for each in inventory.devices_at.get(subject.key, ())]
    else:
        keys = [subject.key if subject.kind == "device" else subject.device]
    return [key for key in dict.fromkeys(keys) if key in inventory.devices]


def beside_of(device: str, inventory: Inventory) -> list[str]:
    """The devices at the far ends of its declared links."""
    ends = {end.device for link in inventory.links_of.get(device, ()) for end in link.ends}
    return sorted(key for key in ends - {device} if key in inventory.devices)


def story_lines(
    story: Story, view: IncidentsView, address: Address, room: int, *, everything: bool = False
) -> list[str]:
    words, incident = view.words, story.incident
    most = len(incident.members) if everything else MOST_LINES
    blocks: list[tuple[str, Iterable[str]]] = [
        ("WHY", _why(incident, view, room)),
        ("IMPACT", _impact(incident, view, room)),
        ("ALARMS", _alarms(story, view, room, most)),
        ("TOLD", _told(story, view, address, room)),
        ("TIMELINE", _timeline(story, view, room)),
    ]
    found = [*_head(incident, view, room)]
    for heading, lines in blocks:
        if block := list(lines):
            found += ["", words[heading], *block]
    return found


def state_sentences(incident: Incident, view: IncidentsView) -> list[str]:
    """How it stands and since when, what people did, what was before; one fact each."""
    words, now = view.words, view.now

    def at(known: float | None) -> str:
        return when(known, now) if known is not None else "?"

    ended = incident.recovered_at or incident.resolved_at
    who = view.names.contact(incident.acknowledged_by)
    lasted = figures.duration((ended or now) - incident.since, figures.SPANS[view.language])
    found = [
        words["first failed"].format(at=at(incident.since)),
        words["recovered"].format(at=at(ended), after=lasted) if ended else words["lasting"].format(after=lasted),
        words["told"].format(at=at(incident.told_at)) if incident.told_at else having(incident, view),
        words["acknowledged at"].format(at=at(incident.acknowledged_at), who=who) if who else words["nobody has it"],
        words["owner"].format(owner=view.names.contact(incident.owner)) if incident.owner else "",
        words["ticket"].format(ticket=incident.ticket, at=at(incident.next_check_at)) if incident.ticket else "",
        words["resolved at"].format(at=at(incident.resolved_at)) if incident.resolved_at else "",
        words["closed at"].format(at=at(incident.closed_at)) if incident.closed_at else "",
        words["cause"].format(cause=incident.closing) if incident.closing else "",
        words["occurrence"].format(times=incident.times) if incident.times > 1 else "",
        words["previous"].format(number=incident.previous) if incident.previous else "",
        words["linked"].format(numbers=", ".join(map(str, incident.linked))) if incident.linked else "",
    ]
    return [one_line(each) for each in dict.fromkeys(found) if each]


def _head(incident: Incident, view: IncidentsView, room: int) -> Iterable[str]:
    words = language_of(view.language)
    severity, state = words.severities[incident.severity], words.states[incident.state]
    heading = f"{SHAPES[incident.severity]} {severity} {incident.number} {title(incident, view.language, view.names)}"
    yield from wrapped(f"{one_line(heading)} · {state}", room)
    yield from wrapped(" · ".join(state_sentences(incident, view)), room)


def _why(incident: Incident, view: IncidentsView, room: int) -> Iterable[str]:
    yield from wrapped(explain(incident, view.language, view.names, view.now), room, "  ")
    language = language_of(view.language)
    for text in dict.fromkeys(evidence(each, language, view.names) for each in incident.evidence):
        if text:
            yield from wrapped(text, room, "  - ")


def impact_names(incident: Incident, view: IncidentsView) -> Mapping[str, list[str]]:
    """By kind of what is hurt, in the words of people."""
    impact, names, language = incident.impact, view.names, view.language
    known = names.inventory.regions
    return {
        "sites": names.sites(impact.sites, language),
        "institutions": names.institutions(impact.institutions, language),
        "services": names.services(impact.services, language),
        "regions": [known[key].in_language(language) if key in known else key for key in impact.regions],
        "circuits": names.circuits(impact.circuits, language),
        "lost redundancy": names.sites(impact.degraded, language),
    }


def _impact(incident: Incident, view: IncidentsView, room: int) -> Iterable[str]:
    for kind, found in impact_names(incident, view).items():
        if found:
            yield from wrapped(f"{view.words[kind]} ({len(found)}): {', '.join(found)}", room, "  ", "    ")


def _alarms(story: Story, view: IncidentsView, room: int, most: int) -> Iterable[str]:
    lines = []
    for role in Role:
        keys = sorted(key for key, its in story.incident.members.items() if its is role)
        lines += [
            Line("", (f"  {view.words[role]}", one_line(key), *_phase(story.alarms.get(key), view)))
            for key in keys[:most]
        ]
        if len(keys) > most:
            lines.append(
                Line("", (f"  {view.words[role]}", view.words["and more"].format(count=len(keys) - most), "", ""))
            )
    return list(plain_table((Column(""), Column("", flexible=True), Column(""), Column("")), lines, room))[1:]


def _phase(alarm: Alarm | None, view: IncidentsView) -> tuple[str, str]:
    if alarm is None:
        return view.words["clear"], ""
    word = "well" if alarm.phase is Phase.FIRING and alarm.good_since is not None else str(alarm.phase)
    return view.words["stale" if alarm.stale else word], when(alarm.good_since or alarm.since, view.now)


def _told(story: Story, view: IncidentsView, address: Address, room: int) -> Iterable[str]:
    if not story.notifications:
        return [f"  {view.words['nobody was told']}"]
    lines = [
        Line(
            "",
            (
                f"  {when(each.queued_at, view.now)}",
                one_line(view.names.contact(each.contact)),
                view.words[f"told {each.occasion}"],
                f"{channel} {address(each.contact, channel)}".strip(),
                view.words[str(each.fate)] + (f" {when(each.ended_at, view.now)}" if each.ended_at else ""),
            ),
            one_line(each.error),
        )
        for each in story.notifications
        for channel in [each.channel or each.channels[min(each.place, len(each.channels) - 1)]]
    ]
    flexible = (False, True, False, False, False)
    return list(plain_table([Column("", flexible=each) for each in flexible], lines, room))[1:]


def _timeline(story: Story, view: IncidentsView, room: int) -> Iterable[str]:
    told = [(each.at, said_of(each, view.language, view.names)) for each in story.entries]
    heard = [
        (each.at, f"{view.words['notice']} {each.device} {each.name} {each.subject} {each.text}")
        for each in story.notices
    ]
    for at, text in sorted(told + heard, key=lambda pair: pair[0]):
        yield from wrapped(one_line(text), room, f"  {when(at, view.now)} ")


def wrapped(text: str, room: int, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most `room` columns; `first` begins the first, `rest` (blanks as long as `first`) the others."""
    rest = " " * len(first) if rest is None else rest
    return textwrap.wrap(text, room, initial_indent=first, subsequent_indent=rest) or [first.rstrip()]
