"""The door to uvicorn: the web application served on one address until it is told to end."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn


class _Server(uvicorn.Server):
    """Says when it can be asked."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


async def serve(app: Callable[..., Any], listen: str, *, ready: Callable[[], None], for_s: float | None = None) -> None:
    """Returns after SIGTERM, SIGINT or `for_s` seconds; open streams are ended first. OSError: the address is taken."""
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        app,
        host=host.strip("[]"),
        port=int(port),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        http="httptools",
    )
    server = _Server(config, ready)
    if for_s is not None:
        asyncio.get_running_loop().call_later(for_s, setattr, server, "should_exit", True)
    await server.serve()
