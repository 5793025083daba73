"""Recorded devices, served over UDP by the replay tool beside the tree."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.patience import wait_until
from tests.ports import free_port, hears

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
TOOL = SHARED / "tools" / "replay.py"
RECORDINGS = SHARED / "recordings" / "snmp"

needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not TOOL.exists(), reason="recordings and replay tool of ../shared are not here"),
]


@contextmanager
def replay(
    where: Path, recordings: Sequence[Path], *options: str, faults: Sequence[dict[str, Any]] = (), network: int
) -> Iterator[dict[str, tuple[str, int]]]:
    """Name -> address of the devices served. `network` is the second octet of their addresses, the port a free one."""
    inventory, base = where / "inventory.json", f"127.{network}.0.1"
    command = [sys.executable, str(TOOL), *map(str, recordings), "--inventory", str(inventory)]
    command += ["--base", base, "--port", str(free_port(base)), *options]
    if faults:
        (where / "faults.json").write_text(json.dumps(list(faults)))
        command += ["--faults", str(where / "faults.json")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "the replay tool ended"
        found = {one["name"]: (one["address"], one["port"]) for one in json.loads(inventory.read_text())}
        last = list(found.values())[-1]  # they are opened in this order, after the word
        wait_until("all agents listen", lambda: hears(*last), every_s=0.02)
        yield found
    finally:
        process.terminate()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
