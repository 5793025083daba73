"""Rules about amounts and states of a measurement: a level with a step back, or values that are bad."""

import numpy as np

from alerts.alarm import Alarm
from alerts.rules.kernel import Figures, Outcomes, grown, outcome_of
from alerts.rules.rule import PeerSpec, ThresholdSpec, ValueSpec
from alerts.rules.table import Bools, Floats, Tick
from alerts.rules.window import Window
from inventory.states import BGP_STATUS, OSPF_STATUS

ESTABLISHED, STOPPED = 6.0, 1.0
SETTLED = (4.0, 8.0)  # OSPF: two-way with a neighbour that is not designated, full with the others


class Threshold:
    """Bad from `raise_at` on until it is past `clear_at`; of several quantities each for itself.

    With `per` the levels are shares of what there is in all: packets that were damaged are not among those that counted.
    """

    def __init__(self, spec: ThresholdSpec, every_s: float) -> None:
        self._spec = spec
        self._asked = (*spec.quantities, *spec.per)
        self._window = Window(len(self._asked), spec.over_s, every_s) if spec.over_s else None
        self._bad: Bools = np.zeros((len(spec.quantities), 0), np.bool_)
        self._last: Floats = np.zeros((len(self._asked), 0))

    def grow(self, size: int) -> None:
        self._bad, self._last = grown(self._bad, size), grown(self._last, size, np.nan)
        if self._window is not None:
            self._window.grow(size)

    def judge(self, tick: Tick) -> Outcomes:
        spec = self._spec
        values = tick.all_of(self._asked)
        if self._window is not None:
            self._window.push(tick, values)
            samples = self._window.samples(tick.index, tick.at)
            values = np.where(self._window.known(samples), samples.mean(), np.nan)
        self._last[:, tick.index] = values
        measured, least = self._measured(values)
        raised = measured >= spec.raise_at if spec.above else measured <= spec.raise_at
        cleared = measured <= spec.clear_at if spec.above else measured >= spec.clear_at
        bad = (raised & ~least) | (self._bad[:, tick.index] & ~cleared)
        self._bad[:, tick.index] = bad
        return outcome_of(bad, np.isnan(measured))

    def _measured(self, values: Floats) -> tuple[Floats, Bools]:
        """What is held against the levels, and what is too little to be raised."""
        if not self._spec.per:
            return values, np.zeros(values.shape, np.bool_)
        amounts, all_but = np.split(values, 2)
        whole = amounts + all_but
        return np.where(whole > 0.0, amounts / np.where(whole > 0.0, whole, 1.0), whole), amounts < self._spec.least

    def evidence(self, number: int) -> Figures:
        spec = self._spec
        size = len(spec.quantities)
        values = np.where(self._bad[:, number], self._last[:size, number], np.nan)
        place = int(np.nanargmax(values if spec.above else -values))
        whole = float(self._last[:, number][place::size].sum()) if spec.per else 1.0
        return {
            "quantity": spec.quantities[place],
            "value": float(values[place]),
            "level": max(spec.raise_at * whole, spec.least) if spec.per else spec.raise_at,
            "window_s": self._window.over_s if self._window is not None else 0.0,
        }

    def since(self, number: int) -> float | None:
        if self._window is None:
            return None
        raise_at, above = self._spec.raise_at, self._spec.above

        def beyond(values: Floats) -> Bools:
            measured, least = self._measured(values)
            return (measured >= raise_at if above else measured <= raise_at) & ~least

        return self._window.first(number, beyond)

    def void(self, number: int, since: float) -> None:
        """What was sampled of this row from then on says nothing."""
        if self._window is not None:
            self._window.void(number, since)

    def resume(self, number: int, alarm: Alarm) -> None:
        self._bad[:, number] = alarm.good_since is None


