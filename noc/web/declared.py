"""What people declared in files (inventory, secrets, rules, roster), for the web: read again beside, the last good meanwhile."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from dashboards.places.dependants import Single, singles
from dashboards.web.refusal import Away
from dashboards.web.sources.status import Inspection
from inventory.model import Inventory
from inventory.topology import Topology
from noc.checking import Checked, checked
from noc.config import Config

LOOK_EVERY_S: Final = 1.0
LARGE: Final = 2000  # devices
Stamps = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class _Good:
    """The newest inventory without a mistake; `topology` None where the poller hangs on no device of it."""

    inventory: Inventory
    topology: Topology | None
    at: float

    @cached_property
    def singles(self) -> Sequence[Single]:
        return () if self.topology is None else singles(self.inventory, self.topology)


class Declared:
    """For any thread. Reading a large inventory takes seconds: only the very first question waits for it."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.time) -> None:
        self._config = config
        self._clock = clock
        self._turn = threading.Lock()
        self._good: _Good | None = None
        self._seen: tuple[Checked, float] | None = None
        self._stamps: Stamps | None = None
        self._looked_at = 0.0
        self._reader: threading.Thread | None = None

    def inventory(self) -> Inventory:
        return self._newest().inventory

    def topology(self) -> Topology | None:
        return self._newest().topology

    def singles(self) -> Sequence[Single]:
        return self._newest().singles

    def inspection(self) -> Inspection:
        """What is wrong with the files as they lie there now, and how old the inventory in use is."""
        self._look()
        assert self._seen is not None
        found, at = self._seen
        good = self._good
        return Inspection(
            at=at,
            used_at=good.at if good else None,
            place=str(self._config.inventory.path),
            mistakes=found.mistakes,
            warnings=found.warnings,
            reading=self._reader is not None,
        )

    def _newest(self) -> _Good:
        self._look()
        good = self._good
        if good is None:
            assert self._seen is not None
            raise Away("the inventory cannot be used: " + "; ".join(map(str, self._seen[0].mistakes[:3])))
        return good

    def _look(self) -> None:
        """At most once a second: are the files as they were read?"""
        now = time.monotonic()
        if self._seen is not None and now - self._looked_at < LOOK_EVERY_S:
            return
        with self._turn:
            if self._seen is not None and (self._reader is not None or now - self._looked_at < LOOK_EVERY_S):
                return
            self._looked_at = now
            stamps = tuple(self._now_there())
            if stamps == self._stamps:
                return
            if self._seen is None:
                self._read(stamps)
            else:
                self._reader = threading.Thread(target=self._read_beside, args=(stamps,), daemon=True)
                self._reader.start()

    def _read_beside(self, stamps: Stamps) -> None:
        try:
            self._read(stamps)
        finally:
            self._reader = None

    def _read(self, stamps: Stamps) -> None:
        at = self._clock()
        with _uncollected():
            found = checked(self._config)
        if found.inventory is not None:
            _complete(found.inventory)
            attached_to = self._config.poller.attached_to
            known = attached_to in found.inventory.devices
            if len(found.inventory.devices) >= LARGE:
                gc.collect()
                gc.freeze()  # a collection that walks an inventory of this size holds every page for 0.3 s
            self._good = _Good(found.inventory, Topology(found.inventory, attached_to) if known else None, at)
        self._seen = found, at
        self._stamps = stamps

    def _now_there(self) -> Iterator[tuple[str, int, int]]:
        """Every file that is read, with when it was written and how long it is."""
        config = self._config
        for place in (config.inventory.path, config.alerts.rules, config.alerts.oncall, config.secrets.file):
            for path in _files(place):
                try:
                    found = path.stat()
                except OSError:
                    continue
                yield str(path), found.st_mtime_ns, found.st_size


@contextmanager
def _uncollected() -> Iterator[None]:
    """Of what is being read nothing is garbage: looking for some, again and again, takes a fifth as long as reading."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _complete(inventory: Inventory) -> None:
    """What it works out when first asked is worked out now: from here on it is only read, by whatever thread."""
    for name in ("devices_at", "links_of", "link_interfaces", "institutions_at"):
        getattr(inventory, name)


def _files(place: Path) -> Iterator[Path]:
    if place.is_dir():
        yield from sorted(place.iterdir())
    else:
        yield place
