"""What the store and the snapshot know of circuits, as values for the figures of capacity; daemon up or down."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from alerts.sites import links_serving
from dashboards.capacity.institutions import Carried
from dashboards.capacity.measured import LOOKED_BACK_DAYS, Measured, State
from dashboards.reports.document import Period
from inventory.allocation import DIRECTIONS, Direction
from inventory.batch import Batch
from inventory.calendar import day_of, midnight
from inventory.model import Inventory
from inventory.slots import SlotTable
from inventory.status import DaemonMark
from noc import carrying
from noc.courses import Links, courses, unwatched
from noc.store.reader import MetricReader

RATES: Final = ("in_bps", "out_bps")
PATHS: Final = ("rtt_ms", "loss_ratio")
NEWEST_S: Final = 75  # two polls and a half
TOGETHER: Final = 250  # circuits read at once, so that a month of all of them needs little memory


@dataclass(frozen=True, slots=True)
class Question:
    """`mark`: the daemon's last line, after which nobody watched. `planned`: work on links that counts as neither."""

    period: Period
    mark: DaemonMark | None = None
    history: bool = False  # slots of two years for headroom dates
    discards: bool = False
    planned: Mapping[str, Sequence[tuple[int, int]]] | None = None


def links_of(inventory: Inventory, circuits: Iterable[str]) -> Links:
    found: dict[str, list[str]] = {key: [] for key in circuits}
    for link in inventory.links.values():
        if link.circuit in found:
            found[link.circuit].append(link.key)
    return found


def measured(reader: MetricReader, links: Links, asked: Question, states: Mapping[str, State]) -> Measured:
    """Slots, newest values, states and courses of these circuits over the period."""
    start, end = asked.period.start, max(asked.period.start, asked.period.until)
    return Measured(
        traffic=_traffic(reader, links, carrying.AMOUNTS if asked.discards else RATES, start, end),
        paths=reader.table("circuit", "", tuple(links), PATHS, start=start, end=end),
        history=history(reader, links, asked.period) if asked.history else None,
        newest=_newest(reader, links),
        states=states,
        courses=courses(reader, links, unwatched(reader, asked.mark, start, end), (start, end), asked.planned),
    )


def in_parts(links: Links) -> Iterator[Links]:
    """A few at a time."""
    keys = list(links)
    for first in range(0, len(keys), TOGETHER):
        yield {key: links[key] for key in keys[first : first + TOGETHER]}


def history(reader: MetricReader, links: Links, period: Period) -> SlotTable:
    """The last two years of whole local days before the end of the period."""
    last = day_of(period.until)
    return _traffic(reader, links, RATES, midnight(last - timedelta(days=LOOKED_BACK_DAYS)), midnight(last))


def _traffic(reader: MetricReader, links: Links, quantities: Sequence[str], start: int, end: int) -> SlotTable:
    """By circuit: what is kept under its own name, else what its links carry together."""
    own = {row for one in reader.subjects(carrying.MEASUREMENT) for row in one.rows}
    named = [key for key in links if key in own]
    rest = {key: carriers for key, carriers in links.items() if key not in own}
    table = reader.table(carrying.MEASUREMENT, "", named, quantities, start=start, end=end)
    if not rest:
        return table
    every = list(dict.fromkeys(link for carriers in rest.values() for link in carriers))
    return _joined(table, _together(reader.table("link", "", every, quantities, start=start, end=end), rest))


def _together(links: SlotTable, circuits: Links) -> SlotTable:
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
    if not one.rows:
        return other
    mean = np.concatenate([one.mean, other.mean], axis=1)
    covered = np.concatenate([one.covered_s, other.covered_s], axis=1)
    return SlotTable(one.start, one.step_s, one.rows + other.rows, one.quantities, mean, covered)


def _newest(reader: MetricReader, links: Links) -> Mapping[tuple[str, Direction], tuple[float, float]]:
    """Values that are known, of the last few batches: not every poll speaks of every link."""
    found: dict[tuple[str, Direction], tuple[float, float]] = {}
    for measurement in ("link", carrying.MEASUREMENT):  # the own name goes before its links'
        for last in reader.last(measurement, ""):
            for batch in reader.batches(measurement, "", start=last.at - NEWEST_S, end=last.at + 1):
                found.update(_known(batch, links))
    return found


def _known(batch: Batch, links: Links) -> Iterator[tuple[tuple[str, Direction], tuple[float, float]]]:
    places = {row: place for place, row in enumerate(batch.rows)}
    for key, carriers in links.items():
        names = [key] if batch.measurement == carrying.MEASUREMENT else carriers
        mine = [places[name] for name in names if name in places]
        for way in DIRECTIONS:
            bps = float(batch.of(f"{way}_bps")[mine].sum()) if mine else float("nan")
            if not np.isnan(bps):
                yield (key, way), (bps, float(batch.at))


def institutions_carried(reader: MetricReader, inventory: Inventory, period: Period) -> Carried:
    """What measuring points and the links of sites with institutions carried."""
    serving = links_serving(inventory)
    sites = {one.site for one in inventory.institutions.values() if one.site}
    links = tuple(dict.fromkeys(link for site in sites for link in serving.get(site, ())))
    points = tuple(inventory.points)
    start, end = period.start, max(period.start, period.until)
    return Carried(
        reader.table("point", "", points, RATES, start=start, end=end),
        reader.table("link", "", links, RATES, start=start, end=end),
        serving,
    )
