"""SNMP in simulated time: the values an agent holds, after the time that asking for them takes, or why there are none."""

import asyncio
from collections.abc import Mapping, Sequence
from math import inf

import numpy as np

from collectors.contract import (
    CredentialsRefused,
    Index,
    Matrix,
    NoAnswer,
    Oid,
    Plan,
    TooSlow,
    Value,
)
from collectors.snmp import ber
from collectors.snmp.message import value
from inventory.model import Device
from noc.lab.objects import Cell, Layout
from noc.lab.router import Router
from noc.lab.view import View
from noc.scenario.network import Ether

FIRST_PAUSE_S, GROWTH, LONGEST_PAUSE_S = 1.0, 1.5, 10.0  # as the real engine waits before it asks again
CALL_S, TABLE_S = 15.0, 120.0
CELLS = 60  # values that fit one datagram, roughly
_REFUSED = {  # what was changed on a router -> what it says to the inventory's user (SEMANTICS 46)
    "auth": "wrong authentication key",
    "user": "unknown user",
    "level": "unsupported security level",
}
_SHORT = 0x80


class LabSession:
    """One simulated device, asked over SNMP (`collectors.contract.SnmpSession`)."""

    def __init__(self, device: Device, ether: Ether, start: float) -> None:
        self._device = device
        self._ether = ether
        self._start = start
        self._router: Router = ether.world.routers[device.key]
        self._rtt_s = 0.0
        self._cells: dict[object, tuple[Layout, list[Cell]]] = {}

    async def get(self, oids: Sequence[Oid], *, tries: int = 3, limit_s: float = CALL_S) -> Sequence[Value]:
        """Values in the order asked; None where the device has no such object."""
        key = tuple(oids)
        asked_at = await self._exchange(1 + len(key) // CELLS, tries, limit_s)
        view, layout = self._at(asked_at)
        found = self._cells.get(key)
        if found is None or found[0] is not layout:
            cells = [layout.exact(ber.tlv(ber.OID, ber.dotted_body(oid))) for oid in key]
            found = self._cells[key] = layout, cells
        return [_plain(cell.value(view, cell.row)) for cell in found[1]]

    async def table(self, columns: Sequence[Oid], *, limit_s: float = TABLE_S) -> Mapping[Index, Sequence[Value]]:
        """Every row of the columns, by index, in the order met."""
        arcs = [tuple(map(int, oid.split("."))) for oid in columns]
        asked_at = await self._exchange(1, 3, limit_s)
        view, layout = self._at(asked_at)
        rows: dict[Index, list[Value]] = {}
        for place, prefix in enumerate(arcs):
            for number in layout.under(prefix):
                row = rows.setdefault(layout.index(number, len(prefix)), [None] * len(arcs))
                cell = layout.cells[number]
                row[place] = _plain(cell.value(view, cell.row))
        more = len(rows) * len(arcs) // CELLS
        if more:
            await self._exchange(more, 3, limit_s)
        return rows

    async def matrix(self, plan: Plan, *, limit_s: float = CALL_S) -> Matrix:
        """The prepared poll; all its values are of one instant."""
        size = len(plan.scalars) + len(plan.columns) * len(plan.indexes)
        asked_at = await self._exchange(1 + size // CELLS, 2, limit_s)
        age_s = asyncio.get_running_loop().time() - asked_at
        view, layout = self._at(asked_at)
        found = self._cells.get(id(plan))
        if found is None or found[0] is not layout:
            found = self._cells[id(plan)] = layout, _cells_of(layout, plan)
        numbers = [_number(cell.value(view, cell.row)) for cell in found[1]]
        first, shape = len(plan.scalars), (len(plan.columns), len(plan.indexes))
        scalars, rest = tuple(numbers[:first]), numbers[first:]
        known = None
        if None in rest:
            known = np.array([number is not None for number in rest], np.bool_).reshape(shape)
            rest = [number or 0 for number in rest]
        values = np.array(rest, np.uint64).reshape(shape)
        return Matrix(scalars, values, known, 1 + size // CELLS, 0, age_s=age_s)

    def _at(self, asked_at: float) -> tuple[View, Layout]:
        """The router as it stood when the question that was answered reached it."""
        t = self._start + asked_at
        return View(self._router, t), self._ether.world.layout(self._router, self._router.life.at(t).offset, t)

    async def _exchange(self, requests: int, tries: int, limit_s: float) -> float:
        """Let the time pass that so many datagrams and their answers take; the loop's time when the last was asked.

        NoAnswer, TooSlow or CredentialsRefused as the real session raises them.
        """
        loop = asyncio.get_running_loop()
        until, pause_s = loop.time() + limit_s, max(FIRST_PAUSE_S, 3 * self._rtt_s)
        arrivals, asked = [inf] * requests, [0.0] * requests
        for _ in range(tries):
            now = loop.time()
            for place, arrives in enumerate(arrivals):
                took_s = self._ether.echo_s(self._device.key, self._start + now, snmp=True) if arrives > now else None
                if took_s is not None and now + took_s < arrives and self._hears(now):
                    arrivals[place], asked[place] = now + took_s, now
                    self._rtt_s = took_s + 0.875 * ((self._rtt_s or took_s) - took_s)
            last = max(arrivals)
            if last <= min(until, now + pause_s):
                await asyncio.sleep(last - now)
                self._refuse(now)
                return max(asked)
            if now >= until:
                break
            await asyncio.sleep(min(pause_s, until - now))
            pause_s = min(pause_s * GROWTH, LONGEST_PAUSE_S)
        if max(arrivals) <= loop.time():
            self._refuse(loop.time())
            return max(asked)
        if min(arrivals) < inf:
            raise TooSlow("time is over")
        raise NoAnswer("silence")

    def _hears(self, now: float) -> bool:
        """Whether the agent says anything to whoever speaks as the inventory does."""
        life = self._router.life.at(self._start + now)
        return life.changed != "community" and (life.changed != "privacy" or life.told)

    def _refuse(self, now: float) -> None:
        life = self._router.life.at(self._start + now)
        words = "wrong privacy key" if life.changed == "privacy" and life.told else _REFUSED.get(life.changed)
        if words is not None:
            raise CredentialsRefused(words)


class LabSessions:
    """In place of `collectors.snmp.sessions.Sessions`."""

    def __init__(self, ether: Ether, start: float) -> None:
        self._ether = ether
        self._start = start
        self._kept: dict[str, LabSession] = {}

    def of(self, device: Device) -> LabSession:
        session = self._kept.get(device.key)
        if session is None:
            session = self._kept[device.key] = LabSession(device, self._ether, self._start)
        return session

    def forget(self, device: Device) -> None:
        self._kept.pop(device.key, None)

    def close(self) -> None:
        self._kept.clear()


def _cells_of(layout: Layout, plan: Plan) -> list[Cell]:
    names = [*plan.scalars, *(f"{column}.{index}" for column in plan.columns for index in plan.indexes)]
    return [layout.exact(ber.tlv(ber.OID, ber.dotted_body(name))) for name in names]


def _plain(encoded: bytes) -> Value:
    if encoded[1] < _SHORT:
        return value(encoded[0], encoded[2:])
    tag, start, end = ber.read(encoded, 0)
    return value(tag, encoded[start:end])


def _number(encoded: bytes) -> int | None:
    """As uint64, INTEGER as two's complement; None: no such object."""
    if encoded[0] == ber.INTEGER:
        return int.from_bytes(encoded[2:], signed=True) & 0xFFFF_FFFF_FFFF_FFFF
    return None if encoded[0] >= ber.NO_SUCH_OBJECT else int.from_bytes(encoded[2:])
