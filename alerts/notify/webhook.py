"""Messages as signed JSON to another system, GovESB or any: who receives them can prove where they come from and when.

X-NOC-Timestamp: 1790121600                            UTC seconds
X-NOC-Signature: sha256=hex(HMAC-SHA256(key, timestamp + "." + body))
Idempotency-Key: the message's key, the same in every retry
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from alerts.notification import Notification, NotifyError, Receipt, Refused
from alerts.notify.http import Post
from alerts.notify.mail import identity
from alerts.notify.plain import lines, one_line, said
from inventory.secret import Secret

LIMIT_S = 20.0
NEVER = frozenset({400, 413, 415, 422})


class Webhook:
    """Channel "webhook"."""

    def __init__(self, url: str, key: Secret, *, clock: Callable[[], float], post: Post) -> None:
        self._url = url
        self._key = key
        self._clock = clock
        self._post = post

    async def send(self, notification: Notification, address: str) -> Receipt:
        """`address` is not needed."""
        body = json.dumps(content(notification), ensure_ascii=True, separators=(",", ":")).encode("ascii")
        timestamp = str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "govnet-noc",
            "Idempotency-Key": identity(notification.key),
            "X-NOC-Timestamp": timestamp,
            "X-NOC-Signature": f"sha256={signature(self._key, timestamp, body)}",
        }
        answer = await self._post(self._url, body, headers, limit_s=LIMIT_S)
        if answer.fine:
            return Receipt()
        words = f"HTTP {answer.status}: {said(answer.body[:200].decode('utf-8', 'replace'), [self._key])}"
        raise (Refused if answer.status in NEVER else NotifyError)(words)


def signature(key: Secret, timestamp: str, body: bytes) -> str:
    """hex(HMAC-SHA256(key, timestamp + "." + body)), over the body's very bytes."""
    return hmac.new(key.reveal().encode(), timestamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()


def content(notification: Notification) -> dict[str, Any]:
    """What is told; reply codes are for the telephone of one person and are not part of it."""
    return {
        "key": notification.key,
        "incident": notification.incident or None,
        "occasion": notification.occasion,
        "severity": notification.severity or None,
        "page": notification.page,
        "contact": notification.contact,
        "language": notification.language,
        "subject": one_line(notification.subject),
        "body": lines(notification.body),
        "queued_at": datetime.fromtimestamp(int(notification.queued_at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
