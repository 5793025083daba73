"""One simulated router: its ports, and everything about it that changes over time, kept as steps."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2s

from inventory.model import Device
from noc.lab.curve import draw
from noc.lab.flow import NOTHING, OCTET, Carried, Flow, Steps
from noc.lab.hardware import Model, Port
from noc.lab.objects import Arcs
from noc.lab.wires import Adjacency, Heard, Identity, Wire

_DAY_S = 86_400
_ENTERPRISE, _TEXT, _OCTETS = b"\x80\x00\x1f\x88", b"\x04", b"\x05"
_LONGEST_NAME = 27
UP, DOWN, LOWER_LAYER_DOWN = 1, 2, 7  # ifOperStatus


@dataclass(frozen=True, slots=True)
class Life:
    """The box as a whole. `hung`: SNMP is silent while the echo answers. `dark`: nothing answers."""

    boot_at: float
    boots: int
    dark: bool = False
    hung: bool = False
    slow_ms: float = 0.0
    changed: str = ""  # which of its credentials is not the inventory's (noc.lab.actions.CREDENTIALS)
    told: bool = False  # whether it reports what it cannot decrypt
    turn: int = 0  # by how many places names have moved against ifIndexes
    offset: int = 0  # added to every ifIndex
    table_at: float = 0.0  # when the interface table last changed


@dataclass(frozen=True, slots=True)
class Status:
    """A port's ifOperStatus, since when, and its line rate if it is not what it was built with."""

    oper: int
    at: float
    speed_bps: int | None = None


@dataclass(frozen=True, slots=True)
class Zero:
    """Where a port's counters count from: what the line had carried then, and the octets they showed then."""

    at: float
    carried_in: Carried = NOTHING
    carried_out: Carried = NOTHING
    in_octets: int = 0
    out_octets: int = 0
    numbered: int = 0  # how many times they began anew


@dataclass(frozen=True, slots=True)
class Peer:
    """A BGP neighbour on an upstream link."""

    link: str
    address: tuple[int, int, int, int]
    local: tuple[int, int, int, int]
    remote_as: int


