"""Collector of what only a login tells: BGP prefix counts, optics, routes, and version where SNMP has none of it.

One session per device and poll; it asks the commands of the platform table and nothing else. A key that changed, a refused
login, a hung sshd and an output that nobody understands each have their own name.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, datetime
from functools import partial
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from collectors.contract import CredentialsRefused, HostKeyChanged, Said, Target, Unsupported
from collectors.ssh.answer import WHOLE, Figures
from collectors.ssh.bounds import Bounds
from collectors.ssh.platforms import PLATFORMS
from collectors.ssh.pool import Pool
from collectors.ssh.question import Purpose
from collectors.ssh.visit import Visit, Visits
from inventory.batch import Batch, Facts
from inventory.credentials import Login
from inventory.model import Device

PART = "cli"
SSH_ROW = ("ssh",)
QUANTITIES: Mapping[Purpose, tuple[str, ...]] = {
    "bgp_prefixes": ("prefixes_received", "prefixes_accepted"),
    "optical": ("rx_dbm", "tx_dbm", "temperature_c", "current_a"),
    "routes": ("routes",),
}
TEXTS = ("version", "hardware", "serial", "hostname")
JITTER_S = 180.0  # an uptime in whole minutes, and the time a login takes


def _nothing(device: Device) -> Set[str]:
    """What SNMP told of a device, when nobody says: nothing."""
    return frozenset()


class Cli:
    """`told` names, for a device, the purposes that SNMP answers already: they are not asked again over SSH."""

    def __init__(
        self,
        login: Callable[[str], Login | None],
        place: Path,
        clock: Callable[[], float],
        *,
        told: Callable[[Device], Set[str]] = _nothing,
        bounds: Bounds | None = None,
    ) -> None:
        """`login`: credential name -> Login; `place`: directory for host keys, refused logins, kept outputs."""
        self._login = login
        self._clock = clock
        self._told = told
        self._pool = Pool()
        self._visits = Visits(place, clock, bounds or Bounds())
        self._since: dict[str, float] = {}  # device -> UTC seconds of its start

    async def collect(self, target: Target, due: int) -> Sequence[Said]:
        """Batches and Facts "cli". A CollectError carries in `said` what was learnt before it, or because of it."""
        device = target.device
        if device.ssh is None:
            raise Unsupported(f"{device.key} has no ssh in the inventory")
        login = self._login(device.ssh.credential)
        if login is None:
            raise CredentialsRefused(f"there is no login {device.ssh.credential!r} among the secrets")
        told = self._told(device)
        wanted = tuple(one for one in PLATFORMS[device.ssh.platform].ways if one not in told)
        if not wanted:
            return ()
        try:
            visit = await self._pool.run(device.key, partial(self._visits.visit, device, login, wanted))
        except HostKeyChanged as error:
            error.said = (_host_key(device, due, changed=True),)
            raise
        said: Sequence[Said] = (
            _host_key(device, due, changed=False),
            *self._batches(device, visit, due),
            *self._facts(device, visit),
        )
        if visit.failure is not None:
            visit.failure.said = said
            raise visit.failure
        return said

    def _batches(self, device: Device, visit: Visit, due: int) -> Sequence[Batch]:
        made = (
            _batch(device, purpose, QUANTITIES[purpose], figures, due)
            for purpose, figures in visit.figures.items()
            if purpose in QUANTITIES
        )
        return [batch for batch in made if batch is not None]

    def _facts(self, device: Device, visit: Visit) -> Sequence[Facts]:
        """Version and hardware as the device tells them; what another purpose tells better is not overwritten."""
        assert device.ssh
        told: dict[str, Any] = {}
        for purpose in ("version", "hardware"):
            for name, value in visit.figures.get(purpose, {}).get(WHOLE, {}).items():
                if value is not None:
                    told.setdefault(name, value)
        if not told and not visit.unsupported:
            return ()
        now = self._clock()
        content = {
            "platform": device.ssh.platform,
            "os": PLATFORMS[device.ssh.platform].os,
            **{name: told.get(name) for name in TEXTS},
            "up_since": self._started(device.key, told.get("uptime_s"), now),
            "asked": dict(visit.asked),
            "unsupported": sorted(visit.unsupported),
        }
        return (Facts(device.key, PART, int(now), content),)

    def _started(self, device: str, uptime_s: float | None, now: float) -> str | None:
        """When it started, the same words as long as it did not start anew."""
        if uptime_s is None:
            return None
        since = now - uptime_s
        if abs(since - self._since.get(device, -1e12)) > JITTER_S:
            self._since[device] = since
        return datetime.fromtimestamp(self._since[device] // 60 * 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def outputs(self, device: str) -> Path:
        """Directory of what the device said last to each command, masked."""
        return self._visits.outputs.directory(device)

    def forget(self, device: str) -> None:
        """Drop what is remembered; a session that runs is cut."""
        self._pool.cut(device)
        self._visits.forget(device)
        self._since.pop(device, None)

    async def close(self) -> None:
        """At the end of the daemon: no session and no thread stays."""
        await self._pool.close()


def _host_key(device: Device, due: int, *, changed: bool) -> Batch:
    return Batch("ssh", device.key, due, SSH_ROW, ("host_key_changed",), np.array([[float(changed)]]))


def _batch(device: Device, purpose: Purpose, quantities: tuple[str, ...], figures: Figures, due: int) -> Batch | None:
    """None where the device has nothing of it; a port without optics is no row, a peer that is down is one of unknowns."""
    rows = {
        key: row
        for key, row in figures.items()
        if purpose != "optical" or any(row.get(name) is not None for name in quantities)
    }
    if not rows:
        return None
    values = [[nan if row.get(name) is None else row[name] for row in rows.values()] for name in quantities]
    return Batch(purpose, device.key, due, tuple(rows), quantities, np.array(values, dtype=np.float64))
