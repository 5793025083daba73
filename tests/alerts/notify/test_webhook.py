"""The webhook: a receiver with the key can prove who sent it; chat channels fail without a word of their addresses."""

import asyncio
import hashlib
import hmac
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.notification import Notification, NotifyError, Refused
from alerts.notify.chat import Chat, known
from alerts.notify.http import Post
from alerts.notify.webhook import Webhook
from inventory.secret import Secret
from tests.alerts.notify.samples import NOW, message

pytestmark = pytest.mark.filterwarnings("ignore:.*imghdr.*:DeprecationWarning")  # apprise imports it
PLAIN = Post()
KEY = "both sides know it"


@dataclass
class Receiver:
    status: int = 200
    url: str = ""
    port: int = 0
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.seen.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Asked)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    receiver.port = server.server_address[1]
    receiver.url = f"http://127.0.0.1:{receiver.port}/noc"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


def send(receiver: Receiver, notification: Notification | None = None) -> None:
    channel = Webhook(receiver.url, Secret(KEY), clock=lambda: NOW, post=PLAIN)
    asyncio.run(channel.send(notification or message(), ""))


def verified(headers: dict[str, str], body: bytes, *, now: float) -> bool:
    """As docs/channels.md tells a receiver to do it."""
    timestamp = headers["x-noc-timestamp"]
    expected = hmac.new(KEY.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    fresh = abs(now - int(timestamp)) <= 300
    return fresh and hmac.compare_digest(headers["x-noc-signature"], f"sha256={expected}")


def test_given_a_message_then_a_receiver_can_verify_it_and_tell_a_retry(receiver: Receiver) -> None:
    send(receiver)
    send(receiver)
    [(headers, body), (again, same)] = receiver.seen
    assert verified(headers, body, now=NOW) and not verified(headers, body + b" ", now=NOW)
    assert not verified(headers, body, now=NOW + 3600)
    assert headers["idempotency-key"] == again["idempotency-key"] == message().key and body == same
    told = json.loads(body)
    assert (told["incident"], told["severity"], told["occasion"]) == (4821, "critical", "opened")
    assert told["queued_at"] == "2026-09-21T14:13:20Z"
    assert b"K7QD" not in body, "a reply code is for one person's telephone"


@pytest.mark.parametrize(
    ("status", "error"), [(500, NotifyError), (401, NotifyError), (302, NotifyError), (422, Refused)]
)
def test_given_a_receiver_that_does_not_take_it_then_the_error_fits(
    receiver: Receiver, status: int, error: type[NotifyError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.status = status
    with pytest.raises(error) as raised:
        send(receiver)
    assert type(raised.value) is error and len(receiver.seen) == 1
    assert KEY not in str(raised.value) + caplog.text


HOSTILE = st.text(max_size=100) | st.text(alphabet='\r\n\0"\\{}\u2028é一', max_size=40)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject=HOSTILE, body=HOSTILE, key=HOSTILE)
def test_rule_40_given_any_text_then_it_never_breaks_out_of_a_webhook(
    receiver: Receiver, subject: str, body: str, key: str
) -> None:
    send(receiver, message(subject=subject, body=body, key=key))
    headers, posted = receiver.seen[-1]
    assert verified(headers, posted, now=NOW)
    told = json.loads(posted)
    assert told["key"] == key and not any(sign in told["subject"] for sign in "\r\n\0")


def chat(*urls: str) -> Chat:
    return Chat([Secret(url) for url in urls])


def test_given_chat_addresses_then_each_is_told(receiver: Receiver) -> None:
    url = f"json://127.0.0.1:{receiver.port}/a"
    asyncio.run(chat(url, url.replace("/a", "/b")).send(message(), ""))
    assert len(receiver.seen) == 2
    assert message().subject in receiver.seen[0][1].decode()


def test_given_one_address_that_fails_then_only_that_one_is_told_again(receiver: Receiver) -> None:
    broken = "json://user:topsecret@127.0.0.1:9/"
    channel = chat(f"json://127.0.0.1:{receiver.port}/", broken)
    for _ in range(2):
        with pytest.raises(NotifyError, match="1 of 2"):
            asyncio.run(channel.send(message(), ""))
    assert len(receiver.seen) == 1


def test_given_chat_that_fails_then_no_address_is_in_an_error_or_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(NotifyError) as raised:
        asyncio.run(chat("json://user:topsecret@127.0.0.1:9/", "nonsense://topsecret").send(message(), ""))
    assert "topsecret" not in str(raised.value) + caplog.text


def test_given_an_address_then_it_is_known_whether_apprise_understands_it() -> None:
    assert known(Secret("json://127.0.0.1/")) and not known(Secret("nonsense://x"))
