"""How the routing peers of a device stand: BGP sessions and OSPF neighbours, from whichever tables it has (SEMANTICS 53)."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from math import inf
from typing import Any, NamedTuple

import numpy as np

from collectors.contract import Oid, SnmpSession, Target, Unsupported, Value
from collectors.inet import address_of
from collectors.oids import OIDS
from collectors.peer_list import Peer, PeerList, build, prefixes, values_of
from collectors.peer_tables import BGP_ROUTER_ID, LOCAL_AS, OSPF_ROUTER_ID, TABLES, PeerTable, Protocol, Role
from collectors.restarts import Restarts
from inventory.batch import Batch, Facts
from inventory.model import Device

LEARN_S = 3600.0  # which tables a device has is looked at anew this often, and after a restart
LIST_S = 300.0  # and the tables it has are read whole, for peers that came
GONE_S = 86400.0  # a peer that left the tables is told as unknown for so long
MOST_GONE = 64  # so many of these are asked after in each poll, so that their return is seen at once
YOUNG_S = 300.0  # routing daemons register with the agent some time after it started
AGAIN_S = 30.0  # so the tables of a young agent are looked for anew after this
POLLED: tuple[Role, ...] = ("state", "admin", "established")

_SCALARS = (OIDS["sysUpTime"], LOCAL_AS, BGP_ROUTER_ID, OSPF_ROUTER_ID)
_log = logging.getLogger(__name__)


class Kind(NamedTuple):
    """How one protocol's peers are told."""

    measurement: str
    quantities: tuple[str, ...]
    part: Protocol
    listed: str  # key of the peers in the Facts


KINDS = (
    Kind("bgp_peer", ("bgp_state", "bgp_admin_status", "established_s"), "bgp", "peers"),
    Kind("ospf_neighbour", ("ospf_state",), "ospf", "neighbours"),
)
PREFIX_QUANTITIES = ("prefixes_received", "prefixes_accepted")


@dataclass(slots=True)
class _Told:
    """The peers of one protocol."""

    list: PeerList = field(default_factory=lambda: PeerList((), ()))
    gone: dict[str, tuple[Peer, float]] = field(default_factory=dict)  # key -> the peer, and since when
    rows: tuple[str, ...] = ()
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """What was learnt of one device."""

    learnt_at: float
    local_as: int | None
    router_ids: Mapping[Protocol, str | None]
    tables: tuple[PeerTable, ...] = ()
    read_at: float = 0.0
    told: dict[Protocol, _Told] = field(default_factory=lambda: {kind.part: _Told() for kind in KINDS})
    asked: tuple[Oid, ...] = ()


