"""Mail over a real SMTP server: TLS, login, every way to fail, and texts that try to add a header."""

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from alerts.notification import Notification, NotifyError, Receipt, Refused, Unsure
from alerts.notify.mail import Mail, Server, compose
from inventory.secret import Secret
from tests.alerts.notify.certificates import certificate
from tests.alerts.notify.samples import NOW, message
from tests.patience import HANGS_S
from tests.thorough import tried

PASSWORD = "hunter2 hunter2"
TO = "mushi@example.go.tz"


@dataclass
class Post:
    """What the server does: answers for RCPT and DATA, and what it took."""

    recipient: str = ""
    data: str = ""
    drop: bool = False
    envelopes: list[Envelope] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient:
            return self.recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.encrypted.append(session.ssl is not None)
        if self.drop:
            transport: Any = server.transport
            transport.abort()
            await asyncio.sleep(0)
            return "250 never heard"
        if not self.data:
            self.envelopes.append(envelope)
        return self.data or "250 2.0.0 queued as 4F2A"

    @property
    def mails(self) -> list[EmailMessage]:
        found = []
        for envelope in self.envelopes:
            assert isinstance(envelope.content, bytes)
            found.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return found  # type: ignore[return-value]


def login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"noc", PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@contextmanager
def server(post: Post, files: tuple[Path, Path] | None = None, **more: Any) -> Iterator[int]:
    """aiosmtpd in a loop of its own, on a port that the system chooses."""
    if files:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        more |= {"tls_context": context, "require_starttls": True}
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # connections that a test breaks off
    made = loop.create_server(lambda: SMTP(post, hostname="test", loop=loop, **more), "127.0.0.1", 0)
    listening = loop.run_until_complete(made)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_end(listening), loop).result(HANGS_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(listening: asyncio.Server) -> None:
    listening.close()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    await closed()


async def closed() -> None:
    """Waits for every connection: one that is left open would be told at any time, in the middle of another test."""
    loop: Any = asyncio.get_running_loop()
    for _ in range(100):
        await asyncio.sleep(0.01)
        if not loop._transports:
            return


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


def plain(port: int, **changed: Any) -> Server:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "noc@example.go.tz"}
    return Server(**(given | changed))


def send(to: Server, notification: Notification | None = None, address: str = TO) -> Receipt:
    async def sent() -> Receipt:
        try:
            return await Mail(to, clock=lambda: NOW).send(notification or message(), address)
        finally:
            await closed()

    return asyncio.run(sent())


def test_given_a_message_then_it_arrives_as_it_was_written() -> None:
    post = Post()
    with server(post) as port:
        receipt = send(plain(port), message(body="Mbeya PE haipatikani – ñandú\n.\n..dots\r\n7 councils\n"))
    [mail] = post.mails
    assert "4F2A" in receipt.reference
    assert mail["Subject"] == "NOC 4821 CRITICAL Mbeya PE down" and mail["To"] == TO
    assert mail["Message-ID"] == "<n-4821-opened-mushi@example.go.tz>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"] == "Mon, 21 Sep 2026 14:13:20 +0000"
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    assert mail.get_content().replace("\r\n", "\n") == "Mbeya PE haipatikani – ñandú\n.\n..dots\n7 councils\n"


def test_given_the_messages_of_one_incident_then_they_are_one_thread_and_a_retry_is_the_same_message() -> None:
    mails = [
        email.message_from_bytes(compose(message(key=key, occasion=occasion), "noc@example.go.tz", TO, NOW))
        for key, occasion in (("a", "opened"), ("b", "update"), ("b", "update"), ("c", "recovery"))
    ]
    assert {mail["References"] for mail in mails} == {"<incident-4821@example.go.tz>"}
    assert [mail["In-Reply-To"] is None for mail in mails] == [True, False, False, False]
    assert mails[1]["Message-ID"] == mails[2]["Message-ID"] != mails[3]["Message-ID"]


def test_given_starttls_and_a_login_then_both_are_used(files: tuple[Path, Path]) -> None:
    post = Post()
    more = {"authenticator": login, "auth_required": True}
    with server(post, files, **more) as port:
        send(plain(port, security="starttls", ca_file=str(files[0]), user=Secret("noc"), password=Secret(PASSWORD)))
    assert post.encrypted == [True] and len(post.mails) == 1


