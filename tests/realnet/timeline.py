"""What is shown, and since when: rows of the daemon read four times a second, every change kept with its time.

What the machine keeps back from everybody is measured beside it, and taken out of what the daemon is judged by.
"""

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from inventory.status import Kind, StatusRow
from noc.store.file import StoreError
from noc.store.status import read_status
from tests.patience import HANGS_S
from tests.realnet.govnet import REFUSED
from tests.stalls import stalls

KINDS: tuple[Kind, ...] = ("device", "link", "site")
EVERY_S = 0.25
ODD = ("noc", *(name for name, shown in REFUSED.items() if shown != "up"))  # never up


@dataclass(frozen=True)
class Change:
    at: float  # UTC seconds when it was seen
    kind: Kind
    key: str
    shown: str  # state, reason, and behind what: `up`, `up agent-silent`, `unreachable behind pe1-cpe001`


def shown(row: StatusRow) -> str:
    cause = row.figures.get("cause")
    return " ".join(filter(None, (row.state, row.reason, f"behind {cause}" if cause else "")))


class Timeline:
    """Runs beside the tests, which ask when something was shown."""

    def __init__(self, metrics: Path, alive: Callable[[], None]) -> None:
        """`alive` fails where there is nothing to wait for any more."""
        self.changes: list[Change] = []
        self.measured: list[str] = []  # what was waited for, and how long it took
        self.now: dict[tuple[Kind, str], str] = {}
        self.rows: dict[tuple[Kind, str], StatusRow] = {}
        self._open = ExitStack()
        self._metrics = metrics
        self._alive = alive
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Timeline":
        self._kept_back = self._open.enter_context(stalls())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(HANGS_S)
        self._open.close()

    def kept_back_s(self, since: float) -> float:
        """Seconds since then (UTC) in which nobody of this machine was let run who wanted to."""
        return self._kept_back.all_s(time.monotonic() - (time.time() - since))

    def stalls(self, least_s: float) -> list[tuple[float, float]]:
        """(UTC seconds of its end, how long) of those that were as long."""
        ahead = time.time() - time.monotonic()
        return [(ended + ahead, long) for ended, long in list(self._kept_back.seen) if long >= least_s]

    def evidence(self) -> list[tuple[str, str]]:
        """Why a test with it failed."""
        lines = [f"{time.time() - one.at:6.1f} s ago  {one.kind} {one.key}: {one.shown}" for one in self.changes[-30:]]
        lines.append(f"the machine kept back {self.kept_back_s(0.0):.1f} s of {len(self._kept_back.seen)} times")
        return [("what was shown last", "\n".join(lines))]

    def _run(self) -> None:
        while not self._end.wait(EVERY_S):
            try:
                rows = [row for kind in KINDS for row in read_status(self._metrics, kind)]
            except StoreError:
                continue  # the daemon has not made its file yet
            for row in rows:
                self._take(row)

    def _take(self, row: StatusRow) -> None:
        place, words = (row.kind, row.key), shown(row)
        self.rows[place] = row
        if self.now.get(place) != words:
            self.changes.append(Change(time.time(), row.kind, row.key, words))
            self.now[place] = words  # after its change: who sees it so finds when

    def since(self, began: float, kind: Kind, key: str) -> list[str]:
        """All that was newly shown of it since then."""
        return [one.shown for one in self.changes if (one.kind, one.key) == (kind, key) and one.at >= began]

    def settle(self) -> None:
        """Waits until all that is not meant to be wrong is up."""
        began = time.monotonic()
        while True:
            wrong = {place: said for place, said in self.now.items() if said != "up" and not place[1].startswith(ODD)}
            if self.now and not wrong:
                return
            assert time.monotonic() - began < 2 * HANGS_S, f"not well within {2 * HANGS_S:g} s: {wrong}"
            self._alive()
            time.sleep(0.25)

    def wait(self, began: float, kind: Kind, key: str, meant: str, *, within_s: float) -> float:
        """Seconds from `began` until it was shown so and stayed so; it may be shown otherwise on the way.

        What counts is when it was shown, not when this looks: it may look long after. And less what was kept back.
        """
        while True:
            if self.now.get((kind, key)) == meant:
                [*_, last] = [one for one in list(self.changes) if (one.kind, one.key) == (kind, key)]
                took_s = max(0.0, last.at - began)
                if took_s - self.kept_back_s(began) > within_s:
                    break
                self.measured.append(f"{took_s:5.1f} s  {kind} {key}: {meant}")
                return took_s
            if time.time() - self.kept_back_s(began) >= began + within_s:
                break
            self._alive()
            time.sleep(0.1)
        raise AssertionError(
            f"{kind} {key} is not {meant!r} within {within_s:g} s, but {self.now.get((kind, key))!r} "
            f"{time.time() - began:.1f} s after it, of which the machine kept back {self.kept_back_s(began):.1f}, "
            f"having been {self.since(began, kind, key)}"
        )
