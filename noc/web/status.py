"""How everything stands, for the web: read again only when the daemon has written something."""

import threading
from collections.abc import Mapping
from typing import Any, Final

from dashboards.web.refusal import Away
from dashboards.web.sources.status import Picture
from inventory.mistakes import MistakesError
from inventory.model import Inventory
from inventory.reading import load as load_inventory
from inventory.status import Kind
from noc.config import Config
from noc.store.file import StoreError
from noc.store.status import read_facts, read_mark, read_status

KINDS: Final[tuple[Kind, ...]] = ("site", "link", "device")


class StoredStatus:
    """`StatusSource` over the metric file and the inventory's directory."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._turn = threading.Lock()
        self._picture: Picture | None = None
        self._inventory: Inventory | None = None
        self._written: object = None

    def picture(self) -> Picture:
        path = self._config.metrics_file
        with self._turn:
            try:
                mark = read_mark(path)
                if self._picture is None or mark != self._picture.mark:
                    rows = {kind: {row.key: row for row in read_status(path, kind)} for kind in KINDS}
                    self._picture = Picture(self._picture.version + 1 if self._picture else 1, mark, rows)
            except StoreError as error:
                raise Away(str(error)) from error
            return self._picture

    def inventory(self) -> Inventory:
        folder = self._config.inventory.path
        with self._turn:
            written = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.y*ml")))
            if self._inventory is None or written != self._written:
                try:
                    self._inventory = load_inventory(folder)
                except MistakesError as error:
                    if self._inventory is None:
                        raise Away(str(error)) from error
                self._written = written
            return self._inventory

    def facts(self, device: str) -> Mapping[str, Any]:
        try:
            return {one["part"]: one for one in read_facts(self._config.metrics_file, device)}
        except StoreError as error:
            raise Away(str(error)) from error
