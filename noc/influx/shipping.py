"""Sending to InfluxDB seen from the daemon: the process that does it, started again when it dies, and its receipts kept."""

import logging
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from noc.influx.figures import Figures
from noc.influx.owed import Receipt
from noc.influx.sending import Order
from noc.own_metrics import Own

log = logging.getLogger(__name__)

WORKER: Final = ("-c", "from noc.influx.sending import main; main()")
LONGEST_REST_S: Final = 60.0
_GAUGES: Final = ("behind_s", "owed_hours", "owed_rollups", "commit", "at", "since")
_TEXTS: Final = ("state", "error")


class Keeping(Protocol):
    """What of the metric store is needed here."""

    def ship_to(self, server: str) -> None: ...
    def acknowledge(self, receipt: Receipt) -> None: ...


@dataclass(slots=True)
class _Life:
    """One process; `over` when it was ended on purpose."""

    process: subprocess.Popen[bytes]
    over: bool = False


class Shipping:
    """Inert until opened; without an order (no url) it stays so. Ended by killing the process, whatever it waits for."""

    def __init__(self, store: Keeping, order: Order | None, clock: Callable[[], float]) -> None:
        self.figures = Figures()
        self.restarts = 0
        self._store, self._order, self._clock = store, order, clock
        self._closed = threading.Event()
        self._turn = threading.Lock()
        self._life: _Life | None = None
        self._thread: threading.Thread | None = None
        self._dying = False
        self._broke: _Life | None = None  # who last said that the server fails

    def open(self) -> None:
        """Raises StoreError when the store takes no writes."""
        if self._order is not None:
            self._store.ship_to(self._order.server)
            self._thread = threading.Thread(target=self._run, name="influxdb", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """At once: what was not acknowledged is sent again next time."""
        self._closed.set()
        self._end()
        if self._thread is not None:
            self._thread.join(2.0)

    def renew(self, order: Order | None) -> None:
        """Other credentials, for the same server."""
        if self._order is not None and order is not None and order != self._order:
            self._order = order
            self._end()

    @property
    def pid(self) -> int | None:
        """Of the sending process, while there is one."""
        life = self._life
        return life.process.pid if life else None

    @property
    def failing(self) -> bool | None:
        """Whether a person should look; None where nothing is to be sent."""
        return None if self._order is None else self._dying or self.figures.failing(self._clock())

    def trouble(self) -> str:
        """What is wrong, in words; "" when nothing is."""
        if not self.failing:
            return ""
        return f"InfluxDB: {self.figures.error}" if self.figures.error else "the process that sends to InfluxDB ends"

    def gather(self) -> Iterator[Own]:
        if self._order is None:
            return
        for name, value in asdict(self.figures).items():
            if name not in _TEXTS:
                words = f"Sending to InfluxDB: {name.replace('_', ' ')}"
                yield Own(f"influxdb_{name}", words, value, counter=name not in _GAUGES)
        yield Own("influxdb_failing", "Whether a person should look at sending to InfluxDB", float(bool(self.failing)))
        yield Own("influxdb_restarts", "How often the sending process ended by itself", self.restarts, counter=True)

    def _run(self) -> None:
        rest_s = 0.0
        while not self._closed.wait(rest_s):
            life = self._begun()
            if life is None:
                return
            heard = 0
            assert life.process.stdout is not None
            for receipt in _receipts(life.process.stdout):
                heard += 1
                self._take(receipt)
            self._bury(life)
            rest_s = 0.0 if life.over else min(LONGEST_REST_S, max(1.0, 2 * rest_s if heard < 3 else 0.0))

    def _begun(self) -> _Life | None:
        with self._turn:
            if self._closed.is_set() or self._order is None:
                return None
            threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")
            environment = os.environ | threads | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
            process = subprocess.Popen(
                [sys.executable, *WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                start_new_session=True,  # Ctrl-C in a terminal is the daemon's to deal with
            )
            life = self._life = _Life(process)
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.write(self._order.line())
            process.stdin.flush()
        return life

    def _end(self) -> None:
        with self._turn:
            if self._life is not None:
                self._life.over = True
                self._life.process.kill()

    def _bury(self, life: _Life) -> None:
        life.process.kill()
        for stream in (life.process.stdin, life.process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        code = life.process.wait()
        self._life = None
        if not life.over:
            self.restarts += 1
            if not self._dying:
                log.error("the process that sends to InfluxDB ended (%d); it is started again, nothing is lost", code)
            self._dying = True

    def _take(self, receipt: Receipt) -> None:
        self._store.acknowledge(receipt)
        if receipt.figures is not None:
            self.figures = Figures.of(dict(receipt.figures))
            self._heal()

    def _heal(self) -> None:
        """Says so where nobody else can: a process that ended cannot say that what it complained of is over."""
        if self._dying:
            self._dying = False
            log.warning("the process that sends to InfluxDB runs again")
        if self.figures.state in ("unreachable", "denied"):
            self._broke = self._life
        elif self.figures.state == "sending" and self._broke is not None:
            if self._broke is not self._life:
                log.warning("InfluxDB takes data again")
            self._broke = None


def _receipts(stream: Any) -> Iterator[Receipt]:
    """Until the process ends, in the midst of one perhaps."""
    while True:
        try:
            receipt: Receipt = pickle.load(stream)
        except (EOFError, pickle.UnpicklingError, OSError, ValueError):
            return
        yield receipt
