"""A small GovNet on ports of its own, and the daemon beside it: the real commands, as people run them."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from inventory.skeleton import write_sample
from inventory.status import Kind
from noc.store.status import read_status
from tests.evidence import noted, told
from tests.patience import HANGS_S, wait_until
from tests.ports import free_port


@dataclass
class Stage:
    """Configuration, lab and daemon in one directory."""

    home: Path
    http: str = ""
    traps: str = ""  # where it hears traps
    syslog: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def config(self) -> Path:
        return self.home / "noc.toml"

    def noc(self, *words: str, check: bool = True, within_s: float = HANGS_S) -> subprocess.CompletedProcess[str]:
        """One `noc` command, ended."""
        command = [sys.executable, "-m", "noc", "-c", str(self.config), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=within_s, check=False)
        assert not check or done.returncode == 0, f"noc {' '.join(words)}: {done.stdout}{done.stderr}"
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.noc(*words, "--json").stdout)

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "noc", "-c", str(self.config), *words]
            process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | self.environment)
        self.processes[name] = process
        return process

    def log(self, name: str) -> str:
        path = self.home / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start_lab(self) -> None:
        self.start("lab", "lab")
        self._ready("lab", lambda: "lab ready" in self.log("lab"))

    def start_daemon(self) -> None:
        self.start("daemon", "run")
        self._ready("daemon", self.healthy)

    def _ready(self, name: str, true: Callable[[], bool]) -> None:
        def looked() -> bool:
            ended = self.processes[name].poll() is not None
            assert not ended, f"the {name} ended"
            return true()

        wait_until(f"the {name} is ready", looked)

    def kill_daemon(self, number: int = signal.SIGKILL) -> int:
        process = self.processes["daemon"]
        process.send_signal(number)
        return process.wait(HANGS_S)

    def evidence(self) -> list[tuple[str, str]]:
        """Why a test with it failed."""
        return told(self.home, self.processes)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{self.http}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def healthy(self) -> bool:
        try:
            return self.get("/healthz") == "ok\n"
        except OSError:
            return False

    def metric(self, name: str) -> float:
        """Sum over all labels of one own metric."""
        found = re.findall(rf"^noc_{name}(?:\{{[^}}]*\}})? (\S+)$", self.get("/metrics"), re.M)
        return sum(map(float, found))

    def rows(self, kind: str, *selector: str) -> dict[str, dict[str, Any]]:
        """Key -> row of `noc KIND status --json`."""
        return {row["key"]: row for row in self.json(kind, "status", *selector)[f"{kind}s"]}

    def state(self, kind: str, key: str) -> str:
        return str(self.rows(kind)[key]["state"])

    def shown(self, kind: Kind, key: str) -> str:
        """The state that the daemon shows now, without a command, which takes longer than a second on a busy machine."""
        return next((row.state for row in read_status(self.home / "data" / "metrics.db", kind) if row.key == key), "")

    def close(self) -> None:
        for process in reversed(list(self.processes.values())):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@contextmanager
def stage(home: Path, *, sites: int) -> Iterator[Stage]:
    """The sample of so many member sites, moved to free ports; everything is ended afterwards."""
    write_sample(home, sites=sites)
    one = Stage(home, f"127.0.0.1:{free_port()}")
    ports = {"16161": str(free_port()), "16107": str(free_port())}
    for path in (home / "inventory").glob("*.yaml"):
        path.write_text(re.sub("16161|16107", lambda found: ports[found[0]], path.read_text()))
    one.traps = f"127.0.0.1:{free_port()}"
    one.syslog = f"127.0.0.1:{free_port()}"
    doors = {"127.0.0.1:9116": one.http, "0.0.0.0:1162": one.traps, "0.0.0.0:1514": one.syslog}
    configuration = one.config.read_text()
    for old, new in doors.items():
        configuration = configuration.replace(old, new)
    one.config.write_text(configuration)
    try:
        yield one
    except BaseException as error:  # whatever ends it
        noted(error, one.evidence())
        raise
    finally:
        one.close()


def has_loopback_net() -> bool:
    """Linux answers on all of 127/8; macOS does not."""
    return os.uname().sysname == "Linux"
