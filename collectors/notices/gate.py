"""Who is believed: a trap must carry the community or the SNMPv3 user that the inventory knows of its sender.

Of a trap its sender is authoritative; of an inform we are, with an engineID and boots of our own (RFC 3414, 3.2).
Informs are acknowledged, discovery is answered, and what is refused is told by a Report where the sender waits for one.
"""

import hmac
import secrets as randomness
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from collectors.notices.counters import NoticeCounters
from collectors.notices.intake import Arrival
from collectors.notices.said import notice_of_trap
from collectors.notices.trap import V3, Trap, TrapError, acknowledgement, parse_pdu, parse_trap, response, version_of
from collectors.snmp.authority import Authority
from collectors.snmp.ber import BerError
from collectors.snmp.keys import KeyRing, Keys
from collectors.snmp.usm import (
    AUTH,
    PRIV,
    Header,
    OutOfWindow,
    Refusal,
    Scoped,
    UnknownEngine,
    UnknownUser,
    open_,
    parse_header,
    report,
    seal,
)
from inventory.credentials import SnmpUser
from inventory.model import Device
from inventory.notice import Notice
from inventory.secret import Secret

MOST_ENGINES = 4  # of one device: a chassis may have two


class Known(Protocol):
    """Where communities and users are found, by credential name: `inventory.secrets.Secrets`."""

    def find(self, name: str) -> Secret | None: ...

    def user(self, name: str) -> SnmpUser | None: ...


class NotBelievedError(Exception):
    """Wrong community, user, key or time; `answer` is the Report for a sender that waits, empty for others."""

    def __init__(self, answer: bytes = b"") -> None:
        self.answer = answer
        super().__init__()


@dataclass(frozen=True, slots=True)
class OwnEngine:
    """Our own engine, authoritative for informs. `started` is monotonic seconds."""

    engine_id: bytes
    boots: int
    started: float

    def clock(self, now: float) -> tuple[int, int]:
        """snmpEngineBoots and snmpEngineTime."""
        return self.boots, int(now - self.started)


@dataclass(slots=True)
class _Trusted:
    """What is believed of one device, looked up once."""

    community: bytes | None
    user: SnmpUser | None
    engines: dict[bytes, Authority] = field(default_factory=dict)


