"""What the metric store holds, in figures: layers, bytes, first and last instants, bytes a day."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from noc.store.file import DAILY, DAY, FIVE_MINUTES, HOURLY, MONTHLY, PIECE
from noc.store.shelf import REFERENCE, is_reference, packs_beside

DAY_S: Final = 86_400
NAMES: Final = {
    PIECE: "hours at full resolution",
    DAY: "days at full resolution",
    FIVE_MINUTES: "five-minute",
    HOURLY: "hourly",
    DAILY: "daily",
    MONTHLY: "monthly",
}

_LAYERS = f"""
SELECT tier, start / {DAY_S} * {DAY_S}, count(*), sum(length(body)), min(start), max(until)
FROM chunk GROUP BY 1, 2 ORDER BY 1, 2
"""
_PACKED = f"SELECT tier, start / {DAY_S} * {DAY_S}, body FROM chunk WHERE length(body) = {REFERENCE.size}"


@dataclass(slots=True)
class LayerStats:
    """One layer: chunks, their bytes on disk (in packs, too), instants in UTC seconds, bytes by the day they begin in."""

    tier: int
    chunks: int
    bytes: int
    first_at: int
    last_at: int
    by_day: dict[int, int]

    def bytes_before(self, at: float) -> int:
        """Of the days that begin before it."""
        return sum(size for day, size in self.by_day.items() if day < at)

    def due_bytes(self, cutoff: int | None, days: int = 0) -> int:
        """Bytes that are past their time in so many days; `cutoff`: what is before it goes now (None: nothing ever)."""
        return 0 if cutoff is None else self.bytes_before(cutoff + days * DAY_S)

    def bytes_a_day(self) -> float:
        """Over the days it spans; the newest is left out where there are others, for it may not be whole."""
        days = sorted(self.by_day)
        if len(days) < 2:
            return float(self.bytes)
        return sum(self.by_day[day] for day in days[:-1]) / ((days[-1] - days[0]) / DAY_S)


@dataclass(frozen=True, slots=True)
class StoreStats:
    """Bytes are on disk; chunks and their bytes go by tier (pieces, days, five-minute, hourly, daily, monthly)."""

    file_bytes: int
    free_bytes: int
    log_bytes: int
    packs: int
    pack_bytes: int
    streams: int
    frames: int
    hot_blobs: int
    hot_bytes: int
    layers: tuple[LayerStats, ...]
    first_at: int | None
    last_at: int | None

    @property
    def oldest_at(self) -> int | None:
        """Of any layer: what full resolution no longer has, rollups may."""
        return min(
            (at for at in (self.first_at, *(layer.first_at for layer in self.layers)) if at is not None), default=None
        )

    @property
    def growth_bytes_a_day(self) -> float:
        """Once a day is sealed: pieces become days, so they do not count."""
        lasting = [layer for layer in self.layers if layer.tier != PIECE]
        return sum(layer.bytes_a_day() for layer in lasting or self.layers)

    @property
    def chunks(self) -> tuple[int, ...]:
        return tuple(self._of(tier, "chunks") for tier in range(MONTHLY + 1))

    @property
    def chunk_bytes(self) -> tuple[int, ...]:
        return tuple(self._of(tier, "bytes") for tier in range(MONTHLY + 1))

    def _of(self, tier: int, what: str) -> int:
        return next((int(getattr(layer, what)) for layer in self.layers if layer.tier == tier), 0)


_FIRST = f"SELECT min(start) FROM chunk WHERE tier IN ({PIECE}, {DAILY}, {MONTHLY})"


def first_at(db: sqlite3.Connection) -> int | None:
    """When what is kept begins, UTC seconds, from the layers that are small; None where nothing is."""
    found = [db.execute(sql).fetchone()[0] for sql in (_FIRST, "SELECT min(first_at) FROM hot")]
    return min((int(at) for at in found if at is not None), default=None)


def read_stats(db: sqlite3.Connection, path: Path) -> StoreStats:
    def one(sql: str) -> int:
        return int(db.execute(sql).fetchone()[0] or 0)

    page = one("PRAGMA page_size")
    hot_blobs, hot_bytes, first, last = db.execute(
        "SELECT count(*), ifnull(sum(length(body) + length(head)), 0), min(first_at), max(last_at) FROM hot"
    ).fetchone()
    layers = _layers(db)
    raw = [layer for layer in layers if layer.tier in (PIECE, DAY)]
    packs = [found.path.stat().st_size for found in packs_beside(path) if found.path.exists()]
    log = path.with_name(path.name + "-wal")
    return StoreStats(
        file_bytes=page * one("PRAGMA page_count"),
        free_bytes=page * one("PRAGMA freelist_count"),
        log_bytes=log.stat().st_size if log.exists() else 0,
        packs=len(packs),
        pack_bytes=sum(packs),
        streams=one("SELECT count(*) FROM stream"),
        frames=one("SELECT count(*) FROM frame"),
        hot_blobs=hot_blobs,
        hot_bytes=hot_bytes,
        layers=layers,
        first_at=min((at for at in (first, *(layer.first_at for layer in raw)) if at is not None), default=None),
        last_at=max((at for at in (last, *(layer.last_at for layer in raw)) if at is not None), default=None),
    )


def _layers(db: sqlite3.Connection) -> tuple[LayerStats, ...]:
    found: dict[int, LayerStats] = {}
    for tier, day, chunks, size, first, last in db.execute(_LAYERS):
        layer = found.setdefault(tier, LayerStats(tier, 0, 0, first, last, {}))
        layer.chunks += chunks
        layer.bytes += size
        layer.first_at, layer.last_at = min(layer.first_at, first), max(layer.last_at, last)
        layer.by_day[day] = size
    for tier, day, body in db.execute(_PACKED):
        if is_reference(body):
            length = REFERENCE.unpack(body)[2]
            found[tier].bytes += length
            found[tier].by_day[day] += length
    return tuple(found.values())
