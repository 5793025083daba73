"""What beats while the NOC watches, in real time or in a simulated one: ask, judge, tell, keep; it opens nothing itself."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from alerts.transition import Transition
from collectors.contract import Target
from inventory.states import State
from inventory.status import DaemonMark
from noc.keeping import Keeper
from noc.warming import Warm, first_polls
from noc.wiring import Clock, House

log = logging.getLogger(__name__)

WARM_LATE_S, WARM_AGAIN_S = 0.5, 5.0
SWEEP_AGAIN_S = 0.5
SWEEP_SOON_S = 0.05  # after something that cannot wait, together with what comes at the same moment


class Clockwork(Protocol):
    """`noc.schedule.Schedule`, or one that runs in simulated time."""

    def every(self, seconds: float, call: Callable[[], object], *, name: str) -> None: ...


class OnDuty(Protocol):
    """`noc.duty.Duty`: makes alarms and incidents of what the board says."""

    def moved(self, transitions: Iterable[Transition]) -> None: ...
    def second(self) -> None: ...


class Heart:
    """The house, and what is done with it how often. Constructed inert; `arrange` starts the beat."""

    def __init__(self, clock: Clock) -> None:
        """`house` and `keeper` are put in before anything beats: the house must know whom to tell."""
        self._clock = clock
        self._house: House
        self._keeper: Keeper
        self._duty: OnDuty | None = None
        self._soon_swept = False

    def put_in(self, house: House, keeper: Keeper, duty: OnDuty | None) -> None:
        self._house, self._keeper, self._duty = house, keeper, duty
        house.rounds.on_urgent = self._sweep_soon

    def tell(self, transitions: Iterable[Transition]) -> None:
        """Something changed its state: keep it, log it, look closer where that helps, and let alarms follow."""
        transitions = tuple(transitions)
        self._keeper.note(transitions)
        for one in transitions:
            log.log(_level(one), "%s", _words(one))
            if one.kind == "device" and one.after == State.UP and one.before not in (State.UP, State.UNKNOWN):
                self._ask_counters(one.key)  # those that are seen for the first time have their first polls
            elif one.kind == "link" and one.after == "down" and not one.reason:
                self._ask_why(one.key)
        if self._duty is not None:
            self._duty.moved(transitions)
            self._sweep_soon()

    def _ask_why(self, link: str) -> None:
        """A port reads down: its router's counters tell at once whether somebody shut it."""
        found = self._house.network.inventory.links.get(link)
        for end in found.ends if found else ():
            if not self._house.network.board.silent(end.device):
                self._ask_counters(end.device)

    def _ask_counters(self, device: str) -> None:
        """The full poll resumes on the first answer (SEMANTICS 9)."""
        found = self._house.network.inventory.devices.get(device)
        if found:
            polling = self._house.pollings["interfaces"]
            polling.now(Target(found, "interfaces", polling.every_s))

    def arrange(self, clockwork: Clockwork) -> None:
        """Who does what how often, from now on; what is kept on disk is the caller's to arrange."""
        poll = self._house.config.poll
        clockwork.every(1, self._second, name="second")
        clockwork.every(poll.liveness_s, self._anchors, name="anchors")
        clockwork.every(60, self._keeper.close_minute, name="minute")
        clockwork.every(poll.counters_s, self._keeper.close_links, name="links")

    def warm_up(self) -> None:
        """The first polls after a start."""
        for warm in first_polls(self._house, self._clock()):
            self._soon(warm, warm.after_s)

    def _soon(self, warm: Warm, after_s: float) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(after_s, self._ask_warm, warm, loop.time() + after_s)

    def _ask_warm(self, warm: Warm, due: float) -> None:
        """Where there is more to do than the machine can, the first polls wait, and liveness goes on."""
        if asyncio.get_running_loop().time() - due > WARM_LATE_S:
            self._soon(warm, WARM_AGAIN_S)
        else:
            warm.polling.now(warm.target)

    def _second(self) -> None:
        """One cohort of everything that is polled; judged twice a second."""
        for polling in self._house.pollings.values():
            polling.fire()
        self._sweep()
        asyncio.get_running_loop().call_later(SWEEP_AGAIN_S, self._sweep)

    async def _anchors(self) -> None:
        circuits = self._house.network.inventory.circuits.values()
        await asyncio.gather(*(self._house.rounds.ask_anchors(one) for one in circuits if one.anchors))

    def _sweep_soon(self) -> None:
        if not self._soon_swept:
            self._soon_swept = True
            asyncio.get_running_loop().call_later(SWEEP_SOON_S, self._sweep)

    def _sweep(self) -> None:
        self._soon_swept = False
        board = self._house.network.board
        transitions = board.sweep(self._clock())
        if transitions:
            self.tell(transitions)
        devices = self._house.network.inventory.devices
        for key in board.hurried():
            self._house.rounds.hurry(devices[key])
        if self._duty is not None:
            self._duty.second()


def first_mark(house: House, version: str, pid: int, now: float) -> DaemonMark:
    """The daemon's own line beside the status rows, as it starts."""
    poll = house.config.poll
    return DaemonMark(now, now, pid, version, None, 2.5 * poll.liveness_s, poll.counters_s)


def _level(one: Transition) -> int:
    """What people want to read: losses loud, recoveries plain, the first sight of what is well not at all."""
    if one.after == State.UP:
        return logging.DEBUG if one.before == State.UNKNOWN else logging.INFO
    return logging.WARNING


def _words(one: Transition) -> str:
    why = f", {one.reason}" if one.reason else ""
    if one.before == one.after:  # only the reason is another
        return f"{one.kind} {one.key} is {one.after}{why or ', and nothing beside it any more'}"
    return f"{one.kind} {one.key} is {one.after}{why} (was {one.before})"
