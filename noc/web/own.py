"""The NOC's own health for the web: read from store and ledger, so it is told while the daemon is down; counters from itself."""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from alerts.notification import Fate, Notification
from dashboards.web.refusal import Away
from dashboards.web.sources.own import Channel, Counts, Health, Influx, Poll, Polls, Process, Store
from inventory.mistakes import MistakesError
from inventory.secrets import read_secrets
from inventory.status import DaemonMark
from noc.channel_health import Pulse
from noc.config import Config
from noc.influx.standing import standing
from noc.ledger.place import file_of, parsed
from noc.store.file import StoreError, written_now
from noc.store.reader import MetricReader
from noc.store.shelf import packs_beside
from noc.store.status import read_mark
from noc.web.cases import LedgerCases
from noc.web.counters import asked, risen
from noc.web.layers import read_store
from noc.web.processes import Processes
from noc.web.renewed import Renewed, RenewedBeside

EVERY_S: Final = 10.0
COUNTS_S: Final = 5.0
FINDINGS_S: Final = 60.0
STORE_S: Final = 300.0
WINDOW_S: Final = 60
SLOWEST: Final = 10
CHANNEL: Final = "channel "


class StoredOwn:
    """`OwnSource` over metric store, ledger, /proc and the daemon's own /metrics."""

    def __init__(self, config: Config, cases: LedgerCases, clock: Callable[[], float]) -> None:
        self._config, self._cases, self._clock = config, cases, clock
        self._processes = Processes(clock)
        self._reader: MetricReader | None = None
        self._health = Renewed(EVERY_S, clock, self._read_health)
        self._counts = Renewed(COUNTS_S, clock, self._ask)
        self._asked: Counts | None = None
        self._store = RenewedBeside(STORE_S, clock, lambda: read_store(config, clock()))
        self._findings = RenewedBeside(FINDINGS_S, clock, self._examine)

    def health(self) -> Health:
        return self._health.get()

    def store(self) -> Store | None:
        return self._store.get()

    def counts(self) -> Counts:
        return self._counts.get()

    def findings(self) -> Sequence[tuple[str, str, str, str]] | None:
        return self._findings.get()

    def close(self) -> None:
        self._store.close()
        self._findings.close()
        self._drop()

    def _drop(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _ask(self) -> Counts:
        found = asked(self._config.http.listen, self._clock)
        before, self._asked = self._asked, found
        return risen(found, before)

    def _read_health(self) -> Health:
        now, path = self._clock(), self._config.metrics_file
        wrong: list[str] = []
        parts: dict[str, bool] = {}
        parts_at: int | None = None
        mark: DaemonMark | None = None
        influx: Influx | None = None
        polls = Polls(None, WINDOW_S, 0, 0, None, None, None, None)
        try:
            mark = read_mark(path)
            influx = _influx(path, now)
            polls = self._polls()
            parts, parts_at = self._parts()
        except StoreError as error:
            wrong.append(str(error))
            self._drop()
        channels: list[Channel] = []
        waiting: Sequence[Notification] = ()
        try:
            channels, waiting = self._channels(parts, now)
        except Away as error:
            wrong.append(str(error))
        return Health(
            at=now,
            mark=mark,
            running=written_now(path),
            polls=polls,
            parts=parts,
            parts_at=parts_at,
            influx=influx,
            channels=channels,
            queued=len(waiting),
            oldest_queued_s=max((now - one.queued_at for one in waiting), default=0.0),
            store_octets=_octets(_files(path)),
            ledger_octets=_octets([file] if (file := file_of(parsed(self._config.ledger_url))) else []),
            **_disk(self._config.data.dir),
            daemon=self._daemon(mark, path),
            web=self._processes.of(os.getpid()),
            wrong=wrong,
        )

    def _daemon(self, mark: DaemonMark | None, path: Path) -> Process | None:
        alive = mark is not None and mark.stopped is None and written_now(path)
        return self._processes.of(mark.pid) if alive and mark else None

    def _polls(self) -> Polls:
        reader = self._opened()
        newest = reader.newest("poll", ("answered",)).at
        if not len(newest):
            return Polls(None, WINDOW_S, 0, 0, None, None, None, None)
        end = int(newest.max()) + 1
        names = ("duration_ms", "late_ms", "answered")
        found = reader.lately("poll", names, start=end - WINDOW_S, end=end)
        duration, late, answered = found.values
        slowest: dict[str, Poll] = {}
        for place in np.argsort(-np.nan_to_num(duration, nan=-1.0)).tolist():
            poll = Poll(
                found.scopes[place],
                found.rows[place],
                int(found.at[place]),
                float(duration[place]),
                float(late[place]),
                bool(answered[place] > 0),
            )
            slowest.setdefault(poll.device, poll)
            if len(slowest) == SLOWEST:
                break
        return Polls(
            end - 1,
            WINDOW_S,
            len(answered),
            int(np.count_nonzero(answered == 0)),
            *_percentiles(late),
            *_percentiles(duration),
            slowest=tuple(slowest.values()),
        )

    def _parts(self) -> tuple[dict[str, bool], int | None]:
        for batch in self._opened().last("own", ""):
            failing = batch.of("failing").tolist()
            return {row: value > 0 for row, value in zip(batch.rows, failing, strict=True)}, batch.at
        return {}, None

    def _opened(self) -> MetricReader:
        if self._reader is None:
            self._reader = MetricReader(self._config.metrics_file)
        return self._reader

    def _channels(self, parts: Iterable[str], now: float) -> tuple[list[Channel], Sequence[Notification]]:
        names = [part.removeprefix(CHANNEL) for part in parts if part.startswith(CHANNEL)]
        found = []
        with self._cases.reading() as books:
            waiting = books.notifications(fates=[Fate.QUEUED])
            for name in names:
                pulse = Pulse(name)
                pulse.load(books)
                seen = pulse.health([one.queued_at for one in waiting if name in one.channels], now)
                at = (seen.last_accepted_at, seen.failing_since, seen.error)
                found.append(Channel(name, *at, seen.queued, seen.oldest_s))
        return found, waiting

    def _examine(self) -> Sequence[tuple[str, str, str, str]]:
        from noc.doctor import examine_running

        try:
            secrets = read_secrets(self._config.secrets.file, os.environ)
        except MistakesError:
            secrets = None
        found = examine_running(self._config, secrets, self._clock())
        return [(one.topic, one.grade, one.text, one.advice) for one in found]


def _percentiles(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> tuple[float | None, float | None]:
    """The middle and the 99th; None where nothing is known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None
    middle, high = np.percentile(known, (50, 99), method="inverted_cdf").tolist()
    return middle, high


def _influx(path: Path, now: float) -> Influx | None:
    found = standing(path)
    if found is None:
        return None
    said = found.figures
    return Influx(
        server=found.server,
        at=said.at,
        state=said.state,
        since=said.since,
        failing=said.failing(now),
        error=said.error,
        behind_s=said.behind_s,
        owed_hours=found.hours,
        owed_rollups=found.rollups,
        lines=said.lines,
        refused_lines=said.refused_lines,
    )


def _files(path: Path) -> list[Path]:
    packs = packs_beside(path) if path.parent.is_dir() else []
    return [path, path.with_name(path.name + "-wal"), *(pack.path for pack in packs)]


def _octets(files: Iterable[Path]) -> int | None:
    sizes = [file.stat().st_size for file in files if file.exists()]
    return sum(sizes) if sizes else None


def _disk(place: Path) -> dict[str, int]:
    try:
        found = shutil.disk_usage(place)
    except OSError:
        return {}
    return {"disk_free": found.free, "disk_size": found.total}
