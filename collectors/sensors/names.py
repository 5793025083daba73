"""What sensors are called: by the physical entity, the interface or the device they belong to."""

import re
from collections.abc import Iterable, Mapping, Sequence

from collectors.contract import Index, SnmpSession, Value
from collectors.oids import oids
from collectors.sensors.source import Name, Source
from collectors.text import text

_ENTITY = ("1.3.6.1.2.1.47.1.1.1.1.7", "1.3.6.1.2.1.47.1.1.1.1.2")  # entPhysicalName, entPhysicalDescr (RFC 6933)
_INTERFACE = oids("ifName", "ifDescr")
LONGEST = 80
_SUBSLOT = re.compile(r"(?i)^subslot (\d+/\d+) (\d+)$")  # of IOS-XE: "subslot 0/1 transceiver 2"
# What some agents write into a name is not the name: "SW#1, Sensor#1, GREEN"
_STATE = re.compile(r"(?i)[,\s]+(green|yellow|red|normal|warning|critical|shutdown|not ?exist|not ?present|faulty)\b")


class Names:
    """Names of entities and interfaces of one device, asked as they are needed; `keys` are ifIndex -> lasting key."""

    def __init__(self, session: SnmpSession, keys: Mapping[int, str]) -> None:
        self._session = session
        self._interfaces: dict[int, str] = dict(keys)
        self._entities: dict[int, str] = {}
        self.sensed: set[Index] = set()  # entities whose sensors were found: other tables tell the same ones

    async def learn(self, source: Source, rows: Mapping[Index, Mapping[str, Value]]) -> None:
        """Ask the names that rows of this source will need; `rows` are index -> what its columns said, by OID."""
        for name in source.names:
            wanted = [_pointed(name, source, index, said) for index, said in rows.items()]
            if name.kind == "entity":
                await self.entities([each for each in wanted if each])
            elif name.kind == "interface":
                await self._ask(_INTERFACE, [each for each in wanted if each], self._interfaces)

    async def entities(self, numbers: Iterable[int]) -> None:
        await self._ask(_ENTITY, numbers, self._entities)

    def entity(self, number: int) -> str:
        return self._entities.get(number, "")

    def port(self, said: str) -> str:
        """The key of the interface that a sensor's name speaks of: "0/0/0/3" is TenGigE0/0/0/3 where only one is."""
        said = _SUBSLOT.sub(r"\1/\2", said)
        keys = set(self._interfaces.values())
        if said in keys:
            return said
        ends = [key for key in keys if key.endswith(said) and not key[-len(said) - 1 : -len(said)].isdigit()]
        return ends[0] if said and len(ends) == 1 and "/" in said else said

    def of(self, source: Source, index: Index, said: Mapping[str, Value]) -> str:
        """The row's name, without the state that some agents write into it; "" where it has none."""
        parts = [self._part(name, source, index, said) for name in source.names]
        return _STATE.sub("", " ".join(part for part in parts if part))[:LONGEST]

    def _part(self, name: Name, source: Source, index: Index, said: Mapping[str, Value]) -> str:
        if name.kind == "words":
            return name.at
        if name.kind == "own":
            return text(said.get(source.oid(name.at)))[:LONGEST]
        number = _pointed(name, source, index, said)
        if name.kind == "index" or number is None:
            return "" if number is None else str(number)
        if name.kind == "entity":
            return self._entities.get(number, "")
        return self._interfaces.get(number) or str(number)

    async def _ask(self, columns: Sequence[str], numbers: Iterable[int], found: dict[int, str]) -> None:
        unknown = sorted({each for each in numbers if each not in found})
        for column in columns:
            asked = [each for each in unknown if not found.get(each)]
            said = await self._session.get([f"{column}.{each}" for each in asked]) if asked else ()
            for each, value in zip(asked, said, strict=True):
                found[each] = text(value)[:LONGEST]


def _pointed(name: Name, source: Source, index: Index, said: Mapping[str, Value]) -> int | None:
    if name.via:
        value = said.get(source.oid(name.via))
        return value if isinstance(value, int) else None
    return index[name.arc] if -len(index) <= name.arc < len(index) else None
