"""How a channel does: what it accepted and refused, since when it fails, and what waits for it."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from alerts.books import Books

log = logging.getLogger(__name__)

QUIET_S = 240.0  # after a failure that nothing was sent after: whether the channel still fails is not known


@dataclass(frozen=True, slots=True)
class ChannelHealth:
    """Counts are since the daemon started, times in UTC seconds; `oldest_s` is the age of the oldest message in wait."""

    channel: str
    accepted: int
    failed: int
    queued: int
    oldest_s: float
    last_accepted_at: float | None
    failing_since: float | None
    error: str = ""  # of the last failure, while it fails
    last_failed_at: float | None = None


class Pulse:
    """One channel's own record; the lasting part of it is kept in the ledger, for those who look from outside."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.accepted = 0
        self.failed = 0
        self.last_accepted_at: float | None = None
        self.failing_since: float | None = None
        self.last_failed_at: float | None = None
        self.error = ""
        self._saved = ""

    def accept(self, now: float) -> bool:
        """Whether it failed before."""
        healed = self.failing_since
        self.accepted += 1
        self.last_accepted_at, self.failing_since, self.error = now, None, ""
        if healed is not None:
            log.warning("channel %s works again after %.0f s", self.channel, now - healed)
        return healed is not None

    def fail(self, now: float, error: str, *, blame: bool = True) -> None:
        """`blame`: the channel itself is at fault, not the address or the message."""
        self.failed += 1
        if not blame:
            return
        self.error, self.last_failed_at = error, now
        if self.failing_since is None:
            self.failing_since = now
            log.error("channel %s fails: %s", self.channel, error)

    def health(self, queued: Sequence[float], now: float) -> ChannelHealth:
        """`queued`: when the messages that wait for it were queued. It fails as long as anything waits, else for a while."""
        fails = bool(queued) or now - (self.last_failed_at or 0.0) < QUIET_S
        oldest_s = max(0.0, now - min(queued)) if queued else 0.0
        return ChannelHealth(
            channel=self.channel,
            accepted=self.accepted,
            failed=self.failed,
            queued=len(queued),
            oldest_s=oldest_s,
            last_accepted_at=self.last_accepted_at,
            failing_since=self.failing_since if fails else None,
            error=self.error if fails else "",
            last_failed_at=self.last_failed_at,
        )

    def save(self, books: Books) -> None:
        text = json.dumps([self.last_accepted_at, self.failing_since, self.error, self.last_failed_at])
        if text != self._saved:
            books.put_mark(f"channel {self.channel}", text)
            self._saved = text

    def load(self, books: Books) -> None:
        text = books.mark(f"channel {self.channel}")
        if text:
            self.last_accepted_at, self.failing_since, self.error, self.last_failed_at = json.loads(text)
            self._saved = text
