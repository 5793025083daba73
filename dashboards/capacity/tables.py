"""Contracts and circuits in 80 columns: words first, rates in Mb/s, what is wrong or doubtful said under the table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from dashboards.capacity.course import Course
from dashboards.capacity.forecast import HISTORY_DAYS, Headroom
from dashboards.capacity.standing import CircuitStanding, ContractStanding, Overview
from dashboards.capacity.use import Use
from dashboards.figures import ZONE, clock, duration, mbps, percent, short_duration
from dashboards.layout import NOTHING, Column, Line, plain_table
from dashboards.text import one_line
from inventory.allocation import DIRECTIONS

_DIVERSITY: Final[Mapping[str, str]] = {
    "both": "both carry",
    "one": "only one carries: diversity lost",
    "none": "none carries",
    "unknown": "not known how many carry",
}
_CONTRACTS: Final = (
    Column("contract", flexible=True),
    Column("way"),
    *(Column(word, right=True) for word in ("deliv", "alloc", "free", "now", "p95", "peak", "use", "headroom", "left")),
)
_CIRCUITS: Final = (
    Column("state"),
    Column("circuit", flexible=True),
    *(Column(word, right=True) for word in ("avail", "faults", "> level", "at top", "rtt", "rise", "loss", "discards")),
)


def overview_lines(seen: Overview, now: float, room: int) -> Sequence[str]:
    """Heading, pools, contracts, circuits, remarks."""
    found = [_heading(seen, now)]
    found += [f"{pool.key} ({', '.join(pool.contracts)}): {_DIVERSITY[pool.diversity]}" for pool in seen.pools]
    rows = [Line("", cells) for one in seen.contracts for cells in _contract(one, seen.today)]
    rows += [Line("", cells) for cells in _providers(seen)]
    found += ["", "rates in Mb/s; use: p95 of what is delivered", *plain_table(_CONTRACTS, rows, room)]
    if seen.circuits:
        found += ["", *plain_table(_CIRCUITS, [Line("", _circuit(one)) for one in seen.circuits], room)]
    remarks = list(_remarks(seen))
    if remarks:
        found += ["", *remarks]
    return found


def _heading(seen: Overview, now: float) -> str:
    month = f"{seen.period.month}" + ("" if seen.period.closed else " so far")
    several = f"{len(seen.contracts)} contract{'' if len(seen.contracts) == 1 else 's'}"
    return " · ".join([several, month, *_freshness(seen, now), f"{clock(now, now)} {ZONE}"])


def _freshness(seen: Overview, now: float) -> Iterable[str]:
    uses = [use for one in seen.contracts for use in one.uses.values()]
    ages = [use.now_at for use in uses if use.now_at is not None]
    if ages:
        yield f"newest values {duration(now - max(ages))} old"
    elif not any(use.p95.present for use in uses):
        yield "nothing was measured in it"


def _contract(one: ContractStanding, today: date) -> Iterable[tuple[str, ...]]:
    for way in DIRECTIONS:
        balance, use, head = one.balances[way], one.uses[way], one.headrooms[way]
        rates = (balance.delivered_bps, balance.allocated_bps, balance.free_bps, use.now_bps, use.p95.bps, use.peak_bps)
        left = head.days_left(today)
        yield (
            one.contract.key if way == "in" else "",
            way,
            *(mbps(bps) for bps in rates),
            share(use),
            _date(head),
            NOTHING if left is None else f"{left} d",
        )


def _providers(seen: Overview) -> Iterable[tuple[str, ...]]:
    """Together, those of whom there are several contracts."""
    held = Counter(one.contract.provider for one in seen.contracts)
    for key, uses in seen.uses.items():
        for way in DIRECTIONS if held[key] > 1 else ():
            use = uses[way]
            name = f"all of {key}" if way == "in" else ""
            rates = (mbps(use.now_bps), mbps(use.p95.bps), mbps(use.peak_bps))
            yield name, way, mbps(use.base_bps), NOTHING, NOTHING, *rates, share(use), NOTHING, NOTHING


def share(use: Use) -> str:
    """p95 of the contracted rate; a word where there is none to be believed."""
    ratio = use.ratio(use.p95.bps)
    if ratio is None:
        return "error" if use.p95.bps is not None and use.base_bps > 0 else NOTHING
    return percent(ratio) + ("*" if use.p95.provisional else "")


def _date(head: Headroom) -> str:
    words = {"exhausted": "exhausted", "beyond": "> 5 years", "not enough history": "no history"}
    return words.get(head.answer) or str(head.on)


def _circuit(one: CircuitStanding) -> tuple[str, ...]:
    well, course = one.quality, one.course
    above = max(use.above_s for use in one.uses.values())
    flat = max(use.flat_s for use in one.uses.values())
    some = any(use.p95.present for use in one.uses.values())
    return (
        state_word(one),
        one.circuit.key,
        NOTHING if course.available is None else f"{course.available:.2%}".replace("%", " %"),
        _faults(course),
        short_duration(above) if some else NOTHING,
        short_duration(flat) if some else NOTHING,
        milliseconds(well.rtt_ms),
        NOTHING if well.rise_ms is None else f"{max(0.0, well.rise_ms):.0f}",
        NOTHING if well.loss is None else percent(well.loss),
        NOTHING if well.discards is None else f"{well.discards:.0f}",
    )


def _faults(course: Course) -> str:
    return NOTHING if course.available is None else str(course.faults)


def state_word(one: CircuitStanding) -> str:
    """As the status tables say it: what is not known to hold any more "was"."""
    state = one.state
    glyphs = {"up": "·", "unreachable": "▽", "down": "■"}
    if state.stale and state.word != "unknown":
        return f"◌ was {state.word}"
    return f"{glyphs.get(state.word, '◌')} {state.word}"


def milliseconds(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _remarks(seen: Overview) -> Iterable[str]:
    """One sentence a line: first what is wrong, then how sure the dates are, then how complete the figures."""
    yield from (f"wrong: {word}" for word in seen.wrong)
    for one in seen.contracts:
        for held in one.signed:
            who = f"R-{held.number}, {held.institution}, OVER-SUBSCRIBED by {held.over_subscribed_by}"
            yield one_line(f"{one.contract.key}: {who}: {held.over_subscribed_why}")
    heads = [(f"{one.contract.key} {way}", one, one.headrooms[way]) for one in seen.contracts for way in DIRECTIONS]
    for side, one, head in heads:
        yield from _doubts(side, head, one.contract.level)
    young = [head.days for _, _, head in heads if head.answer == "not enough history"]
    if young:
        known = f"{min(young)} to {max(young)}" if min(young) < max(young) else str(young[0])
        yield f"no history: a headroom date needs {HISTORY_DAYS} days, {known} are known"
    parts = [one.uses[way].p95 for one in seen.contracts for way in DIRECTIONS]
    if any(found.provisional for found in parts):
        least = min(parts, key=lambda found: found.present / max(1, found.expected))
        yield f"* provisional: under 99 % of slots are there (least: {least.present} of {least.expected})"


def _doubts(side: str, head: Headroom, level: float) -> Iterable[str]:
    if head.early is not None and head.answer != "exhausted":
        growth = "" if head.growth is None else f", {round(100 * head.growth) or 0:+d} % a year"
        yield f"{side}: {percent(level)} between {head.early} and {head.late or '> 5 years'} (80 % sure){growth}"


_LISTED: Final = (
    Column("state"),
    Column("circuit", flexible=True),
    Column("provider", flexible=True),
    *(Column(word, right=True) for word in ("in", "out", "use")),
)
_FIGURES: Final = tuple(Column(word, right=True) for word in ("p95", "rtt", "loss", "faults"))


def circuit_lines(seen: Sequence[CircuitStanding], heading: str, room: int) -> Sequence[str]:
    """Circuits in the order in which they are handed in, with figures of the month."""
    lines = [Line("", (*_listed(one), *_figures(one))) for one in seen]
    found = [heading, "rates in Mb/s; use, p95: of the contracted rate, the worse way"]
    found += plain_table([*_LISTED, *_FIGURES], lines, room)
    if any(use.p95.provisional for one in seen for use in one.uses.values()):
        found.append("* provisional: under 99 % of slots are there")
    return found


def _listed(one: CircuitStanding) -> tuple[str, ...]:
    now = [use.ratio(use.now_bps) for use in one.uses.values()]
    known = [ratio for ratio in now if ratio is not None]
    rates = tuple(mbps(one.uses[way].now_bps) for way in DIRECTIONS)
    return state_word(one), one.circuit.key, one.circuit.provider, *rates, percent(max(known)) if known else NOTHING


def _figures(one: CircuitStanding) -> tuple[str, ...]:
    worse = max(one.uses.values(), key=lambda use: use.ratio(use.p95.bps) or 0.0)
    well = one.quality
    return (
        share(worse),
        milliseconds(well.rtt_ms),
        NOTHING if well.loss is None else percent(well.loss),
        _faults(one.course),
    )
