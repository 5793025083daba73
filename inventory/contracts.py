"""What must hold of capacity contracts: days in order, one contract for a circuit at a time, units that fit the rate."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from inventory.allocation import DIRECTIONS, Direction
from inventory.model import Contract, Inventory
from inventory.rates import format_rate

Finding = tuple[str, tuple[Any, ...]]  # what is wrong, and where: (section, key, field, index)
# payload (C-4-Nc) and line rate, bit/s: ITU-T G.707; a contract delivers something between the two
UNITS: Final[Mapping[str, tuple[int, int]]] = {
    "STM-1": (149_760_000, 155_520_000),
    "STM-4": (599_040_000, 622_080_000),
    "STM-16": (2_396_160_000, 2_488_320_000),
    "STM-64": (9_584_640_000, 9_953_280_000),
}
FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2200, 1, 1)
FOR_EVER: Final = date.max


def contract_mistakes(inventory: Inventory, place: Any) -> Iterator[Finding]:
    """`place(section, key)` gives file and line of an entry."""
    for key, contract in inventory.contracts.items():
        if contract.pool in inventory.contracts:
            said = f"contract {key!r}: pool {contract.pool!r} is the key of a contract"
            yield said, ("contracts", key, "pool")
        yield from _days(key, contract)
        yield from _providers(key, contract, inventory)
    yield from _shared(inventory, place)


def _days(key: str, contract: Contract) -> Iterator[Finding]:
    for field, day in (("start", contract.start), ("end", contract.end)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield f"contract {key!r}: {field} {day} is no day from {FIRST_DAY} to {LAST_DAY}", ("contracts", key, field)
    if contract.end is not None and contract.end <= contract.start:
        yield f"contract {key!r}: it ends on {contract.end} and starts on {contract.start}", ("contracts", key, "end")
        return
    before = contract.start
    for number, step in enumerate(contract.resized):
        where = ("contracts", key, "resized", number, "on")
        if step.on <= contract.start or (contract.end is not None and step.on >= contract.end):
            yield f"contract {key!r}: resized on {step.on}, outside its time", where
        elif step.on <= before:
            yield f"contract {key!r}: resized on {step.on}, which is not after {before}", where
        before = step.on


def _providers(key: str, contract: Contract, inventory: Inventory) -> Iterator[Finding]:
    if contract.provider not in inventory.providers:
        return  # told as such
    for number, word in enumerate(contract.circuits):
        circuit = inventory.circuits.get(word)
        if circuit is not None and circuit.provider != contract.provider:
            whose = f"circuit {word!r} is {circuit.provider!r}'s, the contract {contract.provider!r}'s"
            yield f"contract {key!r}: {whose}", ("contracts", key, "circuits", number)


def _shared(inventory: Inventory, place: Any) -> Iterator[Finding]:
    """A circuit delivers one contract at a time."""
    held: dict[str, list[Contract]] = {}
    for key, contract in inventory.contracts.items():
        for number, circuit in enumerate(contract.circuits):
            where = ("contracts", key, "circuits", number)
            others = held.setdefault(circuit, [])
            if contract.circuits.index(circuit) != number:
                yield f"contract {key!r}: circuit {circuit!r} stands twice", where
                continue
            other = next((other for other in others if _meet(other, contract)), None)
            if other is not None:
                file, line = place("contracts", other.key)
                said = f"circuit {circuit!r} delivers contract {other.key!r} in the same time ({file}:{line})"
                yield f"contract {key!r}: {said}", where
            others.append(contract)


def _meet(one: Contract, other: Contract) -> bool:
    return one.start < (other.end or FOR_EVER) and other.start < (one.end or FOR_EVER)


def contract_doubts(inventory: Inventory) -> Iterator[Finding]:
    """What is allowed but probably not meant: delivered rates are authoritative, units are a note."""
    for key, contract in inventory.contracts.items():
        for direction in DIRECTIONS:
            yield from _units(key, contract, direction)
            yield from _circuits(key, contract, direction, inventory)


def _units(key: str, contract: Contract, direction: Direction) -> Iterator[Finding]:
    field = f"{direction}_bps"
    least, most = (contract.units * bps for bps in UNITS.get(contract.unit.upper(), (0, 0)))
    delivered = getattr(contract, field)
    if most and not least <= delivered <= most:
        carried = f"{format_rate(least)} to {format_rate(most)}"
        said = f"{contract.units} x {contract.unit} carry {carried}, delivered are {format_rate(delivered)} {direction}"
        yield f"contract {key!r}: {said}; what is delivered counts, units are a note", ("contracts", key, "units")


def _circuits(key: str, contract: Contract, direction: Direction, inventory: Inventory) -> Iterator[Finding]:
    field = f"{direction}_bps"
    rates = [getattr(inventory.circuits[one], field) for one in contract.circuits if one in inventory.circuits]
    delivered, carried = getattr(contract, field), sum(rates)
    if len(rates) == len(contract.circuits) and all(rates) and delivered > carried:
        said = f"{format_rate(delivered)} {direction} delivered over circuits of {format_rate(carried)}"
        yield f"contract {key!r}: {said}", ("contracts", key, field)
