"""How well a device is: processors, memory, temperatures, fans, power, light of optics, UPS; found once, then asked."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from collectors.contract import Oid, Row, SnmpSession, Target, Unsupported, Value
from collectors.elapsed import restarted
from collectors.identity.recognise import recognise
from collectors.oids import OIDS
from collectors.sensors.discovery import find_points
from collectors.sensors.shape import SHAPES
from collectors.sensors.source import Point
from inventory.batch import Batch, Facts
from inventory.model import Device

PART = "health"
KEEP_S = 86_400.0  # found anew at least daily, and after a restart
BARREN_S = 21_600.0  # a device that has nothing is asked again this seldom
AGAIN_S = 900.0  # and one whose sensors came or went at most this often
FINDING_AT_ONCE = 50

_UPTIME = OIDS["sysUpTime"]
_log = logging.getLogger(__name__)


class _Part(NamedTuple):
    """One measurement of a device: the same tuple objects from poll to poll."""

    measurement: str
    rows: tuple[str, ...]
    points: tuple[Point, ...]


class _State:
    """What is remembered of one device."""

    __slots__ = ("found_at", "nameless", "oids", "parts", "silent", "uptime")

    def __init__(self, points: Sequence[Point], found_at: float) -> None:
        self.found_at = found_at
        self.parts = _parts(points)
        ordered = [point for part in self.parts for point in part.points]
        # An object that several points read is asked once; sysUpTime tells a restart
        self.oids: tuple[Oid, ...] = tuple(dict.fromkeys((_UPTIME, *(oid for point in ordered for oid in point.oids))))
        self.nameless = False  # optics were found before the interface list, so their rows may not bear its keys
        self.silent: int | None = None  # objects that answered nothing when the list was fresh
        self.uptime: tuple[float, int | None] | None = None


class Health:
    """Collector of Batches "cpu" to "ups", and of Facts "health" whenever the list of sensors was found.

    `interfaces` gives the rows of a device's interface list, so that optics are told under the interfaces' keys.
    """

    def __init__(
        self,
        sessions: Callable[[Device], SnmpSession],
        clock: Callable[[], float],
        interfaces: Callable[[str], Sequence[Row]] = lambda device: (),
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._interfaces = interfaces
        self._states: dict[str, _State] = {}
        self._room = asyncio.Semaphore(FINDING_AT_ONCE)
        self.lists_found = 0

    def wanted(self, device: str) -> bool:
        """Whether `collect` would ask now: not of a device that had nothing lately."""
        state = self._states.get(device)
        return state is None or bool(state.parts) or self._clock() - state.found_at >= BARREN_S

    async def collect(self, target: Target, due: int) -> Sequence[Batch | Facts]:
        """One Batch a measurement. Unsupported, once in six hours, where there is nothing. Raises a CollectError."""
        device = target.device
        if not self.wanted(device.key):
            return ()
        session, said = self._sessions(device), list[Batch | Facts]()
        state = self._states.get(device.key)
        if state is None or self._old(state, device.key):
            state = await self._find(device, session, said)
        values = await session.get(state.oids)
        if not self._stands(state, values):
            state = await self._find(device, session, said)
            values = await session.get(state.oids)
            self._stands(state, values)
        answers = dict(zip(state.oids, values, strict=True))
        return [*said, *(_batch(part, device.key, due, answers) for part in state.parts)]

    def asks(self, device: str) -> tuple[Oid, ...]:
        """What a poll of the device asks now; nothing before its sensors were found."""
        state = self._states.get(device)
        return state.oids if state is not None else ()

    def forget(self, device: str) -> None:
        self._states.pop(device, None)

    def _old(self, state: _State, device: str) -> bool:
        if not state.parts or self._clock() - state.found_at >= KEEP_S:
            return True
        return state.nameless and bool(self._interfaces(device))

    async def _find(self, device: Device, session: SnmpSession, said: list[Batch | Facts]) -> _State:
        who = await recognise(session)
        async with self._room:  # entered only by who answers: the dead must not keep the living waiting
            keys = {row.index: row.key for row in self._interfaces(device.key)}
            points = await find_points(session, who.enterprises, keys)
        before, state = self._states.get(device.key), _State(points, self._clock())
        state.nameless = not keys and any(part.measurement == "optical" for part in state.parts)
        self._states[device.key] = state
        self.lists_found += 1
        if not points:
            raise Unsupported(f"{device.key}: tells nothing about its health")
        if before is not None and _same(before, state):
            state.parts = before.parts
        else:
            _log.info("%s: %d sensors found", device.key, len(points))
        said[:] = [Facts(device.key, PART, int(state.found_at), _content(state))]
        return state

    def _stands(self, state: _State, values: Sequence[Value]) -> bool:
        """Whether the list still is that of the device: not restarted, and what answered answers."""
        now, silent = self._clock(), sum(value is None for value in values[1:])
        uptime = (now, values[0] if isinstance(values[0], int) else None)
        before, state.uptime = state.uptime, uptime
        fresh = state.silent is None
        if fresh:
            state.silent = silent
        if before is not None and restarted(before, uptime):
            return False
        return silent <= (state.silent or 0) or now - state.found_at < AGAIN_S


def _parts(points: Sequence[Point]) -> tuple[_Part, ...]:
    kinds: dict[str, list[Point]] = {}
    for point in points:
        kinds.setdefault(point.measurement, []).append(point)
    return tuple(
        _Part(measurement, tuple(point.name for point in kinds[measurement]), tuple(kinds[measurement]))
        for measurement in SHAPES
        if measurement in kinds
    )


def _same(before: _State, now: _State) -> bool:
    def shape(state: _State) -> list[tuple[str, tuple[str, ...], tuple[tuple[Oid, ...], ...]]]:
        return [(part.measurement, part.rows, tuple(point.oids for point in part.points)) for part in state.parts]

    return shape(before) == shape(now)


def _batch(part: _Part, device: str, due: int, answers: Mapping[Oid, Value]) -> Batch:
    rows = [point.read(tuple(answers[oid] for oid in point.oids)) for point in part.points]
    values = np.ascontiguousarray(np.array(rows, np.float64).T)
    return Batch(part.measurement, device, due, part.rows, SHAPES[part.measurement].quantities, values)


def _content(state: _State) -> dict[str, list[dict[str, str]]]:
    """Measurement -> rows: their name and the table they are read from. Units are those of the quantities."""
    return {
        part.measurement: [{"name": point.name, "from": point.mib} for point in part.points] for part in state.parts
    }
