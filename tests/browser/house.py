"""The whole house for a browser to look at: 149 sites with a month behind them, lab, daemon and web on ports of their own."""

import re
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.noc.stage import Stage, stage
from tests.patience import HANGS_S, wait_until
from tests.ports import free_port

ADMIN, PASSWORD = "asha", secrets.token_urlsafe(15)
DAYS = 30


class Watched(Stage):
    """A stage whose web is served at `url`."""

    url: str = ""

    def start_web(self) -> None:
        process = self.start("web", "web")

        def ready() -> bool:
            assert process.poll() is None, self.log("web")
            return "web ready" in self.log("web")

        wait_until("the web is ready", ready, 60)

    def stop_web(self) -> None:
        process = self.processes["web"]
        process.terminate()
        process.wait(HANGS_S)
        (self.home / "web.log").rename(self.home / "web-before.log")

    def restart_web(self) -> None:
        self.stop_web()
        self.start_web()

    def hear(self, line: str, device: str = "dod-pe-1") -> None:
        """A line of syslog, as the device sends it."""
        address = self.rows("device", device)[device]["labels"]["address"]
        host, _, port = self.syslog.rpartition(":")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((address, 0))
            sender.sendto(line.encode(), (host, int(port)))

    def all_seen(self) -> bool:
        rows = self.rows("site").values()
        return all(row["state"] == "up" and not row["stale"] for row in rows)


@contextmanager
def watched(home: Path, *, sites: int = 149, days: int = DAYS) -> Iterator[Watched]:
    """Everything runs and is fresh; an administrator is there (ADMIN, PASSWORD)."""
    with stage(home, sites=sites) as bare:
        house = Watched(bare.home, bare.http, bare.traps, bare.syslog, bare.processes, bare.environment)
        listen = f"127.0.0.1:{free_port()}"
        house.url = f"http://{listen}"
        text = house.config.read_text()
        house.config.write_text(text.replace('listen = "127.0.0.1:8080"', f'listen = "{listen}"'))
        house.noc("lab", "history", "--days", str(days), within_s=10 * HANGS_S)
        house.noc("iru", "request", "import", str(house.home / "requests.csv"), "--as", "sample")
        house.start_lab()
        house.start_daemon()
        house.start_web()
        wait_until("everything is up", house.all_seen, 60)
        house.hear('<187>Nov 22 12:00:00 dod-pe-1 %LINK-3-UPDOWN: ge-0/0/9 <b>"spare"</b>, changed state to down')
        house.noc("maintenance", "add", "--device", "lga-kondoa-tc-r1", "--for", "2h", "--reason", "new power supply")
        yield house


def setup_address(house: Watched) -> str:
    """The one-time link to create the first account, as the terminal shows it."""
    found = re.search(r"http://\S+/setup\S*", house.log("web"))
    assert found, house.log("web")
    return found[0]
