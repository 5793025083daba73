"""In and out of every link from the counters of the interfaces at its ends, against what the contract commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan

from inventory.batch import Batch
from inventory.model import End, Inventory, Link

HIGHEST_RATIO = 1.1  # beyond it a rate is an error of data, not traffic (SEMANTICS 29)
FRESH_S = 75.0  # an end is measured as long as its newest rate is no older: 2.5 counter intervals
REFUSED = "rate-refused"
QUANTITIES = ("in_bps", "out_bps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")


@dataclass(frozen=True, slots=True)
class Rates:
    """What one interface carried, in its own sense of in and out; NaN where not known."""

    at: float
    in_bps: float
    out_bps: float
    errors_ps: float
    discards_ps: float


@dataclass(frozen=True, slots=True)
class LinkFigures:
    figures: Mapping[str, float]
    flags: tuple[str, ...]


class LinkRates:
    """Takes `interface` batches of single devices, gives the figures of the links that end there."""

    def __init__(self, inventory: Inventory) -> None:
        self._ends: dict[str, list[tuple[Link, End]]] = {key: [] for key in inventory.devices}
        for link in inventory.links.values():
            for end in link.ends:
                self._ends[end.device].append((link, end))
        self._measured: dict[End, Rates] = {}
        self._places: dict[str, tuple[tuple[str, ...], dict[str, int]]] = {}

    def feed(self, batch: Batch) -> dict[str, LinkFigures]:
        """Link -> figures now; empty for devices without declared links. `batch.values`: quantities x interfaces."""
        ends = self._ends.get(batch.scope)
        if not ends:
            return {}
        places = self._rows(batch)
        lines = [batch.quantities.index(name) if name in batch.quantities else None for name in QUANTITIES]
        for _, end in ends:
            place = places.get(end.interface)
            if place is not None:
                values = [float("nan") if line is None else float(batch.values[line, place]) for line in lines]
                self._measured[end] = _rates(batch.at, values)
        return {link.key: self._figures(link, batch.at) for link, _ in ends}

    def _rows(self, batch: Batch) -> dict[str, int]:
        known = self._places.get(batch.scope)
        if known is None or known[0] is not batch.rows:
            known = batch.rows, {row: place for place, row in enumerate(batch.rows)}
            self._places[batch.scope] = known
        return known[1]

    def _figures(self, link: Link, now: float) -> LinkFigures:
        """In is towards `b`, measured there; else measured at `a`, where it goes out."""
        for end, towards_b in ((link.b, True), (link.a, False)):
            rates = self._measured.get(end)
            if rates is not None and now - rates.at <= FRESH_S and not isnan(rates.in_bps):
                both = (rates.in_bps, rates.out_bps) if towards_b else (rates.out_bps, rates.in_bps)
                return _against_contract(link, both, rates)
        return LinkFigures({}, ())


def _rates(at: float, values: list[float]) -> Rates:
    in_bps, out_bps, in_errors, out_errors, in_discards, out_discards = values
    return Rates(at, in_bps, out_bps, in_errors + out_errors, in_discards + out_discards)


def _against_contract(link: Link, both: tuple[float, float], rates: Rates) -> LinkFigures:
    found: dict[str, float] = {}
    refused = False
    for side, bps, committed in (("in", both[0], link.in_bps), ("out", both[1], link.out_bps)):
        if isnan(bps):
            continue
        found[f"{side}_bps"] = bps
        if committed > 0 and bps <= HIGHEST_RATIO * committed:
            found[f"{side}_ratio"] = bps / committed
        else:
            refused = refused or committed > 0
    for name, value in (("errors_ps", rates.errors_ps), ("discards_ps", rates.discards_ps)):
        if not isnan(value):
            found[name] = value
    return LinkFigures(found, (REFUSED,) if refused else ())
