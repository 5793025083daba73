"""What each router said last to each command, masked and bounded: kept for the case that somebody asks why.

Files of the data directory, `ssh/output/DEVICE/COMMAND.txt`, readable by the daemon's user and group alone.
"""

import logging
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from collectors.ssh.files import write_whole
from collectors.ssh.masking import masked

log = logging.getLogger(__name__)
HEAD, TAIL = 96 << 10, 32 << 10  # characters kept of the beginning and of the end
MODE = 0o640


class Outputs:
    """One file per device and command. A file that cannot be written is told once, and costs no poll."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._broken = False

    def keep(self, device: str, command: str, output: str, at: float) -> None:
        stamp = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = f"# {device}: {command}\n# {stamp}\n{masked(_bounded(output))}\n"
        try:
            write_whole(self.path(device, command), text, MODE, durable=False)
        except OSError as error:
            if not self._broken:
                log.warning("outputs of routers are not kept: %s", error)
            self._broken = True
        else:
            self._broken = False

    def directory(self, device: str) -> Path:
        return self._place / _name(device)

    def path(self, device: str, command: str) -> Path:
        return self.directory(device) / f"{_name(command)}.txt"

    def forget(self, device: str) -> None:
        """The device left the inventory."""
        shutil.rmtree(self.directory(device), ignore_errors=True)


def _bounded(output: str) -> str:
    if len(output) <= HEAD + TAIL:
        return output
    return f"{output[:HEAD]}\n# ... {len(output) - HEAD - TAIL} characters left out ...\n{output[-TAIL:]}"


def _name(words: str) -> str:
    """A file name that cannot leave its directory."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", words).strip("._")[:100] or "_"
