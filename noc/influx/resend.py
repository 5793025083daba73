"""What people ask to be sent to InfluxDB again: a mark in the ledger by the command, done by the daemon."""

import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from alerts.books import Books, LedgerError
from noc.influx import owed
from noc.influx.owed import Receipt
from noc.store.file import Opening, StoreError

LOOK_S: Final = 2.0
MARK: Final = "influxdb resend"
LAST: Final = (1 << 32) - 1


class Range(NamedTuple):
    """UTC seconds, the end not included; everything by default."""

    since: int = 0
    until: int = LAST


class Ledger(Protocol):
    def reading(self) -> AbstractContextManager[Books]: ...
    def transaction(self) -> AbstractContextManager[Books]: ...


class Keeping(Protocol):
    """What of the metric store is needed here."""

    def acknowledge(self, receipt: Receipt) -> None: ...


def asked(books: Books) -> list[Range]:
    """What waits for the daemon."""
    return [Range(*found) for found in json.loads(books.mark(MARK) or "[]")]


def ask(books: Books, wanted: Range) -> None:
    """In a transaction of the ledger."""
    waiting = asked(books)
    if wanted not in waiting:
        books.put_mark(MARK, json.dumps([*waiting, wanted]))


def intervals(path: Path, wanted: Range) -> set[owed.Interval]:
    """What of the store lies there; what is hot is sent in any case."""
    with Opening(path) as opening:
        return opening.run(lambda db: set(owed.everything(db, *wanted)))


class Resending:
    """Looks every LOOK_S; asked again after a crash it does the same again, which changes nothing."""

    def __init__(
        self,
        ledger: Ledger,
        store: Keeping,
        path: Path,
        run: Callable[[Callable[[], Any]], Awaitable[Any]],
    ) -> None:
        """`run`: in the thread that the ledger is spoken to in."""
        self._ledger, self._store, self._path, self._run = ledger, store, path, run

    async def look(self) -> None:
        with suppress(LedgerError, StoreError):  # said by those who keep alerts and measurements; asked again soon
            await self._run(self._do)

    def _do(self) -> None:
        with self._ledger.reading() as books:
            wanted = asked(books)
        if not wanted:
            return
        for one in wanted:
            self._store.acknowledge(Receipt(owed=intervals(self._path, one)))
        with self._ledger.transaction() as books:
            left = [one for one in asked(books) if one not in wanted]
            books.put_mark(MARK, json.dumps(left) if left else "")
