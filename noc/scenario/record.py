"""What is written down while a scenario plays: one line for every event, change of state, incident and message, in order."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from alerts.incident import Incident
from alerts.notification import Notification
from alerts.transition import Transition


def iso(at: float) -> str:
    """UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Handed:
    """One try of one message on one channel; `at` is seconds since the start."""

    at_s: float
    channel: str
    notification: Notification
    fate: str  # sent, refused, hung


@dataclass(slots=True)
class Recorder:
    """`start` is UTC seconds; times of entries are UTC seconds as the network has them, whatever clocks say."""

    start: float
    lines: list[str] = field(default_factory=list)
    tries: list[Handed] = field(default_factory=list)
    transitions: int = 0
    unreached: dict[int, set[str]] = field(default_factory=dict)  # incident -> devices that were not, at any time
    sites: dict[int, set[str]] = field(default_factory=dict)  # incident -> sites cut off, at any time
    _shown: dict[int, str] = field(default_factory=dict)

    def line(self, at: float, kind: str, words: str) -> None:
        self.lines.append(f"{at - self.start:10.3f}  {kind:<12} {words}")

    def moved(self, at: float, transitions: Iterable[Transition]) -> None:
        for one in transitions:
            self.transitions += 1
            why = f" ({one.reason})" if one.reason else ""
            since = "" if one.since is None else f", since {one.since - self.start:.3f}"
            self.line(at, "state", f"{one.kind} {one.key} {one.before} -> {one.after}{why}{since}")

    def kept(self, at: float, incident: Incident) -> None:
        """An incident as the ledger has it from now on; a line where people would see a difference."""
        number, impact = incident.number, incident.impact
        self.unreached.setdefault(number, set()).update(impact.devices)
        self.sites.setdefault(number, set()).update(impact.sites)
        roots = ", ".join(map(str, incident.roots))
        behind = len(impact.devices)
        told = "in a window" if incident.window is not None else "told" if incident.told_at is not None else "untold"
        words = (
            f"{number} {incident.state}, {incident.severity} {incident.family}: {roots}; {behind} not reached, {told}"
        )
        if incident.flapping:
            words += ", flapping"
        if self._shown.get(number) != words:
            self._shown[number] = words
            self.line(at, "incident", words)

    def handed(self, at: float, channel: str, notification: Notification, fate: str) -> None:
        self.tries.append(Handed(round(at - self.start, 3), channel, notification, fate))
        about = f"incident {notification.incident} {notification.occasion}" if notification.incident else "no incident"
        page = "page " if notification.page else ""
        words = f"{fate} {page}to {notification.contact} by {channel}: {about}: {notification.short!r}"
        self.line(at, "message", words)

    def messages(self) -> list[dict[str, Any]]:
        """Every try of every message, in order."""
        return [
            {
                "at": iso(self.start + one.at_s),
                "at_s": one.at_s,
                "channel": one.channel,
                "to": one.notification.contact,
                "incident": one.notification.incident,
                "occasion": one.notification.occasion,
                "severity": one.notification.severity,
                "page": one.notification.page and one.channel in ("sms", "modem"),
                "text": one.notification.short if one.channel in ("sms", "modem") else one.notification.body,
                "fate": one.fate,
                "key": one.notification.key,
            }
            for one in self.tries
        ]
