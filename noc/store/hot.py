"""The newest hour as it was committed: one blob per commit and shard, all devices together, quantity by quantity.

`head` names each batch in it (frame, at); `body` holds, for every run of batches with the same quantities, one line
per quantity over all their rows, in the narrowest integers that hold it.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inventory.batch import Batch
from noc.store.codec import Codec, narrow_type, narrowest
from noc.store.frames import Frame
from noc.store.steps import LIMIT, NULL, Steps, to_values

HEAD = np.dtype([("frame", "<u4"), ("at", "<u4")])
NULLS: Final = {size: -(1 << (8 * size - 1)) for size in (1, 2, 4, 8)}  # the least number of each width


class Line(NamedTuple):
    """One quantity of a run of batches, as narrow as it was written."""

    narrow: NDArray[np.signedinteger]
    gaps: bool  # whether any of it is not known


class Piece(NamedTuple):
    """One batch read back: a few columns of its run's lines, widened when asked for."""

    frame: Frame
    at: int
    run: Sequence[Line]
    first: int

    def batch(self) -> Batch:
        frame, values = self.frame, to_values(gathered([self])[:, :, 0], self.frame.scale)
        return Batch(frame.measurement, frame.scope, self.at, frame.rows, frame.quantities, values)


def gathered(pieces: Sequence[Piece]) -> Steps:
    """Batches of one frame side by side: quantities x rows x instants."""
    rows = len(pieces[0].frame.rows)
    steps = np.empty((len(pieces[0].run), rows, len(pieces)), np.int64)
    for number, line in enumerate(steps):
        parts = [piece.run[number] for piece in pieces]
        cuts = [part.narrow[piece.first : piece.first + rows] for part, piece in zip(parts, pieces, strict=True)]
        line[:] = np.concatenate(cuts, dtype=np.int64).reshape(-1, rows).T
        if any(part.gaps for part in parts):
            line[line == [NULLS[part.narrow.itemsize] if part.gaps else NULL for part in parts]] = NULL
    return steps


class Blob(NamedTuple):
    first_at: int
    last_at: int
    head: bytes
    body: bytes


def encode(batches: Iterable[tuple[Frame, Batch]], codec: Codec) -> Blob:
    """One shard of one commit. Of batches of one stream and instant the last counts."""
    latest = {(frame.stream, batch.at): (frame, batch) for frame, batch in batches}
    ordered = sorted(latest.values(), key=lambda entry: entry[0].quantities)
    instants = [batch.at for _, batch in ordered]
    head = np.array([(frame.id, batch.at) for frame, batch in ordered], "<u4")
    runs = groupby(ordered, key=lambda entry: entry[0].quantities)
    body = b"".join(_run([*entries]) for _, entries in runs)
    return Blob(min(instants), max(instants), head.tobytes(), codec.pack(body))


def _run(entries: list[tuple[Frame, Batch]]) -> bytes:
    """Worked in place in one matrix: fresh memory costs more here than arithmetic."""
    values = np.concatenate([batch.values for _, batch in entries], axis=1, dtype=np.float64)
    with np.errstate(over="ignore"):
        values *= entries[0][0].scale
    np.rint(values, out=values)
    lows, highs = np.fmin.reduce(values, axis=1, initial=0.0), np.fmax.reduce(values, axis=1, initial=0.0)
    if max(highs.max(), -lows.min()) > LIMIT:
        np.clip(values, -LIMIT, LIMIT, out=values)
        lows, highs = np.maximum(lows, -LIMIT), np.minimum(highs, LIMIT)
    unknown = np.isnan(values)
    parts: list[bytes] = []
    for line, gaps, low, high in zip(values, unknown, lows.tolist(), highs.tolist(), strict=True):
        width = narrowest(int(low) - 1, int(high))  # the least number of each width is its NULL
        kind = narrow_type(width)
        np.copyto(line, float(NULLS[kind.itemsize]), where=gaps)
        parts += (bytes((width,)), line.astype(kind).tobytes())
    return b"".join(parts)


def decode(
    head: bytes, body: bytes, frames: Mapping[int, Frame], codec: Codec, wanted: Container[int] | None = None
) -> Iterator[Piece]:
    """The batches of a blob (of the wanted frames), in no particular order; instants are unique within a stream."""
    entries = [(frames[number], at) for number, at in np.frombuffer(head, HEAD).tolist()]
    raw = codec.unpack(body)
    offset = 0
    for quantities, run in groupby(entries, key=lambda entry: entry[0].quantities):
        members = [*run]
        width = sum(len(frame.rows) for frame, _ in members)
        lines: list[Line] = []
        for _ in quantities:
            kind = narrow_type(raw[offset])
            narrow = np.frombuffer(raw, kind, width, offset + 1)
            lines.append(Line(narrow, bool(narrow.min(initial=0) == NULLS[kind.itemsize])))
            offset += 1 + width * kind.itemsize
        first = 0
        for frame, at in members:
            if wanted is None or frame.id in wanted:
                yield Piece(frame, at, lines, first)
            first += len(frame.rows)
