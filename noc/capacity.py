"""What the store and the snapshot know of circuits, as values for the figures of capacity; daemon up or down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

import numpy as np

from alerts.board import STATE_CODES
from dashboards.capacity.course import Course, course
from dashboards.capacity.standing import Measured, State
from dashboards.reports.document import Period
from dashboards.reports.spans import UNWATCHED, Event, Span, spans
from dashboards.status import age_of
from inventory.allocation import DIRECTIONS, Direction
from inventory.batch import Batch
from inventory.calendar import DAY_S, day_of, midnight
from inventory.model import Inventory
from inventory.slots import SlotTable
from inventory.states import REASON_CODES
from inventory.status import DaemonMark, StatusRow
from noc import carrying, watching
from noc.store.reader import MetricReader

HISTORY_DAYS: Final = 730  # that forecasts rest on: as long as slots of five minutes are kept
RATES: Final = ("in_bps", "out_bps")
AMOUNTS: Final = carrying.AMOUNTS
PATHS: Final = ("rtt_ms", "loss_ratio")
_STATES: Final = {code: str(state) for state, code in STATE_CODES.items()}
_REASONS: Final = {code: str(reason) for reason, code in REASON_CODES.items()}


def measured(
    reader: MetricReader, inventory: Inventory, circuits: Sequence[str], period: Period, *, history: bool = True
) -> Measured:
    """Slots, newest values and courses of these circuits over the period; `history` for headroom dates, as well."""
    links = {key: [link.key for link in inventory.links.values() if link.circuit == key] for key in circuits}
    start, end = period.start, max(period.start, period.until)
    return Measured(
        traffic=_traffic(reader, links, AMOUNTS, start, end),
        paths=reader.table("circuit", "", circuits, PATHS, start=start, end=end),
        history=_traffic(reader, links, RATES, *_whole_days(period)) if history else None,
        newest=_newest(reader, links),
        courses=_courses(reader, links, start, end),
    )


def with_states(
    found: Measured, inventory: Inventory, rows: Iterable[StatusRow], mark: DaemonMark | None, now: float
) -> Measured:
    """States of circuits from the status rows of their links; the worst where there are several."""
    return replace(found, states=states(inventory, rows, mark, now))


def states(inventory: Inventory, rows: Iterable[StatusRow], mark: DaemonMark | None, now: float) -> Mapping[str, State]:
    age, found = age_of(mark, now), dict[str, State]()
    order = {word: place for place, word in enumerate(("up", "unknown", "unreachable", "down"))}
    for row in rows:
        link = inventory.links.get(row.key)
        if link is None:
            continue
        state = State(row.state, row.since, row.reason, age.stale(row))
        before = found.get(link.circuit)
        if before is None or order.get(state.word, 1) > order.get(before.word, 1):
            found[link.circuit] = state
    return found


def _whole_days(period: Period) -> tuple[int, int]:
    """The last two years of whole local days before the end of the period."""
    last = day_of(period.until)
    return midnight(last - timedelta(days=HISTORY_DAYS)), midnight(last)


def _traffic(
    reader: MetricReader, links: Mapping[str, Sequence[str]], quantities: Sequence[str], start: int, end: int
) -> SlotTable:
    """By circuit: what is kept under its own name, else what its links carry together."""
    own = {row for one in reader.subjects(carrying.MEASUREMENT) for row in one.rows}
    named = [key for key in links if key in own]
    rest = {key: carriers for key, carriers in links.items() if key not in own}
    table = reader.table(carrying.MEASUREMENT, "", named, quantities, start=start, end=end)
    if not rest:
        return table
    every = list(dict.fromkeys(link for carriers in rest.values() for link in carriers))
    return _joined(table, _together(reader.table("link", "", every, quantities, start=start, end=end), rest))


def _together(links: SlotTable, circuits: Mapping[str, Sequence[str]]) -> SlotTable:
    """Rows of links become rows of circuits: sums, known for as long as all of them are."""
    places = {row: place for place, row in enumerate(links.rows)}
    mean = np.full((len(links.quantities), len(circuits), links.count), np.nan)
    covered = np.zeros(mean.shape)
    for number, carriers in enumerate(circuits.values()):
        mine = [places[link] for link in carriers if link in places]
        if mine and len(mine) == len(carriers):
            mean[:, number] = links.mean[:, mine].sum(axis=1)
            covered[:, number] = links.covered_s[:, mine].min(axis=1)
    return SlotTable(links.start, links.step_s, tuple(circuits), links.quantities, mean, covered)


def _joined(one: SlotTable, other: SlotTable) -> SlotTable:
    rows = one.rows + other.rows
    mean = np.concatenate([one.mean, other.mean], axis=1)
    covered = np.concatenate([one.covered_s, other.covered_s], axis=1)
    return SlotTable(other.start, other.step_s, rows, other.quantities, mean, covered)


def _newest(
    reader: MetricReader, links: Mapping[str, Sequence[str]]
) -> Mapping[tuple[str, Direction], tuple[float, float]]:
    found: dict[tuple[str, Direction], tuple[float, float]] = {}
    batches = [*reader.last("link", ""), *reader.last(carrying.MEASUREMENT, "")]  # its own name goes before its links'
    for batch in batches:
        places = {row: place for place, row in enumerate(batch.rows)}
        for key, carriers in links.items():
            names = [key] if batch.measurement == carrying.MEASUREMENT else carriers
            mine = [places[name] for name in names if name in places]
            for way in DIRECTIONS:
                bps = float(batch.of(f"{way}_bps")[mine].sum()) if mine else float("nan")
                if not np.isnan(bps):
                    found[key, way] = bps, float(batch.at)
    return found


def _courses(reader: MetricReader, links: Mapping[str, Sequence[str]], start: int, end: int) -> Mapping[str, Course]:
    """Of a circuit over several links that of the first; states are restated each local day, so a day back suffices."""
    wanted = {carriers[0]: key for key, carriers in links.items() if carriers}
    events = _events(reader, wanted, start, end)
    unwatched = _unwatched(reader, start, end)
    return {circuit: course(events[link], unwatched, start, end) for link, circuit in wanted.items()}


def _events(reader: MetricReader, wanted: Iterable[str], start: int, end: int) -> Mapping[str, list[Event]]:
    found: dict[str, list[Event]] = {link: [] for link in wanted}
    for scope in ("", *found):
        for batch in reader.batches("link_state", scope, start=start - DAY_S, end=end):
            for place, row in enumerate(batch.rows):
                if row in found:
                    found[row].append(_event(batch, place))
    return found


def _event(batch: Batch, place: int) -> Event:
    def told(name: str) -> float:
        return float(batch.of(name)[place]) if name in batch.quantities else float("nan")

    code, held_s, reason = told("state"), told("held_s"), told("state_reason")
    return Event(
        batch.at,
        "unknown" if np.isnan(code) else _STATES.get(int(code), "unknown"),
        None if np.isnan(held_s) else round(batch.at - held_s),
        "" if np.isnan(reason) else _REASONS.get(int(reason), ""),
    )


def _unwatched(reader: MetricReader, start: int, end: int) -> list[Span]:
    """When the poller did not run, or was blind: then nothing is known of any circuit."""
    batches = reader.batches(watching.MEASUREMENT, "", start=0, end=end)
    events = [_event(batch, 0) for batch in batches if watching.POLLER[0] in batch.rows]
    return [replace(part, state=UNWATCHED) for part in spans(events, start, end) if part.state != "up"]
