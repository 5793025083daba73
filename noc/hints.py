"""What a notice makes the daemon do: look for itself, now and once more in two minutes; never more (SEMANTICS 13, 47).

Pure but for the calls it is given: time comes from a clock, and what is to be done goes out through `Acts`.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from inventory.notice import Notice

BOOT_S = 300.0  # so long after a start link notices say nothing: every port comes up once
LEAST_S = 1.0  # between two equal acts on one device, whatever it sends
AGAIN_S = 120.0  # the second look
UNCONFIRMED_S = 5.0  # a claim that no reading bore out by then is said in the log
MOST_OBJECTS = 4096  # (device, object) pairs that are remembered
ROUND = "round"  # a liveness round; all other words are pollings


class Acts(Protocol):
    """What hints may do. Every call is harmless for a device that is gone."""

    def poll(self, device: str, what: str) -> None:
        """`what`: ROUND, or the name of a polling; those that do not exist are passed over."""

    def claim(self, device: str, subject: str, state: str) -> bool:
        """A device says that a port is "down" or "up"; True where a declared link hangs on it."""

    def confirmed(self, device: str, subject: str, state: str) -> bool:
        """Whether readings bear the claim out by now."""

    def later(self, seconds: float, call: Callable[[], None]) -> None: ...

    def tell(self, words: str) -> None:
        """A line for the log."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one kind of notice brings forward: `now`, then `follow` seconds later the first of it again."""

    now: tuple[str, ...]
    quiet_s: float  # the same said again of the same object within it says nothing new
    follow: tuple[float, ...] = ()


ACTS: Mapping[str, Act] = {  # by Notice.content["about"], as collectors/notices/meaning.py has it
    "link": Act((ROUND, "interfaces"), 300.0, (1.0, 2.0, 4.0)),  # some agents show a state that is 3 s old
    "peer": Act(("peers",), 30.0),
    "boot": Act((ROUND, "system", "interfaces"), 30.0),
    "health": Act(("health",), 30.0),
    "neighbour": Act(("neighbours",), 300.0),
}


@dataclass(slots=True)
class HintCounters:
    """Counted since the start of the daemon."""

    acted: int = 0
    repeated: int = 0  # the same state of the same object again
    after_boot: int = 0  # link notices of a device that has just started
    unconfirmed: int = 0  # no reading bore the claim out


class Hints:
    """Feed it every Notice."""

    def __init__(self, acts: Acts, clock: Callable[[], float]) -> None:
        self.counters = HintCounters()
        self._acts = acts
        self._clock = clock
        self._said: OrderedDict[tuple[str, str, str], tuple[str, float]] = OrderedDict()
        self._booted: dict[str, float] = {}  # device -> UTC seconds of its last start, as far as it told
        self._done: dict[tuple[str, str], float] = {}  # (device, what) -> when last
        self._armed: set[tuple[str, str]] = set()
        self._again: set[tuple[str, str]] = set()
        self._following: set[tuple[str, int]] = set()
        self._judging: set[tuple[str, str]] = set()

    def take(self, notice: Notice) -> None:
        """Act on a notice, or find that it says nothing new."""
        about, state = str(notice.content.get("about", "")), str(notice.content.get("state", ""))
        self.note_uptime(notice.device, notice.at, notice.content.get("uptime_ticks"))
        if about == "boot":
            self._booted[notice.device] = notice.at
        act = ACTS.get(about)
        if act is None:
            return
        if about == "link" and notice.at - self._booted.get(notice.device, -BOOT_S) < BOOT_S:
            self.counters.after_boot += 1
            return
        if self._repeats((notice.device, about, notice.subject), state or notice.name, notice.at, act.quiet_s):
            self.counters.repeated += 1
            return
        self.counters.acted += 1
        if about == "link" and state:
            self._claim(notice, state)
        self._act(notice.device, about, act)

    def note_uptime(self, device: str, at: float, ticks: object) -> None:
        """sysUpTime, 1/100 s, as a trap or a poll said it at UTC second `at`."""
        if isinstance(ticks, int) and ticks / 100 < BOOT_S:
            self._booted[device] = at - ticks / 100

    def forget(self, device: str) -> None:
        """It left the inventory."""
        self._booted.pop(device, None)
        for key in [key for key in self._done if key[0] == device]:
            del self._done[key]

    def _repeats(self, what: tuple[str, str, str], state: str, at: float, quiet_s: float) -> bool:
        before = self._said.pop(what, None)
        same = before is not None and before[0] == state and at - before[1] < quiet_s
        self._said[what] = before if same and before is not None else (state, at)
        if len(self._said) > MOST_OBJECTS:
            self._said.popitem(last=False)
        return same

    def _claim(self, notice: Notice, state: str) -> None:
        """Tell the claim; and say so when no reading bears it out in time."""
        device, subject, name = notice.device, notice.subject, notice.name
        if not self._acts.claim(device, subject, state) or (device, subject) in self._judging:
            return
        self._judging.add((device, subject))

        def judge() -> None:
            self._judging.discard((device, subject))
            claimed, _ = self._said.get((device, "link", subject), (state, 0.0))
            if not self._acts.confirmed(device, subject, claimed):
                self.counters.unconfirmed += 1
                self._acts.tell(f"{device} said {name} of {subject}, and its readings do not")

        self._acts.later(UNCONFIRMED_S, judge)

    def _act(self, device: str, about: str, act: Act) -> None:
        for what in act.now:
            self._bring(device, what)
        for seconds in act.follow:
            self._follow(device, act.now[0], seconds)
        if (device, about) in self._again:
            return
        self._again.add((device, about))

        def again() -> None:
            self._again.discard((device, about))
            for what in act.now:
                self._bring(device, what)

        self._acts.later(AGAIN_S, again)

    def _follow(self, device: str, what: str, seconds: float) -> None:
        """One more look; those of several notices that fall into one second are one."""
        key = (device, int(self._clock() + seconds))
        if key in self._following:
            return
        self._following.add(key)

        def follow() -> None:
            self._following.discard(key)
            self._bring(device, what)

        self._acts.later(seconds, follow)

    def _bring(self, device: str, what: str) -> None:
        """Now; or, where it was done within the last second, when that second is over, once for all who asked."""
        key, now = (device, what), self._clock()
        wait_s = self._done.get(key, -LEAST_S) + LEAST_S - now
        if wait_s <= 0:
            self._done[key] = now
            self._acts.poll(device, what)
        elif key not in self._armed:
            self._armed.add(key)

            def armed() -> None:
                self._armed.discard(key)
                self._bring(device, what)

            self._acts.later(wait_s, armed)
