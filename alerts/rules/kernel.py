"""What all rules over measurements share: which rows they speak of, what is bad of them, and what is worth saying."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from alerts.alarm import Alarm, Evidence, Outcome, Verdict
from alerts.rules.rule import Rule
from alerts.rules.table import Bools, Table, Tick

Outcomes = NDArray[np.int8]
GOOD, BAD, UNKNOWN = 0, 1, 2
_OUTCOMES = (Outcome.GOOD, Outcome.BAD, Outcome.UNKNOWN)
SAID_AGAIN = 3  # verdicts of "good" after the last "bad", beyond those that the machine waits for
Figures = dict[str, float | str]
Scalar = TypeVar("Scalar", bound=np.generic)


class Judgement(Protocol):
    """One kind of rule over one measurement. Arrays are by row number; `tick.index` says which rows are told."""

    def grow(self, size: int) -> None:
        """Make room for so many rows."""

    def judge(self, tick: Tick) -> Outcomes:
        """Outcome of each row of the tick."""

    def evidence(self, number: int) -> Figures:
        """Figures of a row that was just judged bad."""

    def since(self, number: int) -> float | None:
        """UTC seconds of the first evidence for it, where that is known and earlier than now."""

    def resume(self, number: int, alarm: Alarm) -> None:
        """The row was bad before a restart, or before these rules were read."""


class Kernel:
    """Runs one rule's judgement, and turns what is worth saying into verdicts."""

    def __init__(self, rule: Rule, judgement: Judgement, table: Table, live: Mapping[str, Alarm]) -> None:
        self.rule = rule
        self.judgement = judgement
        self._table = table
        self._live = live
        self._known = 0  # rows that were looked at
        self._resumed = 0  # rows of which it was asked whether they were bad before
        self._spoken_of: Bools = np.zeros(0, np.bool_)
        self._restless: NDArray[np.int8] = np.zeros(0, np.int8)

    def renew(self, live: Mapping[str, Alarm]) -> None:
        """The inventory is another one: what was measured stands, whom the rule speaks of is looked at anew."""
        self._live, self._known = live, 0

    def judge(self, tick: Tick) -> list[Verdict]:
        if self._known < len(self._table.rows):
            self._grow()
        outcomes = self.judgement.judge(tick)
        telling = (outcomes == BAD) | (self._restless[tick.index] > 0)
        telling &= self._spoken_of[tick.index]
        if not telling.any():
            return []
        return [
            verdict
            for place in np.flatnonzero(telling).tolist()
            if (verdict := self._say(int(tick.index[place]), int(outcomes[place]), float(tick.at[place]))) is not None
        ]

    def _say(self, number: int, outcome: int, at: float) -> Verdict | None:
        subject = self._table.subject(number)
        if outcome == BAD:
            self._restless[number] = SAID_AGAIN
            evidence = Evidence(self.rule.code, self._figures(number))
            return Verdict(self.rule.name, subject, Outcome.BAD, at, self.judgement.since(number), evidence)
        if outcome == GOOD and self._table.key(self.rule.name, number) not in self._live:
            self._restless[number] -= 1
        return Verdict(self.rule.name, subject, _OUTCOMES[outcome], at)

    def _figures(self, number: int) -> Figures:
        subject = self._table.subject(number)
        what = subject.key if subject.kind == "device" else self._table.rows[number][1]
        return {"device": subject.device, "what": what, **self.judgement.evidence(number)}

    def _grow(self) -> None:
        """New rows: whether they are spoken of, and what was known of them before."""
        size = len(self._table.rows)
        if size > len(self._restless):
            size = max(64, size + size // 4)
            self._restless = grown(self._restless, size)
            self._spoken_of = grown(self._spoken_of, size)
            self.judgement.grow(size)
        for number in range(self._known, len(self._table.rows)):
            self._spoken_of[number] = self._applies(number)
            if self._live and number >= self._resumed:
                self._resume(number)
        self._known = self._resumed = len(self._table.rows)

    def _resume(self, number: int) -> None:
        alarm = self._live.get(self._table.key(self.rule.name, number))
        if alarm is not None:
            self._restless[number] = SAID_AGAIN
            self.judgement.resume(number, alarm)

    def _applies(self, number: int) -> bool:
        rule = self.rule
        if rule.rows and not any(fnmatchcase(self._table.rows[number][1], pattern) for pattern in rule.rows):
            return False
        return not rule.on.terms or rule.on.matches(*self._table.labelled.of(self._table.subject(number)))


def grown(array: NDArray[Scalar], size: int, fill: float = 0) -> NDArray[Scalar]:
    """The same with room for `size` rows along its last axis."""
    bigger = np.full((*array.shape[:-1], size), fill, array.dtype)
    bigger[..., : array.shape[-1]] = array
    return bigger


def outcome_of(bad: Bools, unknown: Bools) -> Outcomes:
    """Over several quantities of a row: bad where any is, else unknown where any is, else good."""
    outcomes = np.zeros(bad.shape[-1], np.int8)
    outcomes[unknown.any(axis=0)] = UNKNOWN
    outcomes[(bad & ~unknown).any(axis=0)] = BAD
    return outcomes
