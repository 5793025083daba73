"""The process that computes figures of capacity beside the web: dear sums, at the lowest of priorities.

Started by `noc.web.beside`: the configuration and then jobs come on standard input, answers leave on standard output, all
pickled. It ends when its input ends, so it never outlives the web.
"""

import os
import pickle
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from dashboards.capacity.what_if import Standing, what_if
from dashboards.reports.document import Period
from dashboards.status import view
from dashboards.web.sources.capacity import CircuitFigures, Figures
from inventory.calendar import SLOT_S
from noc.config import Config
from noc.overview import Grounds, Snapshot, circuits_in, circuits_of, contracts_today, institutions_in, overview_of
from noc.store.file import StoreError
from noc.store.history import HistoryAway
from noc.store.status import read_mark, read_status
from noc.web.jobs import NICE, Failed, Ground, Job


@dataclass(slots=True)
class Sums:
    """Remembers what the next job is likely to ask again."""

    config: Config
    ground: Ground | None = None
    today: tuple[object, tuple[list[Standing], Any]] | None = None
    _said: list[str] = field(default_factory=list)

    def answer(self, job: Job) -> object:
        if job.ground is not None:
            self.ground = job.ground
        try:
            if job.what_if is not None:
                return self._what_if(job)
            return self._circuits(job) if job.circuits else self._figures(job)
        except (StoreError, HistoryAway) as error:
            return Failed(str(error))

    def _grounds(self, job: Job) -> Grounds:
        assert self.ground is not None
        return Grounds(self.config, self.ground.inventory, self.ground.book, self.ground.windows, job.now)

    def _figures(self, job: Job) -> Figures:
        grounds, period = self._grounds(job), Period.of(job.month, job.now)
        chosen = list(grounds.inventory.contracts.values())
        seen, _ = overview_of(grounds, period, chosen)
        institutions = institutions_in(grounds, period, chosen) if self.config.metrics_file.exists() else []
        return Figures(job.month, period.until, job.now, seen, institutions)

    def _circuits(self, job: Job) -> CircuitFigures:
        path, period = self.config.metrics_file, Period.of(job.month, job.now)
        mark, rows = read_mark(path), read_status(path, "link")
        seen = view("link", rows, mark, job.now)
        found = circuits_in(circuits_of(seen.rows), Snapshot(path, mark, seen.age), period)
        return CircuitFigures(job.month, period.until, job.now, {one.circuit.key: one for one in found})

    def _what_if(self, job: Job) -> object:
        assert job.what_if is not None and self.ground is not None
        key = (self.ground.stamp, job.now // SLOT_S)
        if self.today is None or self.today[0] != key:
            self.today = (key, contracts_today(self._grounds(job)))
        standings, last = self.today[1]
        return what_if(standings, job.what_if, last)


def serve(jobs: BinaryIO, answers: BinaryIO) -> None:
    """Until the jobs end."""
    with suppress(EOFError):
        sums = Sums(pickle.load(jobs))
        while True:
            answer = sums.answer(pickle.load(jobs))
            pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    with suppress(OSError):
        os.nice(NICE)
    serve(sys.stdin.buffer, sys.stdout.buffer)
