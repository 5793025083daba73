"""Debian's influxd on loopback with a place and ports of its own, for tests and benches; stopped by its pid."""

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.patience import HANGS_S
from tests.ports import free_port

PROGRAM = shutil.which("influxd")


class Influxd:
    """Ports and data stay over `stop` and `start`."""

    def __init__(self, place: Path) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.place = place
        self._http, self._rpc = free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        assert PROGRAM is not None
        settings = {
            "INFLUXDB_REPORTING_DISABLED": "true",
            "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{self._rpc}",
            "INFLUXDB_META_DIR": str(self.place / "meta"),
            "INFLUXDB_DATA_DIR": str(self.place / "data"),
            "INFLUXDB_DATA_WAL_DIR": str(self.place / "wal"),
            "INFLUXDB_DATA_QUERY_LOG_ENABLED": "false",
            "INFLUXDB_HTTP_BIND_ADDRESS": f"127.0.0.1:{self._http}",
            "INFLUXDB_HTTP_LOG_ENABLED": "false",
            "INFLUXDB_MONITOR_STORE_ENABLED": "false",
        }
        empty = self.place / "influxdb.conf"
        empty.write_text("")
        log = (self.place / "log").open("ab")
        self._process = subprocess.Popen(
            [PROGRAM, "-config", str(empty)], env=os.environ | settings, stdout=log, stderr=log
        )
        log.close()
        deadline = time.monotonic() + HANGS_S
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self.place / "log").read_text()[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/ping", timeout=10) as answer:
                return bool(answer.status == 204)
        except (urllib.error.URLError, OSError):
            return False
