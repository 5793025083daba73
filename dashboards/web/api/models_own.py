"""The documents of the API that tell of the NOC itself, and of what was found."""

from typing import Annotated

from pydantic import Field

from dashboards.web.api.models import Daemon, Time, Told


class Mark(Told):
    """Who wrote the store and when last."""

    at: Time
    started: Time
    pid: int
    version: str
    stopped: Time | None
    stale_after_s: float
    counters_every_s: float
    blind_since: Time | None


class Poll(Told):
    """One poll as it went."""

    device: str
    collector: str
    at: Time
    duration_ms: float
    late_ms: float
    answered: bool


class Polls(Told):
    """Of the last minutes."""

    at: Time | None
    window_s: int
    count: int
    failed: int
    late_p50_ms: float | None
    late_p99_ms: float | None
    duration_p50_ms: float | None
    duration_p99_ms: float | None
    slowest: list[Poll]


class Influx(Told):
    """How sending to InfluxDB stands."""

    server: str
    at: Time
    state: str
    since: Time
    failing: bool
    error: str
    behind_s: float
    owed_hours: int
    owed_rollups: int
    lines: int
    refused_lines: int


class Channel(Told):
    """A channel that messages leave by."""

    name: str
    last_accepted_at: Time | None
    failing_since: Time | None
    error: str
    queued: int
    oldest_s: float


class Process(Told):
    """A process of ours."""

    pid: int
    started: Time
    cpu_s: float
    cpu_share: float | None
    memory: int


class Health(Told):
    """The NOC itself."""

    at: Time
    asked_at: Time
    mark: Mark | None
    running: bool
    polls: Polls
    parts: Annotated[dict[str, bool], Field(description="What the daemon watches of itself -> whether it fails.")]
    parts_at: Time | None
    influx: Influx | None
    channels: list[Channel]
    queued: int
    oldest_queued_s: float
    store_octets: int | None
    ledger_octets: int | None
    disk_free: int | None
    disk_size: int | None
    daemon: Process | None
    web: Process | None
    wrong: list[str]


class Layer(Told):
    """One layer of the metric store."""

    name: str
    chunks: int
    octets: int
    octets_a_day: float
    first_at: Time
    last_at: Time
    kept_since: Time | None
    due_octets: int


class Store(Told):
    """The metric store."""

    at: Time
    asked_at: Time
    file_octets: int
    free_octets: int
    log_octets: int
    pack_octets: int
    packs: int
    streams: int
    hot_blobs: int
    hot_octets: int
    first_at: Time | None
    last_at: Time | None
    layers: list[Layer]
    growth_a_day: float


class Count(Told):
    """A counter or gauge."""

    name: str
    label: str
    text: str
    value: float | None
    counter: bool
    per_s: Annotated[float | None, Field(description="Of a counter, since the look before.")]


class Counts(Told):
    """What the daemon counts; `at` null: it was not there to be asked."""

    at: Time | None
    asked_at: Time
    rows: list[Count]
    error: str


class Finding(Told):
    """One thing that was looked at."""

    topic: str
    grade: Annotated[str, Field(description="fine, warning or wrong")]
    text: str
    advice: str


class Findings(Told):
    """What noc doctor finds."""

    at: Time
    findings: list[Finding]


class Hit(Told):
    """Something that was found."""

    kind: str
    key: str
    text: str
    note: str
    address: Annotated[str, Field(description="Of its page.")]
    state: str | None


class Hits(Told):
    """What was found, the best first."""

    at: Time
    total: int
    hits: list[Hit]


class Counted(Told):
    """How many of them stand how."""

    total: int
    counts: Annotated[dict[str, int], Field(description="State -> how many.")]
    stale: Annotated[int, Field(description="Of these, how many are too old to be believed.")]


class Open(Told):
    """What is not resolved."""

    open: int
    severities: Annotated[dict[str, int], Field(description="Severity -> how many.")]
    unacknowledged: Annotated[int, Field(description="Critical and major ones that nobody has taken.")]
    oldest_unacknowledged: Annotated[int | None, Field(description="Its number.")]


class Summary(Told):
    """Everything at a glance."""

    at: Time
    daemon: Daemon
    sites: Counted
    links: Counted
    devices: Counted
    incidents: Open
    oncall: Annotated[
        dict[str, list[str]] | None,
        Field(description="Schedule -> contacts who hold it; null for viewers of single institutions."),
    ]
