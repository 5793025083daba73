"""Rules over the board's rows: who is down, whose agent is silent, what changes state again and again."""

from collections.abc import Iterable, Mapping

from alerts.alarm import Evidence, Outcome, Verdict, alarm_key
from alerts.flaps import Restlessness
from alerts.rules.rule import FlapSpec, Rule, StateSpec
from alerts.rules.subjects import Labelled
from alerts.subject import Subject
from alerts.view import View
from inventory.model import Inventory
from inventory.states import Reason, State
from inventory.status import Kind, StatusRow

AGAIN_S = 10.0  # rows that are not well are judged anew so often, whether they changed or not
_GONE = frozenset({State.DOWN, State.UNREACHABLE})
_BLURRED = frozenset({Reason.STALE, Reason.BLIND})
_CODES: Mapping[tuple[Kind, State], str] = {
    ("device", State.DOWN): "device-down",
    ("device", State.UNREACHABLE): "device-unreachable",
    ("site", State.DOWN): "site-down",
    ("site", State.UNREACHABLE): "site-unreachable",
    ("site", State.DEGRADED): "site-degraded",
    ("link", State.DOWN): "port-down",
    ("link", State.UNREACHABLE): "link-unreachable",
}
_REASONED: Mapping[Reason, str] = {
    reason: reason.value
    for reason in (
        Reason.NO_PATH,
        Reason.ADMIN_DOWN,
        Reason.NOT_SEEN,
        Reason.AGENT_SILENT,
        Reason.CREDENTIALS_REFUSED,
        Reason.DNS,
    )
}

Place = tuple[Kind, str]


