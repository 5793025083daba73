"""The health of the NOC itself: the daemon's life sign, polls, store, InfluxDB, channels, disk, and this web process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from inventory.status import DaemonMark


@dataclass(frozen=True, slots=True)
class Poll:
    """One poll as it went; `at` is when it was due, UTC seconds."""

    device: str
    collector: str
    at: int
    duration_ms: float
    late_ms: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Polls:
    """Of the `window_s` before `at` (UTC seconds, the newest poll that is kept). None: nothing was polled in it."""

    at: int | None
    window_s: int
    count: int
    failed: int
    late_p50_ms: float | None
    late_p99_ms: float | None
    duration_p50_ms: float | None
    duration_p99_ms: float | None
    slowest: Sequence[Poll] = ()  # one a device, the slowest first

    @property
    def per_s(self) -> float:
        return self.count / self.window_s


@dataclass(frozen=True, slots=True)
class Influx:
    """How sending to InfluxDB stands; `state` is starting, sending, unreachable or denied, since `since`."""

    server: str
    at: float
    state: str
    since: float
    failing: bool  # a person should look
    error: str
    behind_s: float
    owed_hours: int
    owed_rollups: int
    lines: int
    refused_lines: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that messages leave by. `failing_since` None: it does not fail, as far as is known."""

    name: str
    last_accepted_at: float | None
    failing_since: float | None
    error: str
    queued: int
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours on this machine: share of one core, over its life and lately, and memory in octets."""

    pid: int
    started: float  # UTC seconds
    cpu_s: float
    cpu_share: float | None  # between the last two looks; None at the first
    memory: int


@dataclass(frozen=True, slots=True)
class Health:
    """Read together at `at` (UTC seconds), from store and ledger: it is there while the daemon is down.

    `parts`: what the daemon watches of itself (clock, disk, ledger, queue, store, influxdb, channel NAME) -> whether it
    fails, as of `parts_at`. `influx` None: nothing is sent there. `wrong`: what could not be read, in words.
    """

    at: float
    mark: DaemonMark | None
    running: bool  # somebody holds the store for writing
    polls: Polls
    parts: Mapping[str, bool] = field(default_factory=dict)
    parts_at: int | None = None
    influx: Influx | None = None
    channels: Sequence[Channel] = ()
    queued: int = 0  # messages that wait, of all channels
    oldest_queued_s: float = 0.0
    store_octets: int | None = None
    ledger_octets: int | None = None  # None: it lies on a server
    disk_free: int | None = None
    disk_size: int | None = None
    daemon: Process | None = None
    web: Process | None = None
    wrong: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the metric store; octets, UTC seconds; `kept_since` None: for ever."""

    name: str
    chunks: int
    octets: int
    octets_a_day: float
    first_at: int
    last_at: int
    kept_since: int | None
    due_octets: int  # that retention frees within 30 days


@dataclass(frozen=True, slots=True)
class Store:
    at: float
    file_octets: int
    free_octets: int
    log_octets: int
    pack_octets: int
    packs: int
    streams: int
    hot_blobs: int
    hot_octets: int
    first_at: int | None
    last_at: int | None
    layers: Sequence[Layer]
    growth_a_day: float


@dataclass(frozen=True, slots=True)
class Count:
    """A counter or gauge of the daemon's, as `/metrics` has it; `label` tells several of one name apart.

    `per_s`: how fast a counter rose since the look before; None at the first look, and of gauges.
    """

    name: str
    label: str
    text: str
    value: float
    counter: bool
    per_s: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """`at` None: the daemon was not there to be asked, for the reason in `error`."""

    at: float | None
    rows: Sequence[Count] = ()
    error: str = ""

    def total(self, name: str) -> float | None:
        """Of all labels; None where the daemon does not count that."""
        found = [row.value for row in self.rows if row.name == name]
        return sum(found) if found else None

    def rate(self, name: str) -> float | None:
        """A second, of all labels."""
        found = [row.per_s for row in self.rows if row.name == name and row.per_s is not None]
        return sum(found) if found else None


class OwnSource(Protocol):
    """Safe in several threads; never raises for what is missing, says so instead (`wrong`, `error`)."""

    def health(self) -> Health:
        """At most a few seconds old, shared by all who ask: cheap enough for every wallboard."""
        ...

    def store(self) -> Store | None:
        """What lies in which layer, read beside at most once in five minutes; None: being read, or it cannot be."""
        ...

    def counts(self) -> Counts:
        """Everything that is counted in the daemon, asked of itself, at most once in a few seconds."""
        ...

    def findings(self) -> Sequence[tuple[str, str, str, str]] | None:
        """What `noc doctor` finds without being root: topic, grade (fine, warning, wrong), text, advice.

        Looked at beside; None before it was looked at.
        """
        ...
