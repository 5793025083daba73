"""The answer to a what-if in 80 columns and for machines: who reaches its level first, and what has nowhere to go."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboards.capacity.forecast import Headroom
from dashboards.capacity.told import percentile_told
from dashboards.capacity.what_if import Answer, Outcome
from dashboards.figures import mbps, percent, rate
from dashboards.layout import NOTHING, Column, Line, plain_table
from inventory.allocation import DIRECTIONS

_COLUMNS: Final = (
    Column("contract", flexible=True),
    Column("way"),
    *(Column(word, right=True) for word in ("p95", "then", "deliv", "use", "alloc", "free", "level on", "full on")),
)
_WORDS: Final[Mapping[str, str]] = {"exhausted": "at once", "beyond": "> 5 years", "not enough history": "not known"}


def answer_lines(found: Answer, said: str, room: int) -> Sequence[str]:
    """`said`: the question in a sentence."""
    lines = [said, "rates in Mb/s; p95 of 30 days now and then", *plain_table(_COLUMNS, _lines(found), room)]
    remarks = list(_remarks(found))
    return [*lines, "", *remarks] if remarks else lines


def _lines(found: Answer) -> list[Line]:
    return [
        Line(
            "",
            (
                one.contract,
                one.direction,
                mbps(one.before.bps),
                mbps(one.after.bps) if one.delivered_bps > 0 else "lost",
                mbps(one.delivered_bps),
                NOTHING if one.ratio is None else percent(one.ratio),
                mbps(one.allocated_bps),
                mbps(one.capacity_bps - one.allocated_bps),
                _day(one.level_on),
                _day(one.full_on),
            ),
        )
        for one in found.outcomes
    ]


def _day(head: Headroom | None) -> str:
    return NOTHING if head is None else _WORDS.get(head.answer) or str(head.on)


def _remarks(found: Answer) -> Iterable[str]:
    measured = any(one.before.present for one in found.outcomes)
    if not measured:
        yield "nothing was measured in the last 30 days: this is of what is committed alone"
    if found.added and measured:
        shares = [f"{percent(found.used_share[way])} {way}" for way in DIRECTIONS]
        yield f"of what is added {' and '.join(shares)} is used at p95, as of today's commits"
    for way in DIRECTIONS:
        if found.uncarried_bps[way]:
            yield f"not carried {way}: {rate(found.uncarried_bps[way])} at p95, no contract is left for it"
    for one in found.outcomes:
        side = f"{one.contract} {one.direction}"
        if one.ratio is not None and one.ratio > 1:
            yield f"{side}: {rate((one.after.bps or 0.0) - one.delivered_bps)} more than it can carry, at p95"
        if one.over_bps:
            yield f"{side}: {rate(one.over_bps)} committed beyond capacity"
        if one.level_on is not None and one.level_on.early is not None and one.level_on.answer != "exhausted":
            yield f"{side}: level between {one.level_on.early} and {one.level_on.late or '> 5 years'} (80 % sure)"
    if measured and any(one.after.provisional and one.delivered_bps > 0 for one in found.outcomes):
        least = min(found.outcomes, key=lambda one: one.before.present)
        yield f"provisional: {least.before.present} of {least.before.expected} slots of 30 days are there"


def answer_told(found: Answer) -> Mapping[str, Any]:
    return {
        "used_share": {way: round(found.used_share[way], 4) for way in DIRECTIONS},
        "uncarried_bps": {way: round(found.uncarried_bps[way]) for way in DIRECTIONS},
        "outcomes": [_told(one) for one in found.outcomes],
    }


def _told(one: Outcome) -> Mapping[str, Any]:
    return {
        "contract": one.contract,
        "direction": one.direction,
        "lost": one.delivered_bps <= 0,
        "p95_before": percentile_told(one.before),
        "p95_after": percentile_told(one.after),
        "delivered_bps": round(one.delivered_bps),
        "ratio": None if one.ratio is None else round(one.ratio, 5),
        "capacity_bps": round(one.capacity_bps),
        "allocated_bps": round(one.allocated_bps),
        "over_committed_bps": round(one.over_bps),
        "level": _head(one.level_on),
        "full": _head(one.full_on),
    }


def _head(head: Headroom | None) -> Mapping[str, Any] | None:
    if head is None:
        return None
    days = {
        name: str(day) if day else None for name, day in (("on", head.on), ("early", head.early), ("late", head.late))
    }
    return {"answer": head.answer, "bps": round(head.level_bps), **days}
