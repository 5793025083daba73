"""A ledger in memory: everything of a transaction, or nothing."""

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from alerts.alarm import Alarm, Phase
from alerts.books import CodeState, Overtaken, Reply
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Fate, Notification
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window


@dataclass
class Shelf:
    """`alerts.books.Books`, and a ledger of one."""

    kept: dict[int, Incident] = field(default_factory=dict)
    lines: list[Entry] = field(default_factory=list)
    outbox: dict[str, Notification] = field(default_factory=dict)
    phases: dict[str, Alarm] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    spans: dict[int, Window] = field(default_factory=dict)
    stand_ins: dict[int, Override] = field(default_factory=dict)
    codes: dict[tuple[int, str], str] = field(default_factory=dict)
    heard: list[Reply] = field(default_factory=list)
    audits: list[tuple[float, str, str, Mapping[str, Any]]] = field(default_factory=list)
    writes: int = 0

    @contextmanager
    def transaction(self) -> Iterator["Shelf"]:
        before = {name: copy.copy(value) for name, value in vars(self).items()}
        try:
            yield self
        except BaseException:
            vars(self).update(before)
            raise

    def alarms(self) -> Mapping[str, Alarm]:
        return self.phases

    def put_alarms(self, alarms: Iterable[Alarm]) -> None:
        for alarm in alarms:
            self.phases.pop(alarm.key, None)
            if alarm.phase is not Phase.CLEAR:
                self.phases[alarm.key] = alarm

    def incident(self, number: int) -> Incident | None:
        return self.kept.get(number)

    def incidents(self, states: Iterable[IncidentState], since: float = 0.0) -> Sequence[Incident]:
        wanted = set(states)

        def newest(one: Incident) -> float:
            return max(one.opened_at, one.changed_at, one.touched_at or 0, one.resolved_at or 0, one.closed_at or 0)

        return [one for _, one in sorted(self.kept.items()) if one.state in wanted and newest(one) >= since]

    def previous(self, kind: str, key: str, since: float) -> Sequence[Incident]:
        found = [one for one in self.kept.values() if (one.root.kind, one.root.key) == (kind, key)]
        return sorted((one for one in found if one.opened_at >= since), key=lambda one: -one.number)

    def rooted(self, subjects: Collection[Subject], since: float) -> Sequence[Incident]:
        wanted = {(one.kind, one.key) for one in subjects}
        found = [one for one in self.kept.values() if (one.root.kind, one.root.key) in wanted]
        return sorted((one for one in found if one.opened_at >= since), key=lambda one: -one.number)

    def add(self, incident: Incident) -> Incident:
        self.writes += 1
        kept = replace(incident, number=len(self.kept) + 1, revision=1)
        self.kept[kept.number] = kept
        return kept

    def put(self, incident: Incident) -> Incident:
        self.writes += 1
        if self.kept[incident.number].revision != incident.revision:
            raise Overtaken(f"incident {incident.number} has been changed by somebody else since it was read")
        kept = replace(incident, revision=incident.revision + 1)
        self.kept[kept.number] = kept
        return kept

    def tell(self, entry: Entry) -> None:
        self.writes += 1
        self.lines.append(entry)

    def entries(self, number: int, *, start: int = 0, most: int | None = None) -> Sequence[Entry]:
        found = [line for line in self.lines if line.incident == number]
        return found[start : None if most is None else start + most]

    def length(self, number: int) -> int:
        return len(self.entries(number))

    def queue(self, notification: Notification) -> None:
        self.writes += 1
        self.outbox.setdefault(notification.key, notification)

    def put_notification(self, notification: Notification) -> None:
        self.writes += 1
        self.outbox[notification.key] = notification

    def notifications(self, incident: int | None = None, fates: Iterable[Fate] = ()) -> Sequence[Notification]:
        wanted = set(fates) or set(Fate)
        found = [one for one in self.outbox.values() if incident is None or one.incident == incident]
        return [one for one in found if one.fate in wanted]

    def add_code(self, incident: int, contact: str, at: float) -> str:
        self.codes[incident, contact] = "K7QD"
        return "K7QD"

    def code_of(self, incident: int, code: str, at: float, contact: str = "") -> tuple[str, CodeState]:
        return "", CodeState.WRONG

    def reply_seen(self, transaction_id: str) -> bool:
        return any(one.transaction_id == transaction_id for one in self.heard)

    def add_reply(self, reply: Reply) -> None:
        self.heard.append(reply)

    def replies(self, incident: int) -> Sequence[Reply]:
        return [one for one in self.heard if one.incident == incident]

    def windows(self) -> Sequence[Window]:
        return list(self.spans.values())

    def add_window(self, window: Window) -> Window:
        kept = replace(window, number=len(self.spans) + 1)
        self.spans[kept.number] = kept
        return kept

    def put_window(self, window: Window) -> None:
        self.spans[window.number] = window

    def overrides(self) -> Sequence[Override]:
        return list(self.stand_ins.values())

    def add_override(self, override: Override) -> Override:
        kept = replace(override, number=len(self.stand_ins) + 1)
        self.stand_ins[kept.number] = kept
        return kept

    def put_override(self, override: Override) -> None:
        self.stand_ins[override.number] = override

    def audit(self, at: float, who: str, act: str, what: Mapping[str, Any]) -> None:
        self.writes += 1
        self.audits.append((at, who, act, what))

    def mark(self, name: str) -> str:
        return self.marks.get(name, "")

    def put_mark(self, name: str, value: str) -> None:
        self.writes += 1
        self.marks[name] = value
