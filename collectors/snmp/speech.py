"""How one device is spoken to: in clear, by a community (SNMPv2c), or sealed for a user (SNMPv3, secured.py).

Whoever asks builds SNMPv2c messages and reads SNMPv2c answers; what stands round them on the wire is the speech's.
"""

from collections.abc import Awaitable, Sequence
from typing import Protocol

from collectors.contract import CollectError, CredentialsRefused, Oid
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Answers, Peer
from collectors.snmp.message import Request

UPTIME: Oid = "1.3.6.1.2.1.1.3.0"  # sysUpTime: every agent has it (RFC 3418), and a view without it is empty for us
HIDDEN = "the user's view shows nothing of what is asked, not even sysUpTime"


class Speech(Protocol):
    """`community` is what requests carry and answers must; `overhead` octets stand round each on the wire."""

    engine: Engine
    community: bytes
    overhead: int
    knows_views: bool  # a device that shows nothing to this user says so by that

    def ask(self, peer: Peer, requests: Sequence[Request], *, until: float, tries: int = 3) -> Awaitable[Answers]:
        """As `Engine.ask`. Raises a CollectError where the device says why it does not answer."""

    def denied(self, status: int) -> CollectError:
        """What an error status of noAccess or authorizationError means."""

    def silence(self, peer: Peer) -> str:
        """Words for no answer at all."""


class Plain:
    """SNMPv2c: the community is never shown."""

    overhead = 0
    knows_views = False

    def __init__(self, engine: Engine, community: str) -> None:
        self.engine = engine
        self.community = community.encode()
        self.ask = engine.ask

    def denied(self, status: int) -> CollectError:
        return CredentialsRefused(f"error status {status}")

    def silence(self, peer: Peer) -> str:
        return "silence"
