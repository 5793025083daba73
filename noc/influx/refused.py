"""Lines that InfluxDB will never take, set aside in a file beside the store: bounded, and counted in any case."""

import logging
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

NAME: Final = "influx-refused.lp"
MOST_OCTETS: Final = 4 << 20
_REASON_LETTERS: Final = 300


class SetAside:
    """Appends each line behind the server's reason (a comment in line protocol) until the file is full."""

    def __init__(self, path: Path, most: int = MOST_OCTETS) -> None:
        self.path = path
        self._most = most
        self._said = ""
        self._broken = False

    def put(self, lines: list[bytes], reason: str) -> None:
        """A disk that takes no more is said once."""
        reason = " ".join(reason.split())[:_REASON_LETTERS]
        kind = reason[:40]
        if kind != self._said:
            log.error("InfluxDB refuses lines, they are kept in %s: %s", self.path, reason)
            self._said = kind
        text = b"# " + reason.encode(errors="replace") + b"\n" + b"\n".join(lines) + b"\n"
        try:
            with self.path.open("ab") as file:
                room = self._most - file.tell()
                if len(text) <= room:
                    file.write(text)
        except OSError as error:
            if not self._broken:
                log.error("refused lines cannot be kept in %s: %s", self.path, error.strerror)
            self._broken = True
