"""One incident as a page shows it: evidence with where it came from, alarms with their root, who was told, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from alerts.alarm import Alarm, Evidence, Phase
from alerts.cause import Role
from alerts.incident import Incident
from alerts.subject import Subject
from alerts.words.names import Names
from alerts.words.phrases import evidence, language_of, suspects
from dashboards.cases.trail import Trail, Way
from dashboards.incident_story import Story
from dashboards.incidents import IncidentsView
from dashboards.text import one_line
from inventory.model import Inventory
from inventory.notice import Notice

MOST_MEMBERS: Final = 60  # on a page, before all are asked for


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice with its number in the book of notices."""

    number: int
    notice: Notice


@dataclass(frozen=True, slots=True)
class Reason:
    """Why we think so: a sentence, since when (UTC seconds), and where it can be seen as it was then."""

    text: str
    since: float | None = None
    ways: Sequence[Way] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """`phase` is a key of the words of incidents; a suppressed one hangs on `root`. `address`: its page as it was then."""

    role: str
    rule: str
    name: str
    address: str
    phase: str
    at: float | None
    text: str
    root: str = ""


def sure(incident: Incident, view: IncidentsView) -> str:
    """How sure we are of the root: proven, or what from afar it cannot be told from."""
    sentences = language_of(view.language).sentences
    doubt = suspects(incident, view.names, language_of(view.language))
    return f"{sentences['likely']}. {doubt}" if doubt else sentences["proven"]


def reasons(story: Story, view: IncidentsView, trail: Trail) -> list[Reason]:
    """The evidence of the incident, and that of each root alarm with when it was first seen, and where."""
    words, names, incident = language_of(view.language), view.names, story.incident
    found: dict[str, Reason] = {}
    for one in incident.evidence:
        if text := evidence(one, words, names):
            subject = _subject_in(one, names) or incident.root
            found[text] = Reason(text, None, trail.ways(subject, incident.since))
    for key, alarm in story.alarms.items():
        text = evidence(alarm.evidence, words, names)
        if incident.members.get(key) is Role.ROOT and text:
            found[text] = Reason(text, alarm.since, trail.ways(alarm.subject, alarm.since))
    return list(found.values())


def _subject_in(one: Evidence, names: Names) -> Subject | None:
    """What a piece of evidence speaks of; None where its figures do not name it: then it is of the root itself."""
    figures = {name: str(value) for name, value in one.figures.items()}
    if "neighbour" in figures:
        return Subject("device", figures["neighbour"], figures["neighbour"])
    for kind in ("link", "device", "site"):
        if kind in figures:
            return Subject(kind, figures[kind], figures[kind] if kind == "device" else "")
    if "key" in figures and figures.get("kind") in ("device", "link", "site", "circuit", "region"):
        return Subject(figures["kind"], figures["key"], figures["key"] if figures["kind"] == "device" else "")  # type: ignore[arg-type]
    what = figures.get("what", "")
    kind = next((kind for kind in ("link", "circuit") if what in getattr(names.inventory, f"{kind}s")), "")
    return Subject(kind, what) if kind else None  # type: ignore[arg-type]


def members(story: Story, view: IncidentsView, trail: Trail, *, everything: bool) -> tuple[list[Member], int]:
    """(those that are shown, how many more there are): roots first, then symptoms, then what they suppress."""
    order = (Role.ROOT, Role.SYMPTOM, Role.BEHIND)
    keys = sorted(story.incident.members, key=lambda key: (order.index(story.incident.members[key]), key))
    shown = keys if everything else keys[:MOST_MEMBERS]
    return [_member(key, story, view, trail) for key in shown], len(keys) - len(shown)


def _member(key: str, story: Story, view: IncidentsView, trail: Trail) -> Member:
    alarm, role = story.alarms.get(key), story.incident.members[key]
    subject = alarm.subject if alarm is not None else _subject_of(key, view.names.inventory)
    root = story.incident.root
    return Member(
        role=str(role),
        rule=one_line(key.partition(" ")[0]),
        name=one_line(view.names.subject(subject, view.language)),
        address=trail.page(subject, alarm.since if alarm is not None else story.incident.since),
        phase=_phase(alarm),
        at=(alarm.good_since or alarm.since) if alarm else None,
        text=evidence(alarm.evidence, language_of(view.language), view.names) if alarm else "",
        root=one_line(view.names.subject(root, view.language)) if role is Role.BEHIND else "",
    )


def _subject_of(key: str, inventory: Inventory) -> Subject:
    """Of an alarm that is clear by now, from its key: rule, kind and key of its subject."""
    _, _, rest = key.partition(" ")
    kind, _, name = rest.partition(" ")
    device = name if kind == "device" else name.partition(":")[0].partition(" ")[0]
    return Subject(kind, name, device if device in inventory.devices else "")  # type: ignore[arg-type]


def _phase(alarm: Alarm | None) -> str:
    if alarm is None:
        return "clear"
    if alarm.stale:
        return "stale"
    return "well" if alarm.phase is Phase.FIRING and alarm.good_since is not None else str(alarm.phase)


def cut_off(incident: Incident, names: Names, language: str) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """A map in words: region by region the sites without connection, each (key, name)."""
    inventory, found = names.inventory, dict[str, list[tuple[str, str]]]()
    for key in incident.impact.sites:
        site = inventory.sites.get(key)
        region = site.region if site is not None else ""
        name = inventory.regions[region].in_language(language) if region in inventory.regions else region
        found.setdefault(name, []).append((key, site.name.in_language(language) if site is not None else key))
    return sorted((region, sorted(sites, key=lambda pair: pair[1])) for region, sites in found.items())
