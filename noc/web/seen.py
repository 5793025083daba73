"""When sessions, displays and tokens were last used: at once in memory, all together now and then in the ledger."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from dashboards.web.refusal import Refusal
from dashboards.web.sources.accounts import Session, Token
from noc.ledger import access
from noc.web.held import HeldAccess

IDLE_S: Final = 12 * 3600.0
MOST_S: Final = 7 * 86_400.0
YEAR_S: Final = 366 * 86_400.0  # of a display, from the last time it was seen
EVERY_S: Final = 300.0  # between two notes in the ledger: each of them wakes whoever waits for it to change
MOST: Final = 20_000


class Seen:
    """Safe in several threads. A ledger that takes no writes keeps nobody out."""

    def __init__(self, held: HeldAccess, clock: Callable[[], float]) -> None:
        self._held = held
        self._clock = clock
        self._turn = threading.Lock()
        self._last: dict[str, float] = {}  # by hash of a session: its last request
        self._used: dict[int, float] = {}  # by number of a token
        self._noted_at = clock()

    def alive(self, hashed: str, session: Session) -> bool:
        now, last = self._clock(), max(session.seen_at, self._last.get(hashed, 0.0))
        if session.display:
            return now < last + YEAR_S
        return now < session.ends_at and now < last + IDLE_S

    def session(self, hashed: str) -> None:
        with self._turn:
            if len(self._last) >= MOST:
                self._last.clear()
            self._last[hashed] = self._clock()
        self._note_if_due()

    def token(self, token: Token) -> None:
        with self._turn:
            self._used[token.number] = self._clock()
        self._note_if_due()

    def used_at(self, token: Token) -> float | None:
        return self._used.get(token.number, token.used_at)

    def _note_if_due(self) -> None:
        now = self._clock()
        with self._turn:
            if 0 <= now - self._noted_at < EVERY_S:
                return
            self._noted_at = now
        self.note()

    def note(self) -> None:
        """Everything that was used since the last time; what the ledger does not take now it is told again later."""
        with self._turn:
            last, used = dict(self._last), dict(self._used)
        if not last and not used:
            return
        known = self._held.now().sessions
        with suppress(Refusal), self._held.acting() as books:
            for hashed, at in last.items():
                if hashed in known and at > known[hashed].seen_at:
                    access.see_session(books, hashed, at, YEAR_S)
            for number, at in used.items():
                access.see_token(books, number, at)
