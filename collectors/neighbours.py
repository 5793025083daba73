"""Who hangs on which port: what LLDP, CDP and MNDP neighbours announce, as Facts, to be held against what is declared."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from collectors.announcements import (
    LOCAL_CHASSIS_SUBTYPE,
    SPEAKS,
    TABLES,
    Announced,
    AnnouncementTable,
    management_addresses,
)
from collectors.contract import Index, Oid, SnmpSession, Target, Unsupported, Value
from collectors.interfaces import Standing
from collectors.local_ports import LocalPort, Names, if_index, read_bundles, read_names, read_ports
from collectors.neighbour import Neighbour, Protocol, chassis_id
from collectors.oids import OIDS
from collectors.restarts import Restarts
from inventory.batch import Facts
from inventory.model import Device

PART = "neighbours"
KEEP_S = 3600.0
MOST = 1000  # neighbours of one device

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Heard:
    """What one device told in one round."""

    protocols: set[Protocol] = field(default_factory=set)
    chassis: str | None = None
    rows: list[Announced | None] = field(default_factory=list)


class Neighbours:
    """Collector of Facts "neighbours". It may be fired as often as one likes: it asks only when there is reason to."""

    def __init__(
        self,
        sessions: Callable[[Device], SnmpSession],
        standing: Callable[[str], Standing | None],
        clock: Callable[[], float],
        *,
        keep_s: float = KEEP_S,
    ) -> None:
        self._sessions = sessions
        self._standing = standing
        self._clock = clock
        self._keep_s = keep_s
        self._asked: dict[str, float] = {}  # device -> UTC seconds of the last answer
        self._restarts = Restarts()
        self.dropped = 0  # table rows that were no neighbours: an index of another form, or too many

    def note(self, device: str, at: float, uptime_ticks: int | None) -> None:
        """Any answer that carried sysUpTime: after a restart the neighbours are asked anew."""
        if self._restarts.note(device, at, uptime_ticks):
            self._asked.pop(device, None)

    def nudge(self, device: str) -> None:
        """The device said unasked that its neighbours changed: the next poll asks."""
        self._asked.pop(device, None)

    def wanted(self, device: str) -> bool:
        """Whether `collect` would ask now."""
        asked = self._asked.get(device)
        return asked is None or self._clock() - asked >= self._keep_s

    async def collect(self, target: Target, due: int) -> Sequence[Facts]:
        """Nothing when it is not wanted; else one Facts, also where nobody is heard. Raises a CollectError."""
        device = target.device
        if not self.wanted(device.key):
            return ()
        session = self._sessions(device)
        heard = await _hear(session)
        rows = self._bounded(device.key, heard.rows)
        neighbours = await _placed(session, rows, self._standing(device.key)) if rows else ()
        now = self._clock()
        self._asked[device.key] = now
        content = {
            "protocols": sorted(heard.protocols),
            "chassis": heard.chassis,
            "neighbours": [each.facts() for each in neighbours],
        }
        return (Facts(device.key, PART, int(now), content),)

    def forget(self, device: str) -> None:
        self._asked.pop(device, None)
        self._restarts.forget(device)

    def _bounded(self, device: str, rows: Sequence[Announced | None]) -> list[Announced]:
        kept = [row for row in rows if row is not None]
        lost = len(rows) - len(kept[:MOST])
        if lost and not self.dropped:
            _log.warning("%s: %d rows of its neighbour tables are left out", device, lost)
        self.dropped += lost
        return kept[:MOST]


async def _hear(session: SnmpSession) -> _Heard:
    """One small question first, then the tables that a first glance found."""
    _, subtype, *speaks = await session.get((OIDS["sysUpTime"], LOCAL_CHASSIS_SUBTYPE, *SPEAKS.values()))
    said = dict(zip(SPEAKS, speaks, strict=True))
    heard = _Heard(chassis=chassis_id(subtype, said["lldp"]))
    heard.protocols = {name for name, value in said.items() if value is not None and not (name == "cdp" and value != 1)}
    found = await _table(session, tuple(table.columns[0] for table in TABLES))
    present = {
        table.name
        for values in found.values()
        for table, value in zip(TABLES, values, strict=True)
        if value is not None
    }
    if "lldpRemTable" in present:
        present.discard("lldpV2RemTable")
    for table in TABLES:
        if table.name in present:
            heard.protocols.add(table.protocol)
            heard.rows += await _announced(session, table)
    return heard


async def _table(session: SnmpSession, columns: Sequence[Oid]) -> Mapping[Index, Sequence[Value]]:
    try:
        return await session.table(columns)
    except Unsupported:
        return {}


async def _announced(session: SnmpSession, table: AnnouncementTable) -> list[Announced | None]:
    """The rows of one table, with their management addresses; None for those that are no neighbours."""
    rows = await _table(session, table.columns)
    told = [table.parse(index, values) for index, values in rows.items()]
    if not table.addresses:
        return list(told)
    addresses = management_addresses(tuple(await _table(session, (table.addresses,))), table.lengths)
    return [row and replace(row, address=row.address or addresses.get(row.place)) for row in told]


async def _placed(session: SnmpSession, rows: Sequence[Announced], standing: Standing | None) -> tuple[Neighbour, ...]:
    """Every neighbour at our own interface, by its key."""
    names = await read_names(session)
    rows = _joined(rows)
    ports = await read_ports(session, (row.port for row in rows if row.port is not None))
    placed = [(row, *_place(row, ports, names)) for row in rows]
    bundles = await read_bundles(session, (index for _, index, _ in placed if index is not None))
    keys = {each.index: each.name or each.descr or str(each.index) for each in names}
    if standing is not None:
        keys |= {row.index: row.key for row in standing.rows}
    named = dict.fromkeys(
        _neighbour(row, index, label if index is None else keys.get(index, label), _bundle(index, bundles, keys))
        for row, index, label in placed
    )
    return tuple(named)


def _bundle(index: int | None, bundles: Mapping[int, int], keys: Mapping[int, str]) -> str | None:
    """Key of the aggregate that the interface belongs to; an aggregate itself belongs to none."""
    found = None if index is None else bundles.get(index)
    return None if found is None or found == index else keys.get(found)


def _place(row: Announced, ports: Mapping[int, LocalPort], names: Sequence[Names]) -> tuple[int | None, str]:
    """ifIndex of our own interface, where it can be told, and what to call it where it has no key."""
    if row.if_index is not None or row.port is None:
        return row.if_index, f"ifIndex {row.if_index}"
    port = ports.get(row.port, LocalPort(row.port))
    return if_index(port, names), port.label


def _neighbour(row: Announced, index: int | None, interface: str, bundle: str | None) -> Neighbour:
    return Neighbour(
        interface=interface,
        if_index=index,
        protocol=row.protocol,
        chassis=row.chassis,
        port=row.far_port,
        port_description=row.far_description,
        system=row.system,
        address=row.address,
        platform=row.platform,
        bundle=bundle,
    )


def _joined(rows: Sequence[Announced]) -> list[Announced]:
    """RouterOS leaves the local port out of its LLDP table, or says 0; its MNDP table has it, under the same last number."""
    interfaces = {row.place[-1]: row for row in rows if row.protocol == "mndp"}
    joined, covered = [], set()
    for row in rows:
        there = interfaces.get(row.place[-1]) if row.protocol == "lldp" and not row.port else None
        if there is not None:
            covered.add(there.place)
            row = replace(row, if_index=there.if_index, port=None, address=row.address or there.address)
        joined.append(row)
    return [row for row in joined if row.protocol != "mndp" or (row.place not in covered and _named(row))]


def _named(row: Announced) -> bool:
    return any((row.chassis, row.system, row.address, row.platform))
