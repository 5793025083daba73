"""Real routers in network namespaces: FRR, net-snmp and OpenSSH, built, asked, broken and torn down by realnet.py."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.patience import HANGS_S

TOOL = Path(__file__).resolve().parents[2].parent / "shared" / "tools" / "realnet.py"
DAEMONS = {"frr": "/usr/lib/frr/bgpd", "snmpd": "/usr/sbin/snmpd", "openssh-server": "/usr/sbin/sshd"}
COMMANDS = {"iproute2": "ip", "util-linux": "nsenter", "iptables": "iptables-legacy"}
TRIAL = """set -e
mount --make-rprivate / && mount -t proc proc /proc
ip link add veth0 type veth peer name veth1
ip link add bridge0 type bridge
tc qdisc add dev veth0 root tbf rate 1mbit burst 6000 latency 100ms
"""
MODULES = "frr/modules/bgpd_snmp.so"  # of frr-snmp


def absent() -> str:
    """Why there can be no routers on this machine; empty where there can."""
    if os.geteuid():
        return "needs root for network namespaces"
    if not TOOL.exists():
        return "needs ../shared/tools/realnet.py"
    missing = [package for package, path in DAEMONS.items() if not Path(path).exists()]
    missing += [package for package, command in COMMANDS.items() if not shutil.which(command)]
    if not any(Path("/usr/lib").glob(f"*/{MODULES}")):
        missing.append("frr-snmp")
    if missing:
        return f"not installed: {', '.join(missing)}"
    alone = ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "sh", "-c", TRIAL]
    allowed = subprocess.run(alone, capture_output=True, text=True, check=False)
    return f"not allowed here: {allowed.stderr.strip()}" if allowed.returncode else ""


@dataclass
class Routers:
    """One lab under a prefix of its own. A watchdog of its own ends it, should the test die before it does."""

    prefix: str = field(default_factory=lambda: f"rt{os.getpid()}")
    most_s: int = 2400

    def command(self, *words: object) -> list[str]:
        return [sys.executable, str(TOOL), *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        return {key: value for key, value in os.environ.items() if key != "REALNET_STATE"} | {
            "REALNET_PREFIX": self.prefix
        }

    def ask(self, *words: object, check: bool = True) -> str:
        done = subprocess.run(
            self.command(*words), env=self.environment, capture_output=True, text=True, timeout=4 * HANGS_S, check=False
        )
        assert not check or done.returncode == 0, f"realnet {words}: {done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *words: object) -> Any:
        return json.loads(self.ask(*words))

    def up(self, sites: int) -> None:
        self.ask("up", "--sites", sites, "--max-seconds", self.most_s)

    def down(self) -> None:
        self.ask("down", check=False)

    def within(self, router: str, *words: object, **options: Any) -> "subprocess.Popen[bytes]":
        """A process in the network namespace of a router, or of `noc`."""
        return subprocess.Popen(self.command("exec", router, "--", *words), env=self.environment, **options)

    def vtysh(self, router: str, *shown: str) -> Any:
        """What FRR itself says, from `show ... json`."""
        said = self.ask("vtysh", router, "--", *shown)
        return json.loads(said) if said.strip() else {}

    def fault(self, kind: str, *words: object) -> float:
        """Break or mend something; UTC seconds when that began."""
        return float(json.loads(self.ask("fault", kind, *words).splitlines()[-1])["t"])

    def can(self, kind: str, *words: object) -> bool:
        """Like `fault`, of faults that not every kernel can do."""
        done = subprocess.run(
            self.command("fault", kind, *words), env=self.environment, capture_output=True, timeout=HANGS_S, check=False
        )
        return done.returncode == 0

    def traffic(self, *flows: str) -> "subprocess.Popen[bytes]":
        """Known load in the background, each flow SRC:DST:RATE:SECONDS."""
        return subprocess.Popen(self.command("traffic", *flows), env=self.environment, stdout=subprocess.DEVNULL)

    def counters(self, *names: str) -> dict[str, Any]:
        """The kernel's own counters: {"t": UTC seconds, "counters": {router: {interface: {...}}}}."""
        return dict(self.json("counters", *names))


class Kernel:
    """Reads the kernel's counters again and again, so that any span of time can be compared with what we store."""

    def __init__(self, read: Callable[[], dict[str, Any]], every_s: float = 1.0) -> None:
        self.read: list[dict[str, Any]] = []
        self._take = read
        self._every_s = every_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Kernel":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(HANGS_S)

    def _run(self) -> None:
        while not self._end.wait(self._every_s):
            self.read.append(self._take())

    def octets_at(self, end: Sequence[str], counter: str, at: float) -> float | None:
        """The counter of (router, interface) at that time, on a straight line between two readings."""
        router, interface = end
        before = None
        for one in self.read:
            value = one["counters"][router].get(interface, {}).get(counter)
            if value is None:
                before = None
                continue
            if one["t"] >= at:
                if before is None or before[0] > at:
                    return None
                share = (at - before[0]) / (one["t"] - before[0])
                return float(before[1] + share * (value - before[1]))
            before = (one["t"], value)
        return None
