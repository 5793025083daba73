"""Everything that was committed of a measurement in the last minutes, of all devices side by side: how the NOC itself does."""

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from noc.store.frames import Frame, Frames
from noc.store.newest import NewestTable
from noc.store.recent import Hot, Recent, Wanted
from noc.store.steps import to_values


class Lately(NamedTuple):
    """A question to what is hot, which is the newest hour; [start, end) in UTC seconds."""

    measurement: str
    quantities: tuple[str, ...]
    start: int
    end: int

    def table(self, db: sqlite3.Connection, frames: Frames, recent: Recent) -> NewestTable:
        """A column for each row of each batch, in no particular order; frames without one of the quantities are left out."""
        chosen = {
            frame.id: frame
            for frame in frames.by_id.values()
            if frame.measurement == self.measurement and set(self.quantities) <= set(frame.quantities)
        }
        if not chosen:
            return NewestTable((), (), np.empty(0, np.int64), np.empty((len(self.quantities), 0)))
        wanted = {name: self._wanted(frame) for name, frame in chosen.items()}
        found = recent.batches(db, frames.by_id, wanted, (self.start, self.end))
        return self._side_by_side([self._part(hot, chosen) for hot in found])

    def _wanted(self, frame: Frame) -> Wanted:
        lines = tuple(frame.quantities.index(name) for name in self.quantities)
        return Wanted(frame.quantities, lines, tuple(range(len(frame.rows))))

    def _part(self, hot: Hot, chosen: dict[int, Frame]) -> NewestTable:
        """Batches of one shape, thus of as many rows each."""
        _, batches, width = hot.steps.shape
        frames = [chosen[name] for name in hot.frames.tolist()]
        scale = frames[0].scale[list(self._wanted(frames[0]).lines)]
        return NewestTable(
            tuple(frame.scope for frame in frames for _ in range(width)),
            tuple(row for frame in frames for row in frame.rows),
            np.repeat(hot.at, width),
            to_values(hot.steps.reshape(len(self.quantities), batches * width), scale),
        )

    def _side_by_side(self, parts: list[NewestTable]) -> NewestTable:
        def joined(name: str) -> Iterator[str]:
            return (word for part in parts for word in getattr(part, name))

        nothing = np.empty((len(self.quantities), 0))
        return NewestTable(
            tuple(joined("scopes")),
            tuple(joined("rows")),
            np.concatenate([np.empty(0, np.int64), *(part.at for part in parts)]),
            np.concatenate([nothing, *(part.values for part in parts)], axis=1),
        )
