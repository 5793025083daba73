"""What comparing the metric store with InfluxDB brought to light, for people and for machines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Any, Final

from dashboards.figures import iso
from dashboards.layout import Column, Line, cut, plain_table
from inventory.calendar import day_of
from noc.influx.access import Place
from noc.influx.tally import Difference, Tally
from noc.influx.verify import Account, Plan

WIDTH: Final = 80
OWED_SHOWN: Final = 10
_COLUMNS: Final = (
    Column("measurement", flexible=True),
    *(Column(name, right=True) for name in ("days", "series-days", "values", "differ")),
)


@dataclass(slots=True)
class Findings:
    """Differences: all are counted, `limit` of them kept (0: all)."""

    place: Place
    version: str
    plan: Plan
    accounts: Mapping[str, Account]
    limit: int
    number: int = 0
    kept: list[Difference] = field(default_factory=list)

    def add(self, found: Iterable[Difference]) -> None:
        for difference in found:
            self.number += 1
            if not self.limit or len(self.kept) < self.limit:
                self.kept.append(difference)

    def as_lines(self) -> Iterator[str]:
        yield f"InfluxDB {self.version} at {self.place.url}, {self.place.bucket}"
        rows = [
            Line("", (name, str(len(one.days)), f"{one.series:,}", f"{one.values:,}", f"{one.differ:,}"))
            for name, one in sorted(self.accounts.items())
        ]
        yield from plain_table(_COLUMNS, rows, WIDTH) if rows else ("nothing was compared",)
        yield from self._left_out()
        for one in self.kept:
            yield from _shown(one)
        if self.number > len(self.kept):
            yield f"and {self.number - len(self.kept):,} more; --limit 0 shows all"
        if self.number:
            differ = "figure differs" if self.number == 1 else "figures differ"
            yield f"{self.number:,} {differ}; 'noc store ship --since DAY' sends those days again"
        elif rows:
            yield "the copy is faithful"

    def as_json(self) -> str:
        answer = {
            "url": self.place.url,
            "version": self.version,
            "bucket": self.place.bucket,
            "faithful": not self.number,
            "differ": self.number,
            "measurements": {
                name: {
                    "days": len(one.days),
                    "series_days": one.series,
                    "values": one.values,
                    "differ": one.differ,
                }
                for name, one in sorted(self.accounts.items())
            },
            "owed": [
                *({"layer": "raw", "from": iso(day.start), "to": iso(day.end)} for day in self.plan.owed_days),
                *(
                    {"layer": one.suffix.removeprefix("_"), "from": iso(one.start), "to": iso(one.end)}
                    for one in self.plan.owed_chunks
                ),
            ],
            "differences": [_object(one) for one in self.kept],
        }
        return json.dumps(answer, indent=1, ensure_ascii=False)

    def _left_out(self) -> Iterator[str]:
        days = [str(day_of(day.start)) for day in self.plan.owed_days]
        chunks = [f"{day_of(one.start)} ({one.suffix})" for one in self.plan.owed_chunks]
        owed = days + chunks
        for text in owed[:OWED_SHOWN]:
            yield f"still owed, left out: {text}"
        if len(owed) > OWED_SHOWN:
            yield f"and {len(owed) - OWED_SHOWN:,} more that are owed; --all compares them too"


def _shown(one: Difference) -> Iterator[str]:
    where = " ".join(part for part in (one.stretch.scope, one.row) if part)
    yield cut(f"{day_of(one.stretch.start)} {one.stretch.measurement} {where}", WIDTH)
    yield cut(f"  {one.field}: here {_figures(one.here)}, there {_figures(one.there)}", WIDTH)


def _figures(tally: Tally) -> str:
    if not tally.n:
        return "nothing"
    if isnan(tally.total):
        return f"{tally.n:,} values of another type"
    total = f"{tally.total:,}" if isinstance(tally.total, int) else f"{tally.total:,.6g}"
    return f"{tally.n:,} values, sum {total}"


def _object(one: Difference) -> dict[str, Any]:
    return {
        "measurement": one.stretch.measurement,
        "scope": one.stretch.scope,
        "row": one.row,
        "field": one.field,
        "from": iso(one.stretch.start),
        "to": iso(one.stretch.end),
        "here": {"n": one.here.n, "sum": one.here.total},
        "there": {"n": one.there.n, "sum": None if isnan(one.there.total) else one.there.total},
    }
