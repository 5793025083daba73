"""Writing packs: sealed chunks go to the end of their month's file, and only then `metrics.db` says that they lie there.

A crash in between leaves octets that nothing points to. How a pack is read stands in `noc.store.shelf`.
"""

import os
import zlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from noc.store.file import StoreFull
from noc.store.frames import Frames
from noc.store.jobs import Put
from noc.store.shelf import PACKED, REFERENCE, pack_path


class Packs:
    """For one thread. `in_use`: whether what is sealed from now on goes into packs; those that are there stay in any case."""

    def __init__(self, main: Path) -> None:
        self.main = main
        self.in_use = False

    def keep(self, put: Sequence[Put], frames: Frames) -> list[Put]:
        """The rows for `metrics.db`: of what went into a pack where it lies there, durable. Raises StoreFull.

        Transitions stay: they outlive the packs of their layer.
        """
        kept, apart = [], defaultdict(list)
        for row in put:
            if self.in_use and row[0] in PACKED and not frames.by_id[row[1]].is_evidence:
                apart[pack_path(self.main, row[0], row[2])].append(row)
            else:
                kept.append(row)
        for path, rows in apart.items():
            kept += self._append(path, rows)
        return kept

    def _append(self, path: Path, rows: list[Put]) -> list[Put]:
        try:
            new = not path.exists()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            try:
                offset = os.fstat(descriptor).st_size
                _write(descriptor, b"".join(row[-1] for row in rows), offset)
            finally:
                os.close(descriptor)
            if new:
                _sync_directory(path.parent)
        except OSError as error:
            raise StoreFull(
                f"{path} takes no writes ({error.strerror}); free some space, what is sealed stays as it was"
            ) from error
        return _references(rows, offset)


def _write(descriptor: int, octets: bytes, offset: int) -> None:
    try:
        view = memoryview(octets)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, offset)  # what was written of it would only take what space is left
        raise


def _references(rows: list[Put], offset: int) -> list[Put]:
    kept = []
    for tier, frame, start, until, body in rows:
        kept.append((tier, frame, start, until, REFERENCE.pack(0, offset, len(body), zlib.crc32(body))))
        offset += len(body)
    return kept


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
