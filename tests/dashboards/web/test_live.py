"""What an open page hears: what is new, and where nothing is, that the line still stands."""

import asyncio

from dashboards.web.live import BEAT, RETRY, Hub, topics
from dashboards.web.sources.pulse import Versions


class Calm:
    def look(self) -> Versions:
        return Versions("s.1")


def test_given_nothing_new_then_a_page_hears_again_and_again_that_the_line_stands() -> None:
    async def run() -> list[bytes]:
        hub = Hub(Calm(), look_s=0.01)
        telling = topics(hub, beat_s=0.02)
        heard = [await anext(telling) for _ in range(4)]
        await telling.aclose()
        return heard

    heard = asyncio.run(run())
    assert heard[0] == RETRY and b"event: status" in heard[1]
    assert heard[2:] == [BEAT, BEAT]
