"""Talking with systemd: readiness, the watchdog, reloads; silent where there is no systemd."""

import os
import time

import sdnotify


class Service:
    """sd_notify(3); every call is harmless outside systemd, and none waits for it."""

    def __init__(self, environment: os._Environ[str] | dict[str, str]) -> None:
        self._notifier = sdnotify.SystemdNotifier() if "NOTIFY_SOCKET" in environment else None
        if self._notifier and self._notifier.socket:
            self._notifier.socket.setblocking(False)  # a systemd that does not read holds up nothing here
        self.watchdog_s = int(environment.get("WATCHDOG_USEC", "0")) / 1e6 / 2

    def _tell(self, message: str) -> None:
        if self._notifier:
            self._notifier.notify(message)

    def ready(self, status: str) -> None:
        self._tell(f"READY=1\nSTATUS={status}")

    def alive(self, status: str) -> None:
        self._tell(f"WATCHDOG=1\nSTATUS={status}")

    def reloading(self) -> None:
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        self._tell("STOPPING=1")
