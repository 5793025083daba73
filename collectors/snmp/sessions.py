"""A session for every device, by the SNMP version its inventory entry says; secrets go in by name only."""

from collections.abc import Callable
from typing import NoReturn

from collectors.contract import SnmpSession, Unsupported
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Peer
from collectors.snmp.resolver import Resolver
from collectors.snmp.session import V2cSession
from inventory.model import Device


class Sessions:
    """Makes sessions. `credential` turns a credential's name into its secret, asked once per session."""

    def __init__(self, engine: Engine, credential: Callable[[str], str], *, resolver: Resolver | None = None) -> None:
        self._engine = engine
        self._credential = credential
        self._resolver = resolver or Resolver()
        self._kept: dict[Device, SnmpSession] = {}

    def of(self, device: Device) -> SnmpSession:
        """The session of a device: always the same one while the device's entry stands."""
        session = self._kept.get(device)
        if session is None:
            session = self._kept[device] = self._make(device)
        return session

    def forget(self, device: Device) -> None:
        """The device left the inventory, or its entry changed."""
        self._kept.pop(device, None)

    def close(self) -> None:
        """Let go of what sessions hold beside the engine."""
        for session in self._kept.values():
            if hasattr(session, "close"):
                session.close()
        self._kept.clear()

    def _make(self, device: Device) -> SnmpSession:
        version = device.snmp.version
        if version == "3":
            return _Unspoken()
        secret = self._credential(device.snmp.credential)
        if version == "1":
            from collectors.snmp.pysnmp_session import PysnmpSession  # heavy, and few devices need it

            return PysnmpSession(device.address, device.snmp.port, secret, version="1")

        async def find() -> Peer:
            return self._engine.peer(await self._resolver.resolve(device.address, device.snmp.port))

        return V2cSession(self._engine, find, secret)


class _Unspoken:
    """Stands where SNMPv3 will: every call says so by name."""

    async def get(self, oids: object) -> NoReturn:
        raise Unsupported("SNMPv3 is not spoken yet")

    async def table(self, columns: object) -> NoReturn:
        raise Unsupported("SNMPv3 is not spoken yet")

    async def matrix(self, plan: object) -> NoReturn:
        raise Unsupported("SNMPv3 is not spoken yet")
