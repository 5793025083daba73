"""The daemon's ears: what devices say unasked is heard, kept, and used as a hint to look for ourselves."""

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, Self

from collectors.contract import Listener, Target
from collectors.notices.binding import handed_over
from collectors.notices.ears import Ears, Places
from collectors.notices.mnemonics import same_interface
from collectors.notices.sources import is_named
from inventory.notice import Notice
from inventory.states import State
from noc.hints import ROUND, Hints
from noc.notices.book import PRUNE_EVERY_S, Book
from noc.notices.engine import NAME as ENGINE
from noc.notices.engine import take_engine
from noc.notices.file import NAME as NOTICES
from noc.own_metrics import Own
from noc.store.file import StoreError
from noc.wiring import Clock, House

log = logging.getLogger(__name__)

COMMIT_S = 1.0
MARK_EVERY_S = 10.0
RESOLVE_EVERY_S = 300.0
RETRY_S = 5.0  # what could not be had is tried again so often: whoever holds a port may let it go
WORST = 10


class HouseActs:
    """What hints may do in this house (`noc.hints.Acts`)."""

    def __init__(self, house: House, clock: Clock) -> None:
        self._house = house
        self._clock = clock

    def poll(self, device: str, what: str) -> None:
        network = self._house.network
        found = network.inventory.devices.get(device)
        if found is None:
            return
        if what == ROUND:
            self._house.rounds.hurry(found)
            return
        polling = self._house.pollings.get(what)
        if polling is not None and not network.board.silent(device):
            nudge = getattr(self._house.asks[what].collector, "nudge", None)
            if nudge is not None:  # a collector that asks only when there is reason to has one now
                nudge(device)
            polling.now(Target(found, what, polling.every_s))

    def claim(self, device: str, subject: str, state: str) -> bool:
        interface = self._interface(device, subject)
        return bool(interface) and self._house.network.board.claim_port(
            device, interface, self._clock(), down=state == "down"
        )

    def confirmed(self, device: str, subject: str, state: str) -> bool:
        known = self._house.network.board.port_state(device, self._interface(device, subject))
        return known is None or known == (State.DOWN if state == "down" else State.UP)

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(seconds, call)

    def tell(self, words: str) -> None:
        log.info("%s", words)

    def _interface(self, device: str, subject: str) -> str:
        """Key of the declared link's interface that an ifIndex, or a spelt name, means; "" where none is."""
        declared = self._house.network.inventory.link_interfaces.get(device, ())
        if subject.isdecimal():
            standing = self._house.interfaces.standing(device)
            rows = standing.rows if standing else ()
            return next((row.key for row in rows if row.index == int(subject) and row.key in declared), "")
        alike = [key for key in declared if same_interface(subject, key)]
        return alike[0] if len(alike) == 1 else ""


