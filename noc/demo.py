"""Lab, daemon and web as child processes, started in order, watched, and ended together."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from inventory.status import StatusRow
from noc.store.file import StoreError
from noc.store.status import read_status


class DemoError(Exception):
    """A child ended by itself; the message holds its last words."""


@dataclass(slots=True)
class Child:
    """One `noc` process with its output in a file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        code = self.process.poll()
        if code is not None:
            last = self.log.read_text(errors="replace").strip().splitlines()[-8:]
            raise DemoError(
                f"{self.name} ended with exit status {code}; its last words ({self.log}):\n" + "\n".join(last)
            )

    def stop(self, within_s: float = 15) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(within_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def ended_like_interrupt() -> Iterator[None]:
    """A closed terminal (SIGHUP) and `kill` (SIGTERM) end the block as Ctrl-C does: KeyboardInterrupt. `nohup` still holds."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number, was in former.items():
        if was is not signal.SIG_IGN:
            signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, was in former.items():
            signal.signal(number, was)


@contextmanager
def child(name: str, config: Path, words: list[str], log: Path) -> Iterator[Child]:
    """Run `noc -c config words...`; ended when the block ends, however it ends."""
    command = [sys.executable, "-m", "noc", "-c", str(config), *words]
    with log.open("wb") as output:
        # a session of its own: Ctrl-C reaches only us, and we end the children in order
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    one = Child(name, process, log)
    try:
        yield one
    finally:
        one.stop()


def once(name: str, config: Path, words: list[str]) -> None:
    """Run `noc -c config words...` to its end, on our own terminal; DemoError when it fails."""
    code = subprocess.run([sys.executable, "-m", "noc", "-c", str(config), *words], check=False).returncode
    if code:
        raise DemoError(f"{name} ended with exit status {code}")


def wait_for_line(one: Child, pattern: str, within_s: float) -> str:
    """The first line of the child's output that matches; DemoError when it ends or takes too long."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        for line in one.log.read_text(errors="replace").splitlines():
            if re.search(pattern, line):
                return line
        one.check()
        time.sleep(0.05)
    raise DemoError(f"{one.name} was not ready within {within_s:.0f} s; see {one.log}")


def place_for(listen: str) -> str:
    """`listen` as it is, or the same address with a free port where somebody else has that one."""
    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tried in (int(port), 0):
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((host.strip("[]"), tried))
            except OSError:
                continue
            return f"{host}:{trial.getsockname()[1]}"
    return listen


def rows(file: Path) -> tuple[list[StatusRow], list[StatusRow]]:
    """Sites and links as the daemon last wrote them; none before it did."""
    try:
        return read_status(file, "site"), read_status(file, "link")
    except StoreError:
        return [], []


@dataclass(slots=True)
class Rate:
    """Polls a second, from the daemon's own /metrics."""

    url: str
    _last: tuple[float, float] | None = field(default=None)

    def per_s(self) -> float | None:
        """None until asked twice, or while the daemon does not answer."""
        try:
            with urllib.request.urlopen(self.url, timeout=1) as answer:
                text = answer.read().decode()
        except OSError:
            return None
        total = sum(
            float(value) for value in re.findall(r"^noc_(?:polls|rounds)_total(?:\{[^}]*\})? (\S+)$", text, re.M)
        )
        now, last = time.monotonic(), self._last
        self._last = (now, total)
        return (total - last[1]) / (now - last[0]) if last and now > last[0] else None
