"""What charts are drawn from, of one viewer: who may see the subject is asked before the store is."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from dashboards.charts.asked import Asked
from dashboards.charts.columns import Columns, fewer, of_slots, usual_step, with_gaps
from dashboards.charts.panel import Subject
from dashboards.charts.ranked import RANKED, REACH_S, Ranked, of_months, of_shown
from dashboards.charts.steps import MONTH_S, times_of
from dashboards.charts.written import Written
from dashboards.web.kept import Kept
from dashboards.web.refusal import Unseen
from dashboards.web.sight.scope import Scope
from dashboards.web.sources.series import Course, SeriesSource
from dashboards.web.viewer import Right
from inventory.sentence import Sentence, noted
from inventory.slots import SlotTable

Place = Literal["sites", "devices", "links", "circuits"]
Made = TypeVar("Made")
Where = tuple[str, str, str]  # measurement, scope, row
ROWS: Final[Mapping[str, Place]] = {  # measurements whose rows are keys of the inventory
    "link": "links",
    "link_state": "links",
    "circuit": "circuits",
    "circuit_traffic": "circuits",
    "liveness": "devices",
    "device_state": "devices",
    "site_state": "sites",
}
SLOTTED: Final[Mapping[int, Literal[300, 3600, 86400]]] = {300: 300, 3600: 3600, 86400: 86400}
Source = SlotTable | Course  # what columns were made of
Read = tuple[Columns, Mapping[str, Sequence[Ranked]], Written]
FRESH_S: Final = 10.0  # so long what was read of a range that ends now is shown again
SETTLED_S: Final = 900  # after its end nothing of a range is likely to change
POLLED_S: Final = 60.0  # how far apart polls are where there are too few to tell


@dataclass(frozen=True)
class Drawn:
    """One subject ready to be drawn; `ranked`: percentiles by quantity, where there are any of it.

    `written`: JSON of its quantities, and of those of other subjects of the same row.
    """

    subject: Subject
    columns: Columns
    ranked: Mapping[str, Sequence[Ranked]]
    written: Written


@dataclass(frozen=True)
class Charts:
    scope: Scope
    series: SeriesSource
    kept: Kept
    now: float

    def drawn(self, subjects: Sequence[Subject], asked: Asked) -> list[Drawn]:
        """In their order; Unseen where there is no such subject, or none that the viewer may know of.

        What is asked of the same row in several panels is read once.
        """
        declared = {_where(one): self._declared(one) for one in subjects}
        read = {
            where: self._kept(where, _quantities(subjects, where), asked, named) for where, named in declared.items()
        }
        found = []
        for one in subjects:
            columns, ranked, written = read[_where(one)]
            mine = {name: each for name, each in ranked.items() if name in one.quantities}
            found.append(Drawn(one, columns.only(one.quantities), mine, written))
        return found

    def made(
        self, subjects: Sequence[Subject], asked: Asked, key: Hashable, make: Callable[[list[Drawn]], Made]
    ) -> Made:
        """What is made of them alone, by whoever first asks; raises as `drawn`. `key`: whatever else it depends on."""
        for one in subjects:
            self._declared(one)
        whole = ("made", key, tuple(subjects), asked.start, asked.end, asked.layer, asked.points)
        return self.kept.of(whole, self._stamp(asked), lambda: make(self.drawn(subjects, asked)))

    def packed(self, tag: str, pack: Callable[[], bytes]) -> bytes:
        """An answer of that tag as it is sent, packed for whoever first asks."""
        return self.kept.of(("packed", tag), None, pack)

    def _stamp(self, asked: Asked) -> float | None:
        """Another one where it is to be read again."""
        return None if asked.end + SETTLED_S < self.now else self.now // FRESH_S

    def _kept(self, where: Where, names: tuple[str, ...], asked: Asked, declared: bool) -> Read:
        """A page and its charts ask for the same one after the other, and so does everybody who looks at a fault."""
        key = ("columns", where, names, asked.start, asked.end, asked.layer, asked.points)
        return self.kept.of(key, self._stamp(asked), lambda: self._read(where, names, asked, declared=declared))

    def _read(self, where: Where, quantities: tuple[str, ...], asked: Asked, *, declared: bool) -> Read:
        columns, source = self._columns(where, quantities, asked)
        if not len(columns.at) and not declared and not self.series.known(*where):
            raise _unseen(where)
        names = tuple(name for name in quantities if name in RANKED)
        ranked = self._ranked(where, names, asked, source) if names and len(columns.at) else {}
        step_s = columns.step_s
        times = times_of(asked.span_s, step_s, asked.points)
        every = step_s * times or usual_step(columns.at, POLLED_S)
        columns = with_gaps(fewer(columns, times), every)
        return columns, ranked, Written(columns)

    def _columns(self, where: Where, names: tuple[str, ...], asked: Asked) -> tuple[Columns, Source]:
        measurement, scope, row = where
        start, end, step_s = asked.start, asked.end, asked.layer.step_s
        if (slot_s := SLOTTED.get(step_s)) is not None:
            table = self.series.slots(
                measurement, scope, (row,), names, start=start, end=end, step_s=slot_s, extremes=True
            )
            return of_slots(table, row), table
        found = self.series.course(measurement, scope, row, names, start=start, end=end, step_s=step_s)
        return Columns(names, step_s, found.at, found.mean, found.least, found.most), found

    def _ranked(
        self, where: Where, names: tuple[str, ...], asked: Asked, source: Source
    ) -> Mapping[str, Sequence[Ranked]]:
        measurement, scope, row = where
        if asked.span_s > REACH_S:
            months = source
            if not isinstance(months, Course) or months.p95 is None:
                start, end = asked.start, asked.end
                months = self.series.course(measurement, scope, row, names, start=start, end=end, step_s=MONTH_S)
            if months.p95 is None or months.present is None:
                return {}
            return of_months(months.quantities, months.at, months.p95, months.present, self.now)
        if isinstance(source, Course) or source.step_s != 300:
            source = self.series.slots(measurement, scope, (row,), names, start=asked.start, end=asked.end)
        return of_shown(source, row, asked.start, asked.end)

    def _declared(self, subject: Subject) -> bool:
        """Whether the inventory names it; Unseen where the viewer may not know of it."""
        place = ROWS.get(subject.measurement)
        if place is not None:
            if subject.row in getattr(self.scope.inventory, place):
                return True
        elif subject.scope:
            if subject.scope in self.scope.inventory.devices:
                return subject.row == subject.measurement  # of the device as a whole: known before it was measured
        elif self.scope.whole and self.scope.viewer.may(Right.WATCH):
            return False
        raise _unseen(_where(subject))


def _where(subject: Subject) -> Where:
    return subject.measurement, subject.scope, subject.row


def _quantities(subjects: Iterable[Subject], where: Where) -> tuple[str, ...]:
    """All that is asked of it, each once."""

    def every() -> Iterator[str]:
        for one in subjects:
            if _where(one) == where:
                yield from one.quantities

    return tuple(dict.fromkeys(every()))


def _unseen(where: Where) -> Unseen:
    text = noted("nothing is measured of {row!r} as {measurement!r}")
    return Unseen(Sentence("subject-unknown", text, row=where[2], measurement=where[0]))
