"""How long a test waits for what must come: until it comes. The bound only ends one that hangs."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, Final

HANGS_S: Final = 120.0  # nothing here takes so long, on a machine five times slower that stalls now and then


def wait_until(what: str, true: Callable[[], Any], within_s: float = 0.0, *, every_s: float = 0.1) -> Any:
    """What `true` gives as soon as it gives something; fails with `what` otherwise.

    `within_s`: what it takes with nothing else to do; eight times that are waited for, and never less than `HANGS_S`.
    """
    began, most_s = time.monotonic(), max(HANGS_S, 8 * within_s)
    while not (found := true()):
        assert time.monotonic() - began < most_s, f"not within {most_s:g} s: {what}"
        time.sleep(every_s)
    return found


async def until(true: Callable[[], Any], what: object = "", *, every_s: float = 0.01) -> Any:
    """The same, while the loop goes on."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not (found := true()):
        assert loop.time() - began < HANGS_S, f"not within {HANGS_S:g} s: {what}"
        await asyncio.sleep(every_s)
    return found