class Value:
    """Bad at some values of a state."""

    def __init__(self, spec: ValueSpec) -> None:
        self._spec = spec
        self._bad = np.array(sorted(spec.bad))
        self._unknown = np.array(sorted(spec.unknown))
        self._last: Floats = np.zeros(0)

    def grow(self, size: int) -> None:
        self._last = grown(self._last, size, np.nan)

    def judge(self, tick: Tick) -> Outcomes:
        values = self._last[tick.index] = tick.of(self._spec.quantity)
        bad, unknown = _among(values, self._bad), np.isnan(values)
        if self._unknown.size:
            unknown |= _among(values, self._unknown)
        return outcome_of(bad[None], unknown[None])

    def evidence(self, number: int) -> Figures:
        value = float(self._last[number])
        return {"quantity": self._spec.quantity, "value": value, "level": float(self._bad[0]), "window_s": 0.0}

    def since(self, number: int) -> float | None:
        return None

    def resume(self, number: int, alarm: Alarm) -> None:
        """Each value speaks for itself."""


class Bgp:
    """Bad when a session that should be there is not. One that an operator stopped is not missed (SEMANTICS 53).

    Where the device does not say what should be, a session counts once it was established.
    """

    def __init__(self, _spec: PeerSpec) -> None:
        self._was_up: Bools = np.zeros(0, np.bool_)
        self._last: Floats = np.zeros(0)

    def grow(self, size: int) -> None:
        self._was_up, self._last = grown(self._was_up, size), grown(self._last, size, np.nan)

    def judge(self, tick: Tick) -> Outcomes:
        state, admin = tick.of("bgp_state"), tick.of("bgp_admin_status")
        self._last[tick.index] = state
        up, stopped = state == ESTABLISHED, admin == STOPPED
        self._was_up[tick.index] |= up
        unknown = np.isnan(state) | (np.isnan(admin) & ~self._was_up[tick.index])
        bad = ~up & ~stopped
        return outcome_of(bad[None], (unknown & ~stopped)[None])

    def evidence(self, number: int) -> Figures:
        return {"state": BGP_STATUS.get(int(self._last[number]), "unknown")}

    def since(self, number: int) -> float | None:
        return None

    def resume(self, number: int, alarm: Alarm) -> None:
        self._was_up[number] = True


class Ospf:
    """Bad when a neighbour falls below what it had reached: two-way or full."""

    def __init__(self, _spec: PeerSpec) -> None:
        self._reached: Floats = np.zeros(0)
        self._last: Floats = np.zeros(0)

    def grow(self, size: int) -> None:
        self._reached, self._last = grown(self._reached, size), grown(self._last, size, np.nan)

    def judge(self, tick: Tick) -> Outcomes:
        state = self._last[tick.index] = tick.of("ospf_state")
        settled = _among(state, np.array(SETTLED))
        self._reached[tick.index] = np.where(settled, state, self._reached[tick.index])
        unknown = np.isnan(state) | (self._reached[tick.index] == 0.0)
        return outcome_of(~settled[None], unknown[None])

    def evidence(self, number: int) -> Figures:
        return {"state": OSPF_STATUS.get(int(self._last[number]), "unknown")}

    def since(self, number: int) -> float | None:
        return None

    def resume(self, number: int, alarm: Alarm) -> None:
        self._reached[number] = SETTLED[0]


class Reboot:
    """Bad in the poll that saw the restart (SEMANTICS 6: whoever counts them has told it from a wrap)."""

    def __init__(self) -> None:
        self._uptime_s: Floats = np.zeros(0)

    def grow(self, size: int) -> None:
        self._uptime_s = grown(self._uptime_s, size, np.nan)

    def judge(self, tick: Tick) -> Outcomes:
        reboots = tick.of("reboots")
        self._uptime_s[tick.index] = tick.of("uptime_s")
        return outcome_of((reboots > 0)[None], np.isnan(reboots)[None])

    def evidence(self, number: int) -> Figures:
        return {"uptime_s": float(self._uptime_s[number])}

    def since(self, number: int) -> float | None:
        return None

    def resume(self, number: int, alarm: Alarm) -> None:
        """It is over with the next poll."""


def _among(values: Floats, chosen: Floats) -> Bools:
    found: Bools = (values[:, None] == chosen).any(axis=1)
    return found
