"""Whether one device lives: probes in, a state with its reason out; one lost probe proves nothing (SEMANTICS 9, 11, 46)."""

from collections.abc import Mapping

from alerts.series import CALM_S, KEEN_S, MORE, MORE_QUICK, LossSeries
from inventory.model import Probe
from inventory.states import Reason, State

CREDENTIALS_REFUSED = "credentials refused"
NAME_UNRESOLVED = "name unresolved"
ANSWERS_OF_A_KIND = frozenset({CREDENTIALS_REFUSED, "bad answer", "too slow", "unsupported"})
PROBES_KEPT = 24  # a minute of ordinary rounds over two methods, for the loss figure


class DeviceWatch:
    """State up, down (all declared probes silent, proven) or unknown (never heard, not yet proven silent).

    Whether silent means down or unreachable is the board's to say: it knows the neighbours.
    """

    __slots__ = (
        "agent", "answered_at", "at", "calm", "confirmed_at", "history", "methods", "missed", "reach", "reason",
        "rtt_ms", "settled", "since", "state", "uptime_ticks",
    )  # fmt: skip

    def __init__(self) -> None:
        self.state = State.UNKNOWN
        self.reason = Reason.NONE
        self.since: float | None = None
        self.at: float | None = None  # newest result, answered or not
        self.answered_at: float | None = None  # when the newest answered round was asked
        self.confirmed_at: float | None = None  # when the last probe of the proving series was asked
        self.settled = False  # silent, and proven since whatever stands between last changed
        self.rtt_ms: float | None = None
        self.uptime_ticks: int | None = None
        self.history = 1  # a leading 1, then one bit a probe: 1 lost
        self.calm = False  # up, no reason, no series: the next good round changes nothing
        self.methods: set[Probe] = set()  # asked at any time: those that must all be lost
        self.missed: set[Probe] = set()  # lost in this series
        self.reach = LossSeries()
        self.agent = LossSeries()

    @property
    def silent(self) -> bool:
        return self.state is State.DOWN

    @property
    def suspicious(self) -> bool:
        return self.reach.first is not None and not self.settled

    @property
    def nearly_proven(self) -> bool:
        """The probe that may end the series is under way."""
        return self.reach.lost in (MORE_QUICK, MORE) and not self.settled

    @property
    def next_ask_s(self) -> float:
        """Seconds until the next round: soon while a series runs, calmly otherwise."""
        doubt = self.suspicious or (self.agent.first is not None and self.reason is not Reason.AGENT_SILENT)
        return KEEN_S if doubt and not self.settled else CALM_S

    @property
    def loss_ratio(self) -> float | None:
        probes = self.history.bit_length() - 1
        return (self.history.bit_count() - 1) / probes if probes else None

    def feed(
        self,
        asked_at: float,
        at: float,
        answers: Mapping[Probe, float | None],
        *,
        refused: str = "",
        uptime_ticks: int | None = None,
    ) -> bool:
        """Take one round; True when state, reason or suspicion changed. `answers`: milliseconds, None: lost."""
        if self.calm and answers and not refused and None not in answers.values():
            self._note(asked_at, at, answers, uptime_ticks)
            return False
        if not answers and not refused:
            return False
        before = (self.state, self.reason, self.suspicious, self.settled)
        self.methods.update(answers)
        if any(rtt is not None for rtt in answers.values()) or refused in ANSWERS_OF_A_KIND:
            self._note(asked_at, at, answers, uptime_ticks)
            self._answered(asked_at, at, answers, refused)
        elif refused == NAME_UNRESOLVED:
            self.at, self.reason = at, Reason.DNS
            self.reach.clear()
        else:
            self._lost(asked_at, at, answers)
        self.calm = self._is_calm()
        return before != (self.state, self.reason, self.suspicious, self.settled)

    def _is_calm(self) -> bool:
        quiet = self.reach.first is None and self.agent.first is None
        return quiet and self.state is State.UP and self.reason is Reason.NONE

    def _note(
        self, asked_at: float, at: float, answers: Mapping[Probe, float | None], uptime_ticks: int | None
    ) -> None:
        self.at = at
        self.answered_at = asked_at
        for rtt in answers.values():
            if rtt is not None:
                self.rtt_ms = rtt
                break
        if uptime_ticks is not None:
            self.uptime_ticks = uptime_ticks
        self._remember(answers)

    def _remember(self, answers: Mapping[Probe, float | None]) -> None:
        history = self.history
        for rtt in answers.values():
            history = history << 1 | (rtt is None)
        if history >> (PROBES_KEPT + 1):
            history = history & ((1 << PROBES_KEPT) - 1) | (1 << PROBES_KEPT)
        self.history = history

    def _answered(self, asked_at: float, at: float, answers: Mapping[Probe, float | None], refused: str) -> None:
        if self.reach.first is not None and asked_at < self.reach.first:
            return  # a straggler from before the first loss says nothing about now
        self.reach.clear()
        self.missed.clear()
        self.settled, self.confirmed_at = False, None
        if self.state is not State.UP:
            self.state, self.since = State.UP, at
            self.agent.clear()  # it was not the agent's fault as long as the device was down (SEMANTICS 12)
        self._judge_agent(asked_at, answers, refused)

    def _judge_agent(self, asked_at: float, answers: Mapping[Probe, float | None], refused: str) -> None:
        """SNMP beside the other methods: silent while they answer is a fault of the agent, not of the device."""
        snmp = [rtt for probe, rtt in answers.items() if probe.method == "snmp"]
        if refused == CREDENTIALS_REFUSED:
            self.agent.clear()
            self.reason = Reason.CREDENTIALS_REFUSED
        elif any(rtt is not None for rtt in snmp) or refused:
            self.agent.clear()
            self.reason = Reason.NONE
        elif snmp:
            self.agent.miss(asked_at)
            if self.agent.proves():
                self.reason = Reason.AGENT_SILENT
        elif self.reason is Reason.DNS:
            self.reason = Reason.NONE

    def _lost(self, asked_at: float, at: float, answers: Mapping[Probe, float | None]) -> None:
        self.at = at
        if self.answered_at is not None and asked_at <= self.answered_at:
            return  # a later round was answered already
        self.reach.miss(asked_at)
        self.missed.update(answers)
        if any(probe.method == "snmp" for probe in answers):
            self.agent.miss(asked_at)
        if self.reach.lost == 1 or not self.silent:
            self._remember(answers)
        self._confirm(MORE)

    def confirm_quickly(self) -> bool:
        """Called when every live neighbour's port towards this device reads down: four more losses suffice."""
        was = self.settled
        self._confirm(MORE_QUICK)
        return self.settled and not was

    def _confirm(self, more: int) -> None:
        if self.settled or not self.reach.proves(more):
            return
        if not self.silent and not self.missed >= self.methods:
            return
        if self.state is not State.DOWN or self.since is None:
            self.state, self.since = State.DOWN, self.reach.first
        self.reason = Reason.NONE
        self.settled, self.confirmed_at = True, self.reach.last

    def recheck(self, *, anew: bool = False) -> None:
        """Something between the poller and this silent device came back: what was proven must be proven again.

        `anew`: the silence so far was the poller's own; this device's begins with what is lost from now on.
        """
        if anew:
            self.since = None
        self.reach.clear()
        self.missed.clear()
        self.settled, self.confirmed_at = False, None
