"""Incidents as rows for people: the worst first, what it is, whom it hurts, and who has it or is told next."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.incident import Incident, IncidentState
from alerts.words.names import Names
from alerts.words.phrases import language_of, title
from dashboards import figures
from dashboards.incident_words import LANGUAGES, SHAPES
from dashboards.layout import Column, Line, laid_out
from dashboards.text import one_line
from inventory.model import Inventory

WIDE = 120  # columns from which on a row needs no second line
Labels = dict[str, str | float | list[str]]
ASKED = (
    *("severity", "state", "family", "kind", "root", "region", "site", "institution", "device", "link", "circuit"),
    *("provider", "service", "owner", "ticket"),
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who is told next when nobody acknowledges; `at` in UTC seconds."""

    at: float
    whom: str


def _nobody(_: Incident) -> NextStep | None:
    return None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident in words; `state` and `severity` are keys, all else is text in the language asked for."""

    number: int
    state: str
    severity: str
    severity_text: str
    what: str
    since: float
    ended_at: float | None
    whom: str
    who: str


@dataclass(frozen=True, slots=True)
class IncidentsView:
    """`next_step`: of an incident that nobody has acknowledged; None where nobody more is told."""

    names: Names
    now: float
    language: str = "en"
    next_step: Callable[[Incident], NextStep | None] = _nobody

    @property
    def words(self) -> Mapping[str, str]:
        return LANGUAGES[self.language]


def worst_first(incidents: Sequence[Incident]) -> list[Incident]:
    """Unresolved before the rest, by severity, the newest first within it."""
    return sorted(incidents, key=_place)


def _place(one: Incident) -> tuple[bool, bool, int, float, int]:
    """That the NOC sees nothing stands before everything: whatever else is shown is of before."""
    return not one.unresolved, one.family != "poller", one.severity.rank, -one.since, -one.number


def row(incident: Incident, view: IncidentsView) -> IncidentRow:
    severity = language_of(view.language).severities[incident.severity]
    return IncidentRow(
        number=incident.number,
        state=incident.state,
        severity=incident.severity,
        severity_text=f"{SHAPES[incident.severity]} {severity.lower() if view.language == 'en' else severity}",
        what=one_line(title(incident, view.language, view.names, short=True)),
        since=incident.since,
        ended_at=incident.recovered_at or incident.resolved_at,
        whom=hurt(incident, view),
        who=one_line(having(incident, view)),
    )


def hurt(incident: Incident, view: IncidentsView) -> str:
    """7 councils, 1 ministry; who only lost a second way; nobody."""
    words, counted = view.words, view.names.kinds(incident.impact.sites)
    found = [
        words[f"{kind} one"] if count == 1 else words[kind].format(count=count)
        for kind, count in sorted(_known_kinds(counted).items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    if not found and incident.impact.degraded:
        return words["degraded"].format(count=len(incident.impact.degraded))
    return ", ".join(found) or words["nobody"]


def _known_kinds(counted: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for kind, count in counted.items():
        found[kind if kind in ("lga", "mda") else "other"] += count
    return found


def having(incident: Incident, view: IncidentsView) -> str:
    """Who has it; of what nobody has: who is told next, or why nobody was."""
    words, now = view.words, view.now
    if incident.unresolved and not incident.bad:
        return f"{having(replace(incident, bad=True), replace(view, next_step=_nobody))} · {words['good']}"
    if incident.state is IncidentState.OPEN:
        return _unacknowledged(incident, view)
    return words[incident.state].format(
        who=view.names.contact(incident.acknowledged_by),
        owner=view.names.contact(incident.owner or incident.acknowledged_by),
        ticket=incident.ticket,
        check=_clock(incident.next_check_at, now),
        at=_clock(incident.closed_at if incident.state is IncidentState.CLOSED else incident.resolved_at, now),
    )


def _unacknowledged(incident: Incident, view: IncidentsView) -> str:
    words, now = view.words, view.now
    if incident.window is not None:
        return words["window"].format(window=incident.window)
    if incident.told_at is None:
        return words["untold"]
    coming = view.next_step(incident)
    if coming is None:
        return words["open"]
    left = figures.short_duration(coming.at - now, figures.SPANS[view.language])
    return words["next" if coming.at > now else "late"].format(whom=coming.whom, left=left)


def _clock(at: float | None, now: float) -> str:
    return figures.clock(at, now) if at is not None else "?"


def incident_lines(incidents: Sequence[Incident], view: IncidentsView, room: int) -> list[str]:
    """A heading with counts and a table of `room` columns, in the order given."""
    return [text for text, _ in incident_table(incidents, view, room)]


def incident_table(incidents: Sequence[Incident], view: IncidentsView, room: int) -> list[tuple[str, str]]:
    """The same, each line with the severity to colour it by. What is resolved has none: colour means act."""
    words = view.words
    if not incidents:
        return [(words["nothing"], "")]
    states = language_of(view.language).states
    counted = Counter(str(one.state) for one in incidents)
    said = " · ".join(f"{counted[state]} {states[state]}" for state in IncidentState if counted[state])
    heading = words["counts" if len(incidents) > 1 else "count"].format(count=len(incidents), states=said)
    wide = room >= WIDE
    columns = [
        Column(words["severity"]),
        Column(words["number"], right=True),
        Column(words["what"], flexible=True),
        Column(words["since"], right=True),
        Column(words["age"], right=True),
        Column(words["whom"], flexible=True),
        *([Column(words["who"], flexible=True)] if wide else []),
    ]
    lines = [_line(row(one, view), view, wide=wide) for one in incidents]
    table = ((text, line.state if line else "") for text, line in laid_out(columns, lines, room))
    return [(heading, ""), *table]


def _line(one: IncidentRow, view: IncidentsView, *, wide: bool) -> Line:
    """Who has it stands below, where there is no room beside."""
    now = view.now
    since = figures.day_or_clock(one.since, now)
    age = figures.short_duration((one.ended_at or now) - one.since, figures.SPANS[view.language])
    cells = (one.severity_text, str(one.number), one.what, since, age, one.whom)
    state = "" if one.state in ("resolved", "closed") else one.severity
    return Line(state, (*cells, one.who)) if wide else Line(state, cells, one.who)


def labels_of(incident: Incident, names: Names) -> Labels:
    """What a selector may ask of an incident (`ASKED`); a bare word is looked for in number, root and name."""
    called: Labels = {"name": title(incident, "en", names), "name_sw": title(incident, "sw", names)}
    return {**called, **places_of(incident, names.inventory)}


def places_of(incident: Incident, inventory: Inventory) -> dict[str, str | list[str]]:
    """The same without what it is called: where it is and whom it hurts, by keys."""
    sites = {*incident.impact.sites, *incident.impact.degraded, *_of_roots(incident, "site")}
    devices = {*incident.impact.devices, *_of_roots(incident, "device"), *(one.device for one in incident.roots)} - {""}
    sites |= {inventory.devices[key].site for key in devices if key in inventory.devices}
    links = set(_of_roots(incident, "link"))
    circuits = {*incident.impact.circuits, *_of_roots(incident, "circuit")}
    circuits |= {inventory.links[key].circuit for key in links if key in inventory.links} - {""}
    contracts = [inventory.contracts[key] for key in _of_roots(incident, "contract") if key in inventory.contracts]
    circuits |= {circuit for contract in contracts for circuit in contract.circuits}
    regions = {*incident.impact.regions, *_of_roots(incident, "region")}
    regions |= {inventory.sites[key].region for key in sites if key in inventory.sites}
    return {
        "severity": str(incident.severity),
        "state": str(incident.state),
        "family": incident.family,
        "kind": incident.root.kind,
        "root": [each.key for each in incident.roots],
        "region": sorted(regions),
        "site": sorted(sites),
        "institution": [*incident.impact.institutions, *_of_roots(incident, "institution")],
        "device": sorted(devices),
        "link": sorted(links),
        "circuit": sorted(circuits),
        "provider": sorted({inventory.circuits[key].provider for key in circuits if key in inventory.circuits}),
        "service": list(incident.impact.services),
        "owner": [incident.owner, incident.acknowledged_by],
        "ticket": incident.ticket,
    }


def _of_roots(incident: Incident, kind: str) -> list[str]:
    return [each.key for each in incident.roots if each.kind == kind]