class Gate:
    """Turns the arrivals of known devices into Notices; `monotonic` is seconds that never go back."""

    def __init__(self, engine: OwnEngine, counters: NoticeCounters, monotonic: Callable[[], float]) -> None:
        self._engine = engine
        self._counters = counters
        self._monotonic = monotonic
        self._ring = KeyRing()
        self._known: Known | None = None
        self._trusted: dict[str, _Trusted] = {}
        self._refused: dict[type[Refusal], int] = {}
        self._salt = randomness.randbits(64)

    def set_secrets(self, known: Known) -> None:
        """New secrets, or devices that changed: everything is looked up anew."""
        self._known = known
        self._trusted = {}

    def hear(self, arrival: Arrival) -> Notice | None:
        """A Notice, or None and counted; answers go out by `arrival.answer`."""
        try:
            trap, answer = self._take(arrival)
        except (TrapError, BerError):
            self._counters.unparsable += 1
            return None
        except NotBelievedError as error:
            self._counters.refused += 1
            self._report(arrival, error.answer)
            return None
        if answer:
            arrival.answer(answer)
            self._counters.acknowledged += 1
        if trap is None:
            return None
        self._counters.heard += 1
        return notice_of_trap(trap, arrival.device.key, arrival.source, arrival.at)

    def _report(self, arrival: Arrival, answer: bytes) -> None:
        if answer:
            arrival.answer(answer)
            self._counters.reported += 1

    def _take(self, arrival: Arrival) -> tuple[Trap | None, bytes]:
        trusted = self._trust(arrival.device)
        if version_of(arrival.data) == V3:
            return self._secured(arrival, trusted)
        trap = parse_trap(arrival.data)
        if trusted.community is None or not hmac.compare_digest(trap.community, trusted.community):
            raise NotBelievedError
        return trap, acknowledgement(arrival.data, trap) if trap.confirmed else b""

    def _trust(self, device: Device) -> _Trusted:
        trusted = self._trusted.get(device.key)
        if trusted is None:
            assert self._known is not None, "set_secrets comes first"
            names = [name for name in (device.snmp.traps, device.snmp.credential) if name]
            community = next(filter(None, map(self._known.find, names)), None)
            user = next(filter(None, map(self._known.user, names)), None)
            trusted = _Trusted(community.reveal().encode() if community else None, user)
            self._trusted[device.key] = trusted
        return trusted

    # SNMPv3

    def _secured(self, arrival: Arrival, trusted: _Trusted) -> tuple[Trap | None, bytes]:
        data, header = arrival.data, parse_header(arrival.data)
        if not header.engine_id:
            self._report(arrival, self._refusal(UnknownEngine, data, header))
            return None, b""
        if header.engine_id == self._engine.engine_id:
            return self._inform(data, header, trusted)
        try:
            return self._sent(data, header, trusted), b""
        except (NotBelievedError, TrapError):
            if not header.reportable:
                raise
            raise NotBelievedError(self._refusal(UnknownEngine, data, header)) from None  # an inform to another engine

    def _sent(self, data: bytes, header: Header, trusted: _Trusted) -> Trap:
        """A trap: its sender is authoritative, and its clock must not go back."""
        user, now = trusted.user, self._monotonic()
        if user is None or header.user != user.user.encode():
            raise NotBelievedError
        scoped = self._opened(data, header, self._ring(user, header.engine_id))
        trap = parse_pdu(scoped.pdu, "3")
        if trap.confirmed:
            raise TrapError("an inform to another engine")
        if header.flags & AUTH:
            authority = trusted.engines.get(header.engine_id) or Authority(header.engine_id)
            if not authority.accepts(header.boots, header.time, now):
                raise NotBelievedError
            trusted.engines.pop(header.engine_id, None)
            trusted.engines[header.engine_id] = authority  # the longest unheard is forgotten first
            if len(trusted.engines) > MOST_ENGINES:
                del trusted.engines[next(iter(trusted.engines))]
        return trap

    def _opened(self, data: bytes, header: Header, keys: Keys) -> Scoped:
        try:
            return open_(data, header, keys)
        except Refusal:
            raise NotBelievedError from None

    def _inform(self, data: bytes, header: Header, trusted: _Trusted) -> tuple[Trap, bytes]:
        """We are authoritative: our clock judges, and the answer is sealed with the sender's own keys."""
        user = trusted.user
        if user is None or header.user != user.user.encode():
            raise NotBelievedError(self._refusal(UnknownUser, data, header))
        keys, clock = self._ring(user, self._engine.engine_id), self._engine.clock(self._monotonic())
        try:
            scoped = open_(data, header, keys, clock=clock)
        except Refusal as refused:
            own = keys if isinstance(refused, OutOfWindow) else None
            raise NotBelievedError(self._refusal(type(refused), data, header, own)) from None
        trap = parse_pdu(scoped.pdu, "3")
        if not trap.confirmed:
            raise TrapError("a trap that claims our own engine")
        self._salt += 1
        answer = seal(
            response(scoped.pdu, trap.request_id),
            keys,
            msg_id=header.msg_id,
            clock=clock,
            salt=self._salt,
            flags=header.flags & (AUTH | PRIV),
            context=scoped.context,
            speaker=scoped.engine_id,
        )
        return trap, answer

    def _refusal(self, kind: type[Refusal], data: bytes, header: Header, keys: Keys | None = None) -> bytes:
        """The Report, empty where the sender waits for none."""
        if not header.reportable:
            return b""
        self._refused[kind] = self._refused.get(kind, 0) + 1
        own = keys or Keys(header.user, self._engine.engine_id)
        clock = self._engine.clock(self._monotonic())
        return report(kind, self._refused[kind], data, header, own=own, clock=clock)
