"""Sends what is queued: the row first, the message later, again until somebody took it; one slow channel delays no other.

A row is marked as tried, sent, and marked as accepted, each in a transaction of its own (SEMANTICS 23): a crash between
sends it twice with the same key, never not at all (SEMANTICS 34). It is read again just before it is sent, so that what
was cancelled by an acknowledgement stays (SEMANTICS 24).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from alerts.books import Books, Ledger, LedgerError
from alerts.incident import Incident
from alerts.notification import Fate, Notification, Notifier, NotifyError, Refused, Unsure
from inventory.model import Contact
from noc.channel_health import ChannelHealth, Pulse
from noc.tries import SUPERSEDED, ended, failed, lane, refused, too_late, urgency

log = logging.getLogger(__name__)

T = TypeVar("T")
WIDTHS: Mapping[str, int] = {"sms": 8, "modem": 1, "mail": 4, "webhook": 4, "apprise": 2}
MOST_IN_MEMORY = 1000
LOOK_S = 5.0
GRACE_S = 3.0
BROKEN_S = 60.0  # before a row is touched again whose sending broke for a mistake of ours


class Runner(Protocol):
    """Where calls of the ledger run: a thread live, in place in simulated time."""

    def __call__(self, call: Callable[[], T], /) -> Awaitable[T]: ...


async def inline(call: Callable[[], T], /) -> T:
    return call()


@dataclass(slots=True)
class _Memory:
    """What the ledger did not take: these rows count instead of its own until it does."""

    rows: dict[str, Notification] = field(default_factory=dict)

    def keep(self, row: Notification) -> None:
        if row.key in self.rows or len(self.rows) < MOST_IN_MEMORY:
            self.rows[row.key] = row

    def forget(self, written: Mapping[str, Notification]) -> None:
        """Those that did not change since they were written."""
        self.rows = {key: row for key, row in self.rows.items() if written.get(key) is not row}


def _write(books: Books, rows: Iterable[Notification]) -> None:
    """Make the ledger know what it did not take; what was cancelled in it meanwhile stays so."""
    for row in rows:
        known = {one.key: one for one in books.notifications(row.incident)}.get(row.key)
        if known is None:
            books.queue(row)
        elif known.fate == Fate.QUEUED or row.fate != Fate.QUEUED:
            books.put_notification(row)


class Outbox:
    """Constructed inert; `work` runs until it is cancelled."""

    def __init__(
        self,
        ledger: Ledger,
        channels: Mapping[str, Notifier],
        contacts: Mapping[str, Contact],
        *,
        clock: Callable[[], float],
        run: Runner = inline,
        look_s: float = LOOK_S,
    ) -> None:
        """`look_s`: how often the ledger is looked at unasked, for what other processes queued and cancelled."""
        self._ledger = ledger
        self._clock = clock
        self._run = run
        self._look_s = look_s
        self._woken = asyncio.Event()
        self._flying: dict[str, tuple[str, asyncio.Task[None]]] = {}
        self._waiting: tuple[Notification, ...] = ()
        self._memory = _Memory()
        self._kicked: set[str] = set()
        self._ledger_error = ""
        self._pulses: dict[str, Pulse] = {}
        self.fates: Counter[str] = Counter()
        self.furnish(channels, contacts)

    def furnish(self, channels: Mapping[str, Notifier], contacts: Mapping[str, Contact]) -> None:
        """Other channels and contacts from now on, after a reload."""
        self._channels = dict(channels)
        self._contacts = contacts
        for channel in self._channels:
            self._pulses.setdefault(channel, Pulse(channel))

    def wake(self) -> None:
        """Something was queued."""
        self._woken.set()

    def hand(self, notifications: Iterable[Notification]) -> None:
        """These go out although the ledger took nothing; it is given them when it can be written again."""
        for row in notifications:
            self._memory.keep(row)
        self.wake()

    async def work(self) -> None:
        """Send until cancelled; what is under way may then end, else it is broken off, and sent again by the next life."""
        await self._recall()
        try:
            while True:
                self._woken.clear()
                self._waiting = await self._rows()
                self._start(self._waiting)
                await self._pause()
        finally:
            tasks = [task for _, task in self._flying.values()]
            if tasks:
                await asyncio.wait(tasks, timeout=GRACE_S)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def health(self) -> Mapping[str, ChannelHealth]:
        """How each channel does, by its name."""
        now = self._clock()
        waiting: dict[str, list[float]] = {channel: [] for channel in self._channels}
        for row in self._waiting:
            place = lane(row, self._usable(row))
            if place is not None:
                waiting[row.channels[place]].append(row.queued_at)
        return {channel: self._pulses[channel].health(queued, now) for channel, queued in sorted(waiting.items())}

    @property
    def ledger_error(self) -> str:
        """Why the ledger takes nothing now; "" when it does."""
        return self._ledger_error

    # what is to be done

    async def _rows(self) -> tuple[Notification, ...]:
        held = dict(self._memory.rows)

        opened = self._ledger.transaction if held else getattr(self._ledger, "reading", self._ledger.transaction)

        def read() -> dict[str, Notification]:
            with opened() as books:
                _write(books, held.values())
                return {row.key: row for row in books.notifications(fates=[Fate.QUEUED])}

        rows = await self._asked(read)
        if rows is None:
            rows = {row.key: row for row in self._waiting} | self._memory.rows
        else:
            self._memory.forget(held)
            rows |= self._memory.rows
        return tuple(sorted((row for row in rows.values() if row.fate == Fate.QUEUED), key=urgency))

    async def _asked(self, call: Callable[[], T]) -> T | None:
        """The ledger's answer, or None; said once when it breaks and once when it heals."""
        try:
            answer = await self._run(call)
        except Exception as error:  # whatever it is, messages go on being sent: from memory, in doubt twice
            if not self._ledger_error:
                ours = None if isinstance(error, LedgerError) else error
                log.error("the outbox cannot use the ledger: %s", error, exc_info=ours)
            self._ledger_error = str(error) or type(error).__name__
            return None
        if self._ledger_error:
            log.warning("the outbox can use the ledger again")
            self._ledger_error = ""
        return answer

    def _start(self, rows: tuple[Notification, ...]) -> None:
        now, kicked, self._kicked = self._clock(), self._kicked, set()
        width = Counter(channel for channel, _ in self._flying.values())
        old = superseded(rows)
        for row in rows:
            if row.key in self._flying:
                continue
            place = lane(row, self._usable(row))
            channel = row.channels[place] if place is not None else ""
            due = row.next_try_at <= now or channel in kicked
            if place is None or row.key in old or too_late(row, None, now):
                self._fly(row, "", self._close(row, superseded=row.key in old))
            elif due and width[channel] < WIDTHS.get(channel, 1):
                width[channel] += 1
                self._fly(row, channel, self._send(row, place))

    def _fly(self, row: Notification, channel: str, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._flying[row.key] = (channel, task)
        task.add_done_callback(lambda _: self._landed(row.key, task))

    def _landed(self, key: str, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or task.exception() is None:
            self._release(key)
        else:
            log.error("message %s could not be handled", key, exc_info=task.exception())
            asyncio.get_running_loop().call_later(BROKEN_S, self._release, key)

    def _release(self, key: str) -> None:
        self._flying.pop(key, None)
        self._woken.set()

    async def _pause(self) -> None:
        """Until something is queued, ended or due, or it is time to look again."""
        now = self._clock()
        due = [row.next_try_at - now for row in self._waiting if row.key not in self._flying]
        wait_s = min([self._look_s, *(one for one in due if one > 0)])
        timer = asyncio.get_running_loop().call_later(wait_s, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            timer.cancel()

    def _usable(self, row: Notification) -> Callable[[str], bool]:
        return lambda channel: channel in self._channels and self._address(row.contact, channel) is not None

    def _address(self, contact: str, channel: str) -> str | None:
        """Where this contact is reached by this channel; None: not at all."""
        found = self._contacts.get(contact)
        if channel in ("sms", "modem"):
            return (found.telephone or None) if found else None
        if channel == "mail":
            return (found.email or None) if found else None
        return ""

    # one message

    async def _send(self, row: Notification, place: int) -> None:
        claimed = await self._claim(row, place)
        if claimed is None:
            return
        channel = row.channels[place]
        pulse = self._pulses[channel]
        try:
            receipt = await self._channels[channel].send(claimed, self._address(row.contact, channel) or "")
        except NotifyError as error:
            pulse.fail(self._clock(), str(error), blame=not isinstance(error, Refused))
            await self._retry(claimed, place, error)
        except Exception as error:
            log.exception("channel %s broke", channel)
            pulse.fail(self._clock(), type(error).__name__)
            await self._retry(claimed, place, NotifyError(f"the channel broke: {type(error).__name__}"))
        else:
            if pulse.accept(self._clock()):
                self._kicked.add(channel)  # it works again: nobody waits for his next turn
            fate = Fate.DELIVERED if receipt.delivered else Fate.SENT
            await self._put(replace(ended(claimed, fate, self._clock()), channel=channel), keep_cancelled=False)

    async def _claim(self, row: Notification, place: int) -> Notification | None:
        """The row as it stands now, marked as tried; None when it must not be sent."""

        def mark() -> Notification | None:
            with self._ledger.transaction() as books:
                fresh = _queued(books, row)
                if fresh is None:
                    return None
                fresh = replace(fresh, place=place, tries=fresh.tries + 1)
                late = too_late(fresh, _incident(books, row), self._clock())
                books.put_notification(late or fresh)
                return late or fresh

        tried = replace(row, place=place, tries=row.tries + 1)
        if row.key in self._memory.rows:
            return tried
        claimed = await self._asked(mark)
        if self._ledger_error:  # in doubt it goes out
            return tried
        if claimed is not None and claimed.fate != Fate.QUEUED:
            self._count(claimed)
            return None
        return claimed

    async def _retry(self, row: Notification, place: int, error: NotifyError) -> None:
        now, usable, words = self._clock(), self._usable(row), f"{row.channels[place]}: {error}"
        if isinstance(error, Refused):
            following = refused(row, place, now, usable, words)
        else:
            following = failed(row, place, now, usable, words, doubt=isinstance(error, Unsure))
        await self._put(following.row, following.copy)

    async def _close(self, row: Notification, *, superseded: bool) -> None:
        now = self._clock()
        if superseded:
            closed = ended(row, Fate.CANCELLED, now, "a later message says more")
        else:
            why = row.error or f"{row.contact} has no address on any channel that is configured"
            closed = too_late(row, None, now) or ended(row, Fate.FAILED, now, why)
        await self._put(closed)

    async def _put(self, row: Notification, copy: Notification | None = None, *, keep_cancelled: bool = True) -> None:
        """Write how the row goes on; what was cancelled meanwhile stays so, unless it went out all the same."""

        def write() -> bool:
            with self._ledger.transaction() as books:
                if keep_cancelled and _queued(books, row) is None:
                    return False
                books.put_notification(row)
                if copy is not None:
                    books.queue(copy)
                for pulse in self._pulses.values():
                    pulse.save(books)
                return True

        written = None if row.key in self._memory.rows else await self._asked(write)
        if written is None:
            self._memory.keep(row)
            if copy is not None:
                self._memory.keep(copy)
        if written is not False:
            self._count(row)

    def _count(self, row: Notification) -> None:
        if row.fate == Fate.QUEUED:
            return
        self.fates[row.fate.value] += 1
        if row.fate == Fate.FAILED:
            log.error("message %s to %s reached nobody: %s", row.key, row.contact, row.error)

    async def _recall(self) -> None:
        """What an earlier life knew of the channels."""

        def read() -> None:
            with self._ledger.transaction() as books:
                for pulse in self._pulses.values():
                    pulse.load(books)

        await self._asked(read)


def _queued(books: Books, row: Notification) -> Notification | None:
    """The row as the ledger has it, while it is still to be sent."""
    rows = books.notifications(row.incident, [Fate.QUEUED])
    return next((one for one in rows if one.key == row.key), None)


def _incident(books: Books, row: Notification) -> Incident | None:
    return books.incident(row.incident) if row.incident else None


def superseded(rows: Iterable[Notification]) -> frozenset[str]:
    """Keys of updates that could not go out and that a newer one to the same contact replaces."""
    found: dict[tuple[int, str, bool], Notification] = {}
    old = set()
    for row in sorted(rows, key=lambda row: row.queued_at):
        if row.occasion in SUPERSEDED and row.incident:
            earlier = found.get((row.incident, row.contact, row.page))
            if earlier is not None and earlier.tries:
                old.add(earlier.key)
            found[row.incident, row.contact, row.page] = row
    return frozenset(old)
