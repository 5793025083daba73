"""How well a run told the truth: delays, pages, and everything that was wrong about them, each by name."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from noc.scenario.fault import Fault
from noc.scenario.incidents import incident_errors
from noc.scenario.matching import Matched, Row, match
from noc.scenario.pages import Paged, handed, page_errors, pages_of, wakes

Error = Literal[
    "false page",
    "missed",
    "late",
    "wrong root",
    "wrong members",
    "wrong severity",
    "extra incident",
    "recovery",
    "unexpected",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was wrong, in words; `fault` and `incident` where it is about one."""

    error: Error
    text: str
    fault: str = ""
    incident: Any = None
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """How one fault was told. Delays are seconds from its beginning; None where there is none or it cannot be measured."""

    fault: Fault
    incident: Any = None
    root: str = ""
    opened_after_s: float | None = None
    paged_after_s: float | None = None
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """What is wrong (`findings`), how each fault was told, and what was sent to whom."""

    told: tuple[Told, ...] = ()
    findings: tuple[Finding, ...] = ()
    incidents: int = 0
    pages: Mapping[str, int] = field(default_factory=dict)  # contact -> opened, repeated, escalated, updated
    mails: Mapping[str, int] = field(default_factory=dict)

    def count(self, *errors: Error) -> int:
        return sum(finding.error in errors for finding in self.findings)

    @property
    def false_pages(self) -> int:
        return self.count("false page")

    @property
    def missed(self) -> int:
        """Faults without an incident, without a page that was due, or with one that came too late."""
        return self.count("missed", "late")

    @property
    def wrong_roots(self) -> int:
        return self.count("wrong root")

    @property
    def clean(self) -> bool:
        return not self.findings

    def delays(self, severity: str) -> list[float]:
        """Seconds from fault to page, of those whose delay can be measured."""
        return [
            one.paged_after_s for one in self.told if one.fault.severity == severity and one.paged_after_s is not None
        ]

    def to_json(self) -> dict[str, Any]:
        """Stable keys; seconds."""
        counts = Counter(finding.error for finding in self.findings)
        return {
            "clean": self.clean,
            "faults": len(self.told),
            "incidents": self.incidents,
            "pages": dict(self.pages),
            "mails": dict(self.mails),
            "false_pages": self.false_pages,
            "missed": self.missed,
            "late": counts["late"],
            "wrong_root": self.wrong_roots,
            "wrong_members": counts["wrong members"],
            "wrong_severity": counts["wrong severity"],
            "extra_incidents": counts["extra incident"],
            "recoveries": counts["recovery"],
            "unexpected": counts["unexpected"],
            "told": [_told_json(one) for one in self.told],
            "findings": [
                {
                    "error": one.error,
                    "text": one.text,
                    "fault": one.fault or None,
                    "incident": one.incident,
                    "at_s": None if one.at_s is None else round(one.at_s, 3),
                }
                for one in self.findings
            ],
        }


def score(
    faults: Sequence[Fault],
    incidents: Sequence[Row],
    notifications: Sequence[Row],
    *,
    until_s: float,
    expect: Mapping[str, Any] | None = None,
    twice: int = 0,
) -> Score:
    """Hold what was told against the truth. Rows are as in a scenario's OUT (docs/scenarios.md).

    `until_s`: when the run ended, seconds. `expect`: the file's own promises. `twice`: how many messages may have gone
    out twice (at-least-once: one for each time the daemon was killed).
    """
    matched = match(faults, incidents, until_s)
    pages = pages_of(faults, incidents, notifications, matched, twice=twice)
    told = tuple(_told(fault, incidents, matched, pages) for fault in faults)
    findings = [
        Finding(error, text, fault, incident, at_s)  # type: ignore[arg-type]
        for error, text, fault, incident, at_s in (
            *page_errors(faults, pages, matched),
            *incident_errors(faults, incidents, notifications, matched, until_s=until_s),
            *unexpected(expect or {}, incidents, notifications),
        )
    ]
    return Score(
        told,
        tuple(findings),
        len(incidents),
        _sorted(Counter(row["to"] for row in notifications if handed(row) and row["page"])),
        _sorted(Counter(row["to"] for row in notifications if handed(row) and row["channel"] == "mail")),
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _told(fault: Fault, incidents: Iterable[Row], matched: Matched, pages: Paged) -> Told:
    rows = {row["number"]: row for row in incidents}
    own = [number for number, first in matched.first.items() if first is fault] or matched.standing_for(fault)
    first = pages.first(fault)
    if not own:
        return Told(fault, contacts=pages.contacts(fault))
    row = rows[own[0]]
    opened = float(row["opened_s"]) - fault.from_s
    paged = None if first is None or fault.blind or fault.residual else first - fault.from_s
    seen = None if fault.blind or fault.residual or opened < 0 else opened
    return Told(fault, own[0], str(row.get("root", "")), seen, paged, pages.contacts(fault))


def _told_json(one: Told) -> dict[str, Any]:
    return {
        "fault": one.fault.id,
        "kind": one.fault.kind,
        "severity": one.fault.severity,
        "incident": one.incident,
        "root": one.root,
        "opened_after_s": None if one.opened_after_s is None else round(one.opened_after_s, 3),
        "paged_after_s": None if one.paged_after_s is None else round(one.paged_after_s, 3),
        "contacts": list(one.contacts),
    }


EXPECTED = (  # what an [expect] table may promise, all whole numbers
    "incidents",
    "pages",
    "sms",
    "mails",
    "recoveries",
    "updates",
    "repeats",
    "escalations",
    "critical",
    "major",
    "minor",
    "warning",
)
_OCCASIONS = {"recoveries": "recovery", "updates": "update", "repeats": "repeat", "escalations": "escalation"}


def unexpected(
    expect: Mapping[str, Any], incidents: Sequence[Row], notifications: Sequence[Row]
) -> Iterator[tuple[str, str, str, Any, float | None]]:
    """What the scenario's own [expect] table promises and the run did not keep."""
    out = [row for row in notifications if handed(row)]
    waking = [row for row in out if wakes(row)]
    found = {
        "incidents": len(incidents),
        "pages": sum(row["occasion"] == "opened" for row in waking),
        "sms": len(waking),
        "mails": sum(row["channel"] == "mail" for row in out),
    }
    found |= {word: sum(row["occasion"] == one for row in waking) for word, one in _OCCASIONS.items()}
    found |= dict.fromkeys(("critical", "major", "minor", "warning"), 0)
    found |= Counter(str(row.get("worst") or row["severity"]) for row in incidents)
    for word, wanted in expect.items():
        if word in EXPECTED and found[word] != wanted:
            yield "unexpected", f"{word}: {wanted} expected, {found[word]} found", "", None, None
