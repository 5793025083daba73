"""What comes back by SMS, read: who, when, and the one sentence that is understood, `NOC OK 4821-K7QD`."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from alerts.local_time import EAT
from alerts.notify.plain import one_line

LONGEST_TEXT = 500
_SENTENCE = re.compile(r"(?:NOC)?[ .:,-]*OK[ .:,-]*(?:NOC)?[ .:,#-]*([0-9]{1,9})[ .:_-]*([A-Z0-9]{4})[ .!]*", re.ASCII)
_ID = re.compile(r"[!-~]{1,128}")


class Unreadable(ValueError):
    """Not a message that the gateway sends; the text says what is wrong, without quoting it."""


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that came in. `sent_at` in UTC seconds; `sender` as the network gives it."""

    sender: str
    text: str
    transaction_id: str
    sent_at: float
    via: str = "sms"  # "sms", "modem"


@dataclass(frozen=True, slots=True)
class Taking:
    """Somebody takes this incident, and shows this code."""

    incident: int
    code: str


def taking(text: str) -> Taking | None:
    """The sentence, whatever its case, blanks and hyphens; None of anything else."""
    plain = one_line(unicodedata.normalize("NFKC", text[:LONGEST_TEXT])).upper()
    found = _SENTENCE.fullmatch(plain)
    return Taking(int(found[1]), found[2]) if found else None


def without_code(text: str) -> str:
    """To be kept: one line, without what might still be somebody's code."""
    plain = one_line(unicodedata.normalize("NFKC", text[:LONGEST_TEXT]))
    return re.sub(r"(?<=[0-9])[ .:_-]*[A-Za-z0-9]{4}(?![A-Za-z0-9])", "-****", plain)


def callback(fields: Mapping[str, object]) -> Inbound:
    """The JSON that mGov posts: `message`, `msisdn`, `transaction_id`, `sent_time`; Unreadable where one is missing."""
    transaction_id = _text(fields, "transaction_id")
    if not _ID.fullmatch(transaction_id):
        raise Unreadable("transaction_id is none")
    return Inbound(
        sender=_text(fields, "msisdn")[:40],
        text=_text(fields, "message")[:LONGEST_TEXT],
        transaction_id=transaction_id,
        sent_at=sent_time(_text(fields, "sent_time")),
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable(f"{name} is missing or no text")
    return value if isinstance(value, str) else str(value) if abs(value) < 10**30 else ""


def sent_time(text: str) -> float:
    """ "2026-11-22 05:14:09" in East African time, or ISO-8601 with its own zone -> UTC seconds."""
    try:
        moment = datetime.fromisoformat(text.strip()[:40])
        return (moment if moment.tzinfo else moment.replace(tzinfo=EAT)).timestamp()
    except (ValueError, OverflowError):
        raise Unreadable("sent_time is no time") from None
