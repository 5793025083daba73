"""Who a device is: vendor, operating system, hardware, version and serial number, by the table of rules."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from collectors.contract import Oid, SnmpSession, Value
from collectors.identity.rule import Place, Rule
from collectors.identity.rules import RULES
from collectors.identity.vendors import AGENTS, PRIVATE, VENDORS, enterprise
from collectors.oids import oids
from collectors.text import text

_ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
_CLASS = f"{_ENTITY}.5"
_COLUMNS: Mapping[str, str] = {
    "descr": f"{_ENTITY}.2",
    "name": f"{_ENTITY}.7",
    "firmware": f"{_ENTITY}.9",
    "software": f"{_ENTITY}.10",
    "serial": f"{_ENTITY}.11",
    "maker": f"{_ENTITY}.12",
    "model": f"{_ENTITY}.13",
}
_CHASSIS = 3
# Where the chassis usually stands: most vendors; members of a Catalyst stack; NX-OS; MikroTik; Huawei switches and routers
_USUAL = (1, 2, 1001, 2001, 10, 149, 65536, 16777216, 67108867)
_MOST_CHASSIS = 4096  # entities looked through for one
LONGEST = 120
MOST_TEXT = 1024  # of what a device says of itself, before any expression looks at it
_NOTHING = re.compile(r"(?i)^(n/?a|none|null|unknown|not available|not set|0x0|-+|\"\")?$")


@dataclass(frozen=True, slots=True)
class Identity:
    """None where the device does not tell."""

    vendor: str | None = None
    os: str | None = None
    hardware: str | None = None
    version: str | None = None
    serial: str | None = None
    enterprises: frozenset[int] = frozenset()  # whose tables are worth asking; none where the device is nameless

    def facts(self) -> dict[str, str | None]:
        names = ("vendor", "os", "hardware", "version", "serial")
        return {name: getattr(self, name) for name in names}


async def recognise(session: SnmpSession) -> Identity:
    """Ask a device who it is. Raises a CollectError where it is silent."""
    described, object_id = await session.get(oids("sysDescr", "sysObjectID"))
    return await identify(session, text(described), object_id if isinstance(object_id, str) else None)


async def identify(session: SnmpSession, described: str, object_id: str | None) -> Identity:
    """The same where sysDescr and sysObjectID are known."""
    described = described[:MOST_TEXT]
    number = enterprise(object_id)
    rule = await _rule(session, described, (object_id or "").removeprefix(PRIVATE))
    numbers = {
        each for each in (number, *(rule.enterprises if rule else ())) if each is not None and each not in AGENTS
    }
    numbers |= {number} if number is not None else set()
    if rule is None:
        rule = Rule(os="")
    said = await _answers(session, rule)
    entity = await _chassis(session) if any(place.kind == "chassis" for place in rule.places()) else {}
    hardware, version, serial = (
        _first(places, described, said, entity) for places in (rule.hardware, rule.version, rule.serial)
    )
    vendor = rule.vendor or (None if number in AGENTS else VENDORS.get(number or 0)) or entity.get("maker") or None
    return Identity(vendor, rule.os or None, hardware, version, serial, frozenset(numbers))


async def _rule(session: SnmpSession, described: str, place: str) -> Rule | None:
    """The first rule that fits; proofs are asked of the device together, and only where no rule before is certain."""
    fitting = []
    for rule in RULES:
        if not _fits(rule, described, place):
            continue
        fitting.append(rule)
        if not rule.proof:
            break
    proofs = [oid for rule in fitting for oid in rule.proofs()]
    said = await session.get(proofs) if proofs else ()
    there = {oid for oid, value in zip(proofs, said, strict=True) if value is not None and value != b""}
    return next((rule for rule in fitting if not rule.proof or there.intersection(rule.proofs())), None)


def _fits(rule: Rule, described: str, place: str) -> bool:
    if rule.at and not any(f"{place}.".startswith(f"{at}.") for at in rule.at):
        return False
    return not rule.says or re.search(rule.says, described) is not None


async def _answers(session: SnmpSession, rule: Rule) -> dict[str, str]:
    """What the objects of a rule say, by OID."""
    scalars = list(dict.fromkeys(place.at for place in rule.places() if place.kind == "object"))
    values = await session.get(scalars) if scalars else ()
    said = {oid: _word(value) for oid, value in zip(scalars, values, strict=True)}
    for place in rule.places():
        if place.kind == "table" and place.at not in said:
            rows = await session.table([place.at])
            said[place.at] = next((word for row in rows.values() if (word := _word(row[0]))), "")
        elif place.kind == "through" and place.at not in said:
            (number,) = await session.get([place.at])
            (value,) = await session.get([f"{place.form}.{number}"]) if isinstance(number, int) else (None,)
            said[place.at] = _word(value)
    return said


async def _chassis(session: SnmpSession) -> dict[str, str]:
    """Columns of the chassis by name; empty where there is no ENTITY-MIB."""
    number = await _chassis_number(session)
    if number is None:
        return {}
    values = await session.get([f"{column}.{number}" for column in _COLUMNS.values()])
    return {name: _word(value) for name, value in zip(_COLUMNS, values, strict=True)}


async def _chassis_number(session: SnmpSession) -> int | None:
    """Where it usually stands, else by looking through the classes of all entities, else the first that has a serial."""
    kinds = await session.get([f"{_CLASS}.{number}" for number in _USUAL])
    usual = [number for number, kind in zip(_USUAL, kinds, strict=True) if kind == _CHASSIS]
    if usual:
        return usual[0]
    rows: Iterable[tuple[tuple[int, ...], Sequence[Value]]] = (await session.table([_CLASS])).items()
    found = [index[0] for index, (kind,) in list(rows)[:_MOST_CHASSIS] if kind == _CHASSIS and index]
    if found:
        return min(found)
    serials = await session.get([f"{_COLUMNS['serial']}.{number}" for number in _USUAL])
    return next((number for number, serial in zip(_USUAL, serials, strict=True) if _word(serial)), None)


def _first(places: Sequence[Place], described: str, said: Mapping[Oid, str], entity: Mapping[str, str]) -> str | None:
    """The first place that says something."""
    sources: Mapping[str, Mapping[str, str]] = dict.fromkeys(("object", "table", "through"), said) | {"chassis": entity}
    for place in places:
        if place.kind == "fixed":
            return place.at
        found = described if place.kind == "descr" else sources[place.kind].get(place.at, "")
        fact = _picked(place, found)
        if fact:
            return fact
    return None


def _picked(place: Place, found: str) -> str:
    if place.pattern:
        match = re.search(place.pattern, found)
        found = place.form.format(*(group or "" for group in match.groups())).strip() if match else ""
    return "" if _NOTHING.match(found) else found[:LONGEST]


def _word(value: Value) -> str:
    found = text(value)[:MOST_TEXT]
    return "" if _NOTHING.match(found) else found
