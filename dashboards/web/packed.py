"""Streams by gzip (RFC 1952): each event is packed once for all who hear it, and can be read as soon as it comes."""

import struct
import zlib
from collections import OrderedDict
from typing import Any, Final

from sse_starlette import EventSourceResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

LEVEL: Final = 6
MOST: Final = 32  # packed events that are kept: the newest few are sent to everybody
HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST: Final = zlib.compressobj(wbits=-15).flush()  # a block of nothing that says that it is the last


class Packs:
    """Of the event loop alone. A pack refers to nothing before it, so it fits behind any other."""

    def __init__(self) -> None:
        self._made: OrderedDict[bytes, bytes] = OrderedDict()

    def __len__(self) -> int:
        return len(self._made)

    def of(self, body: bytes) -> bytes:
        found = self._made.get(body)
        if found is None:
            packing = zlib.compressobj(LEVEL, wbits=-15)
            found = self._made[body] = packing.compress(body) + packing.flush(zlib.Z_SYNC_FLUSH)
            while len(self._made) > MOST:
                self._made.popitem(last=False)
        return found


class PackedEvents(EventSourceResponse):
    """Packed for who takes gzip, else as it is."""

    def __init__(self, packs: Packs, *content: Any, **more: Any) -> None:
        super().__init__(*content, **more)
        self._packs = packs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        takes = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        await super().__call__(scope, receive, _Packing(self._packs, send) if takes else send)


class _Packing:
    """One stream: its events go out packed, its end with the sum over all of them."""

    def __init__(self, packs: Packs, send: Send) -> None:
        self._packs, self._send = packs, send
        self._sum = self._length = 0
        self._head = HEAD

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["content-encoding"] = "gzip"
            headers.add_vary_header("accept-encoding")
        elif message["type"] == "http.response.body":
            message = {**message, "body": self._packed(message.get("body", b""), ends=not message.get("more_body"))}
        await self._send(message)

    def _packed(self, body: bytes, *, ends: bool) -> bytes:
        found, self._head = self._head, b""
        if body:
            self._sum, self._length = zlib.crc32(body, self._sum), self._length + len(body)
            found += self._packs.of(body)
        if ends:
            found += LAST + struct.pack("<II", self._sum, self._length & 0xFFFFFFFF)
        return found
