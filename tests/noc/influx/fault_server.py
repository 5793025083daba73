"""A server that takes lines as InfluxDB does and fails on demand, in every way that a sender has to live with."""

import gzip
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

Fault = Callable[["_Exchange", list[bytes]], None]


@dataclass
class Script:
    """What the server took, and what it does with the next writes.

    `taken` holds each line as often as it was acknowledged or kept in spite of a fault; `bodies` counts requests.
    Faults are used up one a write; `always` is the one of every write while it is set.
    """

    version: str = "1.6.7"
    token: str = ""  # "" takes everybody
    taken: list[bytes] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    always: Fault | None = None
    bad: Callable[[bytes], bool] = lambda line: False  # lines that are refused with 400, as a whole body is
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def bodies(self) -> int:
        return sum(path in ("/write", "/api/v2/write") for path, _ in self.requests)

    def lines(self) -> set[bytes]:
        with self.lock:
            return set(self.taken)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    script: Script

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        split = self._noted()
        if split.path == "/ping":
            self.answer(204, headers={"X-Influxdb-Version": self.script.version} if self.script.version else {})
        elif split.path == "/query":
            self.answer(200, {"results": [{"statement_id": 0}]})
        else:
            self.answer(404, {"error": "not found"})

    def do_POST(self) -> None:
        split = self._noted()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if split.path not in ("/write", "/api/v2/write"):
            self.answer(200, {"results": [{"statement_id": 0}]})
            return
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self._write(body.split(b"\n"))

    def _write(self, lines: list[bytes]) -> None:
        script = self.script
        with script.lock:
            fault = script.always or (script.faults.pop(0) if script.faults else None)
        if script.token and self.headers.get("Authorization") != f"Token {script.token}":
            self.answer(401, {"code": "unauthorized", "message": "unauthorized access"})
        elif fault:
            fault(self, lines)
        else:
            self._keep_good(lines)

    def _keep_good(self, lines: list[bytes]) -> None:
        bad = [line for line in lines if self.script.bad(line)]
        self.keep([line for line in lines if not self.script.bad(line)])
        if bad:
            text = f"partial write: field type conflict: in {bad[0]!r} dropped={len(bad)}"
            self.answer(400, {"error": text})
        else:
            self.answer(204)

    def _noted(self):  # type: ignore[no-untyped-def]
        split = urlsplit(self.path)
        with self.script.lock:
            self.script.requests.append((split.path, dict(parse_qsl(split.query)) | dict(self.headers.items())))
        return split

    def keep(self, lines: list[bytes]) -> None:
        with self.script.lock:
            self.script.taken += lines

    def answer(self, status: int, said: object = None, headers: Mapping[str, str] | None = None) -> None:
        body = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def cut(self) -> None:
        """The connection is reset, as when a server is killed."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def refuse(exchange: _Exchange, lines: list[bytes]) -> None:
    """Reset without an answer, nothing kept."""
    exchange.cut()


def status(code: int, retry_after: str = "", error: str = "made up") -> Fault:
    """An answer of that status (429, 500, 503, 401, 403, 404, 400 ...), nothing kept."""

    def fault(exchange: _Exchange, lines: list[bytes]) -> None:
        exchange.answer(code, {"error": error}, {"Retry-After": retry_after} if retry_after else None)

    return fault


def hang(seconds: float) -> Fault:
    """No answer for so long, then a reset; nothing kept."""

    def fault(exchange: _Exchange, lines: list[bytes]) -> None:
        time.sleep(seconds)
        exchange.cut()

    return fault


def cut_mid_answer(exchange: _Exchange, lines: list[bytes]) -> None:
    """Kept, but the answer breaks off in its body: the sender cannot know."""
    exchange.keep(lines)
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    exchange.wfile.flush()
    exchange.cut()


def kept_then_dropped(exchange: _Exchange, lines: list[bytes]) -> None:
    """Kept, and the connection dropped before the answer: sent again it must change nothing."""
    exchange.keep(lines)
    exchange.cut()


def yes_then_dropped(exchange: _Exchange, lines: list[bytes]) -> None:
    """204, and the connection is closed behind it: the next request needs another one."""
    exchange.keep(lines)
    exchange.answer(204)
    exchange.wfile.flush()
    exchange.close_connection = True


class FaultServer:
    """On a free port of loopback while it is open; `stop` and `start` again keep port and script."""

    def __init__(self, script: Script | None = None, secure: ssl.SSLContext | None = None) -> None:
        self.script = script or Script()
        self._secure = secure
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self._secure else 'http'}://127.0.0.1:{self._port}"

    def start(self) -> "FaultServer":
        exchange = type("Exchange", (_Exchange,), {"script": self.script})
        self._server = _Server(("127.0.0.1", self._port), exchange)
        self._port = self._server.server_address[1]
        if self._secure:
            self._server.socket = self._secure.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Connections are refused from now on."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.close_all()
            self._server.server_close()
            self._thread.join()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *arguments: object) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)  # type: ignore[arg-type]

    def get_request(self):  # type: ignore[no-untyped-def]
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request) -> None:  # type: ignore[no-untyped-def]
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        return  # a client that went away

    def close_all(self) -> None:
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def fault_server(script: Script | None = None, secure: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    server = FaultServer(script, secure).start()
    try:
        yield server
    finally:
        server.stop()