class Hearing:
    """Opened with the daemon and closed with it; a port or a file that cannot be had is said, and the rest goes on."""

    def __init__(self, house: House, clock: Clock, environment: Mapping[str, str]) -> None:
        self.hints = Hints(HouseActs(house, clock), clock)
        self.book: Book | None = None
        self.ears: Ears | None = None
        self.missing: dict[str, str] = {}  # door -> why it is not open
        self._told: set[str] = set()  # what was said to be missing, and not yet that it is there again
        self._house = house
        self._clock = clock
        self._environment = environment
        self._tasks: set[asyncio.Task[None]] = set()
        self._devices: frozenset[str] = frozenset()
        self._shared: frozenset[str] = frozenset()
        self._thread: ThreadPoolExecutor | None = None
        self._failing = False

    async def __aenter__(self) -> Self:
        self._open_book()
        if not self._open_ears():
            self._start(self._open_ears_later())
        self._start(self._keep())
        await asyncio.sleep(0)  # the ports are open, or known to be taken, before the daemon says that it is ready
        return self

    def _open_ears(self) -> bool:
        """False where the engine's boots cannot be made durable: no inform may be answered then (RFC 3414, 2.2)."""
        config = self._house.config
        places = Places(config.notices.traps, config.notices.syslog, handed_over(self._environment, os.getpid()))
        try:
            engine = take_engine(config.data.dir / ENGINE)
        except OSError as error:
            self._miss("all", f"{config.data.dir / ENGINE} cannot be written: {error.strerror}")
            return False
        self.missing.pop("all", None)
        self.ears = Ears(places, engine, config.notices.most_per_s, self._clock)
        self.set_network()
        self._note_uptimes()
        for name, listener in self.ears.listeners.items():
            self._start(self._listen(name, listener))
        return True

    async def _open_ears_later(self) -> None:
        while True:
            await asyncio.sleep(RETRY_S)
            if self._open_ears():
                return

    async def __aexit__(self, *_: object) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._thread is not None:
            self._thread.shutdown(wait=True)
        if self.book is not None:
            self.book.__exit__()

    def set_network(self) -> None:
        """After a reload: other devices, other secrets."""
        if self.ears is not None:
            devices = self._house.network.inventory.devices
            for gone in self._devices - devices.keys():
                self.hints.forget(gone)
            self._devices = frozenset(devices)
            self.ears.set_network(devices, self._house.credentials.secrets)
            for address in self.ears.intake.sources.ambiguous - self._shared:
                log.warning("several devices have the address %s: nobody is heard from there", address)
            self._shared = self.ears.intake.sources.ambiguous
            if any(map(is_named, devices.values())):
                self._start(self.ears.resolve(devices))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            log.error("hearing notices broke", exc_info=task.exception())

    def _open_book(self) -> None:
        path = self._house.config.data.dir / NOTICES
        try:
            self.book = Book(path, self._house.config.notices.keep_days).__enter__()
        except StoreError as error:
            self._miss("book", str(error))
            return
        self.missing.pop("book", None)
        self._thread = ThreadPoolExecutor(1, "notices")

    def _note_uptimes(self) -> None:
        """Polls tell uptimes, too: a device that has just started says nothing by its link notices."""
        before = self._house.pipeline.on_uptime

        def both(device: str, at: float, ticks: int | None) -> None:
            before(device, at, ticks)
            self.hints.note_uptime(device, at, ticks)

        self._house.pipeline.on_uptime = both

    def _miss(self, door: str, why: str) -> None:
        self.missing[door] = why
        if door not in self._told:
            self._told.add(door)
            log.warning("not listening (%s): %s", door, why)

    def _tell_healed(self) -> None:
        for door in sorted(self._told - self.missing.keys()):
            self._told.discard(door)
            log.warning("listening after all (%s)", door)

    async def _listen(self, name: str, listener: Listener) -> None:
        """Until cancelled; a port that is taken is tried again."""
        while True:
            self.missing.pop(name, None)  # binding comes before the first wait, so nobody sees it open when it is not
            try:
                await listener.listen(self.hear)
            except OSError as error:
                self._miss(name, f"{error.strerror or error}; see [notices] in noc.toml, or systemd's sockets")
            await asyncio.sleep(RETRY_S)

    def hear(self, notice: Notice) -> None:
        """One notice: a hint, and a line in the book."""
        self.hints.take(notice)
        if self.book is not None:
            self.book.put(notice)

    # keeping

    async def _keep(self) -> None:
        """Durable once a second; old ones go, and who is not heard is noted."""
        loop, started = asyncio.get_running_loop(), self._clock()
        pruned = marked = resolved = started - 1e9
        tried = started
        while True:
            await asyncio.sleep(COMMIT_S)
            now = self._clock()
            self._tell_healed()
            if self.book is None and now - tried >= RETRY_S:
                tried = now
                await asyncio.to_thread(self._open_book)
            if now - marked >= MARK_EVERY_S:
                marked = now
                self._mark(now)
            if self.book is not None and self._thread is not None:
                await loop.run_in_executor(self._thread, self._write, now if now - pruned >= PRUNE_EVERY_S else None)
                pruned = now if now - pruned >= PRUNE_EVERY_S else pruned
            if now - resolved >= RESOLVE_EVERY_S and self.ears is not None:
                resolved = now
                await self.ears.resolve(self._house.network.inventory.devices)

    def _write(self, prune_at: float | None) -> None:
        """In the thread."""
        assert self.book is not None
        try:
            self.book.commit()
            if prune_at is not None:
                self.book.prune(prune_at)
        except StoreError as error:
            if not self._failing:
                log.error("%s", error)
            self._failing = True
        else:
            if self._failing:
                log.warning("%s takes writes again", self.book.path)
            self._failing = False

    def _mark(self, now: float) -> None:
        """For `noc doctor`, which looks from outside."""
        if self.book is None or self.ears is None:
            return
        strangers = [
            {"address": address, "count": one.count, "last_at": one.last_at}
            for address, one in self.ears.intake.strangers.worst(WORST)
        ]
        loud = [{"device": key, "count": count} for key, count in self.ears.intake.admission.refused(WORST)]
        self.book.mark(
            "ears", now, {"missing": self.missing, "open": self.doors(), "strangers": strangers, "loud": loud}
        )

    def doors(self) -> list[str]:
        """Names of what is open."""
        return [name for name in (self.ears.listeners if self.ears else ()) if name not in self.missing]

    def gather(self) -> Iterator[Own]:
        """For /metrics."""
        if self.ears is None:
            return
        for door, counters in self.ears.counters.items():
            yield Own("notices_listening", "1 while this door is open", door in self.doors(), {"door": door})
            for word, value in asdict(counters).items():
                help_text = f"Notices: {word.replace('_', ' ')}"
                yield Own(f"notices_{word}", help_text, value, {"door": door}, counter=True)
            overflown = self.ears.overflown(door)
            yield Own(
                "notices_overflown", "Notices lost in the kernel: buffer full", overflown, {"door": door}, counter=True
            )
        yield Own("notices_waiting", "Notices that wait to be taken apart", self.ears.waiting())
        for word, value in asdict(self.hints.counters).items():
            yield Own("hints", "Notices as hints, by what came of them", value, {"outcome": word}, counter=True)
        for address, one in self.ears.intake.strangers.worst(WORST):
            yield Own("notices_stranger", "Who sends and is not in the inventory", one.count, {"address": address})
        for device, count in self.ears.intake.admission.refused(WORST):
            yield Own("notices_loud", "Devices that were not listened to, so often", count, {"device": device})
        yield from self._kept()

    def _kept(self) -> Iterator[Own]:
        if self.book is None:
            return
        for word, value in asdict(self.book.counters).items():
            yield Own(f"notices_book_{word}", f"Notices {word}", value, counter=True)
        yield Own("notices_book_waiting", "Notices not yet durable", self.book.waiting)
