"""The alarm machine: clear, pending, firing, clear; a hold both ways, and nothing forgotten while nothing is known."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from alerts.alarm import Alarm, Outcome, Phase, Verdict, alarm_key
from alerts.flaps import Restlessness
from alerts.rules.rule import Rule, RuleBook
from alerts.subject import Subject

STALE_INTERVALS = 2.5  # without a verdict (SEMANTICS 22)
NEVER_FROZEN = frozenset({"poller", "own"})
_WORST_LAST = {Outcome.GOOD: 0, Outcome.BAD: 1}


@dataclass(slots=True)
class _Case:
    """An alarm that is not clear, and the clocks that run on it. They stand still while the poller is isolated."""

    alarm: Alarm
    rule: Rule
    hold_from: float  # of the hold that runs: pending to firing, or good to clear
    heard_at: float  # newest verdict


class Machine:
    """Fed with verdicts, ticked with time; both say which alarms changed. An alarm that is clear is kept no more."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._cases: dict[str, _Case] = {}
        self._alarms: dict[str, Alarm] = {}
        self._restless: dict[str, Restlessness] = {}  # by alarm key, whether it is clear or not
        self._frozen_at: float | None = None

    @property
    def alarms(self) -> Mapping[str, Alarm]:
        """Alarm key -> alarm, of all that are pending or firing; a view that stays true."""
        return MappingProxyType(self._alarms)

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def feed(self, verdicts: Iterable[Verdict], now: float) -> list[Alarm]:
        """Those whose phase, good_since, stale, flapping or evidence code changed, CLEAR ones included."""
        before: dict[str, Alarm | None] = {}
        after: dict[str, Alarm] = {}
        for key, verdict in _in_order(verdicts):
            rule = self._book.get(verdict.rule)
            if rule is None or (self.frozen and rule.family not in NEVER_FROZEN):
                continue
            before.setdefault(key, self._alarms.get(key))
            alarm = self._take(key, rule, verdict, now)
            if alarm is not None:
                after[key] = alarm
        return [alarm for key, alarm in after.items() if _differs(before[key], alarm)]

    def tick(self, now: float) -> list[Alarm]:
        """Holds that ran out, what went stale, and flapping that ended."""
        changed = []
        for key, case in list(self._cases.items()):
            if self.frozen and case.rule.family not in NEVER_FROZEN:
                continue
            alarm = self._advance(key, case, now)
            if alarm is not None:
                changed.append(alarm)
        if not self.frozen:
            self._prune(now)
        return changed

    def restore(self, alarms: Iterable[Alarm], now: float) -> None:
        """Go on from before a restart: holds begin anew, what fires goes on firing and does not fire again.

        Alarms of rules that are no more are left out; what is clear gives only its score.
        """
        for alarm in alarms:
            rule = self._book.get(alarm.rule)
            if alarm.score:
                known = Restlessness(alarm.score, alarm.scored_at, max(1, alarm.flaps), alarm.flapping)
                self._restless[alarm.key] = known
            if rule is not None and alarm.phase is not Phase.CLEAR:
                self._keep(alarm.key, _Case(alarm, rule, now, now))

    def adopt(self, book: RuleBook, now: float) -> list[Alarm]:
        """Other rules from now on. What they no longer speak of is cleared, and returned."""
        self._book = book
        gone = {key for key, case in self._cases.items() if book.get(case.alarm.rule) is None}
        cleared = self._drop(gone.__contains__, now)
        for key, case in self._cases.items():
            rule = book.rules[case.alarm.rule]
            alarm = replace(case.alarm, family=rule.family, severity=rule.severity)
            self._keep(key, _Case(alarm, rule, case.hold_from, case.heard_at))
        return cleared

    def forget(self, subjects: Collection[Subject], now: float) -> list[Alarm]:
        """They left the inventory: their alarms are cleared, and returned."""
        return self._drop(lambda key: self._cases[key].alarm.subject in subjects, now)

    def freeze(self, now: float) -> None:
        """The poller is isolated: all clocks stand, and nothing counts but what is said of the poller and of the NOC."""
        if self._frozen_at is None:
            self._frozen_at = now

    def thaw(self, now: float) -> None:
        """It sees again: the clocks go on from where they stood."""
        if self._frozen_at is None:
            return
        seconds, self._frozen_at = max(0.0, now - self._frozen_at), None
        for key, case in self._cases.items():
            if case.rule.family not in NEVER_FROZEN:
                case.hold_from += seconds
                case.heard_at += seconds
                case.alarm = self._alarms[key] = replace(case.alarm, scored_at=case.alarm.scored_at + seconds)
        for key, restless in self._restless.items():
            if key not in self._cases or self._cases[key].rule.family not in NEVER_FROZEN:
                self._restless[key] = restless.shifted(seconds)

    # one verdict

    def _take(self, key: str, rule: Rule, verdict: Verdict, now: float) -> Alarm | None:
        case = self._cases.get(key)
        if case is None:
            return self._began(key, rule, verdict, now) if verdict.outcome is Outcome.BAD else None
        if verdict.at < case.alarm.at <= now:
            return None  # a later one is known already
        if case.alarm.stale or _stale(case, max(now, verdict.at)):
            case.hold_from = now  # what was not known in between does not count
        case.heard_at = now
        take = self._bad if verdict.outcome is Outcome.BAD else self._good
        return take(key, case, verdict, now)

    def _began(self, key: str, rule: Rule, verdict: Verdict, now: float) -> Alarm:
        since = _since(verdict)
        restless = self._count(key, verdict.at)
        firing = not rule.for_s or restless.flapping
        alarm = Alarm(
            rule=rule.name,
            subject=verdict.subject,
            family=rule.family,
            severity=rule.severity,
            phase=Phase.FIRING if firing else Phase.PENDING,
            since=since,
            bad_since=since,
            changed_at=now,
            at=verdict.at,
            evidence=verdict.evidence,
        )
        return self._keep(key, _Case(_scored(alarm, restless), rule, now, now))

    def _bad(self, key: str, case: _Case, verdict: Verdict, now: float) -> Alarm:
        alarm = replace(case.alarm, at=verdict.at, evidence=verdict.evidence, stale=False)
        if alarm.good_since is not None:
            since = max(_since(verdict), alarm.good_since)
            alarm = replace(alarm, good_since=None, bad_since=since)
            alarm = _scored(alarm, self._count(key, verdict.at))
        return self._keep(key, replace(case, alarm=alarm))

    def _good(self, key: str, case: _Case, verdict: Verdict, now: float) -> Alarm:
        alarm = replace(case.alarm, at=verdict.at, stale=False)
        if alarm.good_since is not None:
            return self._keep(key, replace(case, alarm=alarm))
        restless = self._count(key, verdict.at)
        alarm = _scored(replace(alarm, good_since=max(_since(verdict), alarm.bad_since)), restless)
        if alarm.phase is Phase.PENDING and not restless.flapping:
            return self._clear(key, alarm, now)
        if alarm.phase is Phase.PENDING:
            alarm = replace(alarm, phase=Phase.FIRING, changed_at=now)
        return self._keep(key, replace(case, alarm=alarm, hold_from=now))

    # time

    def _advance(self, key: str, case: _Case, now: float) -> Alarm | None:
        before = case.alarm
        case.hold_from, case.heard_at = min(case.hold_from, now), min(case.heard_at, now)  # the clock was set back
        if before.stale:
            return None
        if _stale(case, now):
            return self._keep(key, replace(case, alarm=replace(before, stale=True)))
        alarm = before
        if alarm.flapping and self._settled(key, now):
            alarm = replace(alarm, flapping=False, flaps=0, score=0.0, scored_at=now)
        held_s = now - case.hold_from
        if alarm.phase is Phase.PENDING and held_s >= case.rule.for_s:
            alarm = replace(alarm, phase=Phase.FIRING, changed_at=now)
        elif alarm.good_since is not None and held_s >= case.rule.clear_s and not alarm.flapping:
            return self._clear(key, alarm, now)
        return self._keep(key, replace(case, alarm=alarm)) if alarm is not before else None

    def _settled(self, key: str, now: float) -> bool:
        restless = self._restless.get(key)
        return restless is None or restless.settled(now)

    def _prune(self, now: float) -> None:
        over = [key for key, restless in self._restless.items() if restless.settled(now)]
        for key in over:
            del self._restless[key]

    # keeping

    def _count(self, key: str, at: float) -> Restlessness:
        restless = self._restless[key] = self._restless.get(key, Restlessness()).changed(at)
        return restless

    def _keep(self, key: str, case: _Case) -> Alarm:
        self._cases[key] = case
        self._alarms[key] = case.alarm
        return case.alarm

    def _clear(self, key: str, alarm: Alarm, now: float) -> Alarm:
        self._cases.pop(key, None)
        self._alarms.pop(key, None)
        return replace(alarm, phase=Phase.CLEAR, changed_at=now, stale=False)

    def _drop(self, chosen: Callable[[str], bool], now: float) -> list[Alarm]:
        keys = [key for key in self._cases if chosen(key)]
        for key in keys:
            self._restless.pop(key, None)
        return [self._clear(key, self._cases[key].alarm, now) for key in keys]


