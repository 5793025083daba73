"""What alerts ask of the ledger: one transaction at a time, in plain values; `noc.ledger` keeps them in SQL.

Exception tree:

    LedgerError          it cannot be read or written; the text says what to do
    ├── LedgerMissing    there is none yet
    ├── LedgerLocked     somebody else writes, for longer than is waited
    ├── LedgerFull       the disk takes no more writes
    ├── LedgerOlder      written by an older version: the daemon brings it up to date when it starts
    ├── LedgerNewer      written by a newer version than this one
    └── Overtaken        what was to be changed has been changed by somebody else since it was read
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from alerts.alarm import Alarm
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Fate, Notification
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window


class LedgerError(Exception):
    """The ledger cannot be read or written; nothing is changed then."""


class LedgerMissing(LedgerError):
    pass


class LedgerLocked(LedgerError):
    pass


class LedgerFull(LedgerError):
    pass


class LedgerOlder(LedgerError):
    pass


class LedgerNewer(LedgerError):
    pass


class LedgerReplaced(LedgerError):
    """Another ledger lies where ours was: what we know is not what it knows."""


class Overtaken(LedgerError):
    pass


class CodeState(StrEnum):
    """What a reply code turns out to be; only GOOD acknowledges, and spends it."""

    GOOD = "good"
    WRONG = "wrong"  # nobody's code of this incident
    ANOTHERS = "another's"  # right, but sent to somebody else
    SPENT = "spent"
    ENDED = "ended"  # a later message brought a new one
    EXPIRED = "expired"
    LOCKED = "locked"  # five wrong tries


@dataclass(frozen=True, slots=True)
class Reply:
    """One message that came in, whatever became of it. `fate` is a word: acknowledged, wrong-number, repeated ..."""

    transaction_id: str  # of the gateway; of a modem made up from what it gives
    at: float  # UTC seconds, when it arrived
    sender: str  # telephone as 255XXXXXXXXX
    text: str
    fate: str
    contact: str = ""
    incident: int = 0
    via: str = "sms"  # "sms", "modem"


class Books(Protocol):
    """The ledger inside one transaction: everything put is there wholly or not at all."""

    # alarms: those that are not clear
    def alarms(self) -> Mapping[str, Alarm]: ...
    def put_alarms(self, alarms: Iterable[Alarm]) -> None:
        """Keep as they are now; those in phase clear are dropped."""

    # incidents
    def incident(self, number: int) -> Incident | None: ...
    def incidents(self, states: Iterable[IncidentState], since: float = 0.0) -> Sequence[Incident]:
        """In these states, by number; with `since` only those opened or changed then or later."""

    def previous(self, kind: str, key: str, since: float) -> Sequence[Incident]:
        """Incidents whose first root is this subject, opened since then, newest first."""

    def rooted(self, subjects: Collection[Subject], since: float) -> Sequence[Incident]:
        """The same of any of several subjects, by the kind and key of each."""

    def add(self, incident: Incident) -> Incident:
        """Keep a new one and give it its number."""

    def put(self, incident: Incident) -> Incident:
        """Keep it as it is now, one revision later. Overtaken when it is not the newest revision that was read."""

    def tell(self, entry: Entry) -> None:
        """One more line in its timeline; lines are never changed."""

    def entries(self, number: int, *, start: int = 0, most: int | None = None) -> Sequence[Entry]:
        """Lines of its timeline, the oldest first: from the line `start` on (0: the first), no more than `most` of them."""

    def length(self, number: int) -> int:
        """How many lines its timeline has."""

    # outbox
    def queue(self, notification: Notification) -> None: ...
    def put_notification(self, notification: Notification) -> None: ...
    def notifications(self, incident: int | None = None, fates: Iterable[Fate] = ()) -> Sequence[Notification]:
        """Of this incident (None: of all), with these fates (none named: with any), in the order queued."""

    # reply codes (DOMAIN 6.6): kept as hashes
    def add_code(self, incident: int, contact: str, at: float) -> str:
        """A new single-use code of four letters and figures, shown only here; earlier ones of the same pair end."""

    def code_of(self, incident: int, code: str, at: float, contact: str = "") -> tuple[str, CodeState]:
        """Whose it is ("" of a wrong one) and what it is; a good one is spent by asking.

        `contact` is who sent it, where the telephone says so: a wrong try counts against their codes of this incident,
        else against all of it.
        """

    # what came in
    def reply_seen(self, transaction_id: str) -> bool:
        """Whether a message with this id has ever come in."""

    def add_reply(self, reply: Reply) -> None:
        """Every one is kept, those that repeat an id as well."""

    def replies(self, incident: int) -> Sequence[Reply]: ...

    # windows: silences and maintenance; overrides of the roster
    def windows(self) -> Sequence[Window]: ...
    def add_window(self, window: Window) -> Window: ...
    def put_window(self, window: Window) -> None: ...
    def overrides(self) -> Sequence[Override]: ...
    def add_override(self, override: Override) -> Override: ...
    def put_override(self, override: Override) -> None: ...

    # what was done by whom, and small things that must survive a restart
    def audit(self, at: float, who: str, act: str, what: Mapping[str, Any]) -> None: ...
    def mark(self, name: str) -> str: ...
    def put_mark(self, name: str, value: str) -> None: ...


class Ledger(Protocol):
    def transaction(self) -> AbstractContextManager[Books]:
        """LedgerError when it cannot be had or kept; nothing is changed then."""
