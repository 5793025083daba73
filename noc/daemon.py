"""The daemon's life: open, start, keep, reload, drain, end."""

import asyncio
import gc
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from importlib.metadata import version
from typing import TypeVar

from alerts.books import LedgerReplaced
from inventory.allocation import Accounts
from inventory.batch import Batch
from inventory.mistakes import MistakesError
from inventory.model import Inventory
from inventory.secrets import Secrets
from noc.alerting import Alerting, Orders
from noc.channels import build_channels
from noc.checking import secret_warnings
from noc.config import Config
from noc.figuring import Slots
from noc.health import Watcher
from noc.hearing import Hearing
from noc.heart import Heart, first_mark
from noc.history import opened_reader
from noc.hourly import LOOK_S as FIGURES_LOOK_S
from noc.hourly import Hourly
from noc.influx import owed
from noc.influx.resend import LOOK_S, Resending
from noc.influx.sending import Order
from noc.influx.shipping import Shipping
from noc.keeping import Keeper, end_of, previous_mark, previous_rows
from noc.ledger.capacity import follow_inventory, read_book
from noc.ledger.ledger import open_ledger
from noc.month_end import LOOK_EVERY_S as MONTH_END_S
from noc.month_end import MonthEnd
from noc.outward import Outward
from noc.own_health import EVERY_S as OWN_EVERY_S
from noc.own_health import Ailing, OwnHealth
from noc.own_metrics import OwnMetrics
from noc.reload import read, swap
from noc.schedule import Schedule
from noc.service import Service
from noc.store.retention import Lifetimes
from noc.store.writer import MetricStore
from noc.wiring import Clock, Network, build_house

log = logging.getLogger(__name__)

REPLACED = (
    "{where} was replaced by another ledger while the daemon wrote in it. The daemon ends, so that it begins anew with the one "
    "that lies there now: systemd starts it again within seconds; where there is no systemd, start 'noc run'. "
    "What is still broken is found and told again."
)
T = TypeVar("T")
SEAL_EVERY_S = 60
DRAIN_S = 5.0
LEDGER_LOOK_S = 2.0  # between looks whether somebody put another ledger in place of ours
SETTLED_S = 90.0  # by then what lasts is there: the collector of garbage need not look at it again and again


