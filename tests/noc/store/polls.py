"""Batches to store and ways to compare them, for the tests of this room."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from inventory.batch import Batch
from tests.patience import HANGS_S

START = 1_788_220_800  # midnight UTC
QUANTITIES = ("in_bps", "in_errors_ps", "oper_status", "flags")
ROWS = ("xe-0/0/0", "xe-0/0/1", "lo0")
ROOT = Path(__file__).resolve().parents[3]


def batch(at: int, level: float = 1000.0, scope: str = "dar-edge-1", rows: tuple[str, ...] = ROWS) -> Batch:
    """Values that tell their instant and row apart."""
    first = level + at % 1000 + np.arange(len(rows), dtype=float)
    values = np.stack([first, first / 1000, np.ones(len(rows)), np.zeros(len(rows))])
    return Batch("interface", scope, at, rows, QUANTITIES, values)


def same(one: Batch, other: Batch) -> bool:
    """Equal in everything but what the resolution takes away."""
    names = (one.measurement, one.scope, one.at, one.rows, one.quantities)
    if names != (other.measurement, other.scope, other.at, other.rows, other.quantities):
        return False
    return bool(np.allclose(one.values, other.values, rtol=0, atol=0.5001, equal_nan=True))


@contextmanager
def open_place() -> Iterator[Path]:
    """A directory that other users may read and enter, and not write."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A second process."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, timeout=HANGS_S, check=False
    )
