"""Everything that can be done to the simulated network: the words of scenario files and of `noc lab do`. One table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["duration", "ratio", "number", "signed", "whole", "switch", "word"]
Value = float | int | bool | str

PORT = ("device", "interface")
LINK = ("link",)
DEVICE = ("device",)


@dataclass(frozen=True, slots=True)
class Option:
    kind: Kind
    default: Value | None  # None: must be given, or has no value of its own
    meaning: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """`on` are the ways to say what it is done to; `undo` is the action that `for = "5m"` does afterwards.

    `moves` says that paths, ports or loads have to be worked out anew; hidden ones are steps of another action.
    """

    name: str
    on: tuple[tuple[str, ...], ...]
    meaning: str
    options: Mapping[str, Option] = field(default_factory=dict)
    undo: str = ""
    moves: bool = True
    hidden: bool = False


_ONE_SIDED = Option("switch", False, "only the named end reads down")
_PORTS = Option("switch", False, "the neighbours' ports read down too")
_LAY = (PORT, LINK)
_TABLE = (
    Action("link_down", _LAY, "cut a link: both ends read down", {"one_sided": _ONE_SIDED}, "link_up"),
    Action("link_up", _LAY, "mend it"),
    Action("device_down", (DEVICE,), "the router falls silent, the far ends stay up", {"ports": _PORTS}, "device_up"),
    Action("device_up", (DEVICE,), "it answers again, uptime and counters as if nothing had been"),
    Action("agent_hang", (DEVICE,), "SNMP falls silent, the echo still answers", undo="agent_resume", moves=False),
    Action("agent_resume", (DEVICE,), "SNMP answers again", moves=False),
    Action(
        "reboot",
        (DEVICE,),
        "silence, then uptime and counters from zero",
        {"silence": Option("duration", 8.0, "how long nothing answers"), "ports": _PORTS},
    ),
    Action("boot", (DEVICE,), "the end of a reboot", hidden=True),
    Action("counter_reset", (DEVICE, PORT), "counters from zero, uptime untouched", moves=False),
    Action(
        "wrap32",
        (DEVICE, PORT),
        "the 32-bit octet counters pass 2^32: from a scenario at that very moment and without a jump; "
        "live, counters jump to `lead` before it and ifCounterDiscontinuityTime says so",
        {"lead": Option("duration", 30.0, "live only: how long before the wrap")},
        moves=False,
    ),
    Action(
        "reindex",
        (DEVICE,),
        "ifIndexes move to other interfaces, names stay",
        {
            "places": Option("whole", 1, "by how many rows names move"),
            "offset": Option("whole", 0, "added to every ifIndex"),
        },
        moves=False,
    ),
    Action(
        "flap",
        _LAY,
        "down and up again and again, ending up",
        {
            "times": Option("whole", 5, "how many times down"),
            "period": Option("duration", 10.0, "from one fall to the next, half of it down"),
            "one_sided": _ONE_SIDED,
        },
    ),
    Action(
        "loss",
        _LAY,
        "a share of packets is lost each way",
        {"ratio": Option("ratio", None, "of packets, 0 to 1", needed=True)},
        "loss_end",
    ),
    Action("loss_end", _LAY, "no packets are lost any more"),
    Action(
        "latency",
        _LAY,
        "the way there and back takes longer",
        {"ms": Option("number", None, "more milliseconds there and back", needed=True)},
        "latency_end",
    ),
    Action("latency_end", _LAY, "as fast as before"),
    Action(
        "traffic",
        _LAY,
        "a steady rate instead of the daily curve",
        {
            "level": Option("number", None, "of the committed rate; from 0.97 packets are dropped", needed=True),
            "direction": Option("word", "both", "in (towards the b end; from outside towards us), out or both"),
        },
        "traffic_end",
    ),
    Action("traffic_end", _LAY, "the daily curve again"),
    Action(
        "slow_agent",
        (DEVICE,),
        "SNMP answers late",
        {"ms": Option("number", None, "more milliseconds for every answer", needed=True)},
        "slow_agent_end",
        moves=False,
    ),
    Action("slow_agent_end", (DEVICE,), "SNMP answers at once", moves=False),
    Action(
        "credentials_change",
        (DEVICE,),
        "the router obeys other credentials than the inventory's",
        {
            "what": Option("word", "", "v1, v2c: community; v3: auth (when left out), privacy, user or level"),
            "told": Option("switch", False, "it reports what it cannot decrypt, as some vendors do"),
        },
        "credentials_restore",
        moves=False,
    ),
    Action("credentials_restore", (DEVICE,), "it obeys the inventory's credentials again", moves=False),
    Action("power_cut", (("site",), ("region",)), "every router there loses power", {"ports": _PORTS}, "power_restore"),
    Action("power_restore", (("site",), ("region",)), "power is back: uptime and counters from zero"),
    Action("circuit_cut", (("circuit",),), "cut beyond our port: it stays up, nothing passes", undo="circuit_restore"),
    Action("circuit_restore", (("circuit",),), "the circuit carries again"),
    Action("lag_member_down", (PORT,), "one member of a LAG fails: half the rate is left", undo="lag_member_up"),
    Action("lag_member_up", (PORT,), "the member is back"),
    Action(
        "recable",
        (LINK,),
        "the far ends of two links change places, and the addresses with them: traffic goes on, LLDP tells",
        {"other": Option("word", None, "the other link", needed=True)},
        "recable_end",
    ),
    Action("recable_end", (LINK,), "both cables are where they belong"),
    Action(
        "bgp_down",
        (DEVICE, ("device", "link")),
        "BGP sessions on upstream links fall",
        {"admin": Option("switch", False, "shut down by hand: bgpPeerAdminStatus reads stop")},
        "bgp_up",
    ),
    Action("bgp_up", (DEVICE, ("device", "link")), "they are established again"),
)

ACTIONS: Mapping[str, Action] = {action.name: action for action in _TABLE}
CREDENTIALS: Mapping[str, tuple[str, ...]] = {  # SNMP version -> what can be changed, the usual first
    "1": ("community",),
    "2c": ("community",),
    "3": ("auth", "privacy", "user", "level"),
}
SUBJECTS = ("device", "interface", "link", "circuit", "provider", "site", "region")


@dataclass(frozen=True, slots=True)
class Act:
    """One action at one moment (UTC seconds), checked: its subjects exist and its options are complete."""

    at: float
    do: str
    on: Mapping[str, str]
    options: Mapping[str, Value] = field(default_factory=dict)
    source: str = "scenario"
    lasts_s: float | None = None

    def __getitem__(self, option: str) -> Value:
        return self.options[option]

    def number(self, option: str) -> float:
        return float(self.options[option])

    def switch(self, option: str) -> bool:
        return bool(self.options[option])


def unfolded(act: Act) -> tuple[Act, ...]:
    """The act itself and what follows from it later: its undoing, the falls of a flap, the end of a reboot."""
    action = ACTIONS[act.do]
    if act.do == "flap":
        half = act.number("period") / 2
        sided = {"one_sided": act["one_sided"]}
        falls = [act.at + number * 2 * half for number in range(int(act.number("times")))]
        return tuple(
            step for at in falls for step in (_step(act, at, "link_down", sided), _step(act, at + half, "link_up", {}))
        )
    if act.do == "reboot":
        return act, _step(act, act.at + act.number("silence"), "boot", {})
    if act.lasts_s is not None:
        return act, _step(act, act.at + act.lasts_s, action.undo, {})
    return (act,)


def _step(act: Act, at: float, do: str, options: Mapping[str, Value]) -> Act:
    return Act(at, do, act.on, options, act.source)
