"""Messages as mail over SMTP (RFC 5321): TLS verified, one plain text, and all of one incident in one thread.

No text can add a header or a recipient: what ends a line is taken out before the message is built, and the library's own
refusal stands behind that.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Literal

import aiosmtplib

from alerts.notification import Notification, NotifyError, Receipt, Refused, Unsure
from alerts.notify.plain import lines, one_line, said
from alerts.notify.trust import trust
from inventory.secret import Secret

LIMIT_S = 30.0
STEP_S = 10.0  # for each answer of the server
GOODBYE_S = 1.0
LONGEST_SUBJECT = 200
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. `user` and `password` together or not at all."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: Secret | None = None
    password: Secret | None = None
    ca_file: str = ""


class Mail:
    """Channel "mail"."""

    def __init__(self, server: Server, *, clock: Callable[[], float]) -> None:
        self._server = server
        self._clock = clock
        self._trust: ssl.SSLContext | None = None

    async def send(self, notification: Notification, address: str) -> Receipt:
        """`address`: of one mailbox."""
        if not _ADDRESS.fullmatch(address):
            raise Refused("the mail address is none")
        message = compose(notification, self._server.sender, address, self._clock())
        stage = _Stage()
        try:
            async with asyncio.timeout(LIMIT_S):
                return await self._hand_in(message, address, stage)
        except TimeoutError:
            raise stage.failure("no answer in time") from None
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused) as error:
            raise self._judged(error, stage) from None
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as error:
            raise stage.failure(self._words(error)) from None

    async def _hand_in(self, message: bytes, address: str, stage: "_Stage") -> Receipt:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=domain(server.sender),
            timeout=STEP_S,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._context(),
        )
        try:
            await client.connect()
            if server.user is not None and server.password is not None:
                await client.login(server.user.reveal(), server.password.reveal())
            await client.mail(server.sender)
            stage.name = "recipient"
            await client.rcpt(address)
            stage.name = "data"
            answer = await client.data(message)
            stage.name = "accepted"
        finally:
            await _leave(client, politely=stage.name == "accepted")
        return Receipt(reference=said(answer.message))

    def _context(self) -> ssl.SSLContext | None:
        if self._server.security == "none":
            return None
        if self._trust is None:
            self._trust = trust(self._server.ca_file)
        return self._trust

    def _judged(self, error: aiosmtplib.SMTPException, stage: "_Stage") -> NotifyError:
        """5xx to the recipient or to the message: never; to anything else it is the server's or ours to mend."""
        code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
        words = f"SMTP {code} to the {stage.name}: {self._words(error)}"
        if code >= 500 and stage.name in ("recipient", "data"):
            return Refused(words)
        return NotifyError(words)

    def _words(self, error: Exception) -> str:
        text = error.message if isinstance(error, aiosmtplib.SMTPResponseException) else error
        return said(text, (self._server.user, self._server.password)) or type(error).__name__


@dataclass(slots=True)
class _Stage:
    """How far it came: after the message has begun to go, nobody knows whether it was taken."""

    name: str = "login"

    def failure(self, words: str) -> NotifyError:
        if self.name == "data":
            return Unsure(f"cut off after DATA: {words}")
        return NotifyError(f"at the {self.name}: {words}")


async def _leave(client: aiosmtplib.SMTP, *, politely: bool) -> None:
    """What was accepted stays accepted, however the server takes its leave."""
    if politely:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit(timeout=GOODBYE_S)
    client.close()


def compose(notification: Notification, sender: str, to: str, at: float) -> bytes:
    """The message as it goes over the wire; all of one incident refer to the same thread (RFC 5322, 3.6.4)."""
    message = EmailMessage(policy=WIRE)
    place = domain(sender)
    try:
        message["From"] = sender
        message["To"] = to
        message["Subject"] = one_line(notification.subject, LONGEST_SUBJECT) or "NOC"
        message["Date"] = format_datetime(datetime.fromtimestamp(int(at), UTC))
        message["Message-ID"] = f"<{identity(notification.key)}@{place}>"
        if notification.incident:
            thread = f"<incident-{notification.incident}@{place}>"
            message["References"] = thread
            if notification.occasion != "opened":
                message["In-Reply-To"] = thread
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday answers stay away
        message["X-NOC-Key"] = identity(notification.key)
        message.set_content(lines(notification.body), charset="utf-8", cte="quoted-printable")
        return message.as_bytes()
    except (ValueError, MessageError, LookupError) as error:
        raise Refused(f"no mail can be made of it: {said(type(error).__name__)}") from None


def identity(key: str) -> str:
    """The key as the left side of a Message-ID may be written."""
    return re.sub(r"[^A-Za-z0-9._=+-]", "_", key)[:200].strip(".") or "_"


def domain(sender: str) -> str:
    return sender.rpartition("@")[2] or "localhost"
