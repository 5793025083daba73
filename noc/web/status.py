"""How everything stands, for the web: one opening of the metric file is kept, and read again only when somebody wrote."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from dashboards.places.dependants import Single
from dashboards.web.refusal import Away
from dashboards.web.sources.status import Cabled, Inspection, Picture
from inventory.cabling import check
from inventory.model import Inventory
from inventory.seen import lately
from inventory.topology import Topology
from noc.config import Config
from noc.device_facts import joined, polled, polls, read_told
from noc.store.file import StoreError
from noc.store.standing import Standing, Standings
from noc.web.declared import Declared
from noc.web.life import Life
from noc.web.series import StoredSeries

POLLS_S: Final = 1800  # so far back the last polls are looked for; the rarest is every quarter of an hour
CABLED_S: Final = 120.0
LATELY_S: Final = 2.0
RESTS: Final = 4  # times as long as a look took: the largest network costs a fifth of a core, however many look


class StoredStatus:
    """`StatusSource` over the metric file and the files that people edit."""

    def __init__(self, config: Config, series: StoredSeries, life: Life) -> None:
        """`series`: whose open readers are used too."""
        self._config = config
        self._series = series
        self._life = life
        self._declared = Declared(config)
        self._standing = Standing(config.metrics_file)
        self._turn = threading.Lock()
        self._looked_at = self._rests_until = 0.0
        self._last: tuple[Standings, Picture] | None = None
        self._reading = threading.Lock()
        self._cabled: tuple[Inventory, float, Cabled] | None = None

    def picture(self) -> Picture:
        """Its mark is judged by whether it changes: a daemon that is dead stays so, whatever its clock said."""
        found = self._picture()
        mark = self._life.judged(found.mark)
        return found if mark is found.mark else replace(found, mark=mark)

    def _picture(self) -> Picture:
        """While another thread renews it, the one before, if that was true a moment ago."""
        last = self._last
        true_still = last is not None and time.monotonic() - self._looked_at < LATELY_S
        if not self._turn.acquire(blocking=not true_still):
            assert last is not None
            return last[1]
        try:
            if self._last is not None and time.monotonic() < self._rests_until:
                return self._last[1]
            began = time.thread_time()
            found = self._standing.now()
            self._looked_at = time.monotonic()
            self._rests_until = self._looked_at + RESTS * (time.thread_time() - began)
            if self._last is None or self._last[0] is not found:
                self._last = found, Picture(found.version, found.mark, found.rows)
            return self._last[1]
        except StoreError as error:
            self._last = None
            raise Away(str(error)) from error
        finally:
            self._turn.release()

    def inventory(self) -> Inventory:
        return self._declared.inventory()

    def topology(self) -> Topology | None:
        return self._declared.topology()

    def singles(self) -> Sequence[Single]:
        return self._declared.singles()

    def inspection(self) -> Inspection:
        return self._declared.inspection()

    def facts(self, device: str, part: str | None = None) -> Mapping[str, Any]:
        with self._series.reader() as reader:
            return {one["part"]: one for one in reader.facts(device, part)}

    def known(self, device: str) -> Mapping[str, Any]:
        with self._series.reader() as reader:
            return joined(reader.facts(device), reader, device).get(device, {})

    def polls(self, device: str) -> Sequence[Mapping[str, Any]]:
        end = int(time.time()) + 1
        with self._series.reader() as reader:
            return polls(reader, device, end - POLLS_S, end)

    def polled(self, device: str, start: int, end: int, most: int) -> Sequence[Mapping[str, Any]]:
        with self._series.reader() as reader:
            return [*islice(polled(reader, device, start, end), most)]

    def cabling(self) -> Cabled:
        """Facts of all devices are many: they are read once in a while, by one thread, and by none while nobody asks."""
        inventory, now = self._declared.inventory(), time.monotonic()
        with self._reading:
            kept = self._cabled
            if kept is None or kept[0] is not inventory or now - kept[1] > CABLED_S:
                try:
                    told = lately(read_told(self._config.metrics_file))
                except StoreError as error:
                    raise Away(str(error)) from error
                oldest = min((each.at for key, each in told.items() if key in inventory.devices), default=None)
                kept = self._cabled = inventory, now, Cabled(check(inventory, told), oldest)
            return kept[2]

    def close(self) -> None:
        with self._turn:
            self._standing.close()
