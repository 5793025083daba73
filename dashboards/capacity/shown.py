"""Figures of contracts as a page shows them: bars with their marks, balances that add up, sentences in two languages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboards.capacity.forecast import Headroom
from dashboards.capacity.standing import ContractStanding, Overview, Wrong
from dashboards.capacity.use import Use
from dashboards.figures import percent
from dashboards.iru_ledger import together
from inventory.accounts.book import Book
from inventory.accounts.course import runs
from inventory.allocation import DIRECTIONS, Balance, Direction
from inventory.calendar import day_of
from inventory.model import Contract

Text = Callable[[str], str]
WIDE: Final = 100.0  # of a bar, in its own measure


@dataclass(frozen=True, slots=True)
class Bar:
    """Of what is delivered, 0 to 100: `held` is allocated, `used` the p95, `now`, `level` marks. None: not known."""

    held: float
    used: float | None
    now: float | None
    level: float


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of a contract. `use` None: not computed yet. `over`: since when more is committed than there is."""

    contract: Contract
    way: Direction
    balance: Balance
    over: date | None
    use: Use | None = None
    head: Headroom | None = None

    @property
    def bar(self) -> Bar:
        base = float(self.balance.delivered_bps)
        use = self.use
        return Bar(
            held=_part(self.balance.allocated_bps + self.balance.reserved_bps, base) or 0.0,
            used=_part(use.p95.bps, base) if use else None,
            now=_part(use.now_bps, base) if use else None,
            level=WIDE * self.contract.level,
        )

    @property
    def ratio(self) -> float | None:
        return self.use.ratio(self.use.p95.bps) if self.use else None

    @property
    def high(self) -> bool:
        return self.ratio is not None and self.ratio >= self.contract.level


def _part(bps: float | None, base: float) -> float | None:
    return None if bps is None or base <= 0 else round(min(WIDE, max(0.0, WIDE * bps / base)), 1)


def sides(overview: Overview) -> list[Side]:
    return [side for one in overview.contracts for side in sides_of(one)]


def sides_of(one: ContractStanding) -> list[Side]:
    return [
        Side(one.contract, way, one.balances[way], one.over_from[way], one.uses[way], one.headrooms[way])
        for way in DIRECTIONS
    ]


def held_sides(contracts: Iterable[Contract], book: Book, today: date) -> list[Side]:
    """Of the ledger alone, while figures are being computed."""
    return [
        Side(one, way, book.balance(one.key, way, today), book.over_committed_from(one.key, way, today))
        for one in contracts
        for way in DIRECTIONS
    ]


def balances(found: Sequence[Side]) -> list[Balance]:
    """Together, by pool and direction; a contract without a pool stands alone."""
    groups: dict[str, list[Side]] = {}
    for side in found:
        groups.setdefault(side.contract.pool or side.contract.key, []).append(side)
    return [
        together(name, [side.balance for side in members if side.way == way])
        for name, members in groups.items()
        for way in DIRECTIONS
    ]


def wrong_words(gettext: Text) -> Mapping[str, str]:
    """What may be wrong with contracts and circuits, by the English of it."""
    return {
        "{key}: diversity lost, one carries": gettext("{key}: diversity lost, one carries"),
        "{key}: none of them carries": gettext("{key}: none of them carries"),
        "{key}: diversity is not known": gettext("{key}: diversity is not known"),
        "{key}: {state}": gettext("{key}: {state}"),
        "{key} {way}: exhausted since {on}": gettext("{key} {way}: exhausted since {on}"),
        "{key} {way}: headroom ends {on}, in {days} d": gettext("{key} {way}: headroom ends {on}, in {days} d"),
        "{key} {way}: over-committed from {on}": gettext("{key} {way}: over-committed from {on}"),
        "{key}: contract ended on {on}": gettext("{key}: contract ended on {on}"),
        "{key}: contract ends on {on}": gettext("{key}: contract ends on {on}"),
        "{key} {way}: more than 110 % measured, a data error": gettext(
            "{key} {way}: more than 110 % measured, a data error"
        ),
    }


