"""What an interface carries becomes what a link carries: in is what the served end receives, else what the other sends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from alerts.board import Board
from alerts.transition import Transition
from inventory.batch import Batch
from inventory.model import Inventory, Link

FRESH_S = 75.0  # a figure measured at the served end so recently is not replaced by one from the other
LINK = (
    *("in_bps", "out_bps", "in_pps", "out_pps"),
    *("in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"),
)
STRAIGHT = LINK
REVERSED = tuple(name for pair in zip(LINK[1::2], LINK[::2], strict=True) for name in pair)
RATIOS = ("in_util_ratio", "out_util_ratio")
SPEEDS = ("a_speed_bps", "b_speed_bps")
QUANTITIES = LINK + RATIOS + SPEEDS


@dataclass(slots=True)
class _Port:
    """A declared-link interface in the rows of its device's batch."""

    place: int
    interface: str
    link: Link
    served: bool


@dataclass(slots=True)
class _Layout:
    """Where the declared links stand in one device's rows; good while the rows are the same object."""

    rows: tuple[str, ...]
    ports: tuple[_Port, ...]


@dataclass(slots=True)
class _Measured:
    at: float
    served: bool
    values: np.ndarray = field(repr=False)


@dataclass(slots=True)
class _Speed:
    at: float
    bps: float


class LinkFigures:
    """Hands ports and link figures to the board, and keeps the newest for the batch of all links."""

    def __init__(self, board: Board, inventory: Inventory) -> None:
        self._board = board
        self._inventory = inventory
        self._layouts: dict[str, _Layout] = {}
        self._measured: dict[str, _Measured] = {}
        self._speeds: dict[tuple[str, int], _Speed] = {}  # link and end (0: a, 1: b), of those on an aggregate
        self._rows = tuple(inventory.links)
        self._committed = np.array([(link.in_bps, link.out_bps) for link in inventory.links.values()], dtype=np.float64)

    def feed(self, batch: Batch, now: float) -> list[Transition]:
        """One device's "interface" batch."""
        layout = self._layouts.get(batch.scope)
        if layout is None or layout.rows is not batch.rows:
            layout = self._layouts[batch.scope] = self._lay_out(batch)
        oper, admin = batch.of("oper_status"), batch.of("admin_status")
        ports = {port.interface: (_state(admin[port.place]), _state(oper[port.place])) for port in layout.ports}
        transitions = list(self._board.feed_ports(batch.scope, now, ports))
        for port in layout.ports:
            self._measure(port, batch, now)
        return transitions

    def feed_speeds(self, batch: Batch, now: float) -> None:
        """One device's "aggregate" batch: each end of a link for itself, for one may see less of it than the other."""
        places = {key: place for place, key in enumerate(batch.rows)}
        speeds = batch.of("speed_bps")
        for link in self._inventory.links_of.get(batch.scope, ()):
            for number, end in enumerate((link.a, link.b)):
                if end.device == batch.scope and end.interface in places:
                    self._speeds[link.key, number] = _Speed(now, float(speeds[places[end.interface]]))

    def take_over(self, before: "LinkFigures") -> None:
        """After a reload: what was measured of links that are still there."""
        self._measured = {key: one for key, one in before._measured.items() if key in self._inventory.links}
        self._speeds = {key: one for key, one in before._speeds.items() if key[0] in self._inventory.links}

    def _lay_out(self, batch: Batch) -> _Layout:
        places = {key: place for place, key in enumerate(batch.rows)}
        ports = []
        for link in self._inventory.links_of.get(batch.scope, ()):
            for end in link.ends:
                if end.device == batch.scope and end.interface in places:
                    ports.append(_Port(places[end.interface], end.interface, link, end == link.served))
        return _Layout(batch.rows, tuple(ports))

    def _measure(self, port: _Port, batch: Batch, now: float) -> None:
        before = self._measured.get(port.link.key)
        if not port.served and before is not None and before.served and now - before.at < FRESH_S:
            return
        names = STRAIGHT if port.served else REVERSED
        values = np.array([batch.of(name)[port.place] for name in names])
        if np.isnan(values[:2]).all():
            return
        self._measured[port.link.key] = _Measured(now, port.served, values)
        self._board.set_link_figures(port.link.key, _figures(port.link, values), now)

    def close(self, at: int, newer_than: float) -> Batch:
        """All links as one batch, NaN where nothing newer was measured."""
        table = np.full((len(self._rows), len(LINK)), np.nan)
        for place, key in enumerate(self._rows):
            measured = self._measured.get(key)
            if measured is not None and measured.at > newer_than:
                table[place] = measured.values
        ratios = table[:, :2] / self._committed if self._rows else table[:, :2]
        whole = np.hstack([table, ratios, self._aggregates(newer_than)])
        return Batch("link", "", at, self._rows, QUANTITIES, np.ascontiguousarray(whole.T))

    def _aggregates(self, newer_than: float) -> np.ndarray:
        """Speeds of both ends, (links x 2)."""
        table = np.full((len(self._rows), len(SPEEDS)), np.nan)
        if self._speeds:
            for place, key in enumerate(self._rows):
                for number in range(len(SPEEDS)):
                    speed = self._speeds.get((key, number))
                    if speed is not None and speed.at > newer_than:
                        table[place, number] = speed.bps
        return table


def _state(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _figures(link: Link, values: np.ndarray) -> Mapping[str, float]:
    in_bps, out_bps, _, _, in_errors, out_errors, in_discards, out_discards = values
    found = {
        "in_bps": in_bps,
        "out_bps": out_bps,
        "in_ratio": in_bps / link.in_bps,
        "out_ratio": out_bps / link.out_bps,
        "errors_ps": in_errors + out_errors,
        "discards_ps": in_discards + out_discards,
    }
    return {name: float(value) for name, value in found.items() if not np.isnan(value)}
