"""Figures for the wallboard, computed in a thread of their own once in five minutes: p95 of cables, 24 hours of links."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboards.capacity.percentile import contract_p95
from dashboards.wall.scene import Beside, Course
from dashboards.wall.traffic import GAUGED
from dashboards.web.refusal import Away
from inventory.calendar import SLOT_S, Month
from inventory.model import Inventory
from noc.store.reader import MetricReader
from noc.web.series import StoredSeries

log = logging.getLogger(__name__)

SETTLED_S: Final = 40  # after a slot closes, until what was polled in it is kept
HOUR_S: Final = 3600
HOURS: Final = 24
RATES: Final = ("in_bps", "out_bps")


class StoredWall:
    """`WallSource` over the metric file."""

    def __init__(self, series: StoredSeries, inventory: Callable[[], Inventory], clock: Callable[[], float]) -> None:
        self._series, self._inventory, self._clock = series, inventory, clock
        self._turn = threading.Lock()
        self._beside: Beside | None = None
        self._tried = 0  # end of the newest slot that was computed or given up
        self._worker: threading.Thread | None = None
        self._failing = False

    def beside(self) -> Beside | None:
        until = int(self._clock() - SETTLED_S) // SLOT_S * SLOT_S
        with self._turn:
            if until != self._tried and (self._worker is None or not self._worker.is_alive()):
                self._tried = until
                self._worker = threading.Thread(target=self._compute, args=(until,), name="wall figures", daemon=True)
                self._worker.start()
            return self._beside

    def close(self) -> None:
        with self._turn:
            worker = self._worker
        if worker is not None:
            worker.join()

    def _compute(self, until: int) -> None:
        try:
            with self._series.reader() as reader:
                found = beside(reader, self._inventory(), until)
        except Away as error:
            if not self._failing:
                log.error("figures of the wallboard: %s", error)
            self._failing = True
            return
        if self._failing:
            log.warning("figures of the wallboard are computed again")
        self._failing, self._beside = False, found


def beside(reader: MetricReader, inventory: Inventory, until: int) -> Beside:
    """`until`: end of the last slot, UTC seconds."""
    return Beside(until, percentiles(reader, inventory, until), courses(reader, inventory, until))


def percentiles(reader: MetricReader, inventory: Inventory, until: int) -> Mapping[str, float]:
    """Of the local month so far, by the rule of the contract; of two figures the greater."""
    circuits = [key for key, circuit in inventory.circuits.items() if circuit.kind in GAUGED]
    start = Month.of(until - 1).start
    table = reader.table("circuit_traffic", "", circuits, RATES, start=start, end=until)
    rules = {circuit: one.direction for one in inventory.contracts.values() for circuit in one.circuits}
    found = {}
    for key in circuits:
        known = [one.bps for one in contract_p95(table, [key], rules.get(key, "max")).values() if one.bps is not None]
        if known:
            found[key] = max(known)
    return found


def courses(reader: MetricReader, inventory: Inventory, until: int) -> Mapping[str, Course]:
    """Hourly means of the last 24 hours as shares of the contract, the worse way; the last one is of this hour so far."""
    links = [link for link in inventory.links.values() if max(link.in_bps, link.out_bps) > 0]
    first = (until - 1) // HOUR_S * HOUR_S - (HOURS - 1) * HOUR_S
    subjects = [("link", "", link.key) for link in links]
    found = reader.read_many(subjects, RATES, start=first, end=until, step=HOUR_S, extremes=False)
    return {
        link.key: _course(one.at, one.values, (link.in_bps, link.out_bps), first)
        for link, one in zip(links, found, strict=True)
    }


def _course(at: NDArray[np.int64], values: NDArray[np.float64], committed: tuple[int, int], first: int) -> Course:
    slots: list[float | None] = [None] * HOURS
    shares = values / np.array([[bps or np.nan] for bps in committed])
    for instant, ways in zip(at.tolist(), shares.T, strict=True):
        place, known = (instant - first) // HOUR_S, ways[~np.isnan(ways)]
        if 0 <= place < HOURS and known.size:
            slots[place] = round(float(known.max()), 3)
    return tuple(slots)
