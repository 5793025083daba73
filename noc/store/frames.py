"""Who and what a batch is about, said once: (measurement, scope, rows, quantities) becomes a small number.

A stream is one (measurement, scope): a device's interfaces, say. A frame is a stream with one list of rows and one
list of quantities; when an interface is added the stream goes on with another frame.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from inventory.batch import Batch
from noc.store.steps import Floats, scales

SHARD_STREAMS = 256  # streams are numbered as they first appear, so those of one shard are polled about together
EVIDENCE = "_state"  # how measurements of transitions end
SHARD_SHIFT = 40  # hot.id = shard << 40 | commit number


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    id: int
    stream: int
    measurement: str
    scope: str
    rows: tuple[str, ...]
    quantities: tuple[str, ...]
    scale: Floats  # steps per unit, a column

    @property
    def shard(self) -> int:
        return self.stream // SHARD_STREAMS

    @property
    def is_evidence(self) -> bool:
        """Transitions, which reports rest on and which outlive other values."""
        return self.measurement.endswith(EVIDENCE)


class Insert(NamedTuple):
    sql: str
    parameters: tuple[int | str, ...]


_TUPLE = "INSERT OR IGNORE INTO tuple VALUES (?, ?)"
_STREAM = "INSERT OR IGNORE INTO stream VALUES (?, ?, ?)"
_FRAME = "INSERT OR IGNORE INTO frame VALUES (?, ?, ?, ?, ?)"
_ALL = """
SELECT f.id, f.stream, s.measurement, s.scope, f."rows", f.quantities, f.scales
FROM frame f JOIN stream s ON s.id = f.stream
"""


@dataclass(slots=True)
class Frames:
    """All frames of a file. The writer adds to it; `unsaved` is what the next commit must insert."""

    by_id: dict[int, Frame] = field(default_factory=dict)
    unsaved: list[Insert] = field(default_factory=list)
    _current: dict[tuple[str, str], Frame] = field(default_factory=dict)
    _ids: dict[tuple[int, int, int, int], int] = field(default_factory=dict)
    _tuples: dict[tuple[str, ...], int] = field(default_factory=dict)
    _in_stream: dict[int, list[int]] = field(default_factory=dict)
    _streams: dict[tuple[str, str], int] = field(default_factory=dict)
    _scales: dict[int, tuple[Floats, int]] = field(default_factory=dict)

    @classmethod
    def load(cls, db: sqlite3.Connection) -> "Frames":
        frames = cls()
        texts: dict[int, tuple[str, ...]] = {}
        for number, content in db.execute("SELECT id, content FROM tuple"):
            texts[number] = tuple(json.loads(content))
            frames._tuples[texts[number]] = number
        for number, measurement, scope in db.execute("SELECT id, measurement, scope FROM stream"):
            frames._streams[measurement, scope] = number
        for number, stream, measurement, scope, rows, quantities, steps in db.execute(_ALL):
            scale = np.array([float(text) for text in texts[steps]]).reshape(-1, 1)
            frames._in_stream.setdefault(stream, []).append(number)
            frames.by_id[number] = Frame(number, stream, measurement, scope, texts[rows], texts[quantities], scale)
            frames._ids[stream, rows, quantities, steps] = number
        return frames

    def of(self, batch: Batch) -> Frame:
        """The frame of a batch; recognised by the identity of its tuples while nothing changes."""
        frame = self._current.get((batch.measurement, batch.scope))
        if frame is not None and frame.rows is batch.rows and frame.quantities is batch.quantities:
            return frame
        frame = self._interned(batch)
        self._current[batch.measurement, batch.scope] = frame
        return frame

    def of_subject(self, measurement: str, scope: str) -> list[Frame]:
        """All frames that a stream has had."""
        return self.in_stream(self._streams.get((measurement, scope), 0))

    def in_stream(self, stream: int) -> list[Frame]:
        return [self.by_id[number] for number in self._in_stream.get(stream, ())]

    @property
    def shards(self) -> int:
        return len(self._streams) // SHARD_STREAMS + 1

    def _interned(self, batch: Batch) -> Frame:
        rows, quantities = self._tuple(batch.rows), self._tuple(batch.quantities)
        scale, steps = self._scale(quantities, batch.quantities)
        stream = self._stream(batch.measurement, batch.scope)
        number = self._ids.get((stream, rows, quantities, steps))
        if number is None:
            number = self._ids[stream, rows, quantities, steps] = len(self._ids) + 1
            self._in_stream.setdefault(stream, []).append(number)
            self.unsaved.append(Insert(_FRAME, (number, stream, rows, quantities, steps)))
        # the caller's own tuples where they differ only in identity, so that the next poll is recognised
        frame = Frame(number, stream, batch.measurement, batch.scope, batch.rows, batch.quantities, scale)
        self.by_id[number] = frame
        return frame

    def _tuple(self, names: tuple[str, ...]) -> int:
        number = self._tuples.get(names)
        if number is None:
            number = self._tuples[names] = len(self._tuples) + 1
            self.unsaved.append(Insert(_TUPLE, (number, json.dumps(names))))
        return number

    def _stream(self, measurement: str, scope: str) -> int:
        stream = self._streams.get((measurement, scope))
        if stream is None:
            stream = self._streams[measurement, scope] = len(self._streams) + 1
            self.unsaved.append(Insert(_STREAM, (stream, measurement, scope)))
        return stream

    def _scale(self, quantities: int, names: tuple[str, ...]) -> tuple[Floats, int]:
        """Kept in the file with each frame: a resolution that changes one day makes another frame, not another past."""
        if quantities not in self._scales:
            scale = scales(names)
            self._scales[quantities] = scale, self._tuple(tuple(map(repr, scale.ravel().tolist())))
        return self._scales[quantities]
