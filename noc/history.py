"""The metric store opened for questions that may reach further back than what is kept here (`[store] history`)."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from noc.config import Config
from noc.store.history import History, HistoryAway
from noc.store.reader import MetricReader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inventory.slots import SlotTable


@contextmanager
def opened_reader(config: Config, away: Callable[[str], None] | None = None) -> Iterator[MetricReader]:
    """Older ranges come from InfluxDB where the configuration says so, and only then is its client loaded. StoreError.

    `away` is told, once and in words, when InfluxDB cannot be asked: what is kept here then answers alone. Without it a
    question that reaches further back raises HistoryAway, as figures that are kept for ever must not have holes.
    """
    if config.store.history == "embedded" or not config.influxdb.url:
        with MetricReader(config.metrics_file) as reader:
            yield reader
        return
    from inventory.secrets import read_secrets
    from noc.influx.history import opened_history

    secrets = read_secrets(config.secrets.file, os.environ)
    with opened_history(config, secrets) as found:
        history = found if away is None or found is None else WhereThere(found, away)
        with MetricReader(config.metrics_file, history) as reader:
            yield reader


class WhereThere:
    """As `History`, but where it cannot be asked nothing older is known, and it is not asked again."""

    def __init__(self, history: History, away: Callable[[str], None]) -> None:
        self._history, self._away = history, away
        self._gone = False

    def table(
        self,
        measurement: str,
        scope: str,
        rows: Sequence[str],
        quantities: Sequence[str],
        *,
        start: int,
        end: int,
        step: int,
    ) -> "SlotTable":
        if not self._gone:
            try:
                return self._history.table(measurement, scope, rows, quantities, start=start, end=end, step=step)
            except HistoryAway as error:
                self._say(error)
        import numpy as np

        from inventory.slots import SlotTable

        unknown = np.full((len(quantities), len(rows), (end - start) // step), np.nan)
        return SlotTable(
            start, step, tuple(rows), tuple(quantities), unknown, np.zeros_like(unknown), unknown, unknown, unknown[0]
        )

    def full(
        self, measurement: str, scope: str, row: str, quantities: Sequence[str], *, start: int, end: int
    ) -> "tuple[NDArray[np.int64], NDArray[np.float64]]":
        if not self._gone:
            try:
                return self._history.full(measurement, scope, row, quantities, start=start, end=end)
            except HistoryAway as error:
                self._say(error)
        import numpy as np

        return np.empty(0, np.int64), np.empty((len(quantities), 0))

    def _say(self, error: HistoryAway) -> None:
        self._gone = True
        self._away(f"{error}; what is kept here answers alone")
