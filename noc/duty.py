"""From what was measured to who is told: rules, alarms, causes, the desk, the outbox; told from top to bottom."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from alerts.alarm import Alarm, Verdict
from alerts.books import Books, Ledger, LedgerError
from alerts.cause import Cause
from alerts.causes.grouping import Causes
from alerts.desk.desk import Settled
from alerts.machine import Machine
from alerts.rules.judge import Judge
from alerts.rules.rule import RuleBook
from alerts.subject import Subject
from alerts.transition import Transition
from alerts.view import View
from inventory.batch import Batch
from inventory.model import Inventory
from noc.outbox import Runner

log = logging.getLogger(__name__)

LOOK_S = 1.0  # between two looks at what people did from outside
AHEAD_S = 1.0  # what is due within this is not left to the next beat
SURE_S = 0.002  # by then it is due, however fractions were rounded
PAUSES = 3.0  # after settling, of the time that it took: in a storm people's acts and polls have their turn
REGROUP_S = 10.0  # while there is a fault: what is believed of it depends on the time, too
AGAIN_S = 5.0  # before it is tried anew where something broke that is no matter of the ledger


class AtDesk(Protocol):
    """`alerts.desk.desk.Desk`."""

    def settle(self, books: Books, causes: tuple[Cause, ...], alarms: Mapping[str, Alarm], now: float) -> Settled: ...


@dataclass(slots=True)
class DutyCounters:
    """Counted since the start of the daemon."""

    verdicts: int = 0
    alarms: int = 0  # changes of phase
    settled: int = 0
    failed: int = 0  # tries that were not kept


class Duty:
    """Judges what comes in on the loop; what follows is settled in one ledger transaction at a time, off the loop."""

    def __init__(
        self, book: RuleBook, view: View, desk: AtDesk, ledger: Ledger, *, clock: Callable[[], float], run: Runner
    ) -> None:
        self.counters = DutyCounters()
        self.causes: tuple[Cause, ...] = ()
        self.failing_since: float | None = None
        self.failing = ""  # what fails, in words
        self.on_queued: Callable[[], None] = lambda: None
        self._desk, self._ledger, self._clock, self._run = desk, ledger, clock, run
        self._machine = Machine(book)
        self._judge = Judge(book, view.inventory, self._machine.alarms)
        self._set_view(view)
        self._touched: dict[str, Alarm] = {}  # changed since the ledger last took them
        self._dirty = True
        self._due_at: float | None = None
        self._grouped_at = 0.0
        self._punctual: asyncio.TimerHandle | None = None  # rings when that is
        self._rests = (0.0, 0.0)  # from and until
        self._ticked_at = 0.0
        self._settling: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = 0.0
        self._changed: Callable[[], bool] | None = getattr(ledger, "changed", None)
        self._blind = False

    def _set_view(self, view: View) -> None:
        self._view = view
        self._causes = Causes(view.inventory, view.topology)

    @property
    def alarms(self) -> Mapping[str, Alarm]:
        """Those that are not clear."""
        return self._machine.alarms

    def restore(self) -> None:
        """Go on from the ledger: what fired fires, holds begin anew, nothing is told twice. LedgerError."""
        with self._ledger.transaction() as books:
            self._machine.restore(books.alarms().values(), self._clock())
        self._feed(self._judge.judge_rows(self._view.rows().values(), self._view, self._clock()))

    def set_network(self, book: RuleBook, view: View, desk: AtDesk) -> None:
        """A new inventory or new rules: what is not watched any more is clear, all else is judged anew."""
        self._desk = desk
        self._set_view(view)
        before, self._judge = self._judge, Judge(book, view.inventory, self._machine.alarms)
        self._judge.take_over(before)
        now = self._clock()
        self._note(self._machine.adopt(book, now))
        self._note(self._machine.forget(self._left(view.inventory), now))
        self._feed(self._judge.judge_rows(view.rows().values(), view, now))
        self._dirty = True  # what hangs on what, and whom it hurts, may be another now

    def _left(self, inventory: Inventory) -> set[Subject]:
        """Subjects of alarms that this inventory does not have any more."""
        subjects = (alarm.subject for alarm in self._machine.alarms.values())
        known: Mapping[str, Mapping[str, object]] = {
            "device": inventory.devices,
            "link": inventory.links,
            "site": inventory.sites,
            "circuit": inventory.circuits,
            "contract": inventory.contracts,
            "institution": inventory.institutions,
            "point": inventory.points,
        }
        return {
            one
            for one in subjects
            if (one.kind in known and one.key not in known[one.kind])
            or (one.device and one.device not in inventory.devices)
        }

    # what comes in

    def moved(self, transitions: Iterable[Transition]) -> None:
        """Devices, links or sites changed their state."""
        keys = dict.fromkeys((one.kind, one.key) for one in transitions)
        rows = (self._view.row(kind, key) for kind, key in keys)
        self._feed(self._judge.judge_rows([row for row in rows if row is not None], self._view, self._clock()))
        self._dirty = True

    def measured(self, batches: Sequence[Batch]) -> None:
        """What a tick of the pipeline brought, before it is stored."""
        self._feed(self._judge.judge(batches, self._view))

    def _feed(self, verdicts: Sequence[Verdict]) -> None:
        if verdicts:
            self.counters.verdicts += len(verdicts)
            self._note(self._machine.feed(verdicts, self._clock()))

    def _note(self, changed: Iterable[Alarm]) -> None:
        for alarm in changed:
            self.counters.alarms += 1
            self._touched[alarm.key] = alarm
            self._dirty = True

    # what follows

    def second(self) -> None:
        """Twice a second, and when something happened: holds run out, and what changed, or is due, is settled."""
        now = self._clock()
        self._freeze(now)
        if now - self._ticked_at >= 1.0:
            self._ticked_at = now
            self._feed(self._judge.tick(self._view, now))
        self._note(self._machine.tick(now))
        due = self._due_at is not None and now >= self._due_at
        loop = asyncio.get_running_loop()
        rests = self._rests[0] <= now < self._rests[1]
        waits = self._dirty or due
        if (waits or self._looks_again(now)) and self._settling is None and not rests:
            self._settling = loop.create_task(self._settle(only_news=not waits))
            return
        self._be_punctual(now)
        if self._changed is not None and self._looking is None and now - self._looked_at >= LOOK_S:
            self._looked_at = now
            self._looking = loop.create_task(self._look(self._changed))

    async def _look(self, changed: Callable[[], bool]) -> None:
        """Whether somebody acted on the ledger from another process; off the loop, for it may be locked."""
        try:
            self._dirty = await self._run(changed) or self._dirty
        except LedgerError:
            log.debug("the ledger could not be looked at")
        finally:
            self._looking = None

    def _freeze(self, now: float) -> None:
        """While the poller is isolated all clocks stand still (SEMANTICS 21)."""
        blind = self._view.blind_since is not None
        if blind != self._blind:
            self._blind, self._dirty = blind, True
            (self._machine.freeze if blind else self._machine.thaw)(now)

    def _looks_again(self, now: float) -> bool:
        """What stayed down after a recovery is told by the time since, not by anything that happens."""
        return bool(self.causes) and not self._grouped_at <= now < self._grouped_at + REGROUP_S

    async def _settle(self, *, only_news: bool = False) -> None:
        """`only_news`: the ledger is left alone where causes are what they were."""
        only_news = only_news and not self._dirty and not self._touched
        self._dirty = False
        touched, self._touched = self._touched, {}
        alarms = dict(self._machine.alarms)
        now = self._grouped_at = self._clock()
        try:
            before, self.causes = self.causes, self._causes.group(alarms, self._view)
            causes = self.causes
            if only_news and causes == before:
                return
            settled = await self._run(lambda: self._keep(touched, causes, alarms, now))
        except LedgerError as error:
            self._dirty = True
            self._broke(touched, now, "the ledger takes no writes", f"{error}")
        except Exception as error:  # noqa: BLE001 whatever it is, alerting goes on, says so, and is missed outside
            self._due_at = now + AGAIN_S
            self._broke(touched, now, "alerts cannot be settled", f"{error!r}", error)
        else:
            self._healed(settled, now)
        finally:
            self._settling = None
            ended = self._clock()
            self._rests = ended, ended + PAUSES * (ended - now)

    def _keep(
        self, touched: Mapping[str, Alarm], causes: tuple[Cause, ...], alarms: Mapping[str, Alarm], now: float
    ) -> Settled:
        with self._ledger.transaction() as books:
            books.put_alarms(touched.values())
            return self._desk.settle(books, causes, alarms, now)

    def _be_punctual(self, now: float) -> None:
        """What is due between two beats does not wait for the second of them."""
        if self._due_at is not None and now < self._due_at < now + AHEAD_S and self._punctual is None:
            self._punctual = asyncio.get_running_loop().call_later(self._due_at - now + SURE_S, self._ring)

    def _ring(self) -> None:
        self._punctual = None
        self.second()

    def _broke(
        self, touched: dict[str, Alarm], now: float, what: str, why: str, error: Exception | None = None
    ) -> None:
        """What was not kept is offered again. Said once; `error` where the mistake is ours, to be found by its trace."""
        self.counters.failed += 1
        self._touched = touched | self._touched
        self.failing = what
        if self.failing_since is None:
            self.failing_since = now
            log.error("%s, alerts wait: %s", what, why, exc_info=error)

    def _healed(self, settled: Settled, now: float) -> None:
        self.counters.settled += 1
        self._due_at = settled.next_due
        self._be_punctual(self._clock())
        if self.failing_since is not None:
            log.warning("alerts are settled again, after %.0f s", now - self.failing_since)
            self.failing_since, self.failing = None, ""
        if settled.queued:
            self.on_queued()

    async def stop(self) -> None:
        """What was decided is kept."""
        if self._punctual is not None:
            self._punctual.cancel()
        if self._looking is not None:
            await self._looking
        if self._settling is not None:
            await self._settling
        if self._dirty or self._touched:
            await self._settle()
