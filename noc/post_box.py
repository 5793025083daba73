"""A door for small HTTP posts: one request a connection, everything bounded in size and time, in the daemon's own loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

log = logging.getLogger(__name__)

LONGEST_HEAD, LONGEST_BODY = 8_192, 16_384
MOST_AT_ONCE = 32
LIMIT_S = 10.0
AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Posted:
    """One request: who is at the other end of the connection, and what was sent."""

    peer: str
    headers: Mapping[str, Sequence[str]]  # by name in small letters
    body: bytes


Judge = Callable[[Posted], Awaitable[tuple[HTTPStatus, bytes]]]


class NotTaken(Exception):
    """The request is not what is taken here."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


@dataclass(slots=True)
class PostBox:
    """Constructed inert; `serve` runs until cancelled. `judge` answers with JSON."""

    listen: str  # address:port
    judge: Judge
    limit_s: float = LIMIT_S
    port: int = 0  # that it listens on
    _open: int = field(default=0)

    async def serve(self) -> None:
        """A port that cannot be had is tried again, and said once."""
        failing = False
        while True:
            try:
                server = await self._server()
                break
            except OSError as error:
                if not failing:
                    log.error("[replies] listen %s: %s", self.listen, error.strerror or error)
                failing = True
                await asyncio.sleep(AGAIN_S)
        if failing:
            log.warning("[replies] listens on %s now", self.listen)
        async with server:
            await server.serve_forever()

    async def _server(self) -> asyncio.Server:
        host, _, port = self.listen.rpartition(":")
        address = host.removeprefix("[").removesuffix("]")
        server = await asyncio.start_server(self._connected, address, int(port), limit=LONGEST_HEAD)
        self.port = int(server.sockets[0].getsockname()[1])
        return server

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            async with asyncio.timeout(self.limit_s):
                if self._open <= MOST_AT_ONCE:
                    writer.write(await self._answer(reader, writer))
                    await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            log.debug("a post broke off")
        finally:
            self._open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        try:
            status, body = await self.judge(await _read(reader, writer))
        except NotTaken as error:
            status, body = error.status, b""
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode("ascii") + body


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Posted:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise NotTaken(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from None
    first, *rest = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise NotTaken(HTTPStatus.BAD_REQUEST)
    if words[0] != "POST":
        raise NotTaken(HTTPStatus.METHOD_NOT_ALLOWED)
    headers = _headers(rest)
    length = _length(headers)
    if "100-continue" in headers.get("expect", ()):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(length)
    peer = writer.get_extra_info("peername")
    return Posted(str(peer[0]) if peer else "", headers, body)


def _headers(lines: Sequence[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), []).append(value.strip())
    return found


def _length(headers: Mapping[str, Sequence[str]]) -> int:
    """One plain Content-Length; anything that two sides could read differently is refused."""
    values = headers.get("content-length", ())
    if "transfer-encoding" in headers or len(values) != 1 or not (values[0].isascii() and values[0].isdigit()):
        raise NotTaken(HTTPStatus.LENGTH_REQUIRED)
    if len(values[0]) > 9 or int(values[0]) > LONGEST_BODY:
        raise NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return int(values[0])
