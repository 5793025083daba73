"""What a scenario can do to the NOC itself, and what people do in it: the words of `noc scenario` beside the lab's own."""

from collections.abc import Iterator, Mapping

from noc.lab.actions import DEVICE, PORT, Act, Action, Option
from noc.scenario.channels import Mood

_CHANNEL = Option("word", None, "sms, modem, mail, webhook, or all", needed=True)
_BY = Option("word", "noc-lead", "who does it: a contact, or a name")
_INCIDENT = Option("whole", 0, "its number; left out: the newest")
_ROOT = Option("word", "", "key of its root, instead of a number")
_ABOUT = {"by": _BY, "incident": _INCIDENT, "root": _ROOT}
_OVER = (("site",), ("device",), ("link",), ("circuit",), ("provider",), ("region",), ())
_WINDOW = {
    "selector": Option("word", "", "what it covers, where it is no single thing"),
    "by": _BY,
    "reason": Option("word", "planned work", "why"),
}
MOMENTS = ("", "after-decision", "before-send", "after-send")
MOODS: Mapping[str, Mood] = {"refuse": "refuses", "hang": "hangs"}

_TABLE = (
    Action(
        "gateway_down",
        ((),),
        "a channel takes no messages",
        {"channel": _CHANNEL, "how": Option("word", "refuse", "refuse (an error at once) or hang (no answer)")},
        "gateway_up",
    ),
    Action("gateway_up", ((),), "it takes them again", {"channel": _CHANNEL}),
    Action(
        "clock_step",
        ((),),
        "the machine's clock jumps",
        {"s": Option("signed", None, "seconds, negative for back", needed=True)},
    ),
    Action(
        "kill",
        ((),),
        "the daemon dies without a word, and is started again",
        {
            "restart": Option("duration", 5.0, "how long it is away"),
            "when": Option("word", "", "after-decision, before-send or after-send: at the next such moment"),
        },
    ),
    Action("poller_cut", ((),), "the poller's own cable is pulled", undo="poller_mend"),
    Action("poller_mend", ((),), "it is plugged in again"),
    Action("disk_full", ((),), "neither the metric store nor the ledger can write", undo="disk_free"),
    Action("disk_free", ((),), "they can write again"),
    Action(
        "slow_agents",
        ((),),
        "every SNMP agent answers late",
        {"ms": Option("number", None, "more milliseconds for every answer", needed=True)},
        "slow_agents_end",
    ),
    Action("slow_agents_end", ((),), "they answer at once"),
    Action(
        "trap",
        (PORT, DEVICE),
        "a device says something, true or not",
        {"name": Option("word", "linkDown", "linkDown, linkUp, coldStart, warmStart, bgpBackwardTransition")},
    ),
    Action(
        "trap_storm",
        (DEVICE,),
        "a device sends linkDown and linkUp of its ports in turn",
        {
            "rate": Option("number", 1000.0, "a second"),
            "count": Option("whole", 10_000, "in all"),
        },
    ),
    Action(
        "traps_lost",
        ((),),
        "traps get lost on their way",
        {"ratio": Option("ratio", 1.0, "of traps, 0 to 1")},
        "traps_heard",
    ),
    Action("traps_heard", ((),), "traps arrive again"),
    Action("silence", _OVER, "nobody is told for so long; `for` is required", _WINDOW, "window_end"),
    Action("maintenance", _OVER, "planned work for so long; `for` is required", _WINDOW, "window_end"),
    Action("window_end", ((),), "the end of a window", hidden=True),
    Action("ack", ((),), "a person takes the incident", _ABOUT),
    Action(
        "assign", ((),), "it is given to somebody", {**_ABOUT, "owner": Option("word", None, "to whom", needed=True)}
    ),
    Action("note", ((),), "a person writes a note", {**_ABOUT, "text": Option("word", "looked at it", "the note")}),
    Action(
        "wait",
        ((),),
        "it waits for a provider",
        {
            **_ABOUT,
            "ticket": Option("word", "T-1", "the provider's number"),
            "check": Option("duration", 3600.0, "when it is looked at again"),
        },
    ),
    Action("resolve", ((),), "a person says that it is over", {**_ABOUT, "text": Option("word", "", "why")}),
    Action("close", ((),), "a person ends it", {**_ABOUT, "text": Option("word", "mended", "the cause")}),
)
HOUSE_ACTIONS: Mapping[str, Action] = {action.name: action for action in _TABLE}
PEOPLES = frozenset(("ack", "assign", "note", "wait", "resolve", "close"))
WINDOWS = frozenset(("silence", "maintenance"))
TRAPS = ("linkDown", "linkUp", "coldStart", "warmStart", "bgpBackwardTransition", "bgpEstablished")
_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("gateway_down", "channel"): ("sms", "modem", "mail", "webhook", "all"),
    ("gateway_up", "channel"): ("sms", "modem", "mail", "webhook", "all"),
    ("gateway_down", "how"): tuple(MOODS),
    ("kill", "when"): MOMENTS,
    ("trap", "name"): TRAPS,
}


def further_mistakes(act: Act) -> Iterator[tuple[str, str]]:
    """(message, hint) of what the table of options cannot say."""
    from inventory.mistakes import did_you_mean

    for name, value in act.options.items():
        words = _WORDS.get((act.do, name))
        if words is not None and value not in words:
            known = [word for word in words if word]
            yield f"{act.do}: {name} {value!r}: one of {', '.join(known)}", did_you_mean(str(value), known)
    if act.do in WINDOWS:
        if act.lasts_s is None:
            yield f"{act.do}: say how long, for = '2h': none is without an end", ""
        if bool(act.on) == bool(act["selector"]):
            yield f"{act.do}: say over what: a site, device, link, circuit, provider, region, or selector = '...'", ""
    if act.do == "trap_storm" and (not act.number("rate") or act.number("count") > 1_000_000):
        yield "trap_storm: a rate above 0 and at most 1,000,000 traps", ""
