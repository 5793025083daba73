"""Debian's victoria-metrics on loopback with a place and a port of its own; stopped by its pid."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Self

from tests.patience import HANGS_S
from tests.ports import free_port

PROGRAM = shutil.which("victoria-metrics")


class Victoria:
    def __init__(self, place: Path) -> None:
        self._place = place
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        assert PROGRAM is not None
        words = [
            *(PROGRAM, f"-storageDataPath={self._place / 'data'}", f"-httpListenAddr=127.0.0.1:{self._port}"),
            *("-retentionPeriod=100y", "-loggerLevel=ERROR", "-memory.allowedBytes=64MB", "-search.latencyOffset=0s"),
        ]
        with (self._place / "log").open("wb") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log)
        deadline = time.monotonic() + HANGS_S
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError((self._place / "log").read_text()[-2000:])
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def exported(self, measurement: str) -> list[dict[str, object]]:
        """Every series of a measurement with its values, after what is in memory became readable."""
        self._get("/internal/force_flush")
        match = urllib.parse.quote(f'{{__name__=~"{measurement}_.*"}}')
        return [json.loads(line) for line in self._get(f"/api/v1/export?match[]={match}").split("\n") if line]

    def _answers(self) -> bool:
        try:
            return self._get("/health") == "OK"
        except (urllib.error.URLError, OSError):
            return False

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as answer:
            return str(answer.read().decode())
