"""Availability of institutions, sites, links and providers over a month: up / (up + down) of the agreed time (SEMANTICS 30).

Agreed time is the month without planned work; time that nobody can speak for is unknown, stands apart and is in neither
term. All figures are whole seconds, so that anybody can add them up again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.figures import iso
from dashboards.reports.canonical import fixed, sha256
from dashboards.reports.document import Document, NoData, Period, Row
from dashboards.reports.naming import named
from dashboards.reports.spans import (
    BEHIND,
    DOWN,
    PLANNED,
    SHUT,
    UNKNOWN,
    UNWATCHED,
    UP,
    Event,
    Span,
    Stretch,
    covered,
    runs,
    seconds,
    spans,
)
from inventory.calendar import day_of
from inventory.model import Inventory, Link, Name
from inventory.states import Reason, State

MOST_SPANS: Final = 200  # told of one subject, the longest; its figures are of all
MUTE: Final = frozenset({Reason.AGENT_SILENT, Reason.CREDENTIALS_REFUSED, Reason.DNS, Reason.STALE, Reason.NOT_SEEN})
NETWORK: Final = "govnet"
Place = tuple[str, str]  # kind and key


@dataclass(frozen=True)
class States:
    """What was kept of one month. `planned`: window number and stretch, by subject; `windows` as they are told."""

    events: Mapping[Place, Sequence[Event]]  # of sites and links
    unwatched: Sequence[Span]
    planned: Mapping[Place, Sequence[tuple[int, Stretch]]] = field(default_factory=dict)
    windows: Sequence[Row] = ()
    serving: Mapping[str, Sequence[str]] = field(default_factory=dict)  # site -> links that it hangs on
    since: int | None = None  # since when anything is known at all, UTC seconds


def sla(inventory: Inventory, period: Period, states: States) -> Document:
    """NoData where nobody watched in all of the month."""
    watched = period.until - period.start - seconds(states.unwatched, UNWATCHED)
    if watched <= 0:
        raise NoData(no_data("states", period, states.since))
    whole = period.start, period.until
    courses = {
        ("site", key): course("site", key, whole, states) for key in inventory.sites if inventory.devices_at[key]
    } | {("link", key): course("link", key, whole, states) for key in inventory.links}
    figures = [
        *_network(inventory, courses),
        *_institutions(inventory, courses),
        *_sites(inventory, courses),
        *_links(inventory, courses),
        *_providers(inventory, courses),
    ]
    inputs = {"states": {f"{kind} {key}": sha256(_told(parts)) for (kind, key), parts in courses.items()}}
    more: dict[str, Sequence[Row]] = {
        "spans": [row for (kind, key), parts in courses.items() for row in _spans(kind, key, parts)],
        "unwatched": [_span(part) for part in states.unwatched],
        "windows": list(states.windows),
    }
    return Document("sla", period, figures, inputs, more)


def no_data(what: str, period: Period, since: int | None) -> str:
    begins = f"; the first are of {day_of(since)}" if since is not None else "; nothing was ever kept"
    return f"no {what} were kept of {period.month}{begins}"


def of_institution(document: Document, inventory: Inventory, institution: str, serving: Iterable[str]) -> Document:
    """What of it concerns one institution: itself, its site, and the links that this hangs on."""
    site = inventory.institutions[institution].site
    places = {("institution", institution), ("site", site)} | {("link", link) for link in serving}
    names = {f"{kind} {key}" for kind, key in places}

    def mine(rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if (row["kind"], row["key"]) in places]

    told = mine(document.more["spans"])
    numbers = {span["reason"] for span in told if span["state"] == PLANNED}
    more = {
        "spans": told,
        "unwatched": document.more["unwatched"],
        "windows": [row for row in document.more["windows"] if str(row["number"]) in numbers],
    }
    inputs = {"states": {name: digest for name, digest in document.inputs["states"].items() if name in names}}
    return Document("sla", document.period, mine(document.figures), inputs, more, institution)


def course(kind: str, key: str, stretch: Stretch, states: States) -> list[Span]:
    """One subject's time, every second once: what is planned goes before what nobody saw, that before all else."""
    seen = spans(states.events.get((kind, key), ()), *stretch)
    found = [Span(part.start, part.end, *_counted(kind, part)) for part in seen]
    for gap in states.unwatched:
        found = covered(found, [(gap.start, gap.end)], UNWATCHED, gap.reason)
    for number, work in states.planned.get((kind, key), ()):
        found = covered(found, [work], PLANNED, str(number))
    return found


