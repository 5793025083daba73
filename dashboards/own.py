"""What is wrong with the NOC itself, worst first, and its counters by what they belong to: pure views of its health."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from dashboards.figures import SPANS, Spans, duration, octets
from inventory.status import DaemonMark

SILENT_S: Final = 15.0
LATE_MS: Final = 1000.0
BEHIND_S: Final = 120.0
WAITING_S: Final = 300.0
DISK_GRAVE, DISK_LOW = 500 << 20, 2 << 30
CHANNEL: Final = "channel "


@dataclass(frozen=True, slots=True)
class Trouble:
    """`text` is the key of its sentence; `grave`: nobody would be told, or nothing is kept."""

    text: str
    grave: bool
    figures: Mapping[str, object] = field(default_factory=dict)


class _Polls(Protocol):
    @property
    def late_p99_ms(self) -> float | None: ...


class _Influx(Protocol):
    @property
    def failing(self) -> bool: ...
    @property
    def error(self) -> str: ...
    @property
    def behind_s(self) -> float: ...
    @property
    def refused_lines(self) -> int: ...


class _Channel(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def failing_since(self) -> float | None: ...
    @property
    def error(self) -> str: ...


class Health(Protocol):
    """`dashboards.web.sources.own.Health`."""

    @property
    def mark(self) -> DaemonMark | None: ...
    @property
    def running(self) -> bool: ...
    @property
    def polls(self) -> _Polls: ...
    @property
    def parts(self) -> Mapping[str, bool]: ...
    @property
    def influx(self) -> _Influx | None: ...
    @property
    def channels(self) -> Sequence[_Channel]: ...
    @property
    def queued(self) -> int: ...
    @property
    def oldest_queued_s(self) -> float: ...
    @property
    def disk_free(self) -> int | None: ...
    @property
    def wrong(self) -> Sequence[str]: ...


def troubles(health: Health, now: float, spans: Spans = SPANS["en"]) -> list[Trouble]:
    """The grave ones first."""
    found = [
        *(Trouble("wrong", True, {"text": text}) for text in health.wrong),
        *_daemon(health, now, spans),
        *_telling(health, now, spans),
        *_keeping(health, spans),
    ]
    return sorted(found, key=lambda one: not one.grave)


def _daemon(health: Health, now: float, spans: Spans) -> Iterator[Trouble]:
    mark = health.mark
    if mark is None:
        yield Trouble("never", True)
        return
    age = {"age": duration(max(0.0, now - mark.at), spans)}
    if mark.stopped is not None:
        yield Trouble("stopped", True, age)
    elif now - mark.at > SILENT_S:
        yield Trouble("stuck" if health.running else "silent", True, age)
    late = health.polls.late_p99_ms
    if late is not None and late > LATE_MS:
        yield Trouble("late", False, {"late": f"{late:.0f} ms"})


def _telling(health: Health, now: float, spans: Spans) -> Iterator[Trouble]:
    for one in health.channels:
        if one.failing_since is not None:
            age = duration(now - one.failing_since, spans)
            yield Trouble("channel", True, {"name": one.name, "age": age, "error": one.error})
    if health.queued and health.oldest_queued_s > WAITING_S:
        yield Trouble("queue", True, {"count": health.queued, "age": duration(health.oldest_queued_s, spans)})


def _keeping(health: Health, spans: Spans) -> Iterator[Trouble]:
    for part, failing in health.parts.items():
        if failing and not part.startswith(CHANNEL) and part not in ("influxdb", "queue"):
            yield Trouble("part", part in ("store", "ledger", "disk"), {"part": part})
    if health.disk_free is not None and health.disk_free < DISK_LOW:
        yield Trouble("disk", health.disk_free < DISK_GRAVE, {"free": octets(health.disk_free)})
    influx = health.influx
    if influx is not None:
        if influx.failing:
            yield Trouble("influx", False, {"error": influx.error})
        elif influx.behind_s > BEHIND_S:
            yield Trouble("behind", False, {"age": duration(influx.behind_s, spans)})
        if influx.refused_lines:
            yield Trouble("refused", False, {"lines": influx.refused_lines})


class Counted(Protocol):
    """`dashboards.web.sources.own.Count`."""

    @property
    def name(self) -> str: ...


One = TypeVar("One", bound=Counted)


def grouped(rows: Iterable[One]) -> Mapping[str, Sequence[One]]:
    """By the first word of their names, in their order: polls, store, snmp, notices ..."""
    found: dict[str, list[One]] = {}
    for row in rows:
        found.setdefault(row.name.partition("_")[0], []).append(row)
    return found
