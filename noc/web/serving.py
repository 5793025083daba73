"""The door to uvicorn: the web application served on one address until it is told to end."""

import asyncio
import resource
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, ClassVar, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_OCTETS: Final = 65_536
FILES: Final = 8_192  # that we want to have open, where the system lets us
OWN_FILES: Final = 512  # stay free for ledger, store and inventory, however many come
BACKLOG: Final = 2_048
TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class _Server(uvicorn.Server):
    """Says when it can be asked."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


class Line(HttpToolsProtocol):
    """One connection; who says nothing, or says it a letter at a time, or without end, does not hold it for long.

    A class of its own is made of it for each server: `from_one` counts its open lines by address.
    """

    most: ClassVar[int] = FILES - OWN_FILES
    most_from_one: ClassVar[int] = 1_000
    head_s: ClassVar[float] = 20.0  # that a request's first lines may take to come, from when the line is open
    whole_s: ClassVar[float] = 60.0  # that the rest of it may take
    proxies: ClassVar[Sequence[str]] = ()  # through whom many come
    from_one: ClassVar[Counter[str]] = Counter()

    _patience: asyncio.TimerHandle | None = None
    _heading = False
    _octets = 0  # of a head that is not whole yet

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        peer = str((transport.get_extra_info("peername") or ("",))[0])
        if len(self.connections) >= self.most or (
            self.from_one[peer] >= self.most_from_one and not _listed(peer, self.proxies)
        ):
            transport.abort()
            return
        self._peer = peer
        self.from_one[peer] += 1
        super().connection_made(transport)
        self._wait(self.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.transport is None:  # one too many: it never began
            return
        self._wait(None)
        self.from_one[self._peer] -= 1
        if not self.from_one[self._peer]:
            del self.from_one[self._peer]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._octets = self._octets + len(data) if self._heading else 0
        super().data_received(data)
        if self._heading and self._octets > HEAD_OCTETS and not self.transport.is_closing():
            self.transport.write(TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        self._heading = True
        if self._patience is None:
            self._wait(self.head_s)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._heading = False
        self._wait(self.whole_s)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._wait(None)
        super().on_message_complete()

    def _wait(self, seconds: float | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)


def _listed(peer: str, networks: Sequence[str]) -> bool:
    try:
        return any(ip_address(peer) in ip_network(one, strict=False) for one in networks)
    except ValueError:
        return False


def room() -> int:
    """How many connections fit: as many as files may be open, but for those that we need ourselves."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FILES:
        soft = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    left = FILES if soft == resource.RLIM_INFINITY else min(soft, FILES)
    return max(left - OWN_FILES, left // 2)


def bound(listen: str) -> socket.socket:
    """The door, open: who comes from now on waits until somebody serves. OSError: the address is taken, or not ours."""
    host, _, port = listen.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host.strip("[]"), int(port)), family=family, backlog=BACKLOG)


async def serve(
    app: Callable[..., Any],
    door: socket.socket,
    *,
    ready: Callable[[], None],
    for_s: float | None = None,
    proxies: Sequence[str] = (),
) -> None:
    """Returns after SIGTERM, SIGINT or `for_s` seconds; open streams are ended first, and the door is closed."""
    line = type("Line", (Line,), {"most": room(), "proxies": proxies, "from_one": Counter()})
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="error",  # what strangers send is no news: a line for each would fill the journal
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        http=line,
        ws="none",
        backlog=256,  # at once: fewer than the files that stay free
    )
    server = _Server(config, ready)
    if for_s is not None:
        asyncio.get_running_loop().call_later(for_s, setattr, server, "should_exit", True)
    await server.serve([door])
