"""Messages to send in tests."""

from typing import Any

from alerts.notification import Notification

NOW = 1_790_000_000.25


def message(**changed: Any) -> Notification:
    given: dict[str, Any] = {
        "key": "n-4821-opened-mushi",
        "incident": 4821,
        "occasion": "opened",
        "contact": "mushi",
        "channels": ("sms", "modem", "mail"),
        "short": "NOC 4821 CRITICAL Mbeya PE down since 02:14 EAT. Reply NOC OK 4821-K7QD",
        "subject": "NOC 4821 CRITICAL Mbeya PE down",
        "body": "Mbeya PE down since 02:14 EAT.\n7 councils cut off.\n",
        "queued_at": NOW,
        "page": True,
        "severity": "critical",
    }
    return Notification(**(given | changed))
