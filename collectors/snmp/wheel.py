"""The timer wheel of the SNMP engine: comes back to each exchange when its time is over, and rests while there is none."""

import asyncio
from collections.abc import Callable

from collectors.snmp.exchange import Exchange

TICK_S = 0.05


class Wheel:
    """One timer for all exchanges. `expire` is told of each whose time has come; it may put it on the wheel again.

    Before any expires `catch_up` reads what already came, for a stalled loop is no silence; the wheel turns while `busy`.
    """

    def __init__(
        self, catch_up: Callable[[], None], expire: Callable[[Exchange, float], None], busy: Callable[[], bool]
    ) -> None:
        self._catch_up = catch_up
        self._expire = expire
        self._busy = busy
        self._buckets: dict[int, set[Exchange]] = {}  # by tick
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def turning(self) -> bool:
        return self._ticking is not None

    def put(self, exchange: Exchange, due: float) -> None:
        """Come back to the exchange at `due`, or when it is not to wait any more."""
        until = exchange.until
        tick = exchange.tick = int((due if due < until else until) / TICK_S) + 1
        bucket = self._buckets.get(tick)
        if bucket is None:
            self._buckets[tick] = {exchange}
        else:
            bucket.add(exchange)
        if self._ticking is None:
            self._ticking = asyncio.get_running_loop().call_later(TICK_S, self._turn)

    def drop(self, exchange: Exchange) -> None:
        """Do not come back to it."""
        bucket = self._buckets.get(exchange.tick)
        if bucket is not None:
            bucket.discard(exchange)

    def stop(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
        self._ticking = None
        self._buckets.clear()

    def _turn(self) -> None:
        self._catch_up()
        loop = asyncio.get_running_loop()
        now = loop.time()
        for tick in sorted(tick for tick in self._buckets if tick * TICK_S <= now):
            for exchange in self._buckets.pop(tick):
                self._expire(exchange, now)
        busy = self._busy()
        self._ticking = loop.call_later(TICK_S, self._turn) if busy else None
        if not busy:
            self._buckets.clear()
