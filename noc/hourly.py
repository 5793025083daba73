"""Figures of capacity, soon after the start and once an hour: computed beside the polls, judged and kept like any batch."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from math import nan
from typing import Final

from alerts.books import LedgerError
from dashboards.capacity.forecast import headroom
from dashboards.capacity.percentile import Floats
from inventory.allocation import Accounts
from inventory.batch import Batch
from inventory.model import Inventory
from noc.diversity import carrying
from noc.figuring import Figuring, Slots, Sources
from noc.outbox import Runner
from noc.store.file import StoreError
from noc.wiring import Clock, House, Network

log = logging.getLogger(__name__)

EVERY_S: Final = 3600.0
LOOK_S: Final = 60.0  # how often it is looked whether they are due
FIRST_S: Final = 90.0  # by then it is known what carries
AGAIN_S: Final = 300.0  # after something could not be read


class Hourly:
    """`accounts` reads the capacity ledger as it stands, `slots` calls with a reader of the store, `run` is off the loop."""

    def __init__(
        self,
        house: House,
        *,
        clock: Clock,
        accounts: Callable[[Inventory, float], Awaitable[Accounts]],
        reading: Callable[[Callable[[Slots], list[Batch]]], list[Batch]],
        run: Runner,
    ) -> None:
        self.failing_since: float | None = None
        self.figured = 0  # times, since the start
        self._house, self._clock, self._accounts, self._reading, self._run = house, clock, accounts, reading, run
        self._figuring = Figuring(house.network.inventory)
        self._inventory = house.network.inventory
        self._due_at = clock() + FIRST_S

    async def step(self) -> None:
        """Where it is time. What cannot be read now is not known, and tried again; polls never wait for it."""
        network, now = self._house.network, self._clock()
        inventory = network.inventory
        if inventory is not self._inventory:
            self._inventory, self._figuring, self._due_at = inventory, Figuring(inventory), now
        if not self._due_at - EVERY_S <= now < self._due_at:
            self._due_at = now + EVERY_S
            if inventory.contracts or inventory.points:
                await self._take(network, now)

    async def _take(self, network: Network, now: float) -> None:
        inventory = network.inventory
        named = tuple({circuit for contract in inventory.contracts.values() for circuit in contract.circuits})
        carries = carrying(network, named)
        try:
            accounts = await self._accounts(inventory, now)
            batches = await self._run(lambda: self._figure(accounts, int(now), carries))
        except (StoreError, LedgerError) as error:
            self._due_at = now + AGAIN_S
            self._broke(now, error)
            return
        self._healed(now)
        self._house.pipeline.keep(batches)

    def _figure(self, accounts: Accounts, at: int, carries: Mapping[str, bool]) -> list[Batch]:
        figuring = self._figuring
        return self._reading(lambda slots: figuring.batches(Sources(slots, accounts, ahead), at, carries))

    def _broke(self, now: float, error: Exception) -> None:
        if self.failing_since is None:
            self.failing_since = now
            log.error("figures of capacity wait: %s", error)

    def _healed(self, now: float) -> None:
        self.figured += 1
        if self.failing_since is not None:
            log.warning("figures of capacity are there again, after %.0f s", now - self.failing_since)
            self.failing_since = None


def ahead(slots: Floats, base: Floats, level: float, last: date) -> float | None:
    """Days to the headroom date as rules want it; see `noc.figuring.Ahead`."""
    found = headroom(slots, base, level, last)
    if found.answer == "not enough history":
        return nan
    days = found.days_left(last)
    return None if days is None else max(0.0, days - 1.0)
