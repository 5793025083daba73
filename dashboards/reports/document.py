"""A report as data: what it was computed from, every figure, and the SHA-256 of both; pages and tables are views of it."""

from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import strptime
from typing import Any, Final, Literal

from dashboards.figures import iso
from dashboards.reports.canonical import sha256
from inventory.calendar import SLOT_S, Month

Report = Literal["sla", "capacity", "iru"]
REPORTS: Final[tuple[Report, ...]] = ("sla", "capacity", "iru")
METHOD: Final = 1  # raised when a figure is computed in another way than before
Row = Mapping[str, Any]
_OWN: Final = ("report", "method", "month", "institution", "period", "inputs", "figures", "sha256", "made")


class NoData(Exception):
    """Nothing was kept of that month, or it is still to come; the text says so, and since when there is something."""


@dataclass(frozen=True)
class Period:
    """A local month; a report of one that runs speaks of it until `until` (UTC seconds)."""

    month: Month
    until: int

    @classmethod
    def of(cls, month: Month, now: float, late_s: float = SLOT_S) -> "Period":
        """Of a month that runs: up to the last slot that all values have arrived for, at most so late."""
        return cls(month, min(month.end, int(now - max(late_s, SLOT_S)) // SLOT_S * SLOT_S))

    @property
    def start(self) -> int:
        return self.month.start

    @property
    def closed(self) -> bool:
        return self.until >= self.month.end

    def as_json(self) -> Row:
        return {
            "from": iso(self.start),
            "to": iso(self.month.end),
            "until": iso(self.until),
            "closed": self.closed,
            "seconds": self.until - self.start,
            "slots": (self.until - self.start) // SLOT_S,
        }


@dataclass(frozen=True)
class Document:
    """`inputs` by name is what the figures rest on; `figures` are rows with a kind and a key; `more` explains them."""

    report: Report
    period: Period
    figures: Sequence[Row]
    inputs: Mapping[str, Any]
    more: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    institution: str = ""

    @classmethod
    def of_json(cls, content: Row) -> "Document":
        """One that was written by `as_json`."""
        period = Period(Month.parse(content["month"]), instant(content["period"]["until"]))
        more = {name: rows for name, rows in content.items() if name not in _OWN}
        institution = content["institution"] or ""
        return cls(content["report"], period, content["figures"], content["inputs"], more, institution)

    def as_json(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            "report": self.report,
            "method": METHOD,
            "month": str(self.period.month),
            "institution": self.institution or None,
            "period": self.period.as_json(),
            "inputs": self.inputs,
            "figures": list(self.figures),
            **self.more,
        }
        return content | {"sha256": digests(content)}


def instant(iso: str) -> int:
    """UTC seconds of what `dashboards.figures.iso` wrote; ValueError for anything else."""
    return timegm(strptime(iso, "%Y-%m-%dT%H:%M:%SZ"))


def digests(content: Mapping[str, Any]) -> dict[str, str]:
    """Of the inputs alone, and of everything that the report says."""
    said = {key: value for key, value in content.items() if key not in ("sha256", "made")}
    return {"inputs": sha256([said["period"], said["inputs"]]), "result": sha256(said)}


def name_of(row: Row) -> tuple[str, ...]:
    """What tells a row from all others of its list."""
    words = ("kind", "key", "direction", "day", "from", "state", "number")
    return tuple(str(row[word]) for word in words if row.get(word) is not None)


def by_name(rows: Iterable[Row]) -> dict[tuple[str, ...], Row]:
    return {name_of(row): row for row in rows}
