"""A real OpenSSH server on a loopback port of its own, whose login shell plays a router."""

import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from collectors.contract import Target
from inventory.credentials import Login
from inventory.model import Device, Platform, Ssh
from tests.patience import wait_until
from tests.ports import free_port

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "recordings" / "cli"
needs_sshd = pytest.mark.skipif(not Path(SSHD).exists(), reason="Debian's openssh-server is not installed")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")


def make_key(path: Path, kind: str = "ed25519") -> Path:
    path.unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", path], check=True, stdin=subprocess.DEVNULL)
    return path


class Sshd:
    """`setting` is what the router says; it may be changed between logins."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.port = free_port()
        self.host_keys = [make_key(place / "host")]
        self.login = Login(getpass.getuser(), key=make_key(place / "user"))
        self.typed = place / "typed"
        self.process: subprocess.Popen[bytes] | None = None
        self.say()

    def say(self, **setting: Any) -> None:
        (self.place / "router.json").write_text(json.dumps({"typed": str(self.typed), **setting}))
        self.typed.write_text("")

    def lines(self) -> list[str]:
        return self.typed.read_text().splitlines()

    def start(self) -> None:
        router = Path(__file__).with_name("router.py")
        (self.place / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nUseDNS no\n"
            f"AuthorizedKeysFile {self.place}/user.pub\nStrictModes no\nPermitRootLogin yes\nMaxStartups 200:30:400\n"
            f"PasswordAuthentication no\nKbdInteractiveAuthentication no\nPrintMotd no\nLogLevel ERROR\n"
            f"ForceCommand {sys.executable} {router} {self.place}/router.json\n"
            + "".join(f"HostKey {key}\n" for key in self.host_keys)
        )
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        command = [SSHD, "-D", "-e", "-f", self.place / "sshd_config"]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        wait_until("sshd listens", self._listens, every_s=0.02)

    def _listens(self) -> bool:
        assert self.process and self.process.poll() is None, "sshd did not start"
        with socket.socket() as trial:
            return trial.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait()
            self.process = None

    def device(self, platform: Platform = "cisco_ios", key: str = "r1") -> Device:
        return Device(key, "site", "127.0.0.1", ssh=Ssh(platform, port=self.port))

    def target(self, platform: Platform = "cisco_ios", key: str = "r1") -> Target:
        return Target(self.device(platform, key), "cli", 900.0)


@contextmanager
def running(place: Path) -> Iterator[Sshd]:
    server = Sshd(place)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def recorded(platform: str, command: str) -> str:
    """The first recording of a command's output."""
    return next(iter(sorted((SHARED / platform / command).glob("*.raw")))).read_text()