def _since(verdict: Verdict) -> float:
    return verdict.at if verdict.since is None else min(verdict.since, verdict.at)


def _scored(alarm: Alarm, restless: Restlessness) -> Alarm:
    flaps = restless.changes if restless.flapping else 0
    return replace(alarm, score=restless.score, scored_at=restless.at, flapping=restless.flapping, flaps=flaps)


def _stale(case: _Case, now: float) -> bool:
    every_s = case.rule.every_s
    return every_s is not None and now - case.heard_at > STALE_INTERVALS * every_s


def _differs(before: Alarm | None, after: Alarm) -> bool:
    return before is None or _shown(before) != _shown(after)


def _shown(alarm: Alarm) -> tuple[object, ...]:
    return alarm.phase, alarm.good_since, alarm.stale, alarm.flapping, alarm.flaps, alarm.evidence.code


def _in_order(verdicts: Iterable[Verdict]) -> list[tuple[str, Verdict]]:
    """By time, then by key; of several about the same alarm at the same time the worst counts. UNKNOWN says nothing."""
    chosen: dict[tuple[float, str], Verdict] = {}
    for verdict in verdicts:
        if verdict.outcome is Outcome.UNKNOWN:
            continue
        place = verdict.at, alarm_key(verdict.rule, verdict.subject)
        known = chosen.get(place)
        if known is None or _rank(verdict) > _rank(known):
            chosen[place] = verdict
    return [(key, chosen[at, key]) for at, key in sorted(chosen)]


def _rank(verdict: Verdict) -> tuple[int, float, str]:
    return _WORST_LAST[verdict.outcome], -_since(verdict), verdict.evidence.code
