"""Cables and exchange as gauges with p95 and ceiling, and the links that are busiest against their contract."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Final, NamedTuple

from alerts.words.names import shortened
from dashboards.status import use
from dashboards.wall.scene import Course, Scene
from inventory.model import Circuit, Inventory
from inventory.states import WORST_FIRST
from inventory.status import StatusRow

GAUGED: Final = ("iru", "exchange")
GAUGES: Final = 4
BUSIEST: Final = 8
LIKELY: Final = 32  # of so many eight are nearly always of now
HIGH: Final = 0.95  # of a ceiling that no contract says more of
BROKEN: Final = {"down": "major", "unreachable": "unknown", "unknown": "unknown"}
_RANK: Final = {str(state): place for place, state in enumerate(WORST_FIRST)}


@dataclass(frozen=True, slots=True)
class Way:
    """One direction: bit/s and its share of the contracted rate; None: not known."""

    bps: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Gauge:
    """`mark`: "" while all is calm, else a severity or "unknown". `at`: UTC seconds of the figures; `live`: they hold."""

    key: str
    name: str
    ceiling_bps: int
    state: str
    into: Way
    out: Way
    at: float | None
    live: bool
    mark: str
    p95_bps: float | None
    p95_ratio: float | None


@dataclass(frozen=True, slots=True)
class Gauges:
    """`until`: UTC seconds that the percentiles reach to; None: not computed yet."""

    rows: tuple[Gauge, ...]
    until: float | None


@dataclass(frozen=True, slots=True)
class Busy:
    key: str
    name: str
    in_bps: float | None
    out_bps: float | None
    ratio: float
    high: bool
    course: Course


@dataclass(frozen=True, slots=True)
class Busiest:
    """`until`: UTC seconds that the 24 hours reach to; None: not computed yet."""

    rows: tuple[Busy, ...]
    until: float | None


def gauges_of(scene: Scene) -> Gauges:
    of = (scene.inventory, scene.language)
    gauged = scene.memory.recall("gauged", of, lambda: [*islice(_gauged(scene), GAUGES)])
    until = scene.beside.until if scene.beside else None
    return Gauges(tuple(_gauge(one, _row_of(one.circuit, scene), scene) for one in gauged), until)


class _Gauged(NamedTuple):
    """What changes only with the inventory. `level`: of the ceiling, from which it is high."""

    circuit: Circuit
    name: str
    level: float


def _gauged(scene: Scene) -> Iterator[_Gauged]:
    contracts = scene.inventory.contracts.values()
    for circuit in scene.inventory.circuits.values():
        if circuit.kind in GAUGED:
            level = next((one.level for one in contracts if circuit.key in one.circuits), HIGH)
            yield _Gauged(circuit, scene.names.circuits([circuit.key], scene.language)[0], level)


def _row_of(circuit: Circuit, scene: Scene) -> StatusRow | None:
    """Of the link that carries it; of several the worst."""
    rows = (scene.links or {}).get
    found = [row for key in carriers(scene).get(circuit.key, ()) if (row := rows(key))]
    return min(found, key=lambda row: _RANK[row.state], default=None)


def carriers(scene: Scene) -> Mapping[str, Sequence[str]]:
    """Circuits of the inventory and the links that each is carried by."""
    return scene.memory.recall("carriers", (scene.inventory,), lambda: _carriers(scene.inventory))


def _carriers(inventory: Inventory) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {key: [] for key in inventory.circuits}
    for link in inventory.links.values():
        if link.circuit in found:
            found[link.circuit].append(link.key)
    return found


def _gauge(gauged: _Gauged, row: StatusRow | None, scene: Scene) -> Gauge:
    circuit = gauged.circuit
    stale = row is None or scene.age.stale(row)
    live = row is not None and not stale and scene.age.measured(row)
    state = "unknown" if row is None or stale else row.state
    ways = (_way(row, "in"), _way(row, "out"))
    p95 = scene.beside.p95.get(circuit.key) if scene.beside else None
    ceiling = max(circuit.in_bps, circuit.out_bps)
    full = live and max(way.ratio or 0.0 for way in ways) >= gauged.level
    return Gauge(
        key=circuit.key,
        name=gauged.name,
        ceiling_bps=ceiling,
        state=state,
        into=ways[0],
        out=ways[1],
        at=_measured_at(row),
        live=live,
        mark=BROKEN.get(state, "warning" if full else ""),
        p95_bps=p95,
        p95_ratio=p95 / ceiling if p95 is not None and ceiling else None,
    )


def _way(row: StatusRow | None, word: str) -> Way:
    return Way() if row is None else Way(_figure(row, f"{word}_bps"), _figure(row, f"{word}_ratio"))


def _figure(row: StatusRow, name: str) -> float | None:
    found = row.figures.get(name)
    return float(found) if isinstance(found, int | float) else None


def _measured_at(row: StatusRow | None) -> float | None:
    return _figure(row, "measured_at") if row is not None else None


def busiest_of(scene: Scene) -> Busiest:
    """Those whose rates are of now, and that no gauge shows; what cannot be seen carries nothing known."""
    age = scene.age
    top = islice((row for row in _by_use(scene) if not age.stale(row) and age.measured(row)), BUSIEST)
    return Busiest(tuple(_busy(row, scene) for row in top), scene.beside.until if scene.beside else None)


def _by_use(scene: Scene) -> Iterator[StatusRow]:
    """The busiest first, and no more of an order than is asked for."""
    rows, circuits = scene.links or {}, scene.inventory.circuits
    shown = scene.memory.recall(
        "shown",
        (scene.inventory,),
        lambda: {link for key, links in carriers(scene).items() if circuits[key].kind in GAUGED for link in links},
    )
    uses, told = scene.memory.each("use", rows, use), 0
    for many in (LIKELY, len(uses)):
        found = nlargest(many, uses, key=uses.__getitem__)
        yield from (rows[key] for key in found[told:] if uses[key] > 0 and key not in shown)
        told = len(found)


def _busy(row: StatusRow, scene: Scene) -> Busy:
    link = scene.inventory.links.get(row.key)
    words = [row.labels.get("name_sw") if scene.language == "sw" else None, row.labels.get("name"), row.key]
    return Busy(
        key=row.key,
        name=shortened(str(next(word for word in words if word)), scene.language),
        in_bps=_figure(row, "in_bps"),
        out_bps=_figure(row, "out_bps"),
        ratio=use(row),
        high=use(row) >= (link.high_ratio if link else HIGH),
        course=scene.beside.courses.get(row.key, ()) if scene.beside else (),
    )
