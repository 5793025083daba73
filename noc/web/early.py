"""What the first page of anybody would wait for is read while the web starts, before anybody asks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from dashboards.web.house import House
from dashboards.web.refusal import Away


@contextmanager
def read_early(house: House) -> Iterator[threading.Thread]:
    """In a thread beside, inventory first: who comes meanwhile waits for the rest of it. The end waits for one reading."""
    ended = threading.Event()
    asked: tuple[Callable[[], object], ...] = (
        house.status.inventory,
        house.status.picture,
        house.wall.beside,
        house.cases.standing,
        house.own.health,
    )

    def read() -> None:
        for ask in asked:
            if ended.is_set():
                return
            with suppress(Away):  # whoever asks for a page is told why
                ask()

    thread = threading.Thread(target=read, name="reading early", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        ended.set()
        thread.join()
