"""Whom a simulated router believes: the community or the SNMPv3 user that the inventory names, unless an act changed it.

As an authoritative engine of the User-based Security Model (RFC 3414) it reports what it refuses. A wrong privacy key is
met with silence, as net-snmp does: what it decrypts to is no message. Some vendors report it; an act can ask for that.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from collectors.snmp.ber import BerError
from collectors.snmp.keys import KeyRing, Keys
from collectors.snmp.usm import (
    AUTH,
    PRIV,
    Header,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    Scoped,
    UnknownContext,
    UnknownEngine,
    UnknownUser,
    open_,
    parse_header,
    report,
    seal,
)
from inventory.credentials import SnmpUser
from inventory.model import Device
from inventory.sample_credentials import COMMUNITY, USER
from inventory.secret import Secret
from noc.lab.router import Life, Router

SPOKEN = {"1": 0, "2c": 1}  # version of the inventory -> version on the wire
_AROUND = 64  # octets of a message beside engineID (twice), user, context, signature and salt
_ODD = 0x9E3779B97F4A7C15

Respond = Callable[[bytes, int], bytes | None]  # (PDU, octets around the answer) -> the answer's PDU


class Security:
    """Credentials of all routers. `communities` and `users`: credential -> what is obeyed; the sample's where none is."""

    def __init__(self, communities: Mapping[str, bytes], users: Mapping[str, SnmpUser], *, devices: int) -> None:
        self._communities = communities
        self._users = users
        self._ring = KeyRing(devices)
        self._keys: dict[tuple[str, str], Keys] = {}

    def community(self, device: Device, life: Life) -> bytes:
        """What stands in the requests that it answers."""
        named = self._communities.get(device.snmp.credential, COMMUNITY.encode())
        return named + b"-changed" if life.changed == "community" else named

    def answer(self, router: Router, data: bytes, t: float, respond: Respond) -> bytes | None:
        """What comes back for an SNMPv3 message: an answer, a Report, or None. BerError: it is no such message."""
        header = parse_header(data)
        life, clock = router.life.at(t), router.clock(t)
        keys = self._keys_of(router, life)
        try:
            scoped = _believed(data, header, keys, clock)
        except NotDecrypted as refusal:
            if isinstance(refusal.__context__, BerError) and not life.told:
                return None  # it was decrypted, to nothing that means anything
            return _report(NotDecrypted, (data, header), router, keys, clock)
        except Refusal as refusal:
            return _report(type(refusal), (data, header), router, keys, clock)
        pdu = respond(scoped.pdu, _around(keys))
        if pdu is None:
            return None
        salt = (int.from_bytes(header.salt) ^ int(t * 1e6)) * _ODD & 0xFFFF_FFFF_FFFF_FFFF
        return seal(pdu, keys, msg_id=header.msg_id, clock=clock, salt=salt, flags=header.level)

    def _keys_of(self, router: Router, life: Life) -> Keys:
        device = router.device
        keys = self._keys.get((device.key, life.changed))
        if keys is None:
            user = changed_user(self._users.get(device.snmp.credential, USER), life.changed)
            keys = self._keys[device.key, life.changed] = self._ring(user, router.engine_id)
        return keys


def changed_user(user: SnmpUser, what: str) -> SnmpUser:
    """The user as the router has it after somebody changed `what`; the same where there is no such thing to change."""
    if what == "user":
        return replace(user, user=f"not-{user.user}"[:32])
    if what == "level":
        return replace(user, priv=None, priv_password=None) if user.priv else SnmpUser(user.user, context=user.context)
    if what == "auth" and user.auth_password:
        return replace(user, auth_password=_other(user.auth_password))
    if what == "privacy" and user.priv_password:
        return replace(user, priv_password=_other(user.priv_password))
    return user


def _other(password: Secret) -> Secret:
    return Secret(f"{password.reveal()}, changed")


def _believed(data: bytes, header: Header, keys: Keys, clock: tuple[int, int]) -> Scoped:
    """In the order of RFC 3414 section 3.2."""
    if header.engine_id != keys.engine_id:
        raise UnknownEngine
    if header.user != keys.user:
        raise UnknownUser
    scoped = open_(data, header, keys, clock=clock)
    if scoped.context != keys.context:
        raise UnknownContext
    return scoped


def _report(
    kind: type[Refusal], asked: tuple[bytes, Header], router: Router, keys: Keys, clock: tuple[int, int]
) -> bytes | None:
    data, header = asked
    router.refused[clock[0], kind.oid] += 1
    if not header.reportable:
        return None
    own = keys if kind is OutOfWindow else Keys(header.user, keys.engine_id)
    return report(kind, router.refused[clock[0], kind.oid], data, header, own=own, clock=clock)


def _around(keys: Keys) -> int:
    signature = keys.auth.octets if keys.auth and keys.flags & AUTH else 0
    return _AROUND + 2 * len(keys.engine_id) + len(keys.user) + len(keys.context) + signature + 16 * (keys.flags & PRIV)
