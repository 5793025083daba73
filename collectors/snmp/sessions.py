"""A session for every device, by the SNMP version its inventory entry says; secrets go in by name only."""

import itertools
import os
from collections.abc import Callable
from functools import partial
from typing import NoReturn

from collectors.contract import CredentialsRefused, SnmpSession
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Peer
from collectors.snmp.fallback import Fallback, Ways
from collectors.snmp.keys import KeyRing
from collectors.snmp.resolver import Resolver
from collectors.snmp.secured import Secured
from collectors.snmp.session import Session
from collectors.snmp.speech import Plain, Speech
from inventory.credentials import SnmpUser
from inventory.model import Device


def nobody(name: str) -> SnmpUser | None:
    """Where no SNMPv3 users are known."""


class Sessions:
    """Makes sessions. `credential` turns a credential's name into its community, `user` into its SNMPv3 user.

    Both are asked once per session. Keys made of passwords are kept once for all devices.
    """

    def __init__(
        self,
        engine: Engine,
        credential: Callable[[str], str],
        *,
        user: Callable[[str], SnmpUser | None] = nobody,
        resolver: Resolver | None = None,
    ) -> None:
        self._engine = engine
        self._credential = credential
        self._user = user
        self._resolver = resolver or Resolver()
        self._kept: dict[Device, SnmpSession] = {}
        self.fallback = Fallback(engine, self._kept.__setitem__)
        self._ring = KeyRing()
        self._salts = itertools.count(int.from_bytes(os.urandom(8)))

    def of(self, device: Device) -> SnmpSession:
        """The session of a device: always the same one while the device's entry stands."""
        session = self._kept.get(device)
        if session is None:
            session = self._kept[device] = self._make(device)
        return session

    def forget(self, device: Device) -> None:
        """The device left the inventory, or its entry changed."""
        session = self._kept.pop(device, None)
        self.fallback.forget(device)
        _close(session)

    def close(self) -> None:
        """Let go of what sessions hold beside the engine."""
        self.fallback.close()
        for session in self._kept.values():
            _close(session)
        self._kept.clear()

    def _make(self, device: Device) -> SnmpSession:
        version = device.snmp.version
        if version == "3":
            user = self._user(device.snmp.credential)
            if user is None:
                return _Refused(f"no SNMPv3 user {device.snmp.credential} in the secrets")
            return self._speaking(device, Secured(self._engine, user, self._ring, self._salts))
        secret = self._credential(device.snmp.credential)
        if version == "1":
            from collectors.snmp.pysnmp_session import PysnmpSession  # heavy, and few devices need it

            return PysnmpSession(device.address, device.snmp.port, secret, version="1")
        session = self._speaking(device, Plain(self._engine, secret))
        session.on_silence = partial(self.fallback.silent, device)
        narrow, find = partial(_narrow, device, secret), partial(self._find, device)
        self.fallback.watch(device, Ways(session, narrow, find, secret, lambda: session.rtt_s > 0))
        return session

    def _speaking(self, device: Device, speech: Speech) -> Session:
        return Session(speech, partial(self._find, device))

    async def _find(self, device: Device) -> Peer:
        return self._engine.peer(await self._resolver.resolve(device.address, device.snmp.port))


def _narrow(device: Device, community: str) -> SnmpSession:
    """A session by v1, ready to ask; loading its library takes a second when it is the first."""
    from collectors.snmp.pysnmp_session import PysnmpSession

    session = PysnmpSession(device.address, device.snmp.port, community, version="1")
    session.load()
    return session


def _close(session: SnmpSession | None) -> None:
    if session is not None and hasattr(session, "close"):
        session.close()


class _Refused:
    """Stands where nobody can be asked: every call says why."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def get(self, oids: object, **limits: object) -> NoReturn:
        raise CredentialsRefused(self._why)

    async def table(self, columns: object, **limits: object) -> NoReturn:
        raise CredentialsRefused(self._why)

    async def matrix(self, plan: object, **limits: object) -> NoReturn:
        raise CredentialsRefused(self._why)
