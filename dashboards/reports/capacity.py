"""How much of their capacity contracts, circuits, links and sites used over a month, and how complete the figures are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.capacity.use import Bounds
from dashboards.reports.document import Document, NoData, Period, Row
from dashboards.reports.naming import named
from dashboards.reports.sla import no_data
from dashboards.reports.traffic import (
    Traffic,
    agreed,
    billed,
    carried,
    charted,
    digests,
    running,
    series,
    silences,
    used,
)
from inventory.allocation import DIRECTIONS
from inventory.model import Inventory, Site

Serving = Mapping[str, Sequence[str]]  # site -> links that it hangs on


def capacity(inventory: Inventory, period: Period, traffic: Traffic, serving: Serving, since: int | None) -> Document:
    """NoData where no slot of the month is present. `since`: when the first slots of all are of."""
    if not traffic.known:
        raise NoData(no_data("five-minute slots", period, since))
    circuits = delivering(inventory)
    figures = [
        *_contracts(inventory, period, traffic),
        *_circuits(inventory, circuits, period, traffic),
        *_links(inventory, period, traffic),
        *_sites(inventory, period, traffic, serving),
    ]
    slots = digests(traffic.links, "link", inventory.links, period)
    slots |= digests(traffic.circuits, "circuit", circuits, period)
    inputs = {"slots": slots, "down": silences(traffic, circuits)}
    return Document("capacity", period, figures, inputs, {"days": list(_days(inventory, period, traffic))})


def of_institution(document: Document, inventory: Inventory, institution: str, serving: Iterable[str]) -> Document:
    """What of it concerns one institution: its site and the links that this hangs on. What a site carries is access use."""
    links = tuple(serving)
    places = {("site", inventory.institutions[institution].site)} | {("link", link) for link in links}
    names = {f"link {link} {direction}" for link in links for direction in DIRECTIONS}
    figures = [row for row in document.figures if (row["kind"], row["key"]) in places]
    slots = {name: found for name, found in document.inputs["slots"].items() if name in names}
    return Document("capacity", document.period, figures, {"slots": slots}, {"days": []}, institution)


def delivering(inventory: Inventory) -> list[str]:
    """Circuits whose traffic is kept: those of contracts, cables and exchanges."""
    found = dict.fromkeys(circuit for contract in inventory.contracts.values() for circuit in contract.circuits)
    own = (key for key, circuit in inventory.circuits.items() if circuit.kind in ("iru", "exchange"))
    return list(found | dict.fromkeys(own))


def _contracts(inventory: Inventory, period: Period, traffic: Traffic) -> Iterable[Row]:
    for contract in running(inventory, period):
        head = named("contract", contract.key, contract.name, provider=contract.provider)
        found = agreed(traffic, contract, period)
        for way in DIRECTIONS:
            bounds = Bounds(found.delivered[way], level=contract.level)
            yield head | used(found.carried[way], bounds, way, period, found.expected)
        for figure in billed(found, contract.direction):
            yield head | figure


def _circuits(inventory: Inventory, circuits: Iterable[str], period: Period, traffic: Traffic) -> Iterable[Row]:
    levels = {key: contract.level for contract in inventory.contracts.values() for key in contract.circuits}
    for key in circuits:
        circuit = inventory.circuits[key]
        head = named("circuit", key, circuit.name, provider=circuit.provider)
        for direction, base in zip(DIRECTIONS, (circuit.in_bps, circuit.out_bps), strict=True):
            bounds = Bounds(float(base), level=levels.get(key, 0.8))
            yield head | used(carried(traffic, (key,), direction, period), bounds, direction, period)


def _links(inventory: Inventory, period: Period, traffic: Traffic) -> Iterable[Row]:
    for link in inventory.links.values():
        head = named("link", link.key, link.name, provider=link.provider, circuit=link.circuit)
        for direction, base in zip(DIRECTIONS, (link.in_bps, link.out_bps), strict=True):
            bounds = Bounds(float(base), level=link.high_ratio)
            yield head | used(series(traffic.links, (link.key,), direction, period), bounds, direction, period)


def _sites(inventory: Inventory, period: Period, traffic: Traffic, serving: Serving) -> Iterable[Row]:
    """Member sites by the busier direction's p95 of what their links are contracted for, the busiest first."""
    found = [_site(inventory, site, period, traffic, serving.get(site.key, ())) for site in inventory.members()]
    ranks = sorted(filter(None, found), key=lambda rows: (-max(map(_busy, rows)), rows[0]["key"]))
    for number, rows in enumerate(ranks, 1):
        for row in rows:
            yield row | {"rank": number}


def _busy(row: Mapping[str, Any]) -> float:
    utilisation = row["utilisation"]
    return -1.0 if utilisation is None else float(utilisation)


def _site(
    inventory: Inventory, site: Site, period: Period, traffic: Traffic, serving: Sequence[str]
) -> list[dict[str, Any]]:
    links = [inventory.links[key] for key in serving if key in inventory.links]
    if not links:
        return []
    head = named("site", site.key, site.name, region=site.region)
    rows = []
    for direction in DIRECTIONS:
        base = float(sum(link.in_bps if direction == "in" else link.out_bps for link in links))
        slots = series(traffic.links, [link.key for link in links], direction, period)
        rows.append(head | used(slots, Bounds(base), direction, period))
    return rows


def _days(inventory: Inventory, period: Period, traffic: Traffic) -> Iterable[Row]:
    for contract in running(inventory, period):
        yield from charted(contract, agreed(traffic, contract, period), period)
