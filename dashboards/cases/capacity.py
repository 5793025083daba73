"""What an incident of capacity is about: of which date, how much, at which circuit; a fact a line, in plain words."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from alerts.alarm import Evidence
from alerts.incident import Incident
from alerts.local_time import local
from dashboards.figures import percent, rate
from inventory.accounts.book import Book
from inventory.allocation import DIRECTIONS
from inventory.model import Contract, Inventory

Text = Callable[[str], str]
Fact = tuple[str, str]  # name and value


def told_of(incident: Incident, inventory: Inventory, gettext: Text, book: Book | None) -> list[Fact]:
    """Nothing for incidents that are not of capacity. `book`: where what was promised may be read."""
    if incident.family != "capacity":
        return []
    contract = inventory.contracts.get(incident.root.key) if incident.root.kind == "contract" else None
    codes = {one.code: one for one in incident.evidence}
    found: list[Fact] = []
    for one in codes.values():
        found += _facts(one, incident, contract, gettext)
    if contract is not None:
        found += _contract(contract, local(incident.changed_at).date(), gettext)
        if book is not None and "over-committed" in codes:
            found += _over_committed(contract, local(incident.changed_at).date(), book, gettext)
    return list(dict.fromkeys(found))


def _facts(one: Evidence, incident: Incident, contract: Contract | None, gettext: Text) -> Iterator[Fact]:
    value = _number(one, "value")
    day = local(incident.changed_at).date()
    if one.code == "headroom" and value is not None:
        yield gettext("headroom ends"), _day(day, value) if value > 0 else gettext("exhausted")
        if contract is not None:
            yield gettext("level"), percent(contract.level)
    elif one.code == "contract-ending" and value is not None:
        yield gettext("contract ends"), _day(day, value)
        yield gettext("days left"), f"{max(0, round(value))}"
    elif one.code in ("p95", "commit") and value is not None:
        name = gettext("p95 of its level") if one.code == "p95" else gettext("p95 of its commit")
        yield name, percent(value)
    elif one.code in ("flat-top", "utilisation"):
        yield gettext("direction"), str(one.figures.get("direction", ""))
        if value is not None:
            yield gettext("of what it may carry"), percent(value)


def _contract(contract: Contract, day: date, gettext: Text) -> Iterator[Fact]:
    in_bps, out_bps = contract.delivered(day)
    yield gettext("delivered in"), rate(in_bps)
    yield gettext("delivered out"), rate(out_bps)
    if contract.end is not None:
        yield gettext("contract ends"), contract.end.isoformat()
    yield gettext("contract"), contract.reference


def _over_committed(contract: Contract, day: date, book: Book, gettext: Text) -> Iterator[Fact]:
    for way in DIRECTIONS:
        since = book.over_committed_from(contract.key, way, day)
        if since is None:
            continue
        free = book.balance(contract.key, way, since).free_bps
        name = gettext("over-committed in") if way == "in" else gettext("over-committed out")
        yield name, gettext("{much} too much from {day}").format(much=rate(max(0, -free)), day=since.isoformat())


def _day(day: date, ahead: float) -> str:
    return (day + timedelta(days=round(min(ahead, 36_500)))).isoformat()


def _number(one: Evidence, name: str) -> float | None:
    value = one.figures.get(name)
    return float(value) if isinstance(value, int | float) else None
