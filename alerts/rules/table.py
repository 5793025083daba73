"""Every row of one measurement that any rule speaks of, numbered for good, so that a tick of many devices is one matrix."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.alarm import alarm_key
from alerts.rules.measurements import Measurement
from alerts.rules.subjects import Labelled
from alerts.subject import Subject
from inventory.batch import Batch

Index = NDArray[np.intp]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_ROWS_EACH = 4096  # remembered of one scope that had its rows renamed again and again
MOST_LINKS = 200_000  # rows of a batch about the whole network


@dataclass(frozen=True, slots=True)
class Tick:
    """Batches of one measurement side by side: numbers of the rows, values by quantity, and the time of each row."""

    index: Index
    values: Mapping[str, Floats]
    at: Floats

    def of(self, quantity: str) -> Floats:
        """NaN throughout where the batches do not have it."""
        found = self.values.get(quantity)
        return found if found is not None else np.full(len(self.index), np.nan)

    def all_of(self, quantities: Sequence[str]) -> Floats:
        """(quantities x rows)."""
        return np.stack([self.of(quantity) for quantity in quantities])


@dataclass(slots=True)
class _Place:
    rows: tuple[str, ...]  # by identity: good while it is the same object
    index: Index
    columns: Index | None  # which of the rows count; None: all


class Table:
    """Numbers rows by scope and name; a row keeps its number whatever its place in the batch."""

    def __init__(self, measurement: Measurement, labelled: Labelled) -> None:
        self.measurement = measurement
        self.labelled = labelled
        self.rows: list[tuple[str, str]] = []  # number -> scope, row
        self._numbers: dict[str, dict[str, int]] = {}  # scope -> row -> number
        self._places: dict[str, _Place] = {}
        self._subjects: dict[int, Subject] = {}

    def subject(self, number: int) -> Subject:
        found = self._subjects.get(number)
        if found is None:
            found = self._subjects[number] = self.measurement.subject(*self.rows[number])
        return found

    def of_scope(self, scope: str, row: str = "") -> list[int]:
        """Numbers of all its rows, or of one."""
        numbers = self._numbers.get(scope, {})
        return [number for name, number in numbers.items() if row in ("", name)]

    def key(self, rule: str, number: int) -> str:
        return alarm_key(rule, self.subject(number))

    def renew(self, labelled: Labelled) -> None:
        """The inventory is another one: rows keep their numbers, which of them count is looked at anew."""
        self.labelled = labelled
        self._places.clear()

    def join(self, batches: Sequence[Batch]) -> Tick:
        """Batches that tell the same quantities, each scope once."""
        places = [self._place(batch) for batch in batches]
        tables = [
            batch.values if place.columns is None else batch.values[:, place.columns]
            for batch, place in zip(batches, places, strict=True)
        ]
        values = np.concatenate(tables, axis=1) if len(tables) > 1 else tables[0]
        index = np.concatenate([place.index for place in places]) if len(places) > 1 else places[0].index
        at = np.repeat([float(batch.at) for batch in batches], [len(place.index) for place in places])
        return Tick(index, dict(zip(batches[0].quantities, values, strict=True)), at)

    def _place(self, batch: Batch) -> _Place:
        place = self._places.get(batch.scope)
        if place is None or place.rows is not batch.rows:
            place = self._places[batch.scope] = self._lay_out(batch)
        return place

    def _lay_out(self, batch: Batch) -> _Place:
        numbers = self._numbers.setdefault(batch.scope, {})
        most = MOST_ROWS_EACH if batch.scope else MOST_LINKS
        found, columns = [], []
        for column, row in enumerate(batch.rows):
            if not self._counts(batch.scope, row):
                continue
            number = numbers.get(row)
            if number is None and len(numbers) < most:
                number = numbers[row] = len(self.rows)
                self.rows.append((batch.scope, row))
            if number is not None:
                found.append(number)
                columns.append(column)
        whole = len(found) == len(batch.rows)
        return _Place(batch.rows, np.array(found, np.intp), None if whole else np.array(columns, np.intp))

    def _counts(self, scope: str, row: str) -> bool:
        """Of interfaces only those of declared links do (SEMANTICS 41)."""
        return self.measurement.one != "interface" or self.labelled.link_of(scope, row) is not None


def told_once(batches: Iterable[Batch]) -> list[list[Batch]]:
    """Batches in groups of the same quantities, in which no scope is twice."""
    groups: dict[tuple[str, ...], list[list[Batch]]] = {}
    seen: dict[tuple[str, ...], dict[str, int]] = {}
    for batch in batches:
        runs = groups.setdefault(batch.quantities, [])
        times = seen.setdefault(batch.quantities, {})
        turn = times[batch.scope] = times.get(batch.scope, -1) + 1
        if turn == len(runs):
            runs.append([])
        runs[turn].append(batch)
    return [run for runs in groups.values() for run in runs]
