"""A server in memory, and a store with a sender that a test drives step by step under a clock of its own."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from inventory.batch import Batch
from noc.influx import owed
from noc.influx.contract import Answered, InfluxError, Server
from noc.influx.refused import NAME, SetAside
from noc.influx.shipper import Shipper
from noc.influx.source import Source
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch


class Sea:
    """Takes lines as InfluxDB does: the same series, instant and field is one value. `failures` are raised first."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, int, str], str] = {}
        self.sent: list[int] = []  # lines of each request that was taken
        self.order: list[int] = []  # their first instants
        self.failures: list[InfluxError] = []
        self.refuses: Callable[[bytes], InfluxError | None] = lambda line: None
        self.octets = 0

    def ping(self) -> str:
        return "1.6.7"

    def query(self, influxql: str) -> Sequence[Answered]:
        return []

    def write(self, lines: Sequence[bytes]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        for line in lines:
            if (refusal := self.refuses(line)) is not None:
                raise refusal
        for line in lines:
            series, fields, at = line.decode().rsplit(" ", 2)
            for pair in fields.split(","):
                name, _, value = pair.partition("=")
                self.values[series, int(at), name] = value
        self.sent.append(len(lines))
        self.order.append(int(lines[0].rsplit(b" ", 1)[1]))
        self.octets = max(self.octets, sum(len(line) + 1 for line in lines))


class House:
    """A store and its sender. `pass_s` lets time pass with whatever `poll` commits each 30 s."""

    def __init__(self, path: Path, server: Server, *, now: float = START, share: float = 0.5) -> None:
        self.path, self.server, self.now, self.share = path, server, now, share
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.store = self._stack.enter_context(MetricStore(self.path))
        self.source = self._stack.enter_context(Source(self.path))
        self.store.ship_to("sea")
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def begin(self) -> None:
        """A sender that knows nothing: the one before it was killed."""
        aside = SetAside(self.path.with_name(NAME))
        self.shipper = Shipper(
            self.source,
            self.server,
            self.store.acknowledge,
            aside,
            clock=lambda: self.now,
            steady=lambda: self.now,
            share=self.share,
        )

    def keep(self, batches: Iterable[Batch]) -> None:
        self.store.append(batches)
        self.store.commit()

    def poll(self, first: int, last: int, level: float = 1000.0) -> None:
        """Polls number first to last, 30 s apart, a commit each."""
        for number in range(first, last):
            self.keep([batch(START + 30 * number, level), batch(START + 30 * number, level, scope="dod-pe-1")])
            self.now = max(self.now, START + 30 * number)

    def send(self, steps: int = 10_000) -> None:
        """Until nothing is left to send, or so many steps."""
        quiet = 0
        for _ in range(steps):
            self.now += self.shipper.step()
            self.store.commit()
            quiet = quiet + 1 if self.shipper.idle else 0
            if quiet > 12:
                return

    def owed(self) -> list[owed.Interval]:
        return [one.interval for one in self.source.run(lambda db: [*owed.newest_first(db)])]

    def lacks(self, polls: int, level: float = 1000.0) -> list[tuple[str, int]]:
        """What the server does not have of the polls 0 to `polls`, or has otherwise."""
        assert isinstance(self.server, Sea)
        missing = []
        for scope in ("dar-edge-1", "dod-pe-1"):
            for number in range(polls):
                wanted = batch(START + 30 * number, level, scope)
                for row, value in zip(wanted.rows, wanted.of("in_bps").tolist(), strict=True):
                    found = self.server.values.get((f"interface,device={scope},interface={row}", wanted.at, "in_bps"))
                    if found != f"{round(value)}i":
                        missing.append((f"{scope} {row} {found}", wanted.at))
        return missing
