"""Small files of the data directory that must survive a crash and another process: written whole or not at all."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE = 0o600


def write_whole(path: Path, text: str, mode: int = PRIVATE, *, durable: bool = True) -> None:
    """Replace a file at once: whoever reads sees the old text or the new one; `durable`: on disk when this returns. OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as opened:
            os.fchmod(opened.fileno(), mode)
            _give(opened.fileno(), path.parent)
            opened.write(text)
            opened.flush()
            if durable:
                os.fsync(opened.fileno())
        Path(name).replace(path)
    except BaseException:  # whatever it was, the half file goes
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else, thread or process, is between reading and writing `path` meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("w") as opened:
        _give(opened.fileno(), path.parent)
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


def _give(handle: int, place: Path) -> None:
    """What root writes by hand belongs to whom the directory belongs to: the daemon goes on with it."""
    if os.geteuid() == 0:
        owner = place.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)
