"""Debian's snmpd for a test: its users, started, stopped and started again on the same port."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.patience import wait_until
from tests.ports import free_port

SNMPD = shutil.which("snmpd", path="/usr/sbin:/usr/bin:/sbin")
needs_snmpd = [
    pytest.mark.snmpd,
    pytest.mark.skipif(SNMPD is None, reason="Debian's snmpd is not installed"),
]


class Snmpd:
    """`lines` are its configuration. What it must remember over a restart (boots) is kept in `where`."""

    def __init__(self, where: Path, *lines: str) -> None:
        self._where, self._kept = where, where / "kept"
        self._process: subprocess.Popen[bytes] | None = None
        self.address = "127.0.0.1", free_port()
        self.lines = lines

    def start(self) -> None:
        """Returns when it is heard to answer."""
        self._kept.mkdir(exist_ok=True)
        (self._where / "snmpd.conf").write_text("\n".join((*self.lines, "rocommunity public", "")))
        words = [str(SNMPD), "-f", "-Lf", str(self._where / "log"), "-p", str(self._where / "pid")]
        # not by -C and -c: they leave aside what was kept
        environment = {"SNMPCONFPATH": f"{self._where}:{self._kept}", "SNMP_PERSISTENT_DIR": str(self._kept)}
        self._process = subprocess.Popen([*words, "{}:{}".format(*self.address)], env=environment)
        wait_until("snmpd answers", self._heard)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def forget(self) -> None:
        """Lose boots and localised keys, as a box does whose flash failed."""
        shutil.rmtree(self._kept)

    def _heard(self) -> bool:
        assert self._process and self._process.poll() is None, (self._where / "log").read_text()
        return self._answers()

    def _answers(self) -> bool:
        asked = bytes.fromhex("302602010104067075626c6963a019020101020100020100300e300c06082b060102010103000500")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.5)
            try:
                sock.sendto(asked, self.address)
                return bool(sock.recv(1500))
            except OSError:
                return False
