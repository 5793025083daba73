"""Which batch counts when several speak of one instant: of one stream the newest, wherever it lies."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from noc.store.frames import Frame
from noc.store.steps import Steps


class Segment(NamedTuple):
    """Batches of one frame, `at` ascending; `steps` are quantities x rows x instants."""

    frame: Frame
    at: Steps
    steps: Steps


def winners(instants: Sequence[Steps]) -> list[NDArray[np.bool_]]:
    """For segments in order of rising rank: which of their instants count. Of equal instants the last does."""
    every = np.concatenate([*instants, np.empty(0, np.int64)])
    if len(every) < 2 or bool((every[1:] > every[:-1]).all()):
        return [np.ones(len(at), bool) for at in instants]
    order = np.argsort(every, kind="stable")
    ordered = every[order]
    counts = np.empty(len(every), bool)
    counts[order] = np.append(ordered[1:] != ordered[:-1], True)
    return np.split(counts, np.cumsum([len(at) for at in instants])[:-1])


def settled(segments: Sequence[Segment]) -> list[Segment]:
    """One segment per frame with what counts of it, in order of time; frames that nothing is left of are absent."""
    counting = winners([segment.at for segment in segments])
    parts: dict[int, list[Segment]] = {}
    for segment, counts in zip(segments, counting, strict=True):
        if counts.any():
            left = segment if counts.all() else Segment(segment.frame, segment.at[counts], segment.steps[:, :, counts])
            parts.setdefault(segment.frame.id, []).append(left)
    return [_merged(found) for found in parts.values()]


def _merged(parts: list[Segment]) -> Segment:
    if len(parts) == 1:
        return parts[0]
    at = np.concatenate([part.at for part in parts])
    steps = np.concatenate([part.steps for part in parts], axis=2)
    if not bool((at[1:] > at[:-1]).all()):
        order = np.argsort(at)
        at, steps = at[order], steps[:, :, order]
    return Segment(parts[0].frame, at, steps)
