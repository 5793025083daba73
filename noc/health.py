"""The NOC's own health: what is counted, what ails, and one sentence for systemd."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict

from noc.keeping import Keeper
from noc.own_metrics import Health, Own
from noc.wiring import Clock, House

SILENT_S = 15.0  # without a commit or a round for so long, something is stuck

STORE_GAUGES = frozenset(
    {"last_commit_s", "pending_values", "seal_shards_left", "sealed_until", "rolls_due", "held_days"}
)


class Watcher:
    """Reads the counters of every part when asked."""

    def __init__(
        self,
        house: House,
        keeper: Keeper,
        clock: Clock,
        *,
        more: tuple[Callable[[], Iterator[Own]], ...] = (),
        ails: Callable[[], Iterator[str]] = lambda: iter(()),
    ) -> None:
        """`more`: counters of parts that the house does not hold; `ails`: what is wrong with them, in words."""
        self._more = more
        self._ails = ails
        self._house = house
        self._keeper = keeper
        self._clock = clock
        self._started = clock()

    def gather(self) -> Iterator[Own]:
        yield Own("uptime_seconds", "Seconds since the daemon started", self._clock() - self._started)
        yield from self._pollings()
        yield from self._pipeline()
        yield from self._store()
        for name, value in self._house.engine.figures().items():
            gauge = name in ("in_flight", "waiting")
            yield Own(f"snmp_{name}", f"SNMP engine: {name.replace('_', ' ')}", value, counter=not gauge)
        narrowed = self._house.sessions.fallback.narrowed
        yield Own("snmp_narrowed", "Devices declared 2c that answer only v1", narrowed)
        for state, count in self._states().items():
            yield Own("devices", "Devices by state", count, {"state": state})
        for gather in self._more:
            yield from gather()

    def _pollings(self) -> Iterator[Own]:
        for name, polling in self._house.pollings.items():
            label = {"collector": name}
            for word, value in asdict(polling.counters).items():
                if word == "late_s_max":
                    yield Own("late_seconds_max", "Latest start of a slot so far, in seconds", value, label)
                else:
                    yield Own(f"polls_{word}", f"Polls {word} since the start", value, label, counter=True)
            yield Own("polls_running", "Polls that run now", polling.running, label)
        rounds = self._house.rounds
        yield Own("rounds", "Liveness rounds asked", rounds.asked, counter=True)
        yield Own("rounds_keen", "Liveness rounds asked early, in doubt", rounds.keen_asked, counter=True)
        yield Own("in_doubt", "Devices and circuits in doubt now", rounds.keen)

    def _pipeline(self) -> Iterator[Own]:
        counters = self._house.pipeline.counters
        yield Own("polls", "Polls ended", counters.answered, {"outcome": "answered"}, counter=True)
        yield Own("polls", "Polls ended", counters.failed, {"outcome": "failed"}, counter=True)
        yield Own("batches", "Batches handed to the store", counters.batches, counter=True)
        yield Own("values", "Values handed to the store", counters.values, counter=True)
        yield Own("transitions", "Changes of state", self._keeper.transitions, counter=True)
        yield Own("polls_broken", "Targets whose last poll failed", self._house.pipeline.outcomes.count)

    def _store(self) -> Iterator[Own]:
        for name, value in asdict(self._house.store.counters).items():
            help_text = f"Metric store: {name.replace('_', ' ')}"
            yield Own(f"store_{name}", help_text, value, counter=name not in STORE_GAUGES)
        yield Own("store_commit_age_seconds", "Age of the last commit", self._clock() - self._keeper.committed_at)

    def _states(self) -> Counter[str]:
        names = ("up", "degraded", "unknown", "unreachable", "down")
        counted = Counter(dict.fromkeys(names, 0))
        counted.update(names[code] for code in self._house.network.board.state_codes().values())
        return counted

    def health(self) -> Health:
        """What ails, in words; nothing when all is well."""
        now, ailing = self._clock(), []
        if self._keeper.failing_since is not None:
            ailing.append(f"the metric store takes no writes for {now - self._keeper.failing_since:.0f} s")
        elif now - self._keeper.committed_at > SILENT_S:
            ailing.append(f"nothing was made durable for {now - self._keeper.committed_at:.0f} s")
        if self._keeper.seal_failing_since is not None:
            ailing.append(f"sealing fails for {now - self._keeper.seal_failing_since:.0f} s")
        return Health(tuple(ailing), tuple(self._troubles(now)))

    def _troubles(self, now: float) -> Iterator[str]:
        blind = self._house.network.board.blind_since
        if blind is not None:
            yield f"the poller is isolated for {now - blind:.0f} s"
        yield from self._ails()

    def sentence(self) -> str:
        states = self._states()
        return ", ".join(f"{count} {state}" for state, count in states.items() if count) + " (devices)"
