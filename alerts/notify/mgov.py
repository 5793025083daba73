"""SMS through the government's mGov gateway, in both versions of its interface.

No manual of it is public: the shapes are those that public integrations agree on, and every value is a setting. One
recipient per request; a retry keeps its messageId (v2). Accepted means a 2xx answer that says so; there are no reports
of delivery.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from alerts.local_time import local
from alerts.notification import Notification, NotifyError, Receipt, Refused, Unsure
from alerts.notify.http import Answer, Post
from alerts.notify.plain import one_line, said
from alerts.oncall.telephones import TelephoneError, masked, normal
from inventory.secret import Secret

log = logging.getLogger(__name__)

LIMIT_S, CRITICAL_LIMIT_S = 20.0, 10.0
NEVER = frozenset({400, 413, 422})  # this message as it stands is not wanted; other codes may pass
LONGEST_TEXT = 640
_FINE = range(200, 300)

Version = Literal["v1", "v2"]


@dataclass(frozen=True, slots=True)
class Account:
    """What was registered with e-GA. `system` is sysId (v2) or the user id (v1), `service` the mobile service id."""

    url: str
    version: Version
    sender: str
    service: str
    system: str


@dataclass(frozen=True, slots=True)
class Message:
    """One text to one number; `key` is the messageId, `at` in UTC seconds."""

    number: str
    text: str
    key: str
    at: float


@dataclass(frozen=True, slots=True)
class Request:
    """One message ready to go: exactly these bytes are signed and posted."""

    body: bytes
    headers: Mapping[str, str]


class Mgov:
    """Channel "sms"."""

    def __init__(
        self, account: Account, key: Secret, *, clock: Callable[[], float], post: Post, dry_run: bool, allow_http: bool
    ) -> None:
        """`key`: of the HMAC, as e-GA gave it; `dry_run` writes messages to the log and sends none."""
        self._account = account
        self._key = key
        self._clock = clock
        self._post = post
        self._dry_run = dry_run
        self._allow_http = allow_http

    async def send(self, notification: Notification, address: str) -> Receipt:
        """`address`: a telephone in any usual writing."""
        number = _number(address)
        text = one_line(notification.short, LONGEST_TEXT)
        if self._dry_run:
            log.warning("dry run, not sent: SMS to %s: %s", masked(number), text)
            return Receipt("dry-run")
        if not self._account.url.startswith("https://") and not (self._allow_http and self._http()):
            raise NotifyError("the gateway's address is not https; [sms] allow_http would let it pass")
        message = Message(number, text, notification.key, self._clock())
        request = build(self._account, self._key, message)
        limit_s = CRITICAL_LIMIT_S if notification.severity == "critical" else LIMIT_S
        answer = await self._post(self._account.url, request.body, request.headers, limit_s=limit_s)
        return judge(self._account.version, answer, self._key)

    def _http(self) -> bool:
        return self._account.url.startswith("http://")


def _number(address: str) -> str:
    try:
        number = normal(address)
    except TelephoneError:
        raise Refused("the telephone number is no mobile number") from None
    if not number.startswith("255"):
        raise Refused("the gateway takes Tanzanian numbers alone")
    return number


def build(account: Account, key: Secret, message: Message) -> Request:
    """The request in the account's version of the interface."""
    return (_v1 if account.version == "v1" else _v2)(account, key, message)


def _v1(account: Account, key: Secret, message: Message) -> Request:
    """quick_sms: a form of two fields; what is signed is the JSON text inside of `data`."""
    when = local_time(message.at)
    data = _json(
        {
            "recipients": message.number,
            "message": message.text,
            "datetime": when,
            "sender_id": account.sender,
            "mobile_service_id": account.service,
        }
    )
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Auth-Request-Hash": signature(key, data),
        "X-Auth-Request-Id": account.system,
        "X-Auth-Request-Type": "api",
    }
    return Request(urlencode({"data": data.decode("ascii"), "datetime": when}).encode("ascii"), headers)


def _v2(account: Account, key: Secret, message: Message) -> Request:
    """send-sms: the JSON object is the body, and is signed as it stands."""
    body = _json(
        {
            "recipients": message.number,
            "message": message.text,
            "datetime": local_time(message.at),
            "senderId": account.sender,
            "mobileServiceId": account.service,
            "messageId": message.key,
        }
    )
    headers = {"Content-Type": "application/json", "hash": signature(key, body), "sysId": account.system}
    return Request(body, headers)


def _json(fields: Mapping[str, str]) -> bytes:
    """In ASCII, so that no side can read the signed bytes in another character set."""
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def signature(key: Secret, signed: bytes) -> str:
    """base64(HMAC-SHA256(key, bytes))."""
    return base64.b64encode(hmac.digest(key.reveal().encode(), signed, hashlib.sha256)).decode("ascii")


def local_time(at: float) -> str:
    """UTC seconds -> "2026-11-22 05:14:09" in East Africa; the gateway refuses milliseconds."""
    return local(int(at)).strftime("%Y-%m-%d %H:%M:%S")


def judge(version: Version, answer: Answer, key: Secret) -> Receipt:
    """Accepted, or the NotifyError that fits: in doubt where a 2xx answer cannot be read."""
    if not answer.fine:
        raise _refusal(answer.status, f"HTTP {answer.status}{_reason(_object(answer.body), key)}")
    found = _object(answer.body)
    if found is None:
        raise Unsure("the gateway's answer is no JSON object")
    code = _code(found)
    accepted = found.get("success") is True and code in (None, *_FINE) if version == "v2" else code in _FINE
    if not accepted or found.get("error"):
        raise _refusal(code, f"the gateway says no{_reason(found, key)}")
    return Receipt()


def _object(body: bytes) -> Mapping[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _code(found: Mapping[str, Any]) -> int | None:
    """statusCode as a number, -1 where it is something else, None where there is none."""
    code = found.get("statusCode")
    if code is None:
        return None
    if isinstance(code, str) and code.isascii() and code.isdigit() and len(code) < 6:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else -1


def _refusal(code: int | None, words: str) -> NotifyError:
    return Refused(words) if code in NEVER else NotifyError(words)


def _reason(found: Mapping[str, Any] | None, key: Secret) -> str:
    """What it gives as its reason, and which code, fit for the log."""
    if not found:
        return ""
    words = [str(found[name]) for name in ("statusCode", "statusMessage", "error") if found.get(name)]
    return f": {said(' '.join(words), [key])}" if words else ""
