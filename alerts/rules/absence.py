"""Rules about what does not come: polls without an answer, and measurements that are missed (silence is data)."""

from collections.abc import Callable, Mapping

import numpy as np

from alerts.alarm import Alarm, Evidence, Outcome, Verdict, alarm_key
from alerts.rules.kernel import BAD, GOOD, UNKNOWN, Figures, Outcomes, grown
from alerts.rules.rule import AbsenceSpec, Rule
from alerts.rules.subjects import Labelled
from alerts.rules.table import Floats, Tick
from alerts.subject import Subject
from inventory.batch import Batch

LOOK_S = 10.0


class Unanswered:
    """Bad when the last polls, at least so many and for at least so long, had no answer; good with the next answer."""

    def __init__(self, spec: AbsenceSpec) -> None:
        self._spec = spec
        self._missed: Floats = np.zeros(0)
        self._since: Floats = np.zeros(0)
        self._at: Floats = np.zeros(0)
        self._reason: Floats = np.zeros(0)

    def grow(self, size: int) -> None:
        self._missed = grown(self._missed, size)
        self._since, self._at = grown(self._since, size), grown(self._at, size, -np.inf)
        self._reason = grown(self._reason, size)

    def judge(self, tick: Tick) -> Outcomes:
        index, answered = tick.index, tick.of("answered")
        fresh = tick.at > self._at[index]
        missed = self._missed[index]
        self._since[index] = np.where((missed == 0) & fresh, tick.at, self._since[index])
        missed = np.where(answered == 0, missed + fresh, np.where(answered > 0, 0.0, missed))
        self._missed[index] = missed
        self._at[index] = np.maximum(tick.at, self._at[index])
        self._reason[index] = tick.of("reason")
        enough = (missed >= self._spec.polls) & (tick.at - self._since[index] >= self._spec.after_s)
        return np.where(answered > 0, GOOD, np.where(enough, BAD, UNKNOWN)).astype(np.int8)

    def evidence(self, number: int) -> Figures:
        silent_s = float(self._at[number] - self._since[number])
        missed, reason = float(self._missed[number]), float(self._reason[number])
        return {"measurement": "poll", "missed": missed, "reason": reason, "silent_s": silent_s}

    def since(self, number: int) -> float | None:
        return float(self._since[number])

    def resume(self, number: int, alarm: Alarm) -> None:
        self._missed[number] = self._spec.polls
        self._since[number] = alarm.bad_since


class Missing:
    """One rule about a measurement that came once and comes no more; looked at as time passes."""

    def __init__(self, rule: Rule, labelled: Labelled, live: Mapping[str, Alarm]) -> None:
        assert isinstance(rule.spec, AbsenceSpec)
        self.rule = rule
        self._after_s = rule.spec.after_s
        self._labelled = labelled
        self._live = live
        self._heard: dict[str, float] = {}  # scope -> UTC seconds
        self._missed: dict[str, None] = {}
        self._left_out: set[str] = set()
        self._resumed = False

    def hear(self, batch: Batch) -> None:
        scope = batch.scope
        if scope not in self._heard and scope not in self._left_out and not self._applies(scope):
            self._left_out.add(scope)
        if scope not in self._left_out:
            self._heard[scope] = max(self._heard.get(scope, 0.0), float(batch.at))

    def _resume(self) -> None:
        """What was missed before a restart is, until it comes."""
        self._resumed = True
        for alarm in self._live.values():
            if alarm.rule == self.rule.name:
                self._heard.setdefault(alarm.subject.device, alarm.bad_since)
                self._missed[alarm.subject.device] = None

    def tick(self, now: float, excused: Callable[[str], bool]) -> list[Verdict]:
        """`excused` says of a scope whether its silence has another reason: that time does not count."""
        if not self._resumed:
            self._resume()
        verdicts = []
        for scope, at in self._heard.items():
            subject = self._subject(scope)
            if excused(scope):
                if scope not in self._missed:
                    self._heard[scope] = max(at, now)
            elif now - at > self._after_s:
                self._missed[scope] = None
                evidence = self._evidence(scope, now - at)
                verdicts.append(Verdict(self.rule.name, subject, Outcome.BAD, now, at, evidence))
            elif scope in self._missed:
                if alarm_key(self.rule.name, subject) not in self._live:
                    del self._missed[scope]
                verdicts.append(Verdict(self.rule.name, subject, Outcome.GOOD, now))
        return verdicts

    def _evidence(self, scope: str, silent_s: float) -> Evidence:
        name = self.rule.measurement
        figures: Figures = {"device": scope, "what": name, "measurement": name}
        return Evidence(self.rule.code, {**figures, "missed": 0.0, "reason": 0.0, "silent_s": silent_s})

    def _applies(self, scope: str) -> bool:
        return not self.rule.on.terms or self.rule.on.matches(*self._labelled.of(self._subject(scope)))

    def _subject(self, scope: str) -> Subject:
        if not scope:
            return Subject("own", self.rule.measurement)
        return Subject("device", scope, scope)
