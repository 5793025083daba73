"""What the audit log says happened, in the reader's language: acts by their key, and what they were done with."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from dashboards import figures

Text = Callable[[str], str]
Clock = Callable[[float, float], str]
EMPTY: Final[tuple[Any, ...]] = ("", None, [], {})


def act_words(gettext: Text) -> Mapping[str, str]:
    """By the key that the log keeps, which `noc` and the API write."""
    return {
        "acknowledged": gettext("incident taken"),
        "assigned": gettext("incident given to somebody"),
        "noted": gettext("note on an incident"),
        "waiting": gettext("incident waits for the provider"),
        "resolved-by-hand": gettext("incident resolved by hand"),
        "closed": gettext("incident closed"),
        "silence add": gettext("silence made"),
        "silence end": gettext("silence ended"),
        "maintenance add": gettext("maintenance planned"),
        "maintenance end": gettext("maintenance ended"),
        "override add": gettext("somebody stands in"),
        "override end": gettext("standing in ended"),
        "oncall test": gettext("test message sent"),
        "sms reply": gettext("taken by SMS"),
        "sms reply refused": gettext("SMS reply refused"),
        "iru request add": gettext("capacity asked for"),
        "iru request approve": gettext("request approved"),
        "iru request refuse": gettext("request refused"),
        "iru request withdraw": gettext("request withdrawn"),
        "iru request change": gettext("request changed"),
        "iru request end": gettext("capacity given back"),
        "iru deliver": gettext("delivered capacity taken over from the inventory"),
        "report close": gettext("month closed"),
        "log in": gettext("logged in"),
        "log out": gettext("logged out"),
        "log-in refused": gettext("log-in refused"),
        "session end": gettext("session ended"),
        "display opened": gettext("display opened"),
        "display add": gettext("display made"),
        "display revoke": gettext("display revoked"),
        "account add": gettext("account made"),
        "account role": gettext("role of an account changed"),
        "account disable": gettext("account disabled"),
        "account enable": gettext("account enabled"),
        "account reset": gettext("account reset"),
        "account password": gettext("password set"),
        "account prefer": gettext("language or colours chosen"),
        "api token add": gettext("token made"),
        "api token revoke": gettext("token revoked"),
    }


def name_words(gettext: Text) -> Mapping[str, str]:
    """Of what it was done with; others are said as they are kept."""
    return {
        **_figure_words(gettext),
        "account": gettext("account"),
        "address": gettext("address"),
        "approver": gettext("approver"),
        "asked": gettext("asked for"),
        "author": gettext("made by"),
        "contact": gettext("contact"),
        "contacts": gettext("contacts"),
        "contracts": gettext("contracts"),
        "display": gettext("display"),
        "fate": gettext("outcome"),
        "granted": gettext("granted"),
        "incident": gettext("incident"),
        "institution": gettext("institution"),
        "institutions": gettext("institutions"),
        "kind": gettext("kind"),
        "label": gettext("label"),
        "name": gettext("name"),
        "over_subscribed_by": gettext("over-subscribed by"),
        "owner": gettext("owner"),
        "prefix": gettext("begins with"),
        "reason": gettext("reason"),
        "reference": gettext("reference"),
        "repeat": gettext("repeats"),
        "report": gettext("report"),
        "request": gettext("request"),
        "role": gettext("role"),
        "schedule": gettext("schedule"),
        "scopes": gettext("scopes"),
        "selector": gettext("selector"),
        "source": gettext("from"),
        "state": gettext("state"),
        "target": gettext("target"),
        "text": gettext("text"),
        "ticket": gettext("ticket"),
        "token": gettext("token"),
        "via": gettext("by way of"),
        "was": gettext("was"),
        "why": gettext("why"),
    }


def _figure_words(gettext: Text) -> Mapping[str, str]:
    """Instants, days, rates and counts."""
    return {
        "created_at": gettext("made at"),
        "end": gettext("end"),
        "from_at": gettext("from"),
        "in_bps": gettext("in"),
        "month": gettext("month"),
        "next_check_at": gettext("next check"),
        "number": gettext("number"),
        "out_bps": gettext("out"),
        "sessions": gettext("sessions"),
        "start": gettext("begin"),
        "to_at": gettext("to"),
        "until_at": gettext("until"),
    }


def value_words(gettext: Text) -> Mapping[str, str]:
    """Of words that we choose ourselves; what people wrote and keys of things are no such words."""
    return {
        "admin": gettext("admin"),
        "approved": gettext("approved"),
        "ended": gettext("ended"),
        "institution": gettext("institution viewer"),
        "maintenance": gettext("maintenance"),
        "operator": gettext("operator"),
        "others": gettext("others"),
        "refused": gettext("refused"),
        "requested": gettext("reserved"),
        "silence": gettext("silence"),
        "viewer": gettext("viewer"),
        "withdrawn": gettext("withdrawn"),
    }


CHOSEN: Final = frozenset({"kind", "role", "sessions", "state", "was"})  # figures whose words are ours


class Telling:
    """In one language; `clock` writes an instant."""

    def __init__(self, gettext: Text, clock: Clock) -> None:
        self.acts = act_words(gettext)
        self._names, self._values, self._clock = name_words(gettext), value_words(gettext), clock

    def told(self, what: Mapping[str, Any], now: float) -> str:
        """On one line: what is empty says nothing, times are clocks, rates have their unit."""
        return " · ".join(f"{self._name(name)}: {self._text(name, value, now)}" for name, value in _said(what))

    def _name(self, name: str) -> str:
        return self._names.get(name) or name.removesuffix("_bps").removesuffix("_at").replace("_", " ")

    def _text(self, name: str, value: Any, now: float) -> str:
        if isinstance(value, list):
            return ", ".join(self._text(name, each, now) for each in value)
        if isinstance(value, dict):
            return ", ".join(f"{self._name(inner)} {self._text(inner, each, now)}" for inner, each in _said(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            if name.endswith("_at"):
                return self._clock(value, now)
            return figures.rate(value) if name.endswith("_bps") else str(value)
        return self._values.get(value, value) if name in CHOSEN and isinstance(value, str) else str(value)


def _said(what: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in what.items() if value not in EMPTY)
