"""How everything stands, for the web: one opening of the metric file is kept, and read again only when somebody wrote."""

import threading
from collections.abc import Mapping
from typing import Any

from dashboards.web.refusal import Away
from dashboards.web.sources.status import Inspection, Picture
from inventory.model import Inventory
from inventory.topology import Topology
from noc.config import Config
from noc.device_facts import gathered
from noc.store.file import StoreError
from noc.store.standing import Standing, Standings
from noc.store.status import read_facts
from noc.web.declared import Declared


class StoredStatus:
    """`StatusSource` over the metric file and the files that people edit."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._declared = Declared(config)
        self._standing = Standing(config.metrics_file)
        self._turn = threading.Lock()
        self._last: tuple[Standings, Picture] | None = None

    def picture(self) -> Picture:
        """While another thread renews it, the one before: a second old at most."""
        last = self._last
        if not self._turn.acquire(blocking=last is None):
            assert last is not None
            return last[1]
        try:
            found = self._standing.now()
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

    def inspection(self) -> Inspection:
        return self._declared.inspection()

    def facts(self, device: str) -> Mapping[str, Any]:
        try:
            return {one["part"]: one for one in read_facts(self._config.metrics_file, device)}
        except StoreError as error:
            raise Away(str(error)) from error

    def known(self, device: str) -> Mapping[str, Any]:
        try:
            return gathered(self._config.metrics_file, device).get(device, {})
        except StoreError as error:
            raise Away(str(error)) from error

    def close(self) -> None:
        with self._turn:
            self._standing.close()
