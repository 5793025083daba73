"""Circuits as their pages show them: how they stand, what they carry of what was agreed, and how the month went so far."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.capacity.course import Diversity, diversity
from dashboards.capacity.standing import CircuitStanding
from dashboards.status import RANK, Age
from inventory.model import Circuit, Inventory, Link
from inventory.selector import Selector
from inventory.status import StatusRow

LABELS: Final = ("name", "name_sw", "reference", "provider", "kind", "state", "link", "site", "region")
SORTS: Final = ("worst", "name", "use")
Rows = Mapping[str, StatusRow]


@dataclass(frozen=True, slots=True)
class CircuitRow:
    """`state` is the best of its links: it carries while one of them does. Rates are bit/s, ratios of what was agreed;
    None: not known. `standing`: the month so far, None where it is not computed yet.
    """

    circuit: Circuit
    links: Sequence[Link]
    state: str
    since: float | None
    at: float | None
    stale: bool
    rates: tuple[float | None, float | None]
    agreed: tuple[int, int]
    standing: CircuitStanding | None = None

    @property
    def key(self) -> str:
        return self.circuit.key

    @property
    def ratios(self) -> tuple[float | None, float | None]:
        found = [
            bps / agreed if bps is not None and agreed else None
            for bps, agreed in zip(self.rates, self.agreed, strict=True)
        ]
        return found[0], found[1]

    @property
    def use(self) -> float | None:
        """The worse way."""
        return max((one for one in self.ratios if one is not None), default=None)


def circuit_row(
    circuit: Circuit, links: Sequence[Link], rows: Rows, age: Age, standing: CircuitStanding | None
) -> CircuitRow:
    mine = sorted((rows[link.key] for link in links if link.key in rows), key=lambda row: -RANK[row.state])
    best = mine[0] if mine else StatusRow("link", "")
    agreed = (
        circuit.in_bps or sum(link.in_bps for link in links),
        circuit.out_bps or sum(link.out_bps for link in links),
    )
    return CircuitRow(
        circuit=circuit,
        links=links,
        state=best.state,
        since=best.since,
        at=min((row.at for row in mine if row.at is not None), default=None),
        stale=not mine or age.stale(best),
        rates=(_carried(mine, "in_bps", age), _carried(mine, "out_bps", age)),
        agreed=agreed,
        standing=standing,
    )


def _carried(rows: Sequence[StatusRow], name: str, age: Age) -> float | None:
    """Together; not known where it is not known of one of them."""
    found = [row.figures.get(name) if age.measured(row) else None for row in rows]
    known = [float(value) for value in found if isinstance(value, int | float)]
    return sum(known) if known and len(known) == len(found) else None


def chosen(
    rows: Iterable[CircuitRow], inventory: Inventory, selector: Selector, state: str, sort: str
) -> list[CircuitRow]:
    terms = selector.terms
    meant = [row for row in rows if not terms or selector.matches(row.key, labels_of(row, inventory))]
    kept = [row for row in meant if not state or row.state == state]
    return sorted(kept, key=_SORTING[sort])


def labels_of(row: CircuitRow, inventory: Inventory) -> dict[str, str | float | list[str]]:
    one, sites = row.circuit, [_site(link, inventory) for link in row.links]
    return {
        "name": one.name.en if one.name else row.links[0].name.en if row.links and row.links[0].name else "",
        "name_sw": one.name.in_language("sw") if one.name else "",
        "reference": one.reference,
        "provider": one.provider,
        "kind": one.kind,
        "state": row.state,
        "link": [link.key for link in row.links],
        "site": sites,
        "region": [inventory.sites[key].region for key in sites if key in inventory.sites],
    }


def title_of(circuit: Circuit, links: Sequence[Link], language: str) -> str:
    """Its own name, else that of the link that it is alone on, else its key."""
    if circuit.name:
        return circuit.name.in_language(language)
    name = links[0].name if len(links) == 1 else None
    return name.in_language(language) if name else circuit.key


@dataclass(frozen=True, slots=True)
class StandIns:
    """Circuits that stand in for one, and how many of all of them carry."""

    rows: Sequence[CircuitRow]
    carry: Diversity


def stand_ins(row: CircuitRow, inventory: Inventory, seen: Callable[[str], CircuitRow]) -> StandIns | None:
    """Cables of other providers for a cable, other ways to the same site for what leads to one; None: there are none."""
    others = [seen(key) for key in dict.fromkeys(_others(row, inventory))]
    if not others:
        return None
    words = ["unknown" if one.stale else one.state for one in (row, *others)]
    return StandIns(others, diversity("up" if word == "degraded" else word for word in words))


def _others(row: CircuitRow, inventory: Inventory) -> Iterator[str]:
    own = row.circuit
    if own.kind == "iru":
        yield from (
            key for key, one in inventory.circuits.items() if one.kind == "iru" and one.provider != own.provider
        )
        return
    for link in row.links:
        site = _site(link, inventory)
        for device in inventory.devices_at.get(site, ()):
            for other in inventory.links_of.get(device.key, ()):
                if other.circuit != own.key and other.circuit in inventory.circuits and other.role != "lan":
                    yield other.circuit


def _site(link: Link, inventory: Inventory) -> str:
    device = inventory.devices.get(link.served.device)
    return device.site if device else ""


_SORTING: Final[Mapping[str, Callable[[CircuitRow], tuple[object, ...]]]] = {
    "worst": lambda row: (RANK[row.state], -(row.use or 0.0), row.key),
    "name": lambda row: (row.key,),
    "use": lambda row: (-(row.use or 0.0), row.key),
}
