"""How everything stands, as the daemon last wrote it: one consistent picture, shared by all who ask until it changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dashboards.places.dependants import Single
from inventory.cabling import Cabling
from inventory.mistakes import Mistake
from inventory.model import Inventory
from inventory.status import DaemonMark, Kind, StatusRow
from inventory.topology import Topology

Rows = Mapping[str, StatusRow]


@dataclass(frozen=True)
class Picture:
    """`version` rises whenever any row or the mark changed. Rows by kind and key, in the order of the keys."""

    version: int
    mark: DaemonMark | None
    rows: Mapping[Kind, Rows]

    @property
    def sites(self) -> Rows:
        return self.rows["site"]

    @property
    def links(self) -> Rows:
        return self.rows["link"]

    @property
    def devices(self) -> Rows:
        return self.rows["device"]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The files that people edit, looked over: `at` when, `used_at` of when the inventory in use is (UTC seconds)."""

    at: float
    used_at: float | None
    place: str
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()
    reading: bool = False  # newer files are being read just now


@dataclass(frozen=True, slots=True)
class Cabled:
    """Declared links held against what neighbours tell; `told_at`: of the oldest facts used, None where nothing was told."""

    cabling: Cabling
    told_at: int | None


class StatusSource(Protocol):
    """Safe in several threads. Raises `Away` where the store cannot be read."""

    def picture(self) -> Picture: ...

    def inventory(self) -> Inventory:
        """As the daemon has it now; the last good one while the files are being edited."""
        ...

    def facts(self, device: str, part: str | None = None) -> Mapping[str, Any]:
        """part -> {"at": UTC seconds, "content": ...}, as `noc device facts` reads them; of one part, or of all."""
        ...

    def known(self, device: str) -> Mapping[str, Any]:
        """All that a device told, keys as in `noc device facts --json` but times in UTC seconds; empty: nothing yet."""
        ...

    def topology(self) -> Topology | None:
        """Who hangs on what, seen from the poller; None where the poller hangs on no device of the inventory."""
        ...

    def singles(self) -> Sequence[Single]:
        """Devices and links that alone carry several sites; worked out once for each inventory."""
        ...

    def inspection(self) -> Inspection: ...

    def polls(self, device: str) -> Sequence[Mapping[str, Any]]:
        """The newest poll of every collector: collector, at, answered (1 or 0), duration_ms, late_ms, reason (a word)."""
        ...

    def polled(self, device: str, start: int, end: int, most: int) -> Sequence[Mapping[str, Any]]:
        """Every poll within [start, end), UTC seconds, the newest first and no more than `most`; as `polls`."""
        ...

    def cabling(self) -> Cabled:
        """Of the whole network; some minutes old at most."""
        ...
