"""The way of 2.x before a server of 1.x: /api/v2/write with a token becomes /write, all else goes through."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.patience import HANGS_S

TOKEN = "t0ken/with=signs"
PASSED = ("content-type", "x-influxdb-error")


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    behind = ""
    version = ""

    def log_message(self, *_: object) -> None:
        return

    def do_GET(self) -> None:
        self._let_in("GET", self.path, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        split = urlsplit(self.path)
        path = self.path
        if split.path == "/api/v2/write":
            asked = dict(parse_qsl(split.query))
            database, _, policy = asked["bucket"].partition("/")
            path = "/write?" + urlencode(
                {"db": database, "precision": asked["precision"], **({"rp": policy} if policy else {})}
            )
        elif split.path == "/write":
            self._answer(404, b'{"code":"not found","message":"path not found"}', {})
            return
        self._let_in("POST", path, body)

    def _let_in(self, method: str, path: str, body: bytes) -> None:
        if urlsplit(path).path != "/ping" and self.headers.get("Authorization") != f"Token {TOKEN}":
            self._answer(401, b'{"code":"unauthorized","message":"unauthorized access"}', {})
            return
        connection = http.client.HTTPConnection(self.behind, timeout=HANGS_S)
        packed = {"Content-Encoding": self.headers["Content-Encoding"]} if "Content-Encoding" in self.headers else {}
        connection.request(method, path, body or None, packed)
        response = connection.getresponse()
        said = response.read()
        headers = {name: value for name, value in response.getheaders() if name.lower() in PASSED}
        connection.close()
        self._answer(response.status, said, headers)

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"X-Influxdb-Version": self.version}).items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)


@contextmanager
def second_version(behind: str, version: str = "v2.7.1") -> Iterator[str]:
    """The url of it; `behind` is that of the server of 1.x."""
    kind = type("Proxy", (_Proxy,), {"behind": urlsplit(behind).netloc, "version": version})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
