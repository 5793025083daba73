"""Whether the daemon lives, judged by its pulse: its line changes while the web looks on, whatever its clock said."""

import threading
from collections.abc import Callable

from dashboards.status import FAST_S
from inventory.status import DaemonMark, JudgedMark


class Life:
    """Safe in several threads. `clock` gives UTC seconds, `pulse_clock` seconds that nobody sets."""

    def __init__(self, clock: Callable[[], float], pulse_clock: Callable[[], float]) -> None:
        self._clock, self._pulse_clock = clock, pulse_clock
        self._turn = threading.Lock()
        self._seen: DaemonMark | None = None
        self._changed_at = 0.0

    def judged(self, mark: DaemonMark | None) -> DaemonMark | None:
        """The line as it was written; where it is dated ahead of our clock, as `JudgedMark`.

        What is dated ahead proves nothing by its date: it is as old as it has been seen not to change.
        """
        with self._turn:
            if mark != self._seen:
                self._seen, self._changed_at = mark, self._pulse_clock()
            unchanged_s = self._pulse_clock() - self._changed_at
        if mark is None:
            return None
        ahead_s = mark.at - (self._clock() - unchanged_s)
        return _moved(mark, ahead_s) if ahead_s > FAST_S else mark


def _moved(mark: DaemonMark, ahead_s: float) -> JudgedMark:
    return JudgedMark(
        at=mark.at - ahead_s,
        started=mark.started - ahead_s,
        pid=mark.pid,
        version=mark.version,
        stopped=None if mark.stopped is None else mark.stopped - ahead_s,
        stale_after_s=mark.stale_after_s,
        counters_every_s=mark.counters_every_s,
        blind_since=None if mark.blind_since is None else mark.blind_since - ahead_s,
        ahead_s=ahead_s,
    )