@dataclass(frozen=True, slots=True)
class Session:
    """A peer's bgpPeerState and bgpPeerAdminStatus (1 stop, 2 start), BGP4-MIB; `ups` counts times established."""

    state: int
    admin: int
    at: float
    ups: int = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """A port's counters at an instant, 64 bits wide."""

    in_octets: int
    out_octets: int
    in_errors: int
    out_errors: int
    in_discards: int
    out_discards: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Octets of a traffic class towards an institution and from it, by the names (OIDs) of their counters."""

    names: tuple[Arcs, Arcs]
    line: tuple[Flow, Flow]


@dataclass
class Router:
    """`lines` are the flows in and out of each port as (in, out), None where nothing flows; LAN ports share one pair."""

    device: Device
    model: Model
    ports: tuple[Port, ...]
    contact: str
    location: str
    peers: tuple[Peer, ...]
    lines: list[tuple[Flow, Flow] | None]
    start: float
    life: Steps[Life] = field(init=False)
    statuses: dict[int, Steps[Status]] = field(default_factory=dict)
    zeros: dict[int, Steps[Zero]] = field(default_factory=dict)
    sessions: dict[int, Steps[Session]] = field(default_factory=dict)
    ahead: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # (port, numbered) -> octets more
    refused: Counter[tuple[int, str]] = field(default_factory=Counter)  # (boots, usmStats object) -> requests

    counted: tuple[Counted, ...] = ()
    wires: tuple[Wire, ...] = ()
    adjacencies: tuple[Adjacency, ...] = ()
    hearing: Steps[Heard] = field(init=False)

    def __post_init__(self) -> None:
        boot_at = self.start - (2 + draw(self.device.key, "uptime") * 400) * _DAY_S
        self.life = Steps(self.start, Life(boot_at, 1 + int(draw(self.device.key, "boots") * 40), table_at=boot_at))

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """Port name -> its number."""
        return {port.name: number for number, port in enumerate(self.ports)}

    @cached_property
    def engine_id(self) -> bytes:
        """snmpEngineID (RFC 3411): the router's name, a digest where it is too long for one; the same for ever."""
        name = self.device.key.encode()
        if len(name) <= _LONGEST_NAME:
            return _ENTERPRISE + _TEXT + name
        return _ENTERPRISE + _OCTETS + blake2s(name, digest_size=16).digest()

    def clock(self, t: float) -> tuple[int, int]:
        """snmpEngineBoots and snmpEngineTime."""
        life = self.life.at(t)
        return life.boots, int(t - life.boot_at)

    def status(self, number: int, t: float) -> Status:
        steps = self.statuses.get(number)
        if steps is not None:
            return steps.at(t)
        return Status(UP if self.ports[number].connected else DOWN, self.life.values[0].boot_at)

    def set_status(self, number: int, at: float, oper: int, speed_bps: int | None) -> None:
        """From `at` on the port reads so; nothing happens when it already does."""
        last = self.status(number, at)
        if (last.oper, last.speed_bps) == (oper, speed_bps):
            return
        if number not in self.statuses:
            self.statuses[number] = Steps(self.start, last)
        self.statuses[number].put(at, Status(oper, last.at if last.oper == oper else at, speed_bps))

    def up(self, number: int, t: float) -> bool:
        """Whether the port reads up."""
        return self.status(number, t).oper == UP

    @cached_property
    def identity(self) -> Identity:
        return Identity(self.device.key, self.device.address)

    def begin_hearing(self, heard: Heard) -> None:
        self.hearing = Steps(self.start, heard)

    def set_hearing(self, at: float, heard: Heard) -> None:
        """From `at` on these neighbours are heard."""
        if heard != self.hearing.last:
            self.hearing.put(at, heard)

    def set_dark(self, at: float, *, dark: bool) -> None:
        """From `at` on the box answers nothing, or answers again."""
        self.life.put(at, replace(self.life.last, dark=dark))

    def set_session(self, number: int, at: float, state: int, admin: int) -> None:
        last = self.sessions[number].last
        if (last.state, last.admin) != (state, admin):
            ups = last.ups + (state == 6 and last.state != 6)
            self.sessions[number].put(at, Session(state, admin, at, ups))

    def zero(self, number: int, t: float) -> Zero:
        steps = self.zeros.get(number)
        return self._first_zero(number) if steps is None else steps.at(t)

    def _first_zero(self, number: int) -> Zero:
        """Counters as a router shows them that has been running since long before the lab began."""
        line = self.lines[number]
        if line is None:
            return Zero(self.start)
        age_s = int(self.start - self.life.values[0].boot_at)
        port = self.ports[number]
        share = port.share or 1000
        first = [flow.first_level * share // 1000 * age_s // 16 for flow in line]
        more = self.ahead.get((number, 0), (0, 0))
        return Zero(self.start, NOTHING, NOTHING, first[0] + more[0], first[1] + more[1])

    def begin_anew(self, number: int, at: float, octets: tuple[int, int] = (0, 0)) -> None:
        """From `at` on the port counts from `octets`."""
        line = self.lines[number]
        if number not in self.zeros:
            self.zeros[number] = Steps(self.start, self._first_zero(number))
        times = self.zeros[number].last.numbered + 1
        more = self.ahead.get((number, times), (0, 0))
        now = tuple(flow.carried(_ms(at)) for flow in line) if line else (NOTHING, NOTHING)
        self.zeros[number].put(at, Zero(at, now[0], now[1], octets[0] + more[0], octets[1] + more[1], times))

    def counted_octets(self, number: int, way: int, t: float) -> int:
        """A class counter at `t`, `way` 0 towards the institution, 1 from it; the box counts them anew when it boots."""
        flow, boot_at = self.counted[number].line[way], self.life.at(t).boot_at
        if boot_at > self.start:
            return _share(flow.carried(_ms(t)).bits - flow.carried(_ms(boot_at)).bits, 1000)
        return flow.first_level * int(self.start - boot_at) // 16 + _share(flow.carried(_ms(t)).bits, 1000)

    def counts(self, number: int, t: float) -> Counts:
        """The port's counters at `t`, in octets and packets."""
        zero, line, port = self.zero(number, t), self.lines[number], self.ports[number]
        if line is None:
            return Counts(zero.in_octets, zero.out_octets, 0, 0, 0, 0)
        share, size = port.share or 1000, port.packet
        ms = _ms(t)
        come, gone = line[0].carried(ms), line[1].carried(ms)
        return Counts(
            zero.in_octets + _share(come.bits - zero.carried_in.bits, share),
            zero.out_octets + _share(gone.bits - zero.carried_out.bits, share),
            _share(come.damaged - zero.carried_in.damaged, share) // size,
            0,
            0,
            _share(gone.dropped - zero.carried_out.dropped, share) // size,
        )


def _share(bits: int, share: int) -> int:
    return bits * share // (1000 * OCTET)


def _ms(t: float) -> int:
    return int(t * 1000)


def session_of(peer: Peer, start: float) -> Session:
    """Established some days before the lab began."""
    return Session(6, 2, start - (1 + draw(peer.link, "session") * 60) * _DAY_S, 1 + int(draw(peer.link, "ups") * 9))
