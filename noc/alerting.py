"""Alerting put together: rules, roster, desk, ledger and channels; the same for the daemon and for simulated time."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass

from alerts.alarm import Severity
from alerts.books import Ledger
from alerts.desk.desk import Desk
from alerts.notification import Notifier
from alerts.oncall.plan import Plan
from alerts.oncall.reading import read_oncall
from alerts.rules.reading import read_rules
from alerts.rules.rule import RuleBook
from alerts.view import View
from alerts.windows import Windows
from alerts.words.messages import Composer
from alerts.words.names import Names
from inventory.mistakes import Mistake, MistakesError
from inventory.model import Inventory
from noc.channel_health import ChannelHealth
from noc.config import Config
from noc.duty import Duty
from noc.outbox import LOOK_S, Outbox, Runner
from noc.own_metrics import Own
from noc.wiring import Clock, Network

log = logging.getLogger(__name__)

OF_HEALTH = (*("cpu", "memory", "temperature", "voltage", "current", "power", "fan", "component", "optical", "ups"),)
LOUD_S = 120.0  # a channel failing for so long is not a hiccup
SHORT_CODE = "15200"  # only a short code can be replied to, a name cannot (DOMAIN 6.6)


@dataclass(frozen=True, slots=True)
class Orders:
    """What people have written about who is told what."""

    rules: RuleBook
    plan: Plan


def read_orders(config: Config, inventory: Inventory) -> Orders:
    """Rule files and roster as they stand now; MistakesError holds all that is wrong in either."""
    mistakes: list[Mistake] = []
    rules, plan = None, None
    try:
        rules = read_rules(config.alerts.rules, intervals(config))
    except MistakesError as error:
        mistakes += error.mistakes
    try:
        plan = read_oncall(config.alerts.oncall, inventory)
    except MistakesError as error:
        mistakes += error.mistakes
    if rules is None or plan is None:
        raise MistakesError(mistakes)
    return Orders(rules, plan)


def intervals(config: Config) -> Mapping[str, float]:
    """Measurement -> seconds between its batches, as configured."""
    poll = config.poll
    return {
        **dict.fromkeys(("interface", "link", "circuit_traffic", "point", "aggregate", "device"), poll.counters_s),
        **dict.fromkeys(("bgp_peer", "ospf_neighbour"), poll.peers_s),
        **dict.fromkeys(OF_HEALTH, poll.health_s),
        **dict.fromkeys(("ssh", "routes", "bgp_prefixes"), poll.cli_s),
        "ping": poll.ping_s,
    }


class Alerting:
    """What follows from what is measured. Constructed inert; `open` starts what runs beside the polls."""

    def __init__(
        self,
        config: Config,
        network: Network,
        orders: Orders,
        ledger: Ledger,
        channels: Mapping[str, Notifier],
        *,
        clock: Clock,
        run: Runner,
        look_s: float = LOOK_S,
    ) -> None:
        """`look_s`: how often the outbox looks unasked for what other processes queued."""
        self._config = config
        self._channels = channels
        self._clock = clock
        self.orders = orders
        self.ledger = ledger
        desk = self._desk(network.inventory, orders)
        self.duty = Duty(orders.rules, _view(network), desk, ledger, clock=clock, run=run)
        self.outbox = Outbox(ledger, channels, network.inventory.contacts, clock=clock, run=run, look_s=look_s)
        self.duty.on_queued = self.outbox.wake

    def _desk(self, inventory: Inventory, orders: Orders) -> Desk:
        composer = Composer(Names(inventory), self._config.incident_url)
        by_gateway = bool(self._config.replies.listen) and self._config.sms.sender == SHORT_CODE
        return Desk(
            orders.plan,
            composer.compose,
            inventory,
            Windows(inventory).covering,
            channels=frozenset(self._channels),
            replies=by_gateway or "modem" in self._channels,
        )

    def set_network(self, network: Network, orders: Orders, channels: Mapping[str, Notifier]) -> None:
        """After a reload: what is not watched any more is clear, all else is judged anew.

        A modem is one line, which two would take from each other: whoever has it, its replies included, goes on with it.
        """
        held = {name: self._channels[name] for name in ("modem",) if name in self._channels}
        self.orders, self._channels = orders, {**channels, **held}
        self.duty.set_network(orders.rules, _view(network), self._desk(network.inventory, orders))
        self.outbox.furnish(self._channels, network.inventory.contacts)

    async def open(self, stack: AsyncExitStack) -> None:
        """Go on from the ledger, and send what is queued from now on. LedgerError."""
        self.duty.restore()
        work = asyncio.get_running_loop().create_task(self.outbox.work())
        stack.push_async_callback(_ended, work)

    @property
    def channels(self) -> Mapping[str, Notifier]:
        return self._channels

    def ails(self) -> Iterator[str]:
        """What keeps people from being told, in words."""
        now = self._clock()
        if self.duty.failing_since is not None:
            yield f"{self.duty.failing} for {now - self.duty.failing_since:.0f} s"
        elif self.outbox.ledger_error:
            yield f"the outbox cannot use the ledger: {self.outbox.ledger_error}"
        if self.in_memory:
            yield "the ledger takes no writes: what happens is kept in memory, pages go out"
        if self.astray:
            yield "the ledger was taken away while we write in it: put it back, or a copy of it (docs/ledger.md)"
        for name, one in self.outbox.health().items():
            if one.failing_since is not None and now - one.failing_since > LOUD_S:
                yield f"channel {name} fails for {now - one.failing_since:.0f} s: {one.error}"

    @property
    def in_memory(self) -> bool:
        """The ledger's file takes no writes; a restart would lose what happened since."""
        return bool(getattr(self.ledger, "in_memory", False))

    @property
    def astray(self) -> bool:
        """The ledger's file is another than the one that is open: nobody sees what happens, and nobody's act arrives."""
        return bool(getattr(self.ledger, "astray", False))

    @property
    def keeps(self) -> bool:
        """Whether what happens is in the ledger where people look for it."""
        return self.duty.failing_since is None and not self.in_memory and not self.astray

    def gather(self) -> Iterator[Own]:
        """Numbers of alarms, incidents and messages for /metrics."""
        counters = self.duty.counters
        for name, value in asdict(counters).items():
            yield Own(f"duty_{name}", f"Alerting: {name}", value, counter=True)
        phases = Counter(str(alarm.phase) for alarm in self.duty.alarms.values())
        for phase in ("pending", "firing"):
            yield Own("alarms", "Alarms by phase", phases[phase], {"phase": phase})
        severities = Counter(str(cause.severity) for cause in self.duty.causes)
        for severity in Severity:
            yield Own("causes", "Faults by severity", severities[severity], {"severity": str(severity)})
        for name, one in self.outbox.health().items():
            yield from _channel(name, one, self._clock())
        yield Own("ledger_in_memory", "1 while the ledger takes no writes and is kept in memory", self.in_memory)
        kept = getattr(self.ledger, "counters", None)
        for name, value in asdict(kept).items() if kept is not None else ():
            yield Own(f"ledger_{name}", f"Ledger: {name.replace('_', ' ')}", value, counter=True)


def _channel(name: str, one: ChannelHealth, now: float) -> Iterator[Own]:
    label = {"channel": name}
    failing_s = 0.0 if one.failing_since is None else now - one.failing_since
    yield Own("channel_accepted", "Messages that a channel took", one.accepted, label, counter=True)
    yield Own("channel_failed", "Tries that a channel refused or lost", one.failed, label, counter=True)
    yield Own("channel_failing_seconds", "Seconds since a channel fails; 0: it works", failing_s, label)
    yield Own("channel_queued", "Messages that wait for a channel", one.queued, label)
    yield Own("channel_oldest_seconds", "Age of the oldest message that waits", one.oldest_s, label)


def _view(network: Network) -> View:
    return View(network.inventory, network.topology, network.board)


async def _ended(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
