"""Remembers each device's sysUpTime, to know what was learnt of it before it started anew."""

from collectors.elapsed import restarted


class Restarts:
    """Fed with every answer that carried sysUpTime."""

    def __init__(self) -> None:
        self._uptimes: dict[str, tuple[float, int | None]] = {}

    def note(self, device: str, at: float, uptime_ticks: int | None) -> bool:
        """Whether the device started anew since the answer before; `at` is UTC seconds. Older answers are left out."""
        before = self._uptimes.get(device)
        if before is not None and at <= before[0]:
            return False
        self._uptimes[device] = (at, uptime_ticks)
        return before is not None and restarted(before, (at, uptime_ticks))

    def forget(self, device: str) -> None:
        self._uptimes.pop(device, None)
