"""What is told to whom: a row in the outbox first, a message later; and what a channel promises.

Exception tree (how sending fails; the outbox turns it into a retry, the next channel, or a failure that is shown):

    NotifyError          this time it did not work: later again, then the next channel
    ├── Refused          the channel will never take this one (bad number, unknown mailbox): the next channel at once
    └── Unsure           perhaps taken, perhaps not (cut off after sending): in doubt once more (SEMANTICS 34)
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

Occasion = Literal["opened", "update", "repeat", "escalation", "recovery", "handover", "overdue", "test"]
WAKING = frozenset({"sms", "modem"})  # a message by one of these to a person on call is a page, nothing else is


class Fate(StrEnum):
    """DOMAIN 6.2. `sent`: the channel accepted it; `delivered`: it is known to have arrived."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"  # every channel refused or was tried to the end
    CANCELLED = "cancelled"  # acknowledged, or over, before it went out
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to one contact, tried by `channels` in turn. Times are UTC seconds.

    `key` never changes over retries and restarts: it is the gateway's messageId and the mail's Message-ID.
    """

    key: str
    incident: int  # 0: of no incident (tests, hand-over)
    occasion: Occasion
    contact: str
    channels: tuple[str, ...]  # "sms", "modem", "mail", "webhook", "apprise"; the first is tried first
    short: str  # GSM-7, at most 160 characters, for sms and modem
    subject: str  # of mail; one line
    body: str  # of mail, webhook, apprise
    queued_at: float
    page: bool = False
    severity: str = ""
    language: str = "en"
    fate: Fate = Fate.QUEUED
    place: int = 0  # in `channels`
    tries: int = 0  # on this channel
    next_try_at: float = 0.0
    ended_at: float | None = None  # when accepted, failed, cancelled
    channel: str = ""  # that accepted it
    error: str = ""  # of the last try
    expires_at: float | None = None


class NotifyError(Exception):
    """It did not go out this time; the text says why, and holds no secret."""


class Refused(NotifyError):
    pass


class Unsure(NotifyError):
    pass


@dataclass(frozen=True, slots=True)
class Receipt:
    """The channel took it. `reference` is its own name for it, where it gives one."""

    reference: str = ""
    delivered: bool = False


class Notifier(Protocol):
    """One channel: deliver, or raise NotifyError. Has its own time limits; never blocks the loop."""

    async def send(self, notification: Notification, address: str) -> Receipt:
        """`address`: telephone as 255XXXXXXXXX, mail address, "" where the channel has only one."""
