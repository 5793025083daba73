"""How somebody outside ends what a thread is waiting for: a login that is called off lets go at once."""

import threading
from collections.abc import Callable

from collectors.contract import NoAnswer


class Leash:
    """Held by the thread that works, cut by the one that waits; cutting is once and for all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._let_go: Callable[[], None] | None = None
        self._cut = False

    @property
    def is_cut(self) -> bool:
        return self._cut

    def hold(self, let_go: Callable[[], None] | None) -> None:
        """From now on cutting calls this; NoAnswer when it was cut already."""
        with self._lock:
            self._let_go = let_go
            cut = self._cut
        if cut:
            if let_go is not None:
                let_go()
            raise NoAnswer("called off")

    def cut(self) -> None:
        with self._lock:
            self._cut = True
            let_go = self._let_go
        if let_go is not None:
            let_go()
