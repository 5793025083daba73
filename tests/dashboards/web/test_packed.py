"""A stream by gzip: readable event by event, whole at its end, packed once for all; as it is for who takes none."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncGenerator, Sequence

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Message

from dashboards.web.packed import MOST, PackedEvents, Packs


async def news(told: Sequence[bytes]) -> AsyncGenerator[bytes, None]:
    for one in told:
        yield one


def answered(packs: Packs, told: Sequence[bytes], accept: str) -> tuple[dict[bytes, bytes], list[bytes]]:
    """Headers, and each octet string that was sent."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"accept-encoding", accept.encode())]}
    asyncio.run(PackedEvents(packs, news(told), ping=60.0)(scope, receive, send))
    return dict(sent[0]["headers"]), [message.get("body", b"") for message in sent[1:]]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.binary(min_size=1, max_size=3000), max_size=8))
def test_given_events_then_each_can_be_read_when_it_comes_and_the_whole_is_gzip(told: Sequence[bytes]) -> None:
    headers, bodies = answered(Packs(), told, "br, gzip")
    assert headers[b"content-encoding"] == b"gzip" and b"accept-encoding" in headers[b"vary"]
    reading = zlib.decompressobj(wbits=31)
    assert [reading.decompress(body) for body in bodies[: len(told)]] == told
    assert gzip.decompress(b"".join(bodies)) == b"".join(told)


def test_given_many_who_hear_the_same_then_it_is_packed_once_and_only_the_newest_is_kept() -> None:
    packs = Packs()
    event = b"event: wall\ndata: " + b"the same words again " * 500
    first, second = (answered(packs, [event], "gzip")[1] for _ in range(2))
    assert first == second and len(packs) == 1 and packs.of(event) is packs.of(event)
    assert sum(map(len, first)) < len(event) / 10
    answered(packs, [b"%d" % number for number in range(3 * MOST)], "gzip")
    assert len(packs) == MOST


def test_given_who_takes_no_gzip_then_it_comes_as_it_is() -> None:
    headers, bodies = answered(Packs(), [b"data: one\n\n"], "identity")
    assert b"content-encoding" not in headers and b"".join(bodies) == b"data: one\n\n"