def test_given_a_wrong_password_then_the_error_does_not_show_it(files: tuple[Path, Path]) -> None:
    wrong = Secret("correct horse battery")
    with server(Post(), files, authenticator=login, auth_required=True) as port:
        to = plain(port, security="starttls", ca_file=str(files[0]), user=Secret("noc-user"), password=wrong)
        with pytest.raises(NotifyError, match="SMTP 535 to the login") as raised:
            send(to)
    assert type(raised.value) is NotifyError
    assert wrong.reveal() not in str(raised.value) and "noc-user" not in str(raised.value)


@pytest.mark.parametrize("ca_file", ["", "other"])
def test_given_a_certificate_of_a_stranger_then_nothing_is_said(
    files: tuple[Path, Path], ca_file: str, tmp_path: Path
) -> None:
    post = Post()
    other = str(certificate(tmp_path)[0]) if ca_file else ""
    with server(post, files) as port, pytest.raises(NotifyError, match="certificate"):
        send(plain(port, security="starttls", ca_file=other))
    assert post.envelopes == []


def test_given_a_certificate_of_another_name_then_nothing_is_said(tmp_path: Path) -> None:
    files = certificate(tmp_path, "127.0.0.9")
    post = Post()
    with server(post, files) as port, pytest.raises(NotifyError):
        send(plain(port, security="starttls", ca_file=str(files[0])))
    assert post.envelopes == []


def test_given_a_server_without_starttls_then_nothing_goes_in_the_clear() -> None:
    post = Post()
    with server(post) as port, pytest.raises(NotifyError):
        send(plain(port, security="starttls"))
    assert post.envelopes == []


def test_given_a_file_of_authorities_that_is_not_there_then_the_error_names_the_setting() -> None:
    with pytest.raises(NotifyError, match="ca_file"):
        send(plain(9, security="starttls", ca_file="/nonexistent.pem"))


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"recipient": "550 5.1.1 no such mailbox"}, Refused),
        ({"recipient": "450 4.2.1 try later"}, NotifyError),
        ({"recipient": "421 4.3.2 closing"}, NotifyError),
        ({"data": "554 5.6.0 not wanted"}, Refused),
        ({"data": "451 4.3.0 later"}, NotifyError),
        ({"drop": True}, Unsure),
    ],
)
def test_given_a_server_that_says_no_then_the_error_fits(answers: dict[str, Any], error: type[NotifyError]) -> None:
    post = Post(**answers)
    with server(post) as port, pytest.raises(NotifyError) as raised:
        send(plain(port))
    assert type(raised.value) is error and post.envelopes == []


def test_given_nobody_there_then_it_surely_did_not_go_out() -> None:
    with pytest.raises(NotifyError) as raised:
        send(plain(9))
    assert type(raised.value) is NotifyError


HOSTILE = st.text(max_size=120) | st.text(alphabet='\r\n\0\t :<>=?@,;"\\.éa一\u2028\u0085\x0b', max_size=60)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "References", "In-Reply-To", "Auto-Submitted", "X-NOC-Key",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


@tried(80, many=600)
@given(subject=HOSTILE, body=HOSTILE, key=HOSTILE)
def test_rule_40_given_any_text_then_it_never_breaks_out_of_a_mails_headers(subject: str, body: str, key: str) -> None:
    notification = message(subject=f"{subject}\r\nBcc: evil@example.org", body=body, key=key, occasion="update")
    wire = compose(notification, "noc@example.go.tz", TO, NOW)
    head, _, rest = wire.partition(b"\r\n\r\n")
    mail = email.message_from_bytes(wire, policy=email.policy.default)
    assert sorted(mail.keys()) == sorted(HEADERS)
    assert mail["To"] == TO and mail["Bcc"] is None
    assert all(line[:1] in b" \t" or b":" in line for line in head.split(b"\r\n"))
    assert b"\n" not in rest.replace(b"\r\n", b"") and b"\0" not in wire
    assert max(map(len, wire.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "address",
    ["", "mushi", "a@b\r\nRCPT TO:<evil@example.org>", "a@b, c@d", "<a@b>", "a b@c", "ä@b", "a@b\n", "a@", "a@-b"],
)
def test_given_an_address_that_is_none_then_it_is_refused_before_anybody_is_asked(address: str) -> None:
    with pytest.raises(Refused):
        send(plain(9), address=address)