def _counted(kind: str, part: Span) -> tuple[str, str]:
    """As what a state counts. Behind another fault a link is unknown, while the site behind it is without its network."""
    if part.state in (State.UP, State.DEGRADED):
        return (UNKNOWN, part.reason) if kind == "link" and part.reason in MUTE else (UP, "")
    if part.state == State.UNREACHABLE:
        return (BEHIND, "") if kind == "link" else (DOWN, part.reason)
    if part.state == State.DOWN:
        return (SHUT if kind == "link" and part.reason == Reason.ADMIN_DOWN else DOWN), part.reason
    return UNKNOWN, part.reason


@dataclass(frozen=True, slots=True)
class _Sum:
    """Seconds of one subject, or of several together."""

    whole: int = 0
    planned: int = 0
    up: int = 0
    down: int = 0
    faults: int = 0
    longest: int = 0

    def __add__(self, other: "_Sum") -> "_Sum":
        return _Sum(
            self.whole + other.whole,
            self.planned + other.planned,
            self.up + other.up,
            self.down + other.down,
            self.faults + other.faults,
            max(self.longest, other.longest),
        )

    def figures(self) -> dict[str, Any]:
        known = self.up + self.down
        return {
            "availability": fixed(self.up / known) if known else None,
            "agreed_s": self.whole - self.planned,
            "up_s": self.up,
            "down_s": self.down,
            "unknown_s": self.whole - self.planned - known,
            "planned_s": self.planned,
            "faults": self.faults,
            "longest_s": self.longest,
        }


def _sum(parts: Sequence[Span], *downs: str) -> _Sum:
    faults = runs(parts, *downs)
    return _Sum(
        whole=seconds(parts, *{part.state for part in parts}),
        planned=seconds(parts, PLANNED),
        up=seconds(parts, UP),
        down=seconds(parts, *downs),
        faults=len(faults),
        longest=max((end - start for start, end in faults), default=0),
    )


_NOTHING: Final = dict.fromkeys(_Sum().figures())


def _network(inventory: Inventory, courses: Mapping[Place, list[Span]]) -> Iterable[Row]:
    """All member sites together."""
    members = [courses["site", site.key] for site in inventory.members() if ("site", site.key) in courses]
    total = sum((_sum(parts, DOWN) for parts in members), _Sum())
    yield named("network", NETWORK, Name("GovNet")) | total.figures() | {"subjects": len(members)}


def _institutions(inventory: Inventory, courses: Mapping[Place, list[Span]]) -> Iterable[Row]:
    for one in inventory.institutions.values():
        parts = courses.get(("site", one.site or ""))
        figures = _sum(parts, DOWN).figures() if parts else _NOTHING
        yield named("institution", one.key, one.name, site=one.site) | figures


def _sites(inventory: Inventory, courses: Mapping[Place, list[Span]]) -> Iterable[Row]:
    for site in inventory.sites.values():
        parts = courses.get(("site", site.key))
        if parts:
            yield named("site", site.key, site.name, region=site.region) | _sum(parts, DOWN).figures()


def _links(inventory: Inventory, courses: Mapping[Place, list[Span]]) -> Iterable[Row]:
    for link in inventory.links.values():
        parts = courses["link", link.key]
        own = {"behind_s": seconds(parts, BEHIND), "shut_s": seconds(parts, SHUT)}
        head = named("link", link.key, link.name, provider=link.provider, circuit=link.circuit)
        yield head | _sum(parts, DOWN, SHUT).figures() | own


def _providers(inventory: Inventory, courses: Mapping[Place, list[Span]]) -> Iterable[Row]:
    """The time of all its links together; what we switched off ourselves is not its downtime."""
    links: dict[str, list[Link]] = {}
    for link in inventory.links.values():
        links.setdefault(link.provider, []).append(link)
    for key, theirs in sorted(links.items()):
        total = sum((_sum(courses["link", link.key], DOWN) for link in theirs), _Sum())
        name = inventory.providers[key].name if key in inventory.providers else None
        yield named("provider", key, name) | total.figures() | {"subjects": len(theirs)}


def _span(part: Span) -> dict[str, Any]:
    return {"state": part.state, "reason": part.reason, "from": iso(part.start), "to": iso(part.end)}


def _told(parts: Iterable[Span]) -> list[list[Any]]:
    return [[part.start, part.end, part.state, part.reason] for part in parts]


def _spans(kind: str, key: str, parts: Sequence[Span]) -> Iterable[Row]:
    """What was not up, but for the time that nobody watched, which is the same for all."""
    told = [part for part in parts if part.state not in (UP, UNWATCHED)]
    longest = sorted(told, key=lambda part: -part.seconds)[:MOST_SPANS]
    return ({"kind": kind, "key": key} | _span(part) for part in sorted(longest, key=lambda part: part.start))
