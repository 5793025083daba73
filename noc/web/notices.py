"""What devices said, for the web: a reader of the store of notices that stays open, for one thread at a time."""

import queue
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, TypeVar

from dashboards.cases.seen import Heard
from dashboards.web.refusal import Away
from dashboards.web.sources.notices import Listening
from noc.config import Config
from noc.notices.file import NAME
from noc.notices.reader import NoticeReader, Question
from noc.store.file import StoreError, StoreMissing

MOST_IDLE: Final = 4
Found = TypeVar("Found")


class StoredNotices:
    """`NoticeSource` over the file that the daemon writes; where none was ever kept nothing was heard."""

    def __init__(self, config: Config) -> None:
        self._path = config.data.dir / NAME
        self._idle: queue.LifoQueue[NoticeReader] = queue.LifoQueue()

    def heard(self, wanted: Listening, limit: int) -> Sequence[Heard]:
        question = Question(
            wanted.devices,
            wanted.since,
            wanted.kind,
            wanted.name,
            wanted.text,
            severity=wanted.severity,
            until=wanted.until,
            before=wanted.before,
            number=wanted.number,
        )
        found = self._asked(lambda reader: reader.find(question, limit))
        return [Heard(kept.number, kept.notice) for kept in found or ()]

    def listened_at(self) -> float | None:
        mark = self._asked(lambda reader: reader.mark("ears"))
        return mark[0] if mark else None

    def _asked(self, question: Callable[[NoticeReader], Found]) -> Found | None:
        try:
            reader = self._idle.get_nowait()
        except queue.Empty:
            reader = NoticeReader(self._path)
        try:
            found = question(reader)
        except StoreMissing:
            reader.__exit__()
            return None
        except StoreError as error:
            reader.__exit__()
            raise Away(str(error)) from error
        if self._idle.qsize() < MOST_IDLE:
            self._idle.put(reader)
        else:
            reader.__exit__()
        return found

    def close(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._idle.get_nowait().__exit__()
