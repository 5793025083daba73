"""The second SNMP session, on pysnmp: speaks v1 too, and is what our own session is compared with.

Slow and plain on purpose: one question at a time, each column by itself. pysnmp is imported only when the first
question is asked, and none of its exceptions leaves this module.
"""

import asyncio
import contextlib
import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from collectors.contract import (
    BadAnswer,
    CollectError,
    CredentialsRefused,
    Index,
    Matrix,
    NameUnresolved,
    NoAnswer,
    Oid,
    Plan,
    TooSlow,
    Value,
)

MOST_ROWS = 20_000
TOO_BIG, NO_SUCH_NAME, GEN_ERR, NO_ACCESS, AUTHORIZATION_ERROR = 1, 2, 5, 6, 16
OIDS_PER_GET = 16
ROWS = 10

Binding = tuple[tuple[int, ...], Value]


class Reply(NamedTuple):
    status: int
    position: int  # 1-based binding the status speaks of
    bindings: list[Binding]


class PysnmpSession:
    """One device over SNMPv1 or v2c. `close` lets go of its socket."""

    def __init__(
        self,
        host: str,
        port: int,
        community: str,
        *,
        version: str = "2c",
        pause_s: float = 1.0,
        resends: int = 2,
        limit_s: float = 60.0,
    ) -> None:
        self.notes: tuple[str, ...] = ()
        self.cut_off = 0
        self._place = host, port
        self._community = community
        self._version = version
        self._patience = pause_s, resends
        self._limit_s = limit_s
        self._library: Any = None
        self._bulk = version != "1"
        self._dispatcher: Any = None
        self._target: Any = None
        self._pdus = 0

    def load(self) -> None:
        """Import the library now, in whatever thread this is, and not with the first question."""
        self._library = self._library or _Library(self._community, self._version)

    def close(self) -> None:
        if self._dispatcher is not None:
            self._dispatcher.close()
            self._dispatcher = None

    async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
        """Values in the order asked; None where the device has no such object, or will not tell."""
        async with self._limited():
            return await self._get([_arcs(oid) for oid in oids])

    async def table(self, columns: Sequence[Oid]) -> Mapping[Index, Sequence[Value]]:
        """Every row of the columns, by index; None where a row lacks a column."""
        notes: list[str] = []
        rows: dict[Index, list[Value]] = {}
        async with self._limited():
            for place, column in enumerate(columns):
                async with contextlib.aclosing(self._walk(_arcs(column), notes)) as walk:
                    async for index, value in walk:
                        rows.setdefault(index, [None] * len(columns))[place] = value
            if notes:
                await self._complete(columns, rows)
        self.notes = tuple(notes)
        self.cut_off += sum("cut off" in note for note in notes)
        return rows

    async def matrix(self, plan: Plan) -> Matrix:
        """The plan by plain GETs."""
        cells = [f"{column}.{index}" for column in plan.columns for index in plan.indexes]
        before = self._pdus
        answers = await self.get([*plan.scalars, *cells])
        numbers = [answer if isinstance(answer, int) else None for answer in answers]
        first, shape = len(plan.scalars), (len(plan.columns), len(plan.indexes))
        values = np.array([(number or 0) & 0xFFFFFFFFFFFFFFFF for number in numbers[first:]], np.uint64)
        known = np.array([number is not None for number in numbers[first:]], np.bool_)
        sure = None if known.all() else known.reshape(shape)
        return Matrix(tuple(numbers[:first]), values.reshape(shape), sure, self._pdus - before, 0)

    async def _get(self, names: list[tuple[int, ...]]) -> list[Value]:
        found: list[Value] = [None] * len(names)
        places = range(len(names))
        todo = [list(places[i : i + OIDS_PER_GET]) for i in range(0, len(names), OIDS_PER_GET)]
        while todo:
            chunk = todo.pop()
            reply = await self._ask("get_cmd", [names[i] for i in chunk])
            if not reply.status:
                for i, (name, value) in zip(chunk, reply.bindings, strict=False):
                    found[i] = value if name == names[i] else None
            elif reply.status != TOO_BIG and 0 < reply.position <= len(chunk):
                del chunk[reply.position - 1]
                todo += [chunk] if chunk else []
            elif len(chunk) > 1:
                todo += [chunk[: len(chunk) // 2], chunk[len(chunk) // 2 :]]
        return found

    async def _walk(self, column: tuple[int, ...], notes: list[str]) -> Any:
        """(index, value) down the column; notes what does not end by itself."""
        at, seen = column, set[Index]()
        while True:
            bindings = await self._next(at)
            for name, value in bindings:
                index = name[len(column) :]
                if name[: len(column)] != column or not index or value is None:
                    return
                if index in seen or len(seen) >= MOST_ROWS:
                    notes.append(f"{_dotted(column)}: cut off after {len(seen)} rows")
                    return
                if name <= at:
                    notes.append(f"{_dotted(column)}: not in order")
                seen.add(index)
                at = name
                yield index, value
            if not bindings:
                return

    async def _next(self, at: tuple[int, ...]) -> list[Binding]:
        """What follows `at`: several by GETBULK where the device bears it, else one by GETNEXT."""
        if self._bulk:
            try:
                reply = await self._ask("bulk_cmd", [at])
            except NoAnswer:
                reply = Reply(GEN_ERR, 0, [])
            if not reply.status and reply.bindings:
                return reply.bindings
            self._bulk = bool(reply.position)
        reply = await self._ask("next_cmd", [at])
        return [] if reply.status else reply.bindings

    async def _complete(self, columns: Sequence[Oid], rows: dict[Index, list[Value]]) -> None:
        """Some walk went astray: ask by name for what the other columns have rows for."""
        gaps = [(index, place) for index, row in rows.items() for place, value in enumerate(row) if value is None]
        names = [(*_arcs(columns[place]), *index) for index, place in gaps]
        for (index, place), value in zip(gaps, await self._get(names), strict=True):
            rows[index][place] = value

    @contextlib.asynccontextmanager
    async def _limited(self) -> Any:
        try:
            async with asyncio.timeout(self._limit_s):
                yield
        except TimeoutError:
            raise TooSlow("time is over") from None

    async def _ask(self, command: str, names: list[tuple[int, ...]]) -> Reply:
        """One question and its answer; every failure of the library becomes one of ours."""
        try:
            return await self._answer(command, names)
        except (CollectError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - its own tree, and whatever pyasn1 and the socket raise
            raise BadAnswer(f"{type(error).__name__}") from None

    async def _answer(self, command: str, names: list[tuple[int, ...]]) -> Reply:
        library = await self._open()
        null = library.null
        bindings = [(name, null) for name in names]
        options = (0, ROWS) if command == "bulk_cmd" else ()
        self._pdus += 1
        asked = library.commands[command](
            self._dispatcher, library.community, self._target, *options, *bindings, lookupMib=False
        )
        self._dispatcher.spoilt = 0
        problem, status, index, answered = await asked
        if problem:
            silent = "timeout" in str(problem).lower() and not self._dispatcher.spoilt
            raise NoAnswer("silence") if silent else BadAnswer("answers cannot be understood")
        if int(status) in (NO_ACCESS, AUTHORIZATION_ERROR) and self._version != "1":
            raise CredentialsRefused(f"error status {int(status)}")
        return Reply(int(status), int(index), [(tuple(name), _value(value)) for name, value in answered])

    async def _open(self) -> "_Library":
        self.load()
        if self._dispatcher is None:
            host, port = self._place
            try:
                wide = ipaddress.ip_address(host).version == 6
            except ValueError:
                wide = False
            target = self._library.target6 if wide else self._library.target
            pause_s, resends = self._patience
            try:
                self._target = await target.create((host, port), timeout=pause_s, retries=resends)
            except Exception as error:  # noqa: BLE001 - it wraps getaddrinfo's in its own
                raise NameUnresolved(f"{host}: {type(error).__name__}") from None
            self._dispatcher = self._library.dispatcher(self._target.transport_address)
        return self._library  # type: ignore[no-any-return]


class _Library:
    """What is used of pysnmp, imported when first needed: it is a second's work."""

    def __init__(self, community: str, version: str) -> None:
        from pysnmp.hlapi.v1arch import asyncio as pysnmp
        from pysnmp.proto.rfc1902 import Null

        self.commands = {name: getattr(pysnmp, name) for name in ("get_cmd", "next_cmd", "bulk_cmd")}
        self.community = pysnmp.CommunityData(community, mpModel=0 if version == "1" else 1)
        self.dispatcher = _guarded(pysnmp.SnmpDispatcher)
        self.target = pysnmp.UdpTransportTarget
        self.target6 = pysnmp.Udp6TransportTarget
        self.null = Null("")


def _guarded(dispatcher: Any) -> Any:
    """The library's dispatcher, but what is no answer of the device is counted, and raises nothing in the loop."""

    class Guarded(dispatcher):  # type: ignore[misc]
        def __init__(self, address: Any) -> None:
            self.spoilt = 0
            self.source = tuple(address)[:2]
            super().__init__()

        def _recv_callback(self, engine: Any, domain: Any, address: Any, message: Any) -> Any:
            if tuple(address)[:2] != self.source:
                self.spoilt += 1
                return None
            try:
                return super()._recv_callback(engine, domain, address, message)
            except Exception:  # noqa: BLE001 - hostile until parsed: pyasn1 raises much more than its own errors
                self.spoilt += 1
                return None

        def _timer_callback(self, now: Any) -> None:
            with contextlib.suppress(asyncio.InvalidStateError):  # whoever asked has gone
                super()._timer_callback(now)

    return Guarded


def _arcs(oid: Oid) -> tuple[int, ...]:
    return tuple(map(int, oid.split(".")))


def _dotted(arcs: Sequence[int]) -> str:
    return ".".join(map(str, arcs))


def _value(value: Any) -> Value:
    """A value of pysnmp's as the contract has it."""
    kind = type(value).__name__
    if kind in ("NoSuchObject", "NoSuchInstance", "EndOfMibView", "Null"):
        return None
    if kind == "ObjectIdentifier":
        return _dotted(tuple(value))
    if hasattr(value, "asOctets"):
        return bytes(value.asOctets())
    return int(value)
