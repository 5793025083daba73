"""What failed at the door before this process began, as the audit log has it: a restart is no fresh start for who guesses."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from dashboards.web.refusal import Refusal
from dashboards.web.sources.accounts import Deed, Sought
from noc.accounts.brake import FORGET_S, Brake
from noc.ledger import access
from noc.web.held import HeldAccess

REFUSED: Final = "log-in refused"
ENTERED: Final = "log in"
MOST: Final = 2_000  # lines: thirty a minute are written at most


class Recalled:
    """Safe in several threads. Read once, before the first try; a ledger that is away then is asked with the next."""

    def __init__(self, held: HeldAccess, brake: Brake, clock: Callable[[], float]) -> None:
        self._held, self._brake, self._clock = held, brake, clock
        self._turn = threading.Lock()
        self._done = False

    def look(self) -> None:
        if self._done:
            return
        with self._turn, suppress(Refusal):
            if self._done:
                return
            since = self._clock() - FORGET_S
            with self._held.reading() as books:
                found = [
                    one
                    for act in (REFUSED, ENTERED)
                    for one in access.deeds(books, Sought(act=act, since=since, most=MOST))
                ]
            for one in sorted(found, key=lambda one: one.number):
                self._take(one)
            self._done = True

    def _take(self, one: Deed) -> None:
        account, address = (str(one.what.get(name, "")) for name in ("account", "address"))
        if one.act == ENTERED:
            self._brake.forgive(account, address)
        elif isinstance(failures := one.what.get("failures"), int):
            self._brake.recall(account, address, failures, one.at)
