"""A device in memory that answers as an SnmpSession: what a table of objects says, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from collectors.contract import CollectError, Index, Matrix, Oid, Plan, Target, Value
from collectors.oids import OIDS
from inventory.model import Device


@dataclass
class Port:
    """One row of ifTable and ifXTable; None leaves a column out."""

    index: int
    name: str | bytes | None = None
    descr: str | bytes | None = None
    alias: str | bytes | None = b""
    kind: int | None = 6
    speed: int | None = 1_000_000_000
    high_speed: int | None = 1000
    admin: int | None = 1
    oper: int | None = 1
    in_octets: int | None = 0
    out_octets: int | None = 0
    low_in_octets: int | None = None
    low_out_octets: int | None = None
    packets: int = 0
    wide_packets: bool = True
    discontinuity: int | None = None
    changed: dict[str, Value] = field(default_factory=dict)

    def columns(self) -> dict[str, Value]:
        said: dict[str, Value] = {
            "ifName": _octets(self.name),
            "ifDescr": _octets(self.descr),
            "ifAlias": _octets(self.alias),
            "ifType": self.kind,
            "ifSpeed": self.speed,
            "ifHighSpeed": self.high_speed,
            "ifAdminStatus": self.admin,
            "ifOperStatus": self.oper,
            "ifHCInOctets": self.in_octets,
            "ifHCOutOctets": self.out_octets,
            "ifInOctets": self.low_in_octets,
            "ifOutOctets": self.low_out_octets,
            "ifInUcastPkts": self.packets % 2**32,
            "ifOutUcastPkts": self.packets % 2**32,
            "ifHCInUcastPkts": self.packets if self.wide_packets else None,
            "ifHCOutUcastPkts": self.packets if self.wide_packets else None,
            "ifInErrors": 0,
            "ifOutErrors": 0,
            "ifInDiscards": 0,
            "ifOutDiscards": 0,
            "ifCounterDiscontinuityTime": self.discontinuity,
        }
        return said | self.changed


class Box:
    """An SnmpSession over `objects()`: OID -> value. `failure` is raised by every question while it is set."""

    def __init__(self, objects: Callable[[], Mapping[Oid, Value]]) -> None:
        self.objects = objects
        self.failure: CollectError | None = None
        self.asked: list[tuple[str, tuple[Oid, ...]]] = []
        self.between: Callable[[], None] = lambda: None  # runs after every answer: the world moves on

    async def get(self, oids: Sequence[Oid]) -> Sequence[Value]:
        self._note("get", oids)
        objects = self.objects()
        said = [objects.get(oid) for oid in oids]
        self.between()
        return said

    async def table(self, columns: Sequence[Oid]) -> Mapping[Index, Sequence[Value]]:
        self._note("table", columns)
        rows: dict[Index, list[Value]] = {}
        place = {oid: at for at, oid in enumerate(columns)}
        depths = sorted({oid.count(".") + 1 for oid in columns}, reverse=True)
        for oid, value in self.objects().items():
            arcs = oid.split(".")
            for depth in depths:
                at = place.get(".".join(arcs[:depth])) if len(arcs) > depth else None
                if at is not None:
                    rows.setdefault(tuple(map(int, arcs[depth:])), [None] * len(columns))[at] = value
        self.between()
        return rows

    async def matrix(self, plan: Plan) -> Matrix:
        self._note("matrix", plan.columns)
        objects = self.objects()
        scalars = tuple(value if isinstance(value := objects.get(oid), int) else None for oid in plan.scalars)
        cells = [[objects.get(f"{column}.{index}") for index in plan.indexes] for column in plan.columns]
        values = np.array([[int(v) % 2**64 if isinstance(v, int) else 0 for v in line] for line in cells], np.uint64)
        known = np.array([[isinstance(v, int) for v in line] for line in cells], np.bool_)
        self.between()
        return Matrix(scalars, values, None if known.all() else known, pdus=4, octets=4000)

    def _note(self, kind: str, oids: Sequence[Oid]) -> None:
        self.asked.append((kind, tuple(oids)))
        if self.failure is not None:
            raise self.failure

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.asked]


class Router(Box):
    """A Box made of ports, with the system group."""

    def __init__(self, ports: Sequence[Port] = (), *, uptime: int | None = 1_000_000) -> None:
        super().__init__(self._objects)
        self.ports = list(ports)
        self.uptime = uptime
        self.last_change: int | None = None
        self.system: dict[str, Value] = {
            "sysDescr": b"Router",
            "sysObjectID": "1.3.6.1.4.1.1",
            "sysName": b"dod-pe-1",
            "sysLocation": b"Dodoma",
            "sysContact": b"noc",
        }

    def _objects(self) -> dict[Oid, Value]:
        scalars = self.system | {"sysUpTime": self.uptime, "ifTableLastChange": self.last_change}
        objects: dict[Oid, Value] = {OIDS[name]: value for name, value in scalars.items() if value is not None}
        objects[OIDS["ifNumber"]] = len(self.ports)
        for port in self.ports:
            for name, value in port.columns().items():
                if value is not None:
                    objects[f"{OIDS[name]}.{port.index}"] = value
        return objects


def _octets(said: str | bytes | None) -> bytes | None:
    return said.encode() if isinstance(said, str) else said


def target(device: str = "dod-pe-1", collector: str = "interfaces", every_s: float = 30.0) -> Target:
    return Target(Device(device, "dodoma", "127.0.0.1"), collector, every_s)


class Clock:
    """The time that a test says it is."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now
