"""What the network is made of, over the API: circuits, what devices tell of themselves, and all the files say."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from fastapi.responses import Response

from dashboards.cabling import as_json as cabling_as_json
from dashboards.circuits import circuits_told
from dashboards.circuits_chosen import LABELS, carrying
from dashboards.facts import facts_told
from dashboards.figures import iso
from dashboards.status import sorting, view
from dashboards.web.api import models_network as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.catalogue import name_told
from dashboards.web.api.pages import ListQuestion
from dashboards.web.api.reading import Key, reading
from dashboards.web.api.selecting import Terms, chosen
from dashboards.web.sight.places import found
from dashboards.web.viewer import Right
from dashboards.words import LANGUAGES
from inventory.difference import KINDS

Kind = Literal[
    "regions",
    "institutions",
    "sites",
    "devices",
    "links",
    "circuits",
    "providers",
    "services",
    "contracts",
    "points",
]


class CircuitQuestion(ListQuestion):
    """The questions of `noc circuit status --now`."""

    select: Terms = ()


Asks = Annotated[ListQuestion, Query()]


def circuits(asked: Asking, question: Annotated[CircuitQuestion, Query()]) -> Response:
    """How circuits stand by the links that carry them, the worst first."""
    meant = chosen(question.select, {"state", *LABELS})

    def make() -> dict[str, Any]:
        seen = view(
            "link",
            asked.sight.picture.links.values(),
            asked.sight.picture.mark,
            asked.sight.now,
            words=LANGUAGES[asked.language],
        )
        worst = sorting("worst")
        every = carrying(seen.rows, meant)
        shown = asked.page(every, lambda one: (*worst(one.worst), one.key), question)
        told = circuits_told([(one.key, one.worst) for one in shown.rows], seen)
        return {**told, "total": len(every), "next": shown.next or None}

    return asked.told(make, asked.standing())


def circuit(asked: Asking, key: Key) -> Response:
    """One circuit: what is declared of it, and how the links that carry it stand."""
    one = found(asked.sight.inventory.circuits, key, "circuit")

    def make() -> dict[str, Any]:
        picture = asked.sight.picture
        rows = [row for row in picture.links.values() if row.labels.get("circuit") == key]
        seen = view("link", rows, picture.mark, asked.sight.now)
        return {
            "at": iso(asked.sight.now),
            "circuit": {
                **{name: getattr(one, name) for name in ("key", "provider", "reference", "kind", "in_bps", "out_bps")},
                "name": name_told(one.name) if one.name else None,
                "anchors": list(one.anchors),
                "links": [circuits_told([(key, row)], seen)["circuits"][0] for row in seen.rows],
            },
        }

    return asked.told(make, asked.standing(), asked.sight.records.declared())


def device_facts(asked: Asking, key: Key) -> Response:
    """All that a device told of itself: who it is, interfaces, health, BGP and OSPF, neighbours."""
    sight = asked.sight
    found(sight.inventory.devices, key, "device")

    def make() -> dict[str, Any]:
        known = sight.places.known(key)
        return {"at": iso(sight.now), "device": key, "facts": facts_told(known) if known else None}

    return asked.told(make, asked.standing())


def inventory(asked: Asking) -> Response:
    """How much of each kind the inventory holds, and what is wrong with its files as they lie there now."""

    def make() -> dict[str, Any]:
        here = asked.sight.inventory
        inspection = asked.sight.records.inspection()
        return {
            "at": iso(asked.sight.now),
            "used_at": None if inspection.used_at is None else iso(inspection.used_at),
            "looked_at": iso(inspection.at),
            "counts": {kind: len(getattr(here, kind)) for kind in KINDS},
            "mistakes": [asdict(one) for one in inspection.mistakes],
            "warnings": [asdict(one) for one in inspection.warnings],
        }

    return asked.told(make, asked.sight.records.declared())


def inventory_of(asked: Asking, kind: Kind, question: Asks) -> Response:
    """The entries of one kind, as the files have them; no secret is among them."""

    def make() -> dict[str, Any]:
        entries = getattr(asked.sight.inventory, kind)
        shown = asked.page(sorted(entries), lambda key: (key,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(entries),
            "kind": kind,
            "entries": [_entry(key, entries[key]) for key in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.sight.records.declared())


def topology(asked: Asking) -> Response:
    """Declared but not seen, seen but not declared, and on other ports than declared; some minutes old at most."""
    cabled = asked.sight.places.cabled()
    return asked.told(
        lambda: cabling_as_json(cabled.cabling, cabled.told_at, asked.sight.now), asked.standing(), cabled.told_at
    )


def _entry(key: str, entry: Any) -> Mapping[str, Any]:
    plain = asdict(entry)
    return {name: _plain(value) for name, value in ({"key": key} | plain).items()}


def _plain(value: Any) -> Any:
    """Days as ISO 8601 has them."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | int | float | bool) else value.isoformat()


ROUTES: Final = (
    reading("/circuits", circuits, models.CircuitList, "Circuits and how they stand"),
    reading("/circuits/{key}", circuit, models.OneCircuit, "One circuit"),
    reading("/devices/{key}/facts", device_facts, models.DeviceFacts, "What a device told of itself"),
    reading("/topology", topology, models.Cabling, "Declared links and what devices see", needs=Right.WATCH),
    reading("/inventory", inventory, models.InventoryCounts, "The inventory", needs=Right.WATCH),
    reading("/inventory/{kind}", inventory_of, models.Entries, "Entries of one kind", needs=Right.WATCH),
)