class Peers:
    """Collector of "bgp_peer", "bgp_prefixes" and "ospf_neighbour", and of the Facts "bgp" and "ospf" when they changed.

    The tables of a device are discovered once and remembered; then each poll is one GET of the states of the peers
    known. A device that has no peers is asked nothing until the hour is over or it restarts.
    """

    def __init__(self, sessions: Callable[[Device], SnmpSession], clock: Callable[[], float]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._states: dict[str, _State] = {}
        self._restarts = Restarts()
        self.dropped = 0  # table rows that were no peers: an index of another form, or too many
        self.lists_read = 0

    def note(self, device: str, at: float, uptime_ticks: int | None) -> None:
        """Any answer that carried sysUpTime: after a restart the tables are discovered anew."""
        if self._restarts.note(device, at, uptime_ticks) and device in self._states:
            self._states[device].learnt_at = -inf

    def nudge(self, device: str) -> None:
        """The device said unasked that a peer changed: the next poll looks for new ones too."""
        if state := self._states.get(device):
            state.read_at = -inf
            if not state.tables:
                state.learnt_at = -inf

    def wanted(self, device: str) -> bool:
        """Whether `collect` would ask anything now."""
        state = self._states.get(device)
        return state is None or bool(state.tables) or self._clock() - state.learnt_at >= LEARN_S

    async def collect(self, target: Target, due: int) -> Sequence[Batch | Facts]:
        """States of all peers; nothing where there are none. Raises a CollectError."""
        device = target.device
        if not self.wanted(device.key):
            return ()
        session, state, now = self._sessions(device), self._states.get(device.key), self._clock()
        if state is None or now - state.learnt_at >= LEARN_S:
            return await self._learn(device.key, session, due)
        if now - state.read_at >= LIST_S:
            return await self._read(device.key, session, state, due)
        values = await session.get(state.asked)
        uptime = values[0]
        self.note(device.key, self._clock(), uptime if isinstance(uptime, int) else None)
        if state.learnt_at == -inf:
            return await self._learn(device.key, session, due)
        if not _take(state, values[1:]):
            return await self._read(device.key, session, state, due)
        return _batches(device.key, state, due)

    def forget(self, device: str) -> None:
        self._states.pop(device, None)
        self._restarts.forget(device)

    async def _learn(self, device: str, session: SnmpSession, due: int) -> Sequence[Batch | Facts]:
        """Which tables there are: the state columns of all of them, side by side in one question."""
        uptime, local_as, *ids = await session.get(_SCALARS)  # the first to a device that may be dead: small
        self.note(device, self._clock(), uptime if isinstance(uptime, int) else None)
        rows = await _table(session, [table.columns["state"] for table in TABLES])
        found = {
            table for values in rows.values() for table, value in zip(TABLES, values, strict=True) if value is not None
        }
        before = self._states.get(device)
        bgp_id, ospf_id = (None if (at := address_of(value)) is None or at.unspecified else at.short for value in ids)
        young = isinstance(uptime, int) and uptime < YOUNG_S * 100
        state = _State(
            learnt_at=self._clock() - (LEARN_S - AGAIN_S if young else 0.0),
            local_as=local_as % 2**32 if isinstance(local_as, int) and local_as else None,
            router_ids={"bgp": bgp_id, "ospf": ospf_id},
            tables=tuple(table for table in TABLES if table in found),
        )
        if before is not None:
            state.told = before.told
        return await self._read(device, session, state, due, anew=True)

    async def _read(
        self, device: str, session: SnmpSession, state: _State, due: int, *, anew: bool = False
    ) -> Sequence[Batch | Facts]:
        """Read the tables whole; tell the peers, and the facts where they changed or all is `anew`."""
        tables = {table: await _rows(session, table) for table in state.tables}
        counts = await _prefixes(session, state.tables)
        self.lists_read += 1
        now, said = self._clock(), list[Batch | Facts]()
        for kind in KINDS:
            of_kind = [(table, rows) for table, rows in tables.items() if table.protocol == kind.part]
            told, listed = state.told[kind.part], build(of_kind, state.local_as)
            self._count(device, listed.dropped)
            _follow(told, listed, now)
            content: dict[str, Any] = {"router_id": state.router_ids[kind.part], kind.listed: _facts(told)}
            if kind.part == "bgp":
                content["local_as"] = state.local_as
            if anew or content != told.content:
                told.content = content
                said.append(Facts(device, kind.part, int(now), content))
        state.tables, state.asked, state.read_at = _used(state), _asked(state), now
        self._states[device] = state
        return [*said, *_batches(device, state, due), *_prefix_batch(device, state, counts, due)]

    def _count(self, device: str, dropped: int) -> None:
        if dropped and not self.dropped:
            _log.warning("%s: %d rows of its peer tables are no peers", device, dropped)
        self.dropped += dropped


async def _table(session: SnmpSession, columns: Sequence[Oid]) -> Mapping[tuple[int, ...], Sequence[Value]]:
    try:
        return await session.table(columns)
    except Unsupported:
        return {}


async def _rows(session: SnmpSession, table: PeerTable) -> Mapping[tuple[int, ...], Mapping[Role, Value]]:
    found = await _table(session, tuple(table.columns.values()))
    return {index: dict(zip(table.columns, values, strict=True)) for index, values in found.items()}


Counts = Mapping[PeerTable, Mapping[tuple[int, ...], Sequence[Value]]]


async def _prefixes(session: SnmpSession, tables: Sequence[PeerTable]) -> Counts:
    """Of every table that has them: index -> received and accepted."""
    found = {}
    for table in tables:
        counted = table.prefixes
        if counted is not None:
            rows = await _table(session, (counted.accepted, *([counted.received] if counted.received else [])))
            found[table] = {
                index: (values[1] if counted.received else None, values[0]) for index, values in rows.items()
            }
    return found


def _follow(told: _Told, listed: PeerList, now: float) -> None:
    """Peers that left are remembered as gone, for as long as GONE_S."""
    present = {peer.key for peer in listed.peers}
    for peer in told.list.peers:
        if peer.key not in present:
            told.gone.setdefault(peer.key, (peer, now))
    told.gone = {
        key: (peer, since) for key, (peer, since) in told.gone.items() if key not in present and now - since < GONE_S
    }
    told.list = listed
    rows = (*(peer.key for peer in listed.peers), *told.gone)
    told.rows = told.rows if rows == told.rows else rows


def _facts(told: _Told) -> dict[str, Any]:
    gone = {key: {**peer.facts, "present": False, "gone_since": int(since)} for key, (peer, since) in told.gone.items()}
    return {peer.key: dict(peer.facts) for peer in told.list.peers} | gone


def _used(state: _State) -> tuple[PeerTable, ...]:
    """Tables that tell of a peer, or told of one that is gone: the others only repeat them."""
    used = {
        peer.table
        for told in state.told.values()
        for peer in chain(told.list.peers, (peer for peer, _ in told.gone.values()))
    }
    return tuple(table for table in TABLES if table in used)


def _asked(state: _State) -> tuple[Oid, ...]:
    """sysUpTime, then what POLLED of each peer its table has, then the states of those that are gone."""
    return (
        OIDS["sysUpTime"],
        *(
            f"{peer.table.columns[role]}.{'.'.join(map(str, peer.index))}"
            for kind in KINDS
            for peer in state.told[kind.part].list.peers
            for role in POLLED
            if role in peer.table.columns
        ),
        *islice(
            (
                f"{peer.table.columns['state']}.{'.'.join(map(str, peer.index))}"
                for kind in KINDS
                for peer, _ in state.told[kind.part].gone.values()
            ),
            MOST_GONE,
        ),
    )


def _take(state: _State, values: Sequence[Value]) -> bool:
    """Put what was asked into its places; False where a peer left or came back: the tables are to be read."""
    left = iter(values)
    for kind in KINDS:
        told = state.told[kind.part]
        taken = []
        for peer in told.list.peers:
            row = {role: next(left) for role in POLLED if role in peer.table.columns}
            if row["state"] is None:
                return False
            taken.append(values_of(peer.table, row))
        told.list = PeerList(told.list.peers, tuple(taken))
    return all(value is None for value in left)


def _batches(device: str, state: _State, due: int) -> list[Batch]:
    said = []
    for kind in KINDS:
        told = state.told[kind.part]
        if told.rows:
            values = np.full((len(kind.quantities), len(told.rows)), np.nan)
            if told.list.values:
                values[:, : len(told.list.values)] = np.array(told.list.values).T[: len(kind.quantities)]
            said.append(Batch(kind.measurement, device, due, told.rows, kind.quantities, values))
    return said


def _prefix_batch(device: str, state: _State, counts: Counts, due: int) -> list[Batch]:
    told: dict[str, tuple[float, float]] = {}
    for table, rows in counts.items():
        told |= prefixes([peer for peer in state.told["bgp"].list.peers if peer.table == table], rows)
    if not told:
        return []
    return [
        Batch(
            "bgp_prefixes",
            device,
            due,
            tuple(told),
            PREFIX_QUANTITIES,
            np.array(list(told.values()), dtype=np.float64).T,
        )
    ]
