"""Time series for the web's charts: readers of the metric store that stay open, one thread at a time each."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Literal

from dashboards.web.refusal import Away
from dashboards.web.sources.series import Course
from inventory.slots import SlotTable
from noc.config import Config
from noc.store.file import StoreError
from noc.store.reader import MetricReader
from noc.store.series import Step

MOST_IDLE: Final = 4  # readers that stay open between questions
KEPT_OCTETS: Final = 128 << 20  # that they may remember together, where they are several; one alone has its own bound
STEPS: Final[dict[int, Step]] = {300: 300, 3600: 3600, 86400: 86400, 2592000: "month"}


class StoredSeries:
    """`SeriesSource` over the metric file."""

    def __init__(self, config: Config, *, most: int = MOST_IDLE, octets: int = KEPT_OCTETS) -> None:
        self._config = config
        self._most, self._octets = most, octets
        self._turn = threading.Lock()
        self._idle: list[MetricReader] = []  # the one used last at the end

    def course(
        self,
        measurement: str,
        scope: str,
        row: str,
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step_s: int = 0,
    ) -> Course:
        with self.reader() as reader:
            found = reader.read_many(
                [(measurement, scope, row)], quantities, start=start, end=end, step=STEPS.get(step_s)
            )[0]
        return Course(
            tuple(quantities), step_s, found.at, found.values, found.least, found.most, found.p95, found.present
        )

    def known(self, measurement: str, scope: str, row: str) -> bool:
        with self.reader() as reader:
            return any(scope == one.scope and row in one.rows for one in reader.subjects(measurement))

    def slots(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str],
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step_s: Literal[300, 3600, 86400] = 300,
        extremes: bool = False,
    ) -> SlotTable:
        with self.reader() as reader:
            return reader.table(
                measurement,
                scope,
                rows,
                quantities,
                start=start,
                end=end,
                step=step_s,
                also=("extremes",) if extremes else (),
            )

    def newest(self, measurement: str, scope: str, row: str) -> Mapping[str, float]:
        with self.reader() as reader:
            for batch in reader.last(measurement, scope):
                if row in batch.rows:
                    values = batch.values[:, batch.rows.index(row)].tolist()
                    return {**dict(zip(batch.quantities, values, strict=True)), "at": batch.at}
        return {}

    @contextmanager
    def reader(self) -> Iterator[MetricReader]:
        """A reader that nobody else uses meanwhile; it stays open for the next who asks."""
        with self._turn:
            idle = self._idle.pop() if self._idle else None
        reader = idle or self._opened()
        try:
            yield reader
        except StoreError as error:
            reader.close()
            raise Away(str(error)) from error
        except BaseException:
            reader.close()
            raise
        self._give_back(reader)

    def _give_back(self, reader: MetricReader) -> None:
        with self._turn:
            self._idle.append(reader)
            octets = sum(one.octets for one in self._idle)
            while len(self._idle) > self._most or (octets > self._octets and len(self._idle) > 1):
                gone = self._idle.pop(0)
                octets -= gone.octets
                gone.close()

    @property
    def idle(self) -> Sequence[MetricReader]:
        """Those that are open and used by nobody."""
        return tuple(self._idle)

    def _opened(self) -> MetricReader:
        try:
            return MetricReader(self._config.metrics_file)
        except StoreError as error:
            raise Away(str(error)) from error

    def close(self) -> None:
        with self._turn:
            while self._idle:
                self._idle.pop().close()
