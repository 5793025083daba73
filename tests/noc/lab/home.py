"""A directory from which a lab of the small network is started by command."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from inventory.credentials import SnmpUser
from inventory.secret import Secret
from inventory.secrets import write_secrets
from inventory.writing import write
from tests.noc.lab.asker import VERSIONS
from tests.noc.lab.network import small_network
from tests.patience import HANGS_S
from tests.ports import free_port

HERE = "127.77.0.1"
USER = SnmpUser("noc", "SHA-256", Secret("hodi-hodi-nyumbani"), "AES-128", Secret("karibu-karibu"))


@dataclass
class Home:
    """A directory with noc.toml, inventory and secrets of the small network."""

    path: Path
    ports: tuple[int, int]

    def noc(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "noc", "-c", str(self.path / "noc.toml"), "lab", *words]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self.noc(*words), capture_output=True, text=True, timeout=HANGS_S, check=False)

    def start(self, *words: str) -> "subprocess.Popen[str]":
        child = subprocess.Popen(self.noc(*words), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert child.stdout
        line = child.stdout.readline()
        assert "lab ready: 3 sites, 9 devices" in line, line + child.stdout.read()
        return child

    def end(self, child: "subprocess.Popen[str]", number: int = signal.SIGTERM) -> str:
        if child.poll() is None:
            child.send_signal(number)
        said, _ = child.communicate(timeout=HANGS_S)
        return said


def home_in(path: Path) -> Home:
    ports = free_port(HERE), free_port(HERE)
    write(small_network(ports, VERSIONS), path / "inventory")
    (path / "noc.toml").write_text('[poller]\nattached_to = "c1"\ngateway = "c1"\n')
    write_secrets(path / "secrets.toml", {"default": "hodi-hodi", "routers": USER})
    return Home(path, ports)
