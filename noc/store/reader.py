"""Reading metrics from any process: newest values, any range at full resolution, 5-minute and hourly rollups."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

from inventory.batch import Batch
from inventory.slots import SlotTable
from noc.store import many, resolution, rollups, tables
from noc.store import range as ranges
from noc.store.bundle import Bundles
from noc.store.canvas import Asked
from noc.store.codec import Codec
from noc.store.file import Opening
from noc.store.frames import Frames
from noc.store.history import History
from noc.store.lately import Lately
from noc.store.newest import Newest, NewestTable
from noc.store.plates import Plates
from noc.store.recent import Recent
from noc.store.resolution import Picture
from noc.store.series import Measured, Series, Step, Subject
from noc.store.shelf import Shelves
from noc.store.stats import StoreStats, first_at, read_stats
from noc.store.status import facts_in
from noc.store.steps import scales, to_values

Also = Literal["extremes", "up"]


class MetricReader:
    """Read-only, for any process and user, daemon up or down; not for two threads at once. Raises StoreError."""

    def __init__(self, path: Path | str, history: History | None = None) -> None:
        """`history` is asked for what is older than what is kept here."""
        self._history = history
        self._opening = Opening(path)
        self._codec = Codec()
        self._known = Frames()
        self._recent = Recent(self._codec)
        self._bundles = Bundles(self._codec)
        self._plates = Plates()
        self._newest_frame = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._opening.close()

    @property
    def octets(self) -> int:
        """Remembered for the next question: bounded for each reader, so who keeps several bounds their number."""
        return self._bundles.octets + self._plates.octets + self._recent.octets

    def last(self, measurement: str, scope: str | None = None) -> list[Batch]:
        """The newest batch of every scope (or of one)."""

        def act(db: sqlite3.Connection) -> list[Batch]:
            return [*self._newest(db).batches(measurement, scope)]

        return self._opening.run(act)

    def newest(self, measurement: str, quantities: Sequence[str]) -> NewestTable:
        """The newest values of every scope, all rows side by side: what tops and totals are made of."""
        return self._opening.run(lambda db: self._newest(db).table(measurement, tuple(quantities)))

    def lately(self, measurement: str, quantities: Sequence[str], *, start: int, end: int) -> NewestTable:
        """All batches of every scope within [start, end), a column for each row of each; only of what is not sealed yet."""
        asked = Lately(measurement, tuple(quantities), start, end)
        return self._opening.run(lambda db: asked.table(db, self._frames(db), self._recent))

    def _newest(self, db: sqlite3.Connection) -> Newest:
        return Newest(db, self._frames(db), self._codec, self._recent)

    def read(
        self,
        measurement: str,
        scope: str,
        row: str,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: Literal[300, 3600] | None = None,
        extremes: bool = True,
    ) -> Series:
        """One subject within [start, end), UTC seconds; a rollup has every slot that the range touches.

        `extremes=False` leaves `least` and `most` out, which is faster where batches are few.
        """
        subject = ranges.Subject(measurement, scope, row, tuple(quantities))

        def act(db: sqlite3.Connection) -> Series:
            asked = ranges.Range(db, self._frames(db), self._codec, subject)
            if step is None:
                return _full(asked, start, end)
            return _rolled(asked, rollups.window(start, end, step), extremes=extremes)

        return self._opening.run(act)

    def table(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str] | None,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: Literal[300, 3600, 86400] = 300,
        also: tuple[Also, ...] = (),
    ) -> SlotTable:
        """All slots that [start, end) touches, of the rows given or (None) of all that the scope ever had.

        `also`: least and most ("extremes"), seconds up ("up"). Days (86400) begin at midnight in Dar es Salaam.
        """
        chosen = None if rows is None else tuple(rows)
        asked = Asked(measurement, scope, chosen, tuple(quantities), "extremes" in also, "up" in also)

        def act(db: sqlite3.Connection) -> SlotTable:
            return tables.table(self._picture(db), asked, tables.window(start, end, step), self._history)

        return self._opening.run(act)

    def read_many(
        self,
        subjects: Sequence[Subject | tuple[str, str, str]],
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: Step | None = None,
        extremes: bool = True,
    ) -> list[Series]:
        """Many (measurement, scope, row) at once, in their order, from the coarsest layer that answers.

        `step`: 300, 3600, 86400 (days of Dar es Salaam) or "month" (its months), every slot that [start, end) touches and
        of which anything is known, days and months with `p95` and `present`; None: full resolution. `n` is not filled.
        """
        question = many.Question(tuple(quantities), (start, end), step, extremes)
        wanted = [Subject(*subject) for subject in subjects]

        def act(db: sqlite3.Connection) -> list[Series]:
            return many.read_many(self._picture(db), wanted, question, self._history)

        return self._opening.run(act)

    def whole(
        self, subjects: Sequence[Subject | tuple[str, str, str]], quantities: Sequence[str], *, start: int, end: int
    ) -> list[many.Whole]:
        """Mean and seconds up of each subject over all of [start, end), as from a single slot."""
        wanted = [Subject(*subject) for subject in subjects]
        return self._opening.run(lambda db: many.whole(self._picture(db), wanted, tuple(quantities), (start, end)))

    def batches(self, measurement: str, scope: str, *, start: int, end: int) -> list[Batch]:
        """Everything at full resolution within [start, end) as it was appended, by rising instant."""

        def act(db: sqlite3.Connection) -> list[Batch]:
            return resolution.batches(self._picture(db), measurement, scope, start, end)

        return self._opening.run(act)

    def _picture(self, db: sqlite3.Connection) -> Picture:
        return Picture(db, self._frames(db), self._codec, Shelves(db), self._recent, self._bundles, self._plates)

    def subjects(self, measurement: str | None = None) -> list[Measured]:
        """Everything ever measured (of one measurement)."""
        found: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
        for frame in self._opening.run(self._frames).by_id.values():
            if measurement in (None, frame.measurement):
                rows, quantities = found.setdefault((frame.measurement, frame.scope), ({}, {}))
                rows.update(dict.fromkeys(frame.rows))
                quantities.update(dict.fromkeys(frame.quantities))
        return [Measured(*place, tuple(rows), tuple(quantities)) for place, (rows, quantities) in found.items()]

    def facts(self, device: str, part: str | None = None) -> list[dict[str, Any]]:
        """As `noc.store.status.read_facts`, by an opening that stays."""
        return facts_in(self._opening, device, part)

    def stats(self) -> StoreStats:
        return self._opening.run(lambda db: read_stats(db, self._opening.path))

    def first_at(self) -> int | None:
        """When what is kept here begins; `stats` says the same to the second, and takes long."""
        return self._opening.run(first_at)

    def _frames(self, db: sqlite3.Connection) -> Frames:
        newest = db.execute("SELECT max(id) FROM frame").fetchone()[0] or 0
        if newest != self._newest_frame:
            self._known, self._newest_frame = Frames.load(db), newest
        return self._known


def _full(asked: ranges.Range, start: int, end: int) -> Series:
    at, steps = asked.steps(start, end)
    return Series(at, asked.subject.quantities, to_values(steps, scales(asked.subject.quantities)))


def _rolled(asked: ranges.Range, over: rollups.Window, *, extremes: bool) -> Series:
    found = asked.rolled(over, extremes=extremes)
    mean, least, most, n, covered_s = found.slots
    if not extremes:
        return Series(found.at, asked.subject.quantities, mean, None, None, n, covered_s, found.up_s)
    return Series(found.at, asked.subject.quantities, mean, least, most, n, covered_s, found.up_s)
