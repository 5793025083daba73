"""The poll of interface counters: one prepared question a device every 30 s, and the list read anew when it changed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

import numpy as np

from collectors.aggregates import read_speeds
from collectors.columns import COLUMNS, settle
from collectors.contract import BadAnswer, Matrix, Reading, Row, Said, SnmpSession, Target
from collectors.elapsed import restarted
from collectors.interface_list import NOTHING_KNOWN, InterfaceList, Known, read_interfaces, read_marks
from collectors.pool import Pool
from collectors.surprise import Steps, began_anew, shares, surprises
from inventory.batch import Facts
from inventory.model import Device

TABLE = "interfaces"
LISTS_AT_ONCE = (
    200  # a list is large and read seldom: ten thousand of them at a start must not stand in memory together
)
WATCHED_S = 3600.0  # the list is read anew at least this often where the device marks changes itself
UNWATCHED_S = 600.0  # and this often where it has no ifTableLastChange
YOUNG_S = 15.0  # an agent that just started tells speeds before it has read its own configuration (net-snmp): once more
FUTILE = 3  # marks that moved so often and nothing had changed are no longer believed
TRIES = 3

_log = logging.getLogger(__name__)


class _State:
    """What is remembered of one device; ten thousand of them."""

    __slots__ = ("futile", "gone", "last", "list", "read_at", "share", "silent", "steady", "step")

    def __init__(self, found: InterfaceList, read_at: float, futile: int) -> None:
        self.list = replace(found, content={})  # the facts are told and gone
        self.read_at = read_at
        self.futile = futile
        self.silent = found.silent
        self.gone: int | None = None  # rows of the list that answered nothing when it was fresh
        self.last: Reading | None = None
        self.share = shares(found.rows)
        self.step: Steps | None = None  # octets expected of the next step
        self.steady = False  # no ifIndex meant another interface in the list before


class Standing(NamedTuple):
    """The interface list as it stands, for whoever asks single interfaces by their ifIndex."""

    rows: tuple[Row, ...]
    last_change: int | None  # ifTableLastChange of the list; None: the device has none, or it is not believed
    at: float  # UTC seconds of the last poll by this list
    uptime_ticks: int | None  # sysUpTime of that poll


class Interfaces:
    """Collector of table "interface": one Reading a poll, a Batch "aggregate" of a device that has LAGs, and Facts of
    part "interfaces" whenever the list was read."""

    def __init__(self, sessions: Callable[[Device], SnmpSession], clock: Callable[[], float]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._states: dict[str, _State] = {}
        self._pool = Pool()
        self._room = asyncio.Semaphore(LISTS_AT_ONCE)
        self.lists_read = 0

    async def collect(self, target: Target, due: int) -> Sequence[Said]:
        """Ask once; the list first where it is not known, too old, or found changed. Raises a CollectError."""
        device, session = target.device, self._sessions(target.device)
        said: list[Said] = []
        state = self._states.get(device.key)
        if state is None or self._clock() - state.read_at > _keeps_s(state):
            state = await self._read(device, session, said)
        for _ in range(TRIES):
            matrix = await _ask(session, state.list)
            reading = _reading(device.key, due, self._clock() - matrix.age_s, (state.list, matrix))
            if _stands(state, matrix, reading):
                said.append(await _witnessed(session, state, reading))
                return said + await read_speeds(session, state.list.aggregates, device.key, due)
            state = await self._read(device, session, said)
        raise BadAnswer(f"{device.key}: the interface list does not stand still")

    def standing(self, device: str) -> Standing | None:
        """None until a device answered a first poll."""
        state = self._states.get(device)
        if state is None or state.last is None:
            return None
        last_change = state.list.marks[1] if state.futile < FUTILE else None
        return Standing(state.list.rows, last_change, state.last.at, state.last.uptime_ticks)

    def rows(self, device: str) -> tuple[Row, ...]:
        """The interface list as it stands; empty until it was read."""
        state = self._states.get(device)
        return state.list.rows if state else ()

    def suspect(self, device: str) -> None:
        """Somebody saw that the list is no longer right: read it anew with the next poll."""
        if state := self._states.get(device):
            state.read_at = -inf

    def forget(self, device: str) -> None:
        self._states.pop(device, None)

    async def _read(self, device: Device, session: SnmpSession, said: list[Said]) -> _State:
        before = self._states.get(device.key)
        marks = await read_marks(session)
        async with self._room:  # entered only by who answers: the dead must not keep the living waiting
            found = await read_interfaces(session, marks, _known(before))
        found = replace(found, rows=self._pool.one(found.rows), plan=self._pool.one(found.plan))
        now = self._clock()
        self.lists_read += 1
        same = before is not None and found.rows == before.list.rows and found.plan == before.list.plan
        state = self._states[device.key] = _State(found, now, _futile(before, found, same))
        if before is not None:
            state.last, state.steady = before.last, _steady(before.list.rows, found.rows)
            if same:
                _keep(state, before)
            else:
                _log.info("%s: interface list changed, %d interfaces", device.key, len(found.rows))
        said[:] = [Facts(device.key, TABLE, int(now), found.content)]
        return state


def _keeps_s(state: _State) -> float:
    last = state.last
    if (
        last is not None
        and last.uptime_ticks is not None
        and state.read_at - last.at + last.uptime_ticks / 100 < YOUNG_S
    ):
        return YOUNG_S
    return UNWATCHED_S if state.list.marks[1] is None or state.futile >= FUTILE else WATCHED_S


async def _ask(session: SnmpSession, found: InterfaceList) -> Matrix:
    if found.rows:
        return await session.matrix(found.plan)
    scalars = tuple(value if isinstance(value, int) else None for value in await session.get(found.plan.scalars))
    return Matrix(scalars, np.empty((len(found.plan.columns), 0), np.uint64), None, 1, 0)


def _reading(device: str, due: int, at: float, said: tuple[InterfaceList, Matrix]) -> Reading:
    found, matrix = said
    values, known = settle(matrix.values, matrix.known, found.narrow)
    late = matrix.late if matrix.late is None else settle(matrix.late, None, found.narrow)[0]
    return Reading(
        device=device,
        at=at,
        due=due,
        uptime_ticks=matrix.scalars[0],
        rows=found.rows,
        columns=COLUMNS,
        values=values,
        known=known,
        pdus=matrix.pdus,
        octets=matrix.octets,
        late=late,
    )


def _stands(state: _State, matrix: Matrix, reading: Reading) -> bool:
    """Whether the answer belongs to the list: nothing restarted, no mark moved, no row gone, every counter counting."""
    last = state.last
    gone = 0 if matrix.known is None else int(np.count_nonzero(~matrix.known.any(axis=0)))
    fresh = state.gone is None
    if fresh:
        state.gone = gone
    if fresh and state.steady:
        return True  # interfaces that come and go all the time are caught up with, poll by poll
    if not _marks_hold(state, matrix.scalars):
        return False
    if fresh:
        return True
    if last is not None and restarted((last.at, last.uptime_ticks), (reading.at, reading.uptime_ticks)):
        return False
    return gone <= (state.gone or 0) and not _counts_elsewhere(state, reading)


async def _witnessed(session: SnmpSession, state: _State, reading: Reading) -> Reading:
    """The reading, with the rows named whose counters began anew: asked only where octets went back or leapt."""
    before = state.last
    if before is not None:
        state.step, places = surprises(before, reading, state.step, state.share)
        if places is not None and (anew := await began_anew(session, before, reading, places)):
            reading = replace(reading, anew=anew)
    state.last = reading
    return reading


def _marks_hold(state: _State, scalars: Sequence[int | None]) -> bool:
    if state.futile >= FUTILE:
        return True
    read = tuple(mark for place, mark in enumerate(state.list.marks) if place == 0 or mark is not None)
    return tuple(scalars[1:]) == read[1:]


def _counts_elsewhere(state: _State, reading: Reading) -> bool:
    """Packets move where the 64-bit octets stand at zero: look at the 32-bit ones, once a list (SEMANTICS 38)."""
    if state.silent is None:
        return False
    values = reading.values[:4, state.silent]
    found = bool(np.any((values[0] | values[1] == 0) & (values[2] | values[3] != 0)))
    if found:
        state.silent = None
    return found


def _known(before: _State | None) -> Known:
    """The last answer by ifIndex, for telling living rows from left-over ones."""
    if before is None or before.last is None:
        return NOTHING_KNOWN
    last = before.last
    octets = {row.index: (int(last.values[0, at]), int(last.values[1, at])) for at, row in enumerate(last.rows)}
    return Known({row.index: row.key for row in last.rows}, octets)


def _futile(before: _State | None, found: InterfaceList, same: bool) -> int:
    if before is None or not same:
        return 0
    return before.futile + 1 if before.list.marks[1:] != found.marks[1:] else before.futile


def _steady(before: Sequence[Row], now: Sequence[Row]) -> bool:
    keys = {row.index: row.key for row in before}
    return all(keys.get(row.index, row.key) == row.key for row in now)


def _keep(state: _State, before: _State) -> None:
    """The list is as it was: the same tuples go on, so that whoever keeps something beside them need not look twice."""
    kept = before.list.aggregates if state.list.aggregates == before.list.aggregates else state.list.aggregates
    state.list = replace(state.list, rows=before.list.rows, plan=before.list.plan, aggregates=kept)
    if before.silent is None:
        state.silent = None
