"""Somebody on the way between browser and web, who can stop forwarding while every connection stays open."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.patience import wait_until

FIRST = re.compile(rb"GET (\S+) HTTP")
CHUNK = 65_536


@dataclass
class Proxy:
    """`there`: host and port that it leads to. Answers of an address that are open are counted by `answering`."""

    there: tuple[str, int]
    door: socket.socket
    flowing: threading.Event = field(default_factory=threading.Event)
    _asked: dict[socket.socket, str] = field(default_factory=dict)
    _open: set[socket.socket] = field(default_factory=set)
    _ended: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        host, port = self.door.getsockname()
        return f"http://{host}:{port}"

    def answering(self, path: str) -> int:
        with self._turn:
            return sum(asked == path for asked in self._asked.values())

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self.door.accept()
                threading.Thread(target=self._serve_one, args=(browser,), daemon=True).start()

    def end(self) -> None:
        """Nobody is forwarded to anybody any more."""
        self.flowing.set()
        with self._turn:
            self._ended = True
            for one in (self.door, *self._open):
                shut(one)
        wait_until("all connections are closed", lambda: not self._open)

    def _serve_one(self, browser: socket.socket) -> None:
        with browser, suppress(OSError), socket.create_connection(self.there) as web:
            pair = {browser, web}
            with self._turn:
                if self._ended:
                    return
                self._open |= pair
            back = threading.Thread(target=self._forward, args=(web, browser, False), daemon=True)
            back.start()
            self._forward(browser, web, True)
            back.join()
            with self._turn:
                self._open -= pair

    def _forward(self, source: socket.socket, sink: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while octets := source.recv(CHUNK):
                if asks and (found := FIRST.match(octets)):
                    with self._turn:
                        self._asked[source] = found[1].decode()
                self.flowing.wait()
                sink.sendall(octets)
        for one in (source, sink):
            shut(one)
            with self._turn:
                self._asked.pop(one, None)


def shut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(url: str) -> Iterator[Proxy]:
    """In front of the web at `url`; forwards."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_server(("127.0.0.1", 0), backlog=64) as door:
        found = Proxy((host, int(port)), door)
        found.flowing.set()
        serving = threading.Thread(target=found.serve, daemon=True)
        serving.start()
        try:
            yield found
        finally:
            found.end()
            serving.join()
