"""The judge: what the board shows and what was measured becomes verdicts, rule by rule."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from alerts.alarm import Alarm, Verdict
from alerts.rules.absence import LOOK_S, Missing, Unanswered
from alerts.rules.boards import BoardRules, Place
from alerts.rules.course import Baseline, Use
from alerts.rules.drop import Drop
from alerts.rules.kernel import Judgement, Kernel
from alerts.rules.levels import Bgp, Ospf, Reboot, Threshold, Value
from alerts.rules.measurements import INTERVALS, MEASUREMENTS
from alerts.rules.rule import (
    AbsenceSpec,
    BaselineSpec,
    DropSpec,
    FlapSpec,
    PeerSpec,
    RebootSpec,
    Rule,
    RuleBook,
    StateSpec,
    ThresholdSpec,
    UseSpec,
    ValueSpec,
)
from alerts.rules.subjects import Labelled
from alerts.rules.table import Table, told_once
from alerts.view import View
from inventory.batch import Batch
from inventory.model import Inventory
from inventory.status import StatusRow

OWN = "own"
EARLIER_S = 10.0  # a ping may have lost its echoes before liveness missed its first
SETTLING_S = 15.0  # after a device is back routing finds its way: what is lost meanwhile is not the line's loss
SEEN = frozenset({"ping", "liveness", "circuit"})  # what the poller's own cable spoils
MINUTE_S = 60.0  # summaries are of the minute before
_NOBODY: Mapping[str, Alarm] = {}


@dataclass(slots=True)
class _Field:
    """One measurement, the rows that rules speak of, and the rules."""

    table: Table
    kernels: list[Kernel]

    def judge(self, batches: Iterable[Batch]) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for group in told_once(batches):
            tick = self.table.join(group)
            for kernel in self.kernels:
                verdicts += kernel.judge(tick)
        return verdicts


class Judge:
    """Says what is bad and what is good again; what is well and was well is not repeated.

    `live`: the machine's alarms by key (`Machine.alarms`); while one is not clear, every verdict about it is given.
    The machine is to be fed with what one call returns before the next is made.
    """

    def __init__(self, book: RuleBook, inventory: Inventory, live: Mapping[str, Alarm] = _NOBODY) -> None:
        self._labelled = Labelled(inventory)
        self._inventory = inventory
        self._live = live
        self._boards = BoardRules(book, inventory, live)
        self._fields: dict[str, _Field] = {}
        self._missing: dict[str, list[Missing]] = {}
        self._look_at = 0.0
        self._blind_at: float | None = None  # since when the poller is isolated
        self._sighted_at = 0.0  # when it saw again
        for rule in book:
            self._add(rule)

    def take_over(self, before: "Judge") -> None:
        """After a reload: what was measured goes on for rules that did not change; windows and what is usual stand."""
        self._boards.back = before._boards.back
        for name, field in self._fields.items():
            known = before._fields.get(name)
            if known is None:
                continue
            known.table.renew(self._labelled)
            field.table = known.table
            kernels = {kernel.rule: kernel for kernel in known.kernels}
            field.kernels = [
                kernels.get(kernel.rule) or self._kernel(kernel.rule, known.table) for kernel in field.kernels
            ]
            for kernel in field.kernels:
                kernel.renew(self._live)

    def judge(self, batches: Iterable[Batch], view: View) -> list[Verdict]:
        """What was measured; several ticks' worth at once is cheaper. While the poller is isolated only its own counts."""
        chosen: dict[str, list[Batch]] = {}
        blind, boards = view.blind_since is not None, self._boards
        for batch in batches:
            for missing in self._missing.get(batch.measurement, ()):
                missing.hear(batch)
            if batch.measurement not in self._fields or not batch.rows:
                continue
            if batch.measurement != OWN and (blind or batch.scope in boards.gone):
                continue  # what a device that is gone seems to say is nothing
            if batch.scope in boards.mute and batch.measurement == "poll":
                continue  # why its polls fail is known
            if batch.measurement == "ping" and self._settles(("device", batch.scope), float(batch.at)):
                continue
            if batch.measurement in SEEN and batch.at < self._sighted_at + MINUTE_S + SETTLING_S:
                continue  # it still holds what was lost at the poller's own cable
            chosen.setdefault(batch.measurement, []).append(self._seen(batch))
        return [verdict for name, each in chosen.items() for verdict in self._fields[name].judge(each)]

    def _seen(self, batch: Batch) -> Batch:
        """Of a batch about the whole network only what is not gone or cut, nor just back; the rest of it is unknown."""
        gone = self._lost(batch)
        if batch.scope or gone.isdisjoint(batch.rows):
            return batch
        lost = np.array([row in gone for row in batch.rows])
        return replace(batch, values=np.where(lost, np.nan, batch.values))

    def _lost(self, batch: Batch) -> set[str]:
        """Rows of which it says nothing."""
        boards, links = self._boards, self._inventory.links
        minute = float(batch.at) - MINUTE_S
        if batch.measurement == "link":
            return boards.cut
        if batch.measurement == "circuit_traffic":
            return {links[link].circuit for link in boards.cut if link in links}
        if batch.measurement == "liveness":
            back = (key for kind, key in boards.back if kind == "device" and self._settles((kind, key), minute))
            return boards.gone | set(back)
        if batch.measurement == "circuit":
            back = (key for kind, key in boards.back if kind == "link" and self._settles((kind, key), minute))
            return {links[link].circuit for link in (*boards.cut, *back) if link in links}
        return set()

    def _settles(self, place: Place, at: float) -> bool:
        """Was it gone at that time, or just back?"""
        back = self._boards.back.get(place)
        return back is not None and at < back + SETTLING_S

    def _void(self) -> None:
        """What was measured of somebody before it was proven gone, and after it was, is no evidence of loss."""
        fell, self._boards.fell = self._boards.fell, []
        for (kind, key), since in fell:
            if kind == "device":
                self._forget("ping", since - EARLIER_S, key)
                self._forget("liveness", since, "", key)
            elif kind == "link" and key in self._inventory.links:
                self._forget("circuit", since, "", self._inventory.links[key].circuit)

    def _look_out(self, blind_since: float | None, now: float) -> None:
        """What the poller lost at its own cable is nobody's loss (SEMANTICS 21)."""
        if blind_since is not None and self._blind_at is None:
            for device in self._inventory.devices:
                self._forget("ping", blind_since - EARLIER_S, device)
                self._forget("liveness", blind_since, "", device)
            for circuit in self._inventory.circuits:
                self._forget("circuit", blind_since, "", circuit)
        elif blind_since is None and self._blind_at is not None:
            self._sighted_at = now
        self._blind_at = blind_since

    def _forget(self, measurement: str, since: float, scope: str, row: str = "") -> None:
        field = self._fields.get(measurement)
        for kernel in field.kernels if field is not None else ():
            if field is not None and isinstance(kernel.judgement, (Threshold, Baseline)):
                for number in field.table.of_scope(scope, row):
                    kernel.judgement.void(number, since)

    def judge_rows(self, rows: Iterable[StatusRow], view: View, now: float) -> list[Verdict]:
        """Rows that changed since the last call; all of them first after the start or a reload."""
        verdicts = self._boards.judge(rows, now)
        self._void()
        return verdicts

    def tick(self, view: View, now: float) -> list[Verdict]:
        """What time alone brings: what does not come, and rows that are not well once more. About once a second."""
        verdicts = self._boards.tick(view, now)
        self._void()
        self._look_out(view.blind_since, now)
        if not self._look_at - LOOK_S <= now < self._look_at:
            self._look_at = now + LOOK_S
            for rules in self._missing.values():
                for missing in rules:
                    verdicts += missing.tick(now, self._excused(view))
        return verdicts

    def _excused(self, view: View) -> Callable[[str], bool]:
        boards = self._boards
        if view.blind_since is not None:
            return lambda scope: True
        return lambda scope: scope in boards.gone or scope in boards.mute

    def _add(self, rule: Rule) -> None:
        if isinstance(rule.spec, (StateSpec, FlapSpec)):
            return
        if isinstance(rule.spec, AbsenceSpec) and rule.measurement != "poll":
            missing = Missing(rule, self._labelled, self._live)
            self._missing.setdefault(rule.measurement, []).append(missing)
            return
        field = self._fields.get(rule.measurement)
        if field is None:
            table = Table(MEASUREMENTS[rule.measurement], self._labelled)
            field = self._fields[rule.measurement] = _Field(table, [])
        field.kernels.append(self._kernel(rule, field.table))

    def _kernel(self, rule: Rule, table: Table) -> Kernel:
        return Kernel(rule, self._judgement(rule, table), table, self._live)

    def _judgement(self, rule: Rule, table: Table) -> Judgement:
        every_s = rule.every_s or INTERVALS[rule.measurement]
        match rule.spec:
            case ThresholdSpec() as spec:
                return Threshold(spec, every_s)
            case ValueSpec() as spec:
                return Value(spec)
            case PeerSpec() as spec:
                return Bgp(spec) if spec.protocol == "bgp" else Ospf(spec)
            case UseSpec() as spec:
                return Use(spec, every_s, table)
            case BaselineSpec() as spec:
                return Baseline(spec, every_s)
            case DropSpec() as spec:
                return Drop(spec, table)
            case AbsenceSpec() as spec:
                return Unanswered(spec)
            case RebootSpec():
                return Reboot()
        raise ValueError(f"{rule.name}: a rule of kind {rule.kind} judges no measurement")