class Daemon:
    """One life of `noc run`; every resource is closed in the order it was opened, however the life ends."""

    def __init__(self, config: Config, network: Network, secrets: Secrets, orders: Orders, *, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._service = Service(os.environ)
        self._schedule = Schedule()
        held = owed.held if config.influxdb.url else owed.nothing_held
        kept = config.store
        lifetimes = Lifetimes(kept.raw_days, kept.five_minute_days, kept.hourly_days, kept.daily_days)
        self._store = MetricStore(config.metrics_file, lifetimes=lifetimes, held=held)
        self._split(network)
        self._heart = Heart(clock)
        self._house = build_house(config, network, secrets, self._store, clock=clock, tell=self._heart.tell)
        mark = first_mark(self._house, version("govnet-noc"), os.getpid(), clock())
        self._keeper = Keeper(self._house, self._store, mark, clock)
        self._ledger = open_ledger(config.ledger_url, migrate=True, clock=clock)
        self._ledger_thread = ThreadPoolExecutor(1, "ledger")
        self._figures_thread = ThreadPoolExecutor(1, "figures")
        channels = build_channels(config, secrets, clock)
        self._alerting = Alerting(
            config, network, orders, self._ledger, channels, clock=clock, run=self._in_ledger_thread
        )
        self._heart.put_in(self._house, self._keeper, self._alerting.duty)
        self._house.pipeline.on_measured = self._alerting.duty.measured
        self._hearing = Hearing(self._house, clock, os.environ)
        self._shipping = Shipping(self._store, Order.of(config, secrets), clock)
        more = (self._hearing.gather, self._alerting.gather, self._shipping.gather)
        self._watcher = Watcher(self._house, self._keeper, clock, more=more, ails=self._ails)
        contacts = network.inventory.contacts
        self._outward = Outward(
            config, self._alerting, contacts, clock=clock, well=self._unwell, run=self._in_ledger_thread
        )
        ailing = Ailing(
            lambda: self._keeper.failing_since is not None,
            lambda: not self._alerting.keeps,
            lambda: self._shipping.failing,
        )
        health = self._alerting.outbox.health
        self._hourly = Hourly(
            self._house, clock=clock, accounts=self._accounts, reading=self._reading_store, run=self._in_figures_thread
        )
        self._month_end = MonthEnd(config, clock)
        self._ledger_replaced = False
        self._own = OwnHealth(config.data.dir, ailing, health, clock=clock, wall=time.time, steady=time.monotonic)

    def _split(self, network: Network) -> None:
        """Past so many devices, what is sealed goes into a file a month."""
        self._store.split(len(network.inventory.devices) > self._config.store.split_devices)

    def _in_ledger_thread(self, call: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._ledger_thread, call)

    def _ails(self) -> Iterator[str]:
        yield from self._alerting.ails()
        yield from self._month_end.ails()
        if trouble := self._shipping.trouble():
            yield trouble

    def _in_figures_thread(self, call: Callable[[], T]) -> Awaitable[T]:
        return asyncio.get_running_loop().run_in_executor(self._figures_thread, call)

    def _accounts(self, inventory: Inventory, now: float) -> Awaitable[Accounts]:
        def read() -> Accounts:
            with self._ledger.transaction() as books:
                follow_inventory(books, inventory, now)
                return read_book(books, now)

        return self._in_ledger_thread(read)

    def _reading_store(self, call: Callable[[Slots], list[Batch]]) -> list[Batch]:
        with opened_reader(self._config) as reader:
            return call(reader.table)

    def _unwell(self) -> str:
        return "; ".join(self._watcher.health().ailing)

    async def run(self, for_s: float | None = None) -> None:
        """Live until stopped; StoreError and OSError when something needed cannot be opened."""
        loop = asyncio.get_running_loop()
        async with AsyncExitStack() as stack:
            stack.enter_context(self._store)
            self._shipping.open()
            stack.callback(self._shipping.close)
            writer = stack.enter_context(ThreadPoolExecutor(1, "commit"))
            sealer = stack.enter_context(ThreadPoolExecutor(1, "seal"))
            before = previous_mark(self._config.metrics_file)
            blind_since = before.blind_since if before is not None else None
            self._house.network.board.restore(previous_rows(self._config.metrics_file), blind_since)
            self._keeper.watch.take_up(end_of(before))
            await stack.enter_async_context(self._house.engine)
            await stack.enter_async_context(self._house.probes)
            stack.push_async_callback(self._house.asks.close)
            stack.push_async_callback(self._month_end.stop)
            stack.enter_context(self._ledger)
            self._ledger.watch()
            stack.enter_context(self._ledger_thread)  # ends first: nothing may be under way when the ledger is closed
            stack.enter_context(self._figures_thread)
            await self._alerting.open(stack)
            await stack.enter_async_context(self._hearing)
            self._outward.open(stack)
            metrics = OwnMetrics(self._config.http.listen, self._watcher.gather, self._watcher.health)
            metrics.start()
            stack.callback(metrics.stop)
            for number, event in (
                (signal.SIGTERM, self._stop),
                (signal.SIGINT, self._stop),
                (signal.SIGHUP, self._reload),
            ):
                loop.add_signal_handler(number, event.set)
            if for_s is not None:
                loop.call_later(for_s, self._stop.set)
            self._arrange(lambda: loop.run_in_executor(writer, self._keeper.commit), sealer)
            await self._live()
            await self._end()
        if self._ledger_replaced:
            raise LedgerReplaced(REPLACED.format(where=self._ledger.where))

    def _arrange(self, commit: Callable[[], object], sealer: ThreadPoolExecutor) -> None:
        """Who does what how often, from now on."""
        self._heart.arrange(self._schedule)
        self._schedule.every(self._config.store.commit_s, self._keeper.committing(commit), name="commit")
        self._schedule.every(SEAL_EVERY_S, self._keeper.sealing(sealer), name="seal")
        self._schedule.every(FIGURES_LOOK_S, self._hourly.step, name="figures")
        self._schedule.every(OWN_EVERY_S, self._look_at_ourselves, name="own")
        self._schedule.every(MONTH_END_S, self._month_end.look, name="month end")
        self._schedule.every(LEDGER_LOOK_S, self._look_at_ledger, name="ledger")
        if self._config.influxdb.url:
            metrics_file = self._config.metrics_file
            resending = Resending(self._ledger, self._store, metrics_file, self._in_ledger_thread)
            self._schedule.every(LOOK_S, resending.look, name="resend")
        if self._service.watchdog_s:
            self._schedule.every(self._service.watchdog_s, self._alive, name="watchdog")
        self._schedule.start()
        self._heart.warm_up()
        asyncio.get_running_loop().call_later(SETTLED_S, _freeze)

    def _look_at_ourselves(self) -> None:
        self._house.pipeline.keep([self._own.batch()])

    def _look_at_ledger(self) -> None:
        """One that was put back knows other incidents: nothing that is remembered here holds of it, so a new life begins."""
        if not self._ledger_replaced and self._ledger.replaced:
            self._ledger_replaced = True
            self._stop.set()

    def _alive(self) -> None:
        if not self._watcher.health().ailing:
            self._service.alive(self._watcher.sentence())

    async def _live(self) -> None:
        """Until told to stop; reloads on the way."""
        self._service.ready(self._watcher.sentence())
        log.info("watching %d devices", len(self._house.network.inventory.devices))
        stopping = asyncio.create_task(self._stop.wait())
        while not stopping.done():
            reloading = asyncio.create_task(self._reload.wait())
            await asyncio.wait((stopping, reloading), return_when=asyncio.FIRST_COMPLETED)
            reloading.cancel()
            if self._reload.is_set():
                self._reload.clear()
                await self._take_new_inventory()

    async def _take_new_inventory(self) -> None:
        """SIGHUP: a broken inventory is refused whole, and the old one goes on."""
        self._service.reloading()
        try:
            network, secrets, orders = await asyncio.to_thread(read, self._config)
        except MistakesError as error:
            log.error("the new inventory is refused, the old one goes on:\n%s", error)
        else:
            log.info("new inventory: %s", swap(self._house, network, secrets))
            self._split(network)
            for warning in secret_warnings(self._config, network.inventory, secrets):
                log.warning("%s", warning)
            self._hearing.set_network()
            self._shipping.renew(Order.of(self._config, secrets))
            channels = build_channels(self._config, secrets, self._clock)
            self._alerting.set_network(self._house.network, orders, channels)
            self._outward.replies.furnish(network.inventory.contacts)
        self._service.ready(self._watcher.sentence())

    async def _end(self) -> None:
        """Nothing new is started, what runs may end, and everything known is made durable."""
        log.info("stopping")
        self._service.stopping()
        self._schedule.stop()
        await self._house.rounds.stop()
        await asyncio.gather(*(polling.drain(DRAIN_S) for polling in self._house.pollings.values()))
        self._house.pipeline.tick()
        await self._alerting.duty.stop()
        self._keeper.close()


def _freeze() -> None:
    """A full collection over ten thousand devices stops every poll for a quarter of a second; so it is done once."""
    gc.collect()
    gc.freeze()
