"""A gateway that speaks as mGov's does, both versions, checks what it is sent as strictly, and fails in every way."""

import base64
import hashlib
import hmac
import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

KEY = "correct horse battery staple"
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
NUMBER = re.compile(r"255[67]\d{8}")
FIELDS = {
    "v1": ["recipients", "message", "datetime", "sender_id", "mobile_service_id"],
    "v2": ["recipients", "message", "datetime", "senderId", "mobileServiceId", "messageId"],
}


@dataclass
class Gateway:
    """`behave`: accept, refuse, refuse400, 500, 302, hang, garbage, close, unreadable, huge; `taken` holds the messages."""

    version: str
    behave: str = "accept"
    system: str = ""  # who must have signed; "": anybody who gives a name
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    paths: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    url: str = ""
    end: threading.Event = field(default_factory=threading.Event)

    def check(self, headers: Any, body: bytes) -> dict[str, str] | None:
        """The message where it is right in every detail; else None and a complaint."""
        fields = self._signed(headers, body)
        if fields is None:
            return None
        wrong = [
            *(["fields"] if list(fields) != FIELDS[self.version] else []),
            *([f"no text: {key}" for key, value in fields.items() if not isinstance(value, str)]),
            *(["datetime"] if not TIME.fullmatch(fields["datetime"]) else []),
            *(["recipients"] if not NUMBER.fullmatch(fields["recipients"]) else []),
            *(["message"] if re.search(r"[\x00-\x1f\x7f]", fields["message"]) else []),
        ]
        self.complaints += wrong
        return None if wrong else fields

    def _signed(self, headers: Any, body: bytes) -> dict[str, str] | None:
        if self.version == "v1":
            form = parse_qs(body.decode("ascii"), strict_parsing=True)
            signed = form["data"][0].encode()
            given, who = headers["X-Auth-Request-Hash"], headers["X-Auth-Request-Id"]
            if headers["X-Auth-Request-Type"] != "api" or set(form) != {"data", "datetime"}:
                self.complaints.append("form")
            if form["datetime"][0] != json.loads(signed)["datetime"]:
                self.complaints.append("two times")
        else:
            signed, given, who = body, headers["hash"], headers["sysId"]
            if headers["Content-Type"] != "application/json":
                self.complaints.append("content type")
        right = base64.b64encode(hmac.new(KEY.encode(), signed, hashlib.sha256).digest()).decode()
        if given != right or not who or who != (self.system or who):
            self.complaints.append("not signed right")
            return None
        fields = json.loads(signed)
        return fields if isinstance(fields, dict) else None

    def verdict(self, accepted: bool) -> dict[str, Any]:
        code = 200 if accepted else 400 if self.behave == "refuse400" else 503
        words = {"statusCode": code, "statusMessage": "Accepted" if accepted else f"Refused, key {KEY}"}
        if self.version == "v2":
            return {"success": accepted, **words}
        return words | ({"data": {}} if accepted else {"error": "no"})


@contextmanager
def running(version: str, files: tuple[Path, Path] | None = None) -> Iterator[Gateway]:
    """`files`: certificate and key, for https."""
    gateway = Gateway(version)

    class Asked(BaseHTTPRequestHandler):
        timeout = 5

        def do_POST(self) -> None:
            gateway.asked += 1
            gateway.paths.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fields = gateway.check(self.headers, body)
            self.play(gateway.behave, fields)

        def play(self, behave: str, fields: dict[str, str] | None) -> None:
            if behave == "hang":
                gateway.end.wait(30)
            elif behave == "close":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            elif behave == "302":
                self.answer(302, b"", ("Location", "/elsewhere"))
            elif behave == "500":
                self.answer(500, b"<html>oops</html>")
            elif behave in ("garbage", "huge"):
                self.answer(200, b"<html>fine?</html>" if behave == "garbage" else b"[" * 1_000_000)
            else:
                accepted = behave == "accept" and fields is not None
                if accepted and fields:
                    gateway.taken.append(fields)
                self.answer(200 if fields else 401, json.dumps(gateway.verdict(accepted)).encode())

        def answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass  # the other side had enough

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Asked)
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    gateway.url = f"{'https' if files else 'http'}://127.0.0.1:{server.server_address[1]}/gateway/sms"
    try:
        yield gateway
    finally:
        gateway.end.set()
        server.shutdown()
        server.server_close()
        thread.join()
