"""What the desk asks of others: who is on call, what a message says, which window covers a fault."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from alerts.alarm import Severity
from alerts.incident import Incident
from alerts.notification import Occasion
from alerts.places import Places
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window
from inventory.model import Contact, Inventory

MOST_CHAINS = 4096  # remembered


class Step(Protocol):
    @property
    def after_s(self) -> float: ...
    @property
    def targets(self) -> Sequence[str]: ...


class Chain(Protocol):
    @property
    def steps(self) -> Sequence[Step]: ...
    @property
    def mail(self) -> Sequence[str]: ...


class OnCall(Protocol):
    """`alerts.oncall.plan.Plan`."""

    @property
    def supervisor(self) -> tuple[str, ...]: ...
    def chain(self, labels: Mapping[str, str | list[str]]) -> Chain: ...
    def who(self, target: str, at: float, overrides: Sequence[Override] = ()) -> tuple[str, ...]: ...


class Text(Protocol):
    @property
    def short(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...


class Compose(Protocol):
    """`alerts.words.messages.Composer.compose`."""

    def __call__(
        self, incident: Incident, occasion: Occasion, language: str, code: str = "", now: float | None = None
    ) -> Text: ...


Covering = Callable[[Sequence[Window], Subject, float], Window | None]


@dataclass(frozen=True)
class Staff:
    """All that the desk has been given; it stays the same until a reload."""

    plan: OnCall
    compose: Compose
    inventory: Inventory
    places: Places
    covering: Covering
    channels: frozenset[str]  # that are configured
    replies: bool = False  # an SMS can be answered
    chains: dict[tuple[int, int, Severity], Chain] = field(default_factory=dict)

    def contact(self, key: str) -> Contact | None:
        return self.inventory.contacts.get(key)

    def chain(self, incident: Incident) -> Chain:
        """Its escalation, asked once for each revision."""
        key = incident.number, incident.revision, incident.severity
        if key not in self.chains:
            if len(self.chains) >= MOST_CHAINS:
                self.chains.clear()
            self.chains[key] = self.plan.chain(self.labels(incident))
        return self.chains[key]

    def labels(self, incident: Incident) -> dict[str, str | list[str]]:
        """By which a chain is chosen (`alerts.oncall.chains.LABELS`)."""
        found: dict[str, list[str]] = {}
        for root in incident.roots:
            for kind, key in self.places.around(root):
                found.setdefault(kind, []).append(key)
        impact = incident.impact
        for kind, keys in (("region", impact.regions), ("site", impact.sites), ("institution", impact.institutions)):
            found.setdefault(kind, []).extend(keys)
        several: dict[str, str | list[str]] = {kind: list(dict.fromkeys(keys)) for kind, keys in found.items()}
        return several | {
            "severity": str(incident.severity),
            "family": str(incident.family),
            "kind": str(incident.root.kind),
        }
