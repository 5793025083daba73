"""Why a test of a whole house failed: what was shown, who still ran, and the last words of each, bounded."""

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from subprocess import Popen
from typing import Any, Final

from inventory.status import Kind
from noc.store.file import StoreError
from noc.store.status import read_status

KINDS: Final[tuple[Kind, ...]] = ("site", "device", "link")
LINES, OCTETS, ROWS = 25, 4000, 12
_PAINT: Final = re.compile(r"\x1b\[[0-9;]*m")


def told(home: Path, processes: Mapping[str, "Popen[Any]"]) -> list[tuple[str, str]]:
    """Headline and text of each piece; never fails: what cannot be read is said in its place."""
    return [*_states(home / "data" / "metrics.db"), *_words(home, processes)]


def _states(metrics: Path) -> Iterator[tuple[str, str]]:
    try:
        rows = [row for kind in KINDS for row in read_status(metrics, kind)]
    except (StoreError, OSError) as error:
        yield "states", f"none can be read: {error}"
        return
    counts = Counter((row.kind, row.state) for row in rows)
    ill = [row for row in rows if row.state != "up"]
    text = ", ".join(f"{count} {kind} {state}" for (kind, state), count in sorted(counts.items()))
    lines = [f"{row.kind} {row.key}: {row.state} {row.reason}, since {_ago(row.since)}" for row in ill[:ROWS]]
    lines += [f"... and {len(ill) - ROWS} more"] if len(ill) > ROWS else []
    yield "states", "\n".join([text or "no rows", *lines])


def _ago(at: float | None) -> str:
    return "no known time" if at is None else f"{time.time() - at:.0f} s ago"


def _words(home: Path, processes: Mapping[str, "Popen[Any]"]) -> Iterator[tuple[str, str]]:
    for path in sorted(home.glob("*.log")):
        name, process = path.stem, processes.get(path.stem)
        how = "" if process is None else ", runs" if process.poll() is None else f", ended with {process.returncode}"
        yield f"last words of the {name}{how} ({path})", tail(path)


def tail(path: Path) -> str:
    """The last lines of a file that may be large."""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - OCTETS))
        text = log.read().decode(errors="replace")
    return "\n".join(_PAINT.sub("", text).splitlines()[-LINES:])


def noted(error: BaseException, pieces: list[tuple[str, str]]) -> None:
    """Adds them to an error that ends a house while it is built, before any test has it."""
    for headline, text in pieces:
        error.add_note(f"-- {headline}\n{text}")
