"""The newest hour as it was committed: one blob per commit and shard, all devices together, quantity by quantity.

`head` names each batch in it (frame, at); `body` holds, for every run of batches with the same quantities, one line
per quantity over all their rows, in the narrowest integers that hold it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np

from inventory.batch import Batch
from noc.store.codec import Codec, narrow_type, narrowest
from noc.store.frames import Frame
from noc.store.steps import NULL, Steps, to_steps

HEAD = np.dtype([("frame", "<u4"), ("at", "<u4")])
LAST_AT = (1 << 32) - 1


class Piece(NamedTuple):
    """One batch read back: steps are quantities x rows."""

    frame: Frame
    at: int
    steps: Steps


class Blob(NamedTuple):
    first_at: int
    last_at: int
    head: bytes
    body: bytes


def encode(batches: Iterable[tuple[Frame, Batch]], codec: Codec) -> Blob:
    """One shard of one commit. Of batches of one stream and instant the last counts."""
    latest = {(frame.stream, batch.at): (frame, batch) for frame, batch in batches}
    ordered = sorted(latest.values(), key=lambda entry: entry[0].quantities)
    head = np.array([(frame.id, batch.at) for frame, batch in ordered], HEAD)
    runs = groupby(ordered, key=lambda entry: entry[0].quantities)
    body = b"".join(_run([*entries]) for _, entries in runs)
    return Blob(int(head["at"].min()), int(head["at"].max()), head.tobytes(), codec.pack(body))


def _run(entries: list[tuple[Frame, Batch]]) -> bytes:
    values = np.concatenate([batch.values for _, batch in entries], axis=1)
    steps = to_steps(values, entries[0][0].scale)
    nulls = steps == NULL
    lows = np.where(nulls, 0, steps).min(axis=1, initial=0).tolist()
    highs = steps.max(axis=1, initial=0).tolist()
    parts = []
    for index, (low, high) in enumerate(zip(lows, highs, strict=True)):
        width = narrowest(low - 1, high)  # the least number of each width is its NULL
        kind = narrow_type(width)
        line = steps[index].astype(kind)
        if width < 3:
            line[nulls[index]] = np.iinfo(kind).min
        parts += (bytes((width,)), line.tobytes())
    return b"".join(parts)


def decode(head: bytes, body: bytes, frames: Mapping[int, Frame], codec: Codec) -> Iterator[Piece]:
    """Every batch of a blob, in no particular order; instants are unique within a stream."""
    entries = [(frames[number], at) for number, at in np.frombuffer(head, HEAD).tolist()]
    raw = codec.unpack(body)
    offset = 0
    for quantities, run in groupby(entries, key=lambda entry: entry[0].quantities):
        members = [*run]
        steps = np.empty((len(quantities), sum(len(frame.rows) for frame, _ in members)), np.int64)
        for line in steps:
            offset = _line(raw, offset, line)
        first = 0
        for frame, at in members:
            yield Piece(frame, at, steps[:, first : first + len(frame.rows)])
            first += len(frame.rows)


def _line(raw: bytes, offset: int, line: Steps) -> int:
    kind = narrow_type(raw[offset])
    found = np.frombuffer(raw, kind, len(line), offset + 1)
    line[:] = found
    line[found == np.iinfo(kind).min] = NULL
    return offset + 1 + found.nbytes


def instants(heads: Sequence[bytes]) -> "np.ndarray[tuple[int], np.dtype[np.void]]":
    """All (frame, at) of several heads in one array."""
    return np.frombuffer(b"".join(heads), HEAD)
