"""Recorded devices, served over UDP by the replay tool beside the tree."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
TOOL = SHARED / "tools" / "replay.py"
RECORDINGS = SHARED / "recordings" / "snmp"

needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not TOOL.exists(), reason="recordings and replay tool of ../shared are not here"),
]


def free_port(network: int) -> int:
    """Other tests may serve other devices on the same addresses meanwhile."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((f"127.{network}.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def replay(
    where: Path, recordings: list[Path], *options: str, faults: list[dict[str, Any]] | None = None, network: int
) -> Iterator[dict[str, tuple[str, int]]]:
    """Name -> address of the devices served. `network` is the second octet of their addresses, the port a free one."""
    inventory = where / "inventory.json"
    command = [sys.executable, str(TOOL), *map(str, recordings), "--inventory", str(inventory)]
    command += ["--base", f"127.{network}.0.1", "--port", str(free_port(network)), *options]
    if faults is not None:
        (where / "faults.json").write_text(json.dumps(faults))
        command += ["--faults", str(where / "faults.json")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # "serving ...": the sockets open right after
        entries = json.loads(inventory.read_text())
        time.sleep(0.1)
        yield {entry["name"]: (entry["address"], entry["port"]) for entry in entries}
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()
