"""What an incident's timeline says of what was told: how bad, under which root, how often, and how wide it once was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from alerts.alarm import Severity
from alerts.cause import Impact
from alerts.incident import Entry, Incident
from alerts.notification import Occasion

WIDE = ("sites", "institutions", "services", "regions", "devices")


@dataclass(frozen=True, slots=True)
class Rise:
    """Severity rose at `at`; the newest evidence then was of `evidence_at`."""

    at: float
    evidence_at: float


@dataclass(frozen=True, slots=True)
class Story:
    told: tuple[Entry, ...]  # messages queued, oldest first
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Story":
        ordered = tuple(sorted(entries, key=lambda entry: entry.at))
        return cls(tuple(entry for entry in ordered if entry.kind == "told"), ordered)

    @property
    def last(self) -> Entry | None:
        """Newest message that said how things are."""
        return next((entry for entry in reversed(self.told) if entry.code != "recovery"), None)

    @property
    def severity(self) -> Severity | None:
        return Severity(self.last.figures["severity"]) if self.last else None

    @property
    def rise(self) -> Rise | None:
        """The newest one."""
        for entry in reversed(self.entries):
            if entry.code == "severity" and _rose(entry):
                return Rise(entry.at, float(entry.figures.get("evidence_at", entry.at)))
        return None

    def turn(self, occasion: Occasion) -> int:
        """Number of the next message on this occasion."""
        return 1 + max((int(entry.figures.get("n", 1)) for entry in self.told if entry.code == occasion), default=0)

    def opened_to(self, contact: str, *, page: bool) -> bool:
        """Has this contact had an opening message of this kind?"""
        return any(
            entry.code == "opened" and entry.figures["contact"] == contact and bool(entry.figures["page"]) is page
            for entry in self.told
        )

    def pages(self) -> list[float]:
        """When it was paged, oldest first."""
        return sorted({entry.at for entry in self.told if entry.figures.get("page")})

    def swallowed(self) -> list[tuple[int, float]]:
        """Incidents that have become part of this one, and when."""
        return [(int(entry.figures["number"]), entry.at) for entry in self.entries if entry.code == "swallowed"]

    def widest(self, incident: Incident) -> Impact:
        """Everybody it ever hurt since it was opened, or opened again."""
        found = {name: set(getattr(incident.impact, name)) for name in WIDE}
        for entry in reversed([each for each in self.entries if each.kind in ("opened", "changed")]):
            for name in WIDE:
                found[name].update(entry.figures.get(name, ()))
            if entry.code in ("opened", "reopened"):
                break
        widest: dict[str, Any] = {name: tuple(sorted(keys)) for name, keys in found.items()}
        return replace(incident.impact, **widest)


def _rose(entry: Entry) -> bool:
    return Severity(entry.figures["now"]).rank < Severity(entry.figures["was"]).rank


def figures_of(impact: Impact) -> dict[str, list[str]]:
    return {name: list(getattr(impact, name)) for name in WIDE if getattr(impact, name)}
