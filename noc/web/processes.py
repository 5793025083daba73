"""What a process of ours takes of this machine: processor and memory, as the kernel tells (proc(5))."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboards.web.sources.own import Process

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Look:
    at: float
    cpu_s: float


class Processes:
    """Remembers the look before, so that it can say what was used since."""

    def __init__(self, clock: Callable[[], float], place: Path = PROC) -> None:
        self._clock, self._place = clock, place
        self._before: dict[int, Look] = {}

    def of(self, pid: int) -> Process | None:
        """None where there is no such process, or the kernel does not tell."""
        now = self._clock()
        try:
            # the name of the program, in brackets, may hold anything
            fields = (self._place / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
            up_s = float((self._place / "uptime").read_text().split()[0])
            cpu_s = (int(fields[11]) + int(fields[12])) / TICKS
            started = now - up_s + int(fields[19]) / TICKS
            memory = int(fields[21]) * PAGE
        except (OSError, ValueError, IndexError):
            self._before.pop(pid, None)
            return None
        before = self._before.get(pid)
        self._before[pid] = Look(now, cpu_s)
        share = (cpu_s - before.cpu_s) / (now - before.at) if before and now > before.at else None
        return Process(pid, started, cpu_s, share, memory)
