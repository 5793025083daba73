"""The NOC itself on the wall's last line, and what of it fails: then the line is a red banner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from alerts.window import Window
from alerts.windows import active, next_occurrence
from dashboards.wall.scene import Scene

AHEAD_S: Final = 8 * 3600
LATE_STEP_MS: Final = 1.0
BEHIND_STEP_S: Final = 5.0
PARTS: Final = frozenset({"clock", "disk", "queue"})  # others are told by what reads them


@dataclass(frozen=True, slots=True)
class Accepted:
    """When a channel last took a message, UTC seconds; None: never, as far as is kept."""

    channel: str
    at: float | None


@dataclass(frozen=True, slots=True)
class Own:
    """The NOC's own figures, each None where it is not known. `behind_s` None: nothing is sent to InfluxDB."""

    polls_ps: float | None
    late_ms: float | None
    behind_s: float | None
    accepted: tuple[Accepted, ...]
    windows: int | None  # maintenance that runs now
    ahead: int | None  # that begins within eight hours


@dataclass(frozen=True, slots=True)
class Failure:
    """What fails: a key of the page's own texts, since when (UTC seconds), and details in the source's words."""

    code: str
    since: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    failures: tuple[Failure, ...]


def own_of(scene: Scene) -> Own:
    """Rounded, so that the line changes only when something is worth saying."""
    health, windows = scene.health, scene.windows
    late = health.polls.late_p99_ms if health else None
    running = [one for one in windows or () if one.kind == "maintenance" and active(one, scene.now)]
    ahead = [one for one in windows or () if one.kind == "maintenance" and _soon(one, scene.now)]
    return Own(
        polls_ps=float(round(health.polls.per_s)) if health and health.polls.at is not None else None,
        late_ms=None if late is None else max(LATE_STEP_MS, round(late / LATE_STEP_MS) * LATE_STEP_MS),
        behind_s=round(health.influx.behind_s / BEHIND_STEP_S) * BEHIND_STEP_S if health and health.influx else None,
        accepted=tuple(Accepted(one.name, one.last_accepted_at) for one in health.channels) if health else (),
        windows=len(running) if windows is not None else None,
        ahead=len(ahead) if windows is not None else None,
    )


def _soon(window: Window, now: float) -> bool:
    coming = next_occurrence(window, now)
    return coming is not None and coming[0] - now <= AHEAD_S


def banner_of(scene: Scene) -> Banner:
    return Banner(tuple(_failures(scene)))


def _failures(scene: Scene) -> Iterator[Failure]:
    if scene.sites is None:
        yield Failure("store")
    elif scene.mark is None:
        yield Failure("never")
    elif scene.age.silent_since is not None:
        code = "blind" if scene.age.blind else "stopped" if scene.age.stopped else "silent"
        yield Failure(code, scene.age.silent_since)
    if scene.mark is not None and scene.age.ahead_s:
        yield Failure("fast")
    if scene.incidents is None:
        yield Failure("ledger")
    if scene.health is None:
        return
    writes = scene.age.silent_since is None or scene.age.blind
    if scene.incidents is not None and writes and scene.health.parts.get("ledger"):
        yield Failure("unkept")
    failing = [one for one in scene.health.channels if one.failing_since is not None]
    yield from (Failure("channel", one.failing_since, one.name) for one in failing)
    if scene.health.influx is not None and scene.health.influx.failing:
        yield Failure("influxdb", scene.health.influx.since)
    yield from _parts(scene.health.parts, {one.name for one in failing})


def _parts(parts: Mapping[str, bool], told: set[str]) -> Iterator[Failure]:
    """What the daemon finds wrong with itself and is not said yet."""
    for name, fails in parts.items():
        kind, _, channel = name.partition(" ")
        if fails and kind in PARTS:
            yield Failure(kind)
        elif fails and kind == "channel" and channel not in told:
            yield Failure("channel", None, channel)
