"""Sends to InfluxDB what it does not have: what is measured now first, what is owed newest first, in bounded requests.

Nothing is remembered but where it stands: the queue is the metric store itself. A receipt that is lost in a crash means that
something is sent twice, which leaves one value in the server (SEMANTICS 33, 34).
"""

import logging
from collections.abc import Callable
from typing import Final

from noc.influx.backlog import Backlog
from noc.influx.contract import Denied, Refused, Server, Unreachable
from noc.influx.figures import Figures, State
from noc.influx.lines import Lines
from noc.influx.live import EVERY_S, Live
from noc.influx.older import Older
from noc.influx.owed import RAW, Receipt, counted
from noc.influx.refused import SetAside
from noc.influx.request import Request
from noc.influx.source import Source

log = logging.getLogger(__name__)

LONGEST_DELAY_S: Final = 60.0
LONGEST_ASKED_S: Final = 3600.0  # of a Retry-After
DENIED_S: Final = 60.0
TELL_EVERY_S: Final = 5.0
MOST_CREDIT_S: Final = 5.0
MOST_SHARE: Final = 0.95  # live data is never without a turn


class Shipper:
    """`step` sends one request at most. `acknowledge` keeps a receipt, sooner or later."""

    def __init__(
        self,
        source: Source,
        server: Server,
        acknowledge: Callable[[Receipt], None],
        aside: SetAside,
        *,
        clock: Callable[[], float],
        steady: Callable[[], float],
        share: float = 0.5,
    ) -> None:
        """`clock`: UTC seconds; `steady`: seconds that nobody sets (time.monotonic).

        `share`: most of the time that older data may take while newer data waits.
        """
        self.figures = Figures(since=clock())
        self._source, self._server, self._acknowledge, self._aside = source, server, acknowledge, aside
        self._clock, self._steady = clock, steady
        lines = Lines()
        self._older = Older(source, Backlog(source, lines), acknowledge, clock=clock, steady=steady)
        self._live = Live(source, lines, acknowledge, self._older.stain)
        self._earned = min(share, MOST_SHARE) / (1 - min(share, MOST_SHARE))
        self._credit = 0.0
        self._began = steady()
        self._told_at = self._resume_at = float("-inf")
        self._delay_s = 0.0
        self._held = False

    def step(self) -> float:
        """Seconds until it is worth calling again. Raises StoreError only."""
        now = self._steady()
        if now < self._resume_at:
            self._tell(now)
            return self._resume_at - now
        if self._held:
            self._held = False
            self._live.reconsider()
        live = self._live.next(now)
        if live is None:
            self._credit = 0.0
        older = self._older.next() if live is None or self._credit > 0 else None
        if older is not None:
            if self._sent(older):
                self._older.done()
        elif live is None:
            self._tell(now)
            return max(0.1, min(1.0, self._live.looked_at + EVERY_S - now))
        elif self._sent(live):
            self._live.done()
        took = self._steady() - now
        self._credit = min(MOST_CREDIT_S, self._credit + (took * self._earned if older is None else -took))
        self._tell(now)
        return max(0.0, self._resume_at - self._steady())

    @property
    def idle(self) -> bool:
        """Nothing is on its way, all that is hot was looked at, and nothing is owed."""
        return self._live.looked_at > float("-inf") and not self._live.waits and self._older.idle

    def _sent(self, request: Request) -> bool:
        """Send one part of it; whether that was all of it."""
        if request.parts:
            self._send(request)
        if not request.parts:
            self.figures.values += request.values
        return not request.parts

    def _send(self, request: Request) -> None:
        part, figures = request.parts[-1], self.figures
        try:
            self._server.write(part)
        except Unreachable as error:
            figures.unreachable += 1
            self._delay_s = min(LONGEST_DELAY_S, max(1.0, 2 * self._delay_s))
            self._hold("unreachable", error, min(LONGEST_ASKED_S, max(self._delay_s, error.after_s or 0.0)))
        except Denied as error:
            figures.denied += 1
            self._hold("denied", error, DENIED_S)
        except Refused as error:
            figures.refused += 1
            self._enter("sending")
            if bad := request.divide(error.dropped):
                self._aside.put(bad, str(error))
                figures.refused_lines += len(bad)
                figures.error = str(error)
        else:
            request.parts.pop()
            figures.requests += 1
            figures.lines += len(part)
            self._enter("sending")

    def _hold(self, state: State, error: Exception, delay_s: float) -> None:
        self.figures.error = str(error)
        self._enter(state)
        self._resume_at, self._held = self._steady() + delay_s, True

    def _enter(self, state: State) -> None:
        """Said once when it breaks and once when it heals."""
        figures, now = self.figures, self._clock()
        if state == "sending":
            self._delay_s = 0.0
        if state == figures.state:
            return
        if state != "sending":
            log.error("InfluxDB: %s; what is measured waits in the metric store", figures.error)
        elif figures.state != "starting":
            log.warning("InfluxDB takes data again, after %.0f s", now - figures.since)
        figures.state, figures.since = state, now

    def _tell(self, now: float) -> None:
        if now - self._told_at < TELL_EVERY_S:
            return
        self._told_at = now
        figures, owed = self.figures, self._source.run(counted)
        figures.at, figures.commit = self._clock(), self._live.cursor
        figures.owed_hours = owed.get(RAW, 0)
        figures.owed_rollups = sum(owed.values()) - figures.owed_hours
        behind_s = now - max(self._live.looked_at, self._began)
        figures.behind_s = behind_s if behind_s > 2 * EVERY_S else 0.0
        self._acknowledge(Receipt(figures=figures.as_dict()))
