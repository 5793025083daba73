"""The daemon among the routers: `noc run` in the poller's namespace, its answers read with the ordinary commands."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from inventory.status import Kind
from tests.evidence import told
from tests.patience import HANGS_S, wait_until
from tests.realnet.routers import Routers


@dataclass
class House:
    """`routers` are watched by the daemon of `config`."""

    config: Path
    routers: Routers
    daemon: "subprocess.Popen[bytes] | None" = None

    @property
    def log_file(self) -> Path:
        return self.config.parent / "daemon.log"

    @property
    def metrics(self) -> Path:
        return self.config.parent / "data" / "metrics.db"

    def start(self) -> None:
        words = (sys.executable, "-m", "noc", "-c", self.config, "run", "-v", "--for", self.routers.most_s)
        with self.log_file.open("ab") as log:
            self.daemon = self.routers.within("noc", *words, stdout=log, stderr=log)

    def stop(self) -> None:
        if self.daemon and self.daemon.poll() is None:
            self.daemon.send_signal(signal.SIGTERM)
            try:
                self.daemon.wait(60)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                self.daemon.wait()

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def begin(self, *words: str, within: bool = False) -> "subprocess.Popen[str]":
        """One `noc` command in the background; `within` the poller's namespace where it asks routers itself."""
        command = [sys.executable, "-m", "noc", "-c", str(self.config), *words]
        if within:
            command = self.routers.command("exec", "noc", "--", *command)
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.routers.environment, stdout=pipe, stderr=pipe, text=True)

    def noc(self, *words: str, within: bool = False) -> str:
        """What one `noc` command prints."""
        with self.begin(*words, within=within) as process:
            said, wrong = process.communicate(timeout=HANGS_S)
        assert process.returncode == 0, f"noc {' '.join(words)}: {said}{wrong}"
        return said

    def json(self, *words: str, within: bool = False) -> Any:
        return json.loads(self.noc(*words, "--json", within=within))

    def states(self, kind: Kind) -> dict[str, str]:
        """Key -> state and reason, as `noc KIND status --json` says."""
        rows = self.json(kind, "status")[f"{kind}s"]
        return {row["key"]: " ".join(filter(None, (row["state"], row["reason"]))) for row in rows}

    def facts(self, device: str) -> Mapping[str, Any]:
        """What `noc device facts DEVICE --json` says of it."""
        return dict(self.json("device", "facts", device)[device])

    def failing(self, device: str, collector: str) -> str:
        """The word of a collector's failure, empty where it does not fail."""
        found = self.facts(device)["failing"].get(collector, {})
        return str(found.get("reason", ""))

    def rates_at(self, device: str) -> float:
        """UTC seconds of its newest rates."""
        at = self.facts(device)["at"].get("rates")
        return datetime.fromisoformat(at).timestamp() if at else 0.0

    def alive(self) -> None:
        assert self.daemon is None or self.daemon.poll() is None, f"the daemon ended:\n{self.log()[-4000:]}"

    def wait(self, what: str, true: Callable[[], Any], within_s: float) -> Any:
        """What `true` gives as soon as it gives something. `within_s`: with nothing else to do; see `patience`."""

        def looked() -> Any:
            self.alive()
            return true()

        return wait_until(what, looked, within_s, every_s=0.5)

    def evidence(self) -> list[tuple[str, str]]:
        """Why a test with it failed."""
        return told(self.config.parent, {"daemon": self.daemon} if self.daemon else {})
