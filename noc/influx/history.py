"""What the store let go, read back from InfluxDB: `[store] history = "influxdb"` puts this behind `noc.store.history`.

Slots come from the rollups that were sent (interface_5m, interface_1h, interface_1d), never from means of the server's own,
which would not weigh by time (SEMANTICS 27). What a question asks for is bounded; longer ranges are asked in parts.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inventory.secrets import Secrets
from inventory.slots import SlotTable
from noc.config import Config
from noc.influx.access import Place, access_of
from noc.influx.client import open_server
from noc.influx.contract import Answered, InfluxError, Server
from noc.influx.fields import LAYERS, UNKNOWN_TAGS, UP_S, is_repeated, tag_keys
from noc.influx.influxql import identifier, tagged, within
from noc.influx.lines import of_scope, tag_value
from noc.store.history import HistoryAway

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]

AT_ONCE: Final = 500_000  # values of one answer
FEW: Final = 20  # rows that are asked for by name; of more, all of the scope are read
RAW_PER_HOUR: Final = 720  # of one subject: nothing is measured more often than every 5 s
_LAYERS: Final = {300: LAYERS["5m"], 3600: LAYERS["1h"], 86_400: LAYERS["1d"]}
_STATISTICS: Final = ("mean", "min", "max", "covered_s")
_HOUR_S: Final = 3600


@contextmanager
def opened_history(config: Config, secrets: Secrets) -> Iterator["InfluxHistory | None"]:
    """As [store] and [influxdb] say; None where nothing older is read. Nobody is asked before a question comes."""
    section = config.influxdb
    if config.store.history != "influxdb" or not section.url:
        yield None
        return
    place = Place(section.url, section.bucket, section.org, config.alerts.ca_file)
    with closing(open_server(place, access_of(secrets))) as server:
        yield InfluxHistory(server)


class InfluxHistory:
    """As `noc.store.history.History`; not for two threads at once. Raises HistoryAway."""

    def __init__(self, server: Server) -> None:
        self._server = server

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
    ) -> SlotTable:
        """Slots of [start, end) that lie on edges of `step` (300, 3600, 86400); NaN where the server has none."""
        names = [f"{statistic}_{quantity}" for statistic in _STATISTICS for quantity in quantities] + [UP_S]
        found = np.full((len(names), len(rows), (end - start) // step), np.nan)
        places = {_shown(measurement, scope, row): place for place, row in enumerate(rows)}
        for first, last in self._parts(start, end, step, len(names) * len(rows)):
            where = f"{within(first, last)}{of_scope(measurement, scope)}{_of_rows(measurement, scope, rows)}"
            for series in self._ask(measurement + _LAYERS[step], names, where, _row_key(measurement)):
                row = places.get(series.tags.get(_row_key(measurement), ""))
                if row is not None:
                    at, values = _columns(series, names)
                    slots = (at - start) // step
                    good = (slots >= 0) & (slots < found.shape[2])
                    found[:, row, slots[good]] = values[:, good]
        mean, least, most, covered_s = found[:-1].reshape(4, len(quantities), len(rows), found.shape[2])
        parts = (mean, np.nan_to_num(covered_s), least, most, found[-1])
        return SlotTable(start, step, tuple(rows), tuple(quantities), *parts)

    def full(
        self, measurement: str, scope: str, row: str, quantities: Sequence[str], *, start: int, end: int
    ) -> tuple[Instants, Floats]:
        """Full resolution within [start, end): instants ascending, and quantities x instants."""
        parts = [
            _columns(series, quantities)
            for first, last in self._parts(start, end, _HOUR_S, RAW_PER_HOUR * len(quantities))
            for series in self._ask(
                measurement,
                quantities,
                f"{within(first, last)}{of_scope(measurement, scope)}{_of_rows(measurement, scope, (row,))}",
            )
        ]
        if not parts:
            return np.empty(0, np.int64), np.empty((len(quantities), 0))
        return np.concatenate([at for at, _ in parts]), np.concatenate([values for _, values in parts], axis=1)

    def _ask(self, measurement: str, names: Sequence[str], where: str, group: str = "") -> Sequence[Answered]:
        fields = ", ".join(map(identifier, names))
        by = f" GROUP BY {identifier(group)}" if group else ""
        try:
            return self._server.query(f"SELECT {fields} FROM {identifier(measurement)} WHERE {where}{by}")
        except InfluxError as error:
            raise HistoryAway(f"what is older lies in InfluxDB, which cannot be asked: {error}") from error

    @staticmethod
    def _parts(start: int, end: int, step: int, values: int) -> Iterator[tuple[int, int]]:
        """The range in pieces of whole steps, each with about AT_ONCE values at most; `values` are of one step."""
        piece = max(1, AT_ONCE // max(1, values)) * step
        for first in range(start, end, piece):
            yield first, min(first + piece, end)


def _row_key(measurement: str) -> str:
    return tag_keys(measurement)[1] or UNKNOWN_TAGS[1]


def _shown(measurement: str, scope: str, row: str) -> str:
    """The value of a row's tag; "" where it has none."""
    repeated = not tag_keys(measurement)[1] and is_repeated(measurement, scope, row)
    return "" if repeated else tag_value(row)


def _of_rows(measurement: str, scope: str, rows: Sequence[str]) -> str:
    """Condition on a few rows; of those without a tag only where others have one could it matter."""
    shown = [_shown(measurement, scope, row) for row in rows]
    if len(rows) > FEW or not any(shown):
        return ""
    return f" AND {tagged(_row_key(measurement), *shown)}"


def _columns(series: Answered, names: Sequence[str]) -> tuple[Instants, Floats]:
    """Instants, and fields x instants; whatever is no number is unknown."""
    places = [series.columns.index(name) if name in series.columns else -1 for name in ("time", *names)]
    lines = [[row[place] if place >= 0 else None for place in places] for row in series.values]
    table = np.array([[_number(cell) for cell in line] for line in lines], np.float64).reshape(-1, len(places))
    table = table[np.isfinite(table[:, 0])]
    order = np.argsort(table[:, 0], kind="stable")
    return table[order, 0].astype(np.int64), table[order, 1:].T


def _number(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else np.nan
