"""The field with alarms on it: what the state rules would say of the board's rows, held for the clear hold."""

from dataclasses import replace
from math import inf

from alerts.alarm import Alarm, Evidence, Family, Phase, Severity, alarm_key
from alerts.cause import Cause, Role
from alerts.causes.grouping import Causes
from alerts.subject import Subject, SubjectKind
from alerts.view import View
from inventory.model import Inventory
from inventory.status import StatusRow
from tests.alerts.field import Field

CLEAR_S = 120.0
MAJOR_S = 23.0  # after the first evidence it is told
AGAIN_S = 10.0  # what is not well is judged anew so often
GONE = ("down", "unreachable")


def subject_of(kind: SubjectKind, key: str) -> Subject:
    device = key if kind == "device" else key.split(maxsplit=1)[0] if kind in ("peer", "sensor") else ""
    return Subject(kind, key, device)


def alarm(
    kind: SubjectKind,
    key: str,
    since: float,
    *,
    family: Family = "reachability",
    severity: Severity = Severity.MINOR,
    good_since: float | None = None,
    code: str = "",
    **more: object,
) -> Alarm:
    made = Alarm(
        f"{family}-{kind}",
        subject_of(kind, key),
        family,
        severity,
        Phase.FIRING,
        since,
        since,
        since + 6.0,
        since + 6.0,
        good_since,
        evidence=Evidence(code),
    )
    return replace(made, **more)  # type: ignore[arg-type]


class Watch(Field):
    """Time runs as in the field; every half second the rows become alarms, and alarms causes."""

    def __init__(self, inventory: Inventory, attached_to: str, **options: object) -> None:
        super().__init__(inventory, attached_to, **options)  # type: ignore[arg-type]
        self.alarms: dict[str, Alarm] = {}
        self.extra: dict[str, Alarm] = {}  # of other families, put by the test
        self.seen: list[tuple[float, tuple[Cause, ...]]] = []  # whenever causes changed
        self.booted: dict[str, float] = {}
        self.grouping = Causes(inventory, self.topology)

    def causes(self) -> tuple[Cause, ...]:
        return self.grouping.group({**self.alarms, **self.extra}, View(self.inventory, self.topology, self.board))

    def add(self, *alarms: Alarm) -> None:
        self.extra.update({each.key: each for each in alarms})

    def told(self) -> dict[str, Cause]:
        """Name of root -> its cause at its worst, of all that stood bad 23 s after their beginning."""
        found: dict[str, Cause] = {}
        ends = [at for at, _ in self.seen[1:]] + [self.now]
        for end, (_, causes) in zip(ends, self.seen, strict=True):
            for cause in causes:
                worst = found.get(cause.root.key)
                stood = cause.bad and end >= cause.bad_since + MAJOR_S
                if stood and (worst is None or len(cause.alarms) > len(worst.alarms)):
                    found[cause.root.key] = cause
        return found

    def _pulse(self, device: str):  # type: ignore[no-untyped-def]
        pulse = super()._pulse(device)
        if pulse.uptime_ticks is not None and device in self.booted:
            return replace(pulse, uptime_ticks=int((self.now - self.booted[device]) * 100))
        return pulse

    def _sweep(self) -> None:
        super()._sweep()
        for row in self.board.changed_rows(inf):
            self._judge(row)
        for key, each in list(self.alarms.items()):
            if each.good_since is not None and self.now - each.good_since >= CLEAR_S:
                del self.alarms[key]
            elif each.good_since is None and self.now - each.at >= AGAIN_S and self._bad(each.subject):
                self.alarms[key] = replace(each, at=self.now)
        causes = self.causes()
        if not self.seen or self.seen[-1][1] != causes:
            self.seen.append((self.now, causes))

    def _judge(self, row: StatusRow) -> None:
        subject = subject_of(row.kind, row.key)
        bad = row.state in GONE
        key = alarm_key("state", subject)
        there = self.alarms.get(key)
        if bad:
            since = row.since if row.since is not None else self.now
            if there is None:
                self.alarms[key] = Alarm(
                    "state", subject, "reachability", Severity.MAJOR, Phase.FIRING, since, since, self.now, self.now
                )
            elif there.good_since is not None:
                self.alarms[key] = replace(there, good_since=None, bad_since=since, at=self.now)
        elif there is not None and there.good_since is None and row.state != "unknown":
            self.alarms[key] = replace(there, good_since=row.since or self.now, at=self.now)

    def _bad(self, subject: Subject) -> bool:
        row = self.board.row(subject.kind, subject.key)  # type: ignore[arg-type]
        return row is not None and row.state in GONE


def shape(cause: Cause) -> tuple[str, str, tuple[str, ...]]:
    return cause.root.key, cause.severity.value, cause.impact.devices


def roots(causes: tuple[Cause, ...]) -> dict[str, Cause]:
    return {cause.root.key: cause for cause in causes}


def with_role(cause: Cause, role: Role) -> set[str]:
    return {key.removeprefix("state ") for key, each in cause.alarms.items() if each is role}
