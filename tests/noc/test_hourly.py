"""Figures of capacity are made soon after the start and once an hour, beside the polls; what cannot be read waits."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf, isnan
from typing import cast

import numpy as np
import pytest

from alerts.books import LedgerError
from inventory.allocation import Accounts
from inventory.batch import Batch
from inventory.calendar import SLOT_S
from inventory.model import Contract, Inventory
from noc.config import Config, PollerSection
from noc.figuring import Slots
from noc.hourly import AGAIN_S, EVERY_S, FIRST_S, Hourly, ahead
from noc.outbox import inline
from noc.wiring import House, Network, build_network
from tests.collectors.box import Clock
from tests.noc.test_figuring import NOW, Ledger, M, Traffic
from tests.noc.test_pipeline import NETWORK

CONTRACTS = {"iru": Contract("iru", "seacom", "S/1", ("cable",), 100 * M, 100 * M, date(2020, 1, 1))}


@dataclass
class Line:
    kept: list[Batch] = field(default_factory=list)

    def keep(self, batches: Sequence[Batch]) -> None:
        self.kept += batches


@dataclass
class Small:
    """What of the house is asked."""

    network: Network
    pipeline: Line = field(default_factory=Line)


def small(inventory: Inventory = NETWORK) -> Small:
    poller = PollerSection(attached_to="core-1", gateway="core-1")
    return Small(build_network(Config(poller=poller), inventory))


class Beat:
    """`step` every minute."""

    def __init__(self, house: Small) -> None:
        self.house, self.clock, self.failure = house, Clock(float(NOW)), LedgerError("locked")
        self.fails = False
        self.hourly = Hourly(
            cast(House, house), clock=self.clock, accounts=self._accounts, reading=self._reading, run=inline
        )

    async def _accounts(self, inventory: Inventory, now: float) -> Accounts:
        if self.fails:
            raise self.failure
        return Ledger()

    def _reading(self, call: Callable[[Slots], list[Batch]]) -> list[Batch]:
        return call(Traffic({"cable": (60.0 * M, 20.0 * M)}))

    def run_for(self, seconds: float) -> list[int]:
        """Seconds after the start at which figures were made."""

        async def beat() -> None:
            until = self.clock.now + seconds
            while self.clock.now < until:
                await self.hourly.step()
                self.clock.now += 60

        asyncio.run(beat())
        return [batch.at - NOW for batch in self.house.pipeline.kept]


def test_given_a_start_then_figures_come_soon_and_once_an_hour() -> None:
    found = Beat(small(replace(NETWORK, contracts=CONTRACTS))).run_for(2.5 * EVERY_S)
    assert len(found) == 3 and FIRST_S <= found[0] <= FIRST_S + 60
    assert np.diff(found).tolist() == [EVERY_S, EVERY_S]


def test_given_neither_contracts_nor_points_then_nothing_is_read() -> None:
    beat = Beat(small())
    beat.fails = True
    assert beat.run_for(EVERY_S) == [] and beat.hourly.failing_since is None


def test_given_a_ledger_that_cannot_be_read_then_it_is_said_once_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    beat = Beat(small(replace(NETWORK, contracts=CONTRACTS)))
    beat.fails = True
    assert beat.run_for(FIRST_S + 3 * AGAIN_S) == [] and beat.hourly.failing_since is not None
    beat.fails = False
    assert len(beat.run_for(AGAIN_S + 60)) == 1 and beat.hourly.failing_since is None
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_given_a_new_inventory_then_its_contracts_have_figures_at_once() -> None:
    beat = Beat(small())
    beat.run_for(600)
    beat.house.network = small(replace(NETWORK, contracts=CONTRACTS)).network
    assert len(beat.run_for(60)) == 1


def test_given_a_clock_that_is_set_back_then_figures_do_not_wait_for_it() -> None:
    beat = Beat(small(replace(NETWORK, contracts=CONTRACTS)))
    beat.run_for(600)
    beat.clock.now -= 86_400
    assert len(beat.run_for(60)) == 2


def slots(days: int, ratio: float, growth: float = 0.0) -> np.ndarray:
    at = np.arange(days * 86_400 // SLOT_S)
    return np.asarray(ratio * (1 + growth) ** ((at - at[-1]) * SLOT_S / (30 * 86_400)))


@pytest.mark.parametrize(
    ("days", "ratio", "growth", "least", "most"),
    [(100, 0.9, 0.0, 0, 0), (200, 0.74, 0.05, 30, 75), (200, 0.1, 0.0, inf, inf)],
)
def test_given_a_past_then_days_to_its_headroom_date(
    days: int, ratio: float, growth: float, least: float, most: float
) -> None:
    found = ahead(slots(days, ratio, growth), np.ones(days), 0.8, date(2026, 6, 14))
    assert least <= (inf if found is None else found) <= most


def test_given_a_short_past_then_nothing_is_said_of_days_to_come() -> None:
    found = ahead(slots(30, 0.5), np.ones(30), 0.8, date(2026, 6, 14))
    assert found is not None and isnan(found)