class BoardRules:
    """Judges rows; a row that is well, and was when it was last looked at, costs next to nothing."""

    def __init__(self, rules: Iterable[Rule], inventory: Inventory, live: Mapping[str, object]) -> None:
        self._rules: dict[Kind, list[tuple[Rule, StateSpec]]] = {"device": [], "link": [], "site": []}
        self._flaps: dict[Kind, list[Rule]] = {"device": [], "link": [], "site": []}
        for rule in rules:
            if isinstance(rule.spec, StateSpec):
                self._rules[rule.spec.of].append((rule, rule.spec))
            elif isinstance(rule.spec, FlapSpec):
                self._flaps[rule.spec.of].append(rule)
        self._inventory = inventory
        self._labelled = Labelled(inventory)
        self._live = live
        self._seen: dict[Place, tuple[str, str]] = {}  # state and reason
        self._unwell: dict[Place, None] = {}
        self._changes: dict[Place, Restlessness] = {}
        self._chosen: dict[tuple[str, Place], bool] = {}
        self._again_at = 0.0
        self.gone: set[str] = set()  # devices that do not answer
        self.mute: set[str] = set()  # and those whose agent does not
        self.cut: set[str] = set()  # links that carry nothing
        self.fell: list[tuple[Place, float]] = []  # devices and links, and since when; whoever uses it empties it
        self.back: dict[Place, float] = {}  # when a device or link was last seen to be back

    def judge(self, rows: Iterable[StatusRow], now: float) -> list[Verdict]:
        verdicts: list[Verdict] = []
        for row in rows:
            place = row.kind, row.key
            before, after = self._seen.get(place), (row.state, row.reason)
            if before != after:
                self._note(place, row, before, now)
            elif place not in self._unwell:
                continue
            verdicts += self._judge_row(place, row, now)
        return verdicts

    def tick(self, view: View, now: float) -> list[Verdict]:
        """Rows that are not well once more, and flapping that ended."""
        if self._again_at - AGAIN_S <= now < self._again_at:
            return []
        self._again_at = now + AGAIN_S
        rows = (view.row(*place) for place in list(self._unwell))
        return self.judge((row for row in rows if row is not None), now)

    def _note(self, place: Place, row: StatusRow, before: tuple[str, str] | None, now: float) -> None:
        self._seen[place] = row.state, row.reason
        was_gone, is_gone = before is not None and before[0] in _GONE, row.state in _GONE
        if is_gone and not was_gone:
            self.fell.append((place, now if row.since is None else row.since))
        elif was_gone and not is_gone:
            self.back[place] = now
        if row.kind == "device":
            (self.gone.add if row.state in _GONE else self.gone.discard)(row.key)
            mute = row.reason in (Reason.AGENT_SILENT, Reason.CREDENTIALS_REFUSED, Reason.DNS)
            (self.mute.add if mute else self.mute.discard)(row.key)
        elif row.kind == "link":
            (self.cut.add if row.state in _GONE else self.cut.discard)(row.key)
        if self._flaps[row.kind] and before is not None and _changed(before[0], row.state):
            self._changes[place] = self._changes.get(place, Restlessness()).changed(now)

    def _judge_row(self, place: Place, row: StatusRow, now: float) -> list[Verdict]:
        verdicts = []
        well = True
        for rule, spec in self._rules[row.kind]:
            if rule.on.terms and not self._applies(rule, place):
                continue
            outcome = state_outcome(spec, row)
            key = alarm_key(rule.name, _subject(row))
            well = well and outcome is Outcome.GOOD and key not in self._live
            if outcome is not Outcome.GOOD or place in self._unwell or key in self._live:
                verdicts.append(self._verdict(rule, row, outcome, now))
        for rule in self._flaps[row.kind]:
            if place in self._changes and self._applies(rule, place):
                verdicts.append(self._flap(rule, row, place, now))
        if well and place not in self._changes:
            self._unwell.pop(place, None)
        else:
            self._unwell[place] = None
        return verdicts

    def _verdict(self, rule: Rule, row: StatusRow, outcome: Outcome, now: float) -> Verdict:
        since = row.since if isinstance(rule.spec, StateSpec) and _dated(rule.spec, row, outcome) else None
        evidence = self._evidence(rule, row) if outcome is Outcome.BAD else Evidence()
        return Verdict(rule.name, _subject(row), outcome, now, since, evidence)

    def _evidence(self, rule: Rule, row: StatusRow) -> Evidence:
        code = _code(rule, row) if rule.code == "state" else rule.code
        figures: dict[str, float | str] = {row.kind: row.key}
        if code.endswith("unreachable"):
            figures["cause"] = str(row.figures.get("cause", ""))
        elif code == "credentials-refused":
            figures["credential"] = self._inventory.devices[row.key].snmp.credential
        elif code == "dns":
            figures["address"] = self._inventory.devices[row.key].address
        elif code == "state":
            figures = {"what": row.key, "state": row.state, "reason": row.reason}
        return Evidence(code, figures)

    def _flap(self, rule: Rule, row: StatusRow, place: Place, now: float) -> Verdict:
        changes = self._changes[place]
        if changes.settled(now):
            del self._changes[place]
        outcome = Outcome.BAD if changes.flapping and not changes.settled(now) else Outcome.GOOD
        evidence = Evidence(rule.code, {"what": row.key, "changes": float(changes.changes)})
        return Verdict(rule.name, _subject(row), outcome, now, None, evidence)

    def _applies(self, rule: Rule, place: Place) -> bool:
        known = self._chosen.get((rule.name, place))
        if known is None:
            device = place[1] if place[0] == "device" else ""
            key, labels = self._labelled.of(Subject(place[0], place[1], device))
            known = self._chosen[rule.name, place] = rule.on.matches(key, labels)
        return known


def state_outcome(spec: StateSpec, row: StatusRow) -> Outcome:
    """What cannot be seen is unknown: a device that is gone says nothing of its agent (SEMANTICS 12, 22)."""
    if row.state in spec.states or (row.reason in spec.reasons and row.reason):
        gone = row.state in _GONE and row.state not in spec.states and row.kind == "device"
        return Outcome.UNKNOWN if gone else Outcome.BAD
    if row.state in _GONE or row.state == State.UNKNOWN or row.reason in _BLURRED:
        return Outcome.UNKNOWN
    return Outcome.GOOD


def _dated(spec: StateSpec, row: StatusRow, outcome: Outcome) -> bool:
    """Does the row's `since` tell when this began? A reason has no time of its own."""
    return row.state in spec.states if outcome is Outcome.BAD else bool(spec.states) and outcome is Outcome.GOOD


def _changed(before: str, after: str) -> bool:
    known = {State.UP, State.DEGRADED, *_GONE}
    return before in known and after in known and (before in _GONE) is not (after in _GONE)


def _code(rule: Rule, row: StatusRow) -> str:
    """Of a device or site that is gone its state, of a link first what the state rests on."""
    assert isinstance(rule.spec, StateSpec)
    if row.reason in _REASONED and (row.kind == "link" or row.state not in rule.spec.states):
        return _REASONED[Reason(row.reason)]
    return _CODES.get((row.kind, State(row.state)), "state")


def _subject(row: StatusRow) -> Subject:
    return Subject(row.kind, row.key, row.key if row.kind == "device" else "")