def said(found: Iterable[Wrong], gettext: Text, states: Mapping[str, str]) -> Iterator[str]:
    """In the language of `gettext`; `states`: words of states in it."""
    words, ways = wrong_words(gettext), {"in": gettext("in"), "out": gettext("out")}
    for one in found:
        figures = dict(one.figures)
        if "way" in figures:
            figures["way"] = ways[str(figures["way"])]
        if "state" in figures:
            figures["state"] = states.get(str(figures["state"]), figures["state"])
        yield words[one.text].format(**figures)


def headroom_said(head: Headroom | None, gettext: Text) -> str:
    """The day, or why there is none."""
    if head is None:
        return ""
    words = {
        "exhausted": gettext("exhausted since {on}").format(on=head.on),
        "beyond": gettext("not within 5 years"),
        "not enough history": gettext("not enough history: {days} of 60 days").format(days=head.days),
    }
    return words.get(head.answer) or str(head.on)


def interval_said(head: Headroom | None, gettext: Text) -> str:
    """How sure the day is; "" where there is nothing to be said."""
    if head is None or head.answer == "exhausted" or head.early is None:
        return ""
    late = str(head.late) if head.late else gettext("> 5 years")
    text = gettext("between {early} and {late} (80 % sure)").format(early=head.early, late=late)
    return text if head.growth is None else f"{text}, {round(100 * head.growth) or 0:+d} % {gettext('a year')}"


@dataclass(frozen=True, slots=True)
class Step:
    """From that day on until the next step, bit/s."""

    day: date
    capacity_bps: int
    reserved_bps: int
    allocated_bps: int

    @property
    def free_bps(self) -> int:
        return self.capacity_bps - self.reserved_bps - self.allocated_bps


def steps(book: Book, contract: str, way: Direction) -> list[Step]:
    """How much of it was and will be held, from its first day on."""
    names = ("free", "reserved", "allocated")
    found = runs(*(book.course(contract, way, name) for name in names))  # type: ignore[arg-type]
    return [Step(day, free + reserved + held, reserved, held) for day, _, (free, reserved, held) in found]


@dataclass(frozen=True, slots=True)
class Stairs:
    """A picture of `steps`: polyline points in a box of 600 x 120, the greatest rate, first and last day."""

    held: str
    capacity: str
    today: float
    top_bps: int
    first: date
    last: date


def stairs(found: Sequence[Step], now: float, *, years: float = 1.0) -> Stairs | None:
    """From a year before to a year ahead, or from the first step that there is."""
    today = day_of(now).toordinal()
    first, last = today - int(365 * years), today + int(365 * years)
    if not found:
        return None
    first = max(first, min(found[0].day.toordinal(), today - 30))
    top = max([1, *(max(step.capacity_bps, step.capacity_bps - step.free_bps) for step in found)])

    def points(figure: Callable[[Step], int]) -> str:
        line, level = [], 0
        for step in found:
            day = step.day.toordinal()
            if day > last:
                break
            if day > first:
                line += [(day, level), (day, figure(step))]
            level = figure(step)
            if day <= first:
                line = [(first, level)]
        line.append((last, level))
        return " ".join(f"{600 * (day - first) / (last - first):.1f},{120 - 110 * bps / top:.1f}" for day, bps in line)

    held = points(lambda step: step.allocated_bps + step.reserved_bps)
    capacity = points(lambda step: step.capacity_bps)
    place = round(600 * (today - first) / (last - first), 1)
    return Stairs(held, capacity, place, top, date.fromordinal(first), date.fromordinal(last))


def share_said(side: Side) -> str:
    """p95 of what is delivered: "68 %", with a star where slots lack; "" where there is none to be believed."""
    if side.ratio is None or side.use is None:
        return ""
    return percent(side.ratio) + ("*" if side.use.p95.provisional else "")
