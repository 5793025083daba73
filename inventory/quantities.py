"""Every quantity the house measures: name, unit, kind, label and the resolution it is stored at. One table."""

from dataclasses import dataclass
from enum import IntFlag
from typing import Literal


@dataclass(frozen=True, slots=True)
class Quantity:
    """`resolution` is the step of stored values: a value is kept as the integer round(value / resolution)."""

    name: str
    unit: str
    kind: Literal["gauge", "rate", "state", "count"]
    label: str
    resolution: float = 1.0


class Flag(IntFlag):
    """Bits of the quantity "flags": what is to be known of the rates beside it."""

    RESET = 1  # a counter began anew: what it counted meanwhile is not known
    UNRELIABLE = 2  # 32-bit counters on a line of 100 Mb/s or more: shown, never billed (SEMANTICS 1)
    WRAPPED = 4  # a counter wrapped and was put right
    LONG = 8  # over more than 2.5 intervals: one point, left out of peak and p95 (SEMANTICS 3)
    IMPLAUSIBLE = 16  # more than the line carries: refused, or kept when it goes on and the nominal speed must be wrong
    FROZEN = 32  # the agent shows counters of an earlier moment; the next step is over the whole time


_TABLE = (
    Quantity("in_bps", "bit/s", "rate", "in"),
    Quantity("out_bps", "bit/s", "rate", "out"),
    Quantity("in_pps", "packet/s", "rate", "packets in"),
    Quantity("out_pps", "packet/s", "rate", "packets out"),
    Quantity("in_errors_ps", "error/s", "rate", "errors in", 0.001),
    Quantity("out_errors_ps", "error/s", "rate", "errors out", 0.001),
    Quantity("in_discards_ps", "packet/s", "rate", "discards in", 0.001),
    Quantity("out_discards_ps", "packet/s", "rate", "discards out", 0.001),
    Quantity("oper_status", "ifOperStatus", "state", "operational state"),
    Quantity("admin_status", "ifAdminStatus", "state", "administrative state"),
    Quantity("span_s", "s", "gauge", "time a rate is over", 0.1),
    Quantity(
        "flags",
        "bits",
        "state",
        "counter flags (1 reset, 2 unreliable, 4 wrapped, 8 long span, 16 implausible, 32 frozen)",
    ),
    Quantity("uptime_s", "s", "gauge", "uptime"),
    Quantity("reboots", "reboots", "count", "reboots seen"),
    Quantity("up_ratio", "ratio", "gauge", "share of probes answered while up", 0.001),
    Quantity("state", "state", "state", "reachability (0 up, 1 degraded, 2 unknown, 3 unreachable, 4 down)"),
    Quantity("rtt_min_ms", "ms", "gauge", "RTT least", 0.1),
    Quantity("rtt_ms", "ms", "gauge", "RTT mean", 0.1),
    Quantity("rtt_max_ms", "ms", "gauge", "RTT most", 0.1),
    Quantity("loss_ratio", "ratio", "gauge", "loss", 0.001),
    Quantity("answered", "bool", "state", "poll answered"),
    Quantity("duration_ms", "ms", "gauge", "poll duration", 0.1),
    Quantity("late_ms", "ms", "gauge", "poll start after its due time", 0.1),
    Quantity("reason", "code", "state", "why a poll failed (collectors.contract.CODES)"),
    Quantity("pdus", "PDU", "count", "SNMP requests of the poll"),
    Quantity("octets", "octet", "count", "SNMP octets of the poll, both ways"),
    Quantity("in_util_ratio", "ratio", "gauge", "in, of the committed rate", 0.0001),
    Quantity("out_util_ratio", "ratio", "gauge", "out, of the committed rate", 0.0001),
    Quantity("speed_bps", "bit/s", "gauge", "speed of the aggregate", 1000.0),
    Quantity("a_speed_bps", "bit/s", "gauge", "speed of the aggregate at a", 1000.0),
    Quantity("b_speed_bps", "bit/s", "gauge", "speed of the aggregate at b", 1000.0),
    Quantity("jitter_ms", "ms", "gauge", "mean difference of successive RTTs", 0.1),
    Quantity("cpu_ratio", "ratio", "gauge", "processor busy", 0.001),
    Quantity("memory_ratio", "ratio", "gauge", "memory used", 0.001),
    Quantity("memory_used_octets", "octet", "gauge", "memory used", 1024),
    Quantity("memory_total_octets", "octet", "gauge", "memory", 1024),
    Quantity("temperature_c", "°C", "gauge", "temperature", 0.1),
    Quantity("voltage_v", "V", "gauge", "voltage", 0.001),
    Quantity("current_a", "A", "gauge", "current", 0.001),
    Quantity("power_w", "W", "gauge", "power", 0.1),
    Quantity("fan_rpm", "1/min", "gauge", "fan speed"),
    Quantity("fan_ratio", "ratio", "gauge", "fan speed, of its full speed", 0.001),
    Quantity("component_status", "state", "state", "hardware state (0 unknown, 1 ok, 2 warning, 3 failed, 4 absent)"),
    Quantity("rx_dbm", "dBm", "gauge", "light received", 0.01),
    Quantity("tx_dbm", "dBm", "gauge", "light sent", 0.01),
    Quantity("charge_ratio", "ratio", "gauge", "battery charge", 0.001),
    Quantity("runtime_s", "s", "gauge", "time the battery lasts"),
    Quantity("load_ratio", "ratio", "gauge", "load of the UPS", 0.001),
    Quantity("on_battery", "bool", "state", "runs on its battery"),
    Quantity("bgp_state", "bgpPeerState", "state", "BGP state (1 idle ... 6 established)"),
    Quantity("bgp_admin_status", "bgpPeerAdminStatus", "state", "BGP administrative state (1 stop, 2 start)"),
    Quantity("established_s", "s", "gauge", "time since established"),
    Quantity("prefixes_received", "prefixes", "gauge", "prefixes received"),
    Quantity("prefixes_accepted", "prefixes", "gauge", "prefixes accepted"),
    Quantity("ospf_state", "ospfNbrState", "state", "OSPF neighbour state (1 down ... 8 full)"),
    Quantity("routes", "routes", "gauge", "routes in the table"),
    Quantity("host_key_changed", "bool", "state", "the SSH host key is not the trusted one"),
    Quantity("notices", "notices", "count", "notices heard"),
    Quantity("held_s", "s", "gauge", "time that a state had held when it was judged", 0.1),
    Quantity("state_reason", "code", "state", "why a state is what it is (inventory.states.REASON_CODES)"),
    Quantity("in_p95_bps", "bit/s", "gauge", "95th percentile in"),
    Quantity("out_p95_bps", "bit/s", "gauge", "95th percentile out"),
    Quantity("p95_ratio", "ratio", "gauge", "95th percentile, of what is delivered or committed", 0.0001),
    Quantity("level_ratio", "ratio", "gauge", "95th percentile, of the level from which it counts as full", 0.0001),
    Quantity("commit_in_bps", "bit/s", "gauge", "committed in"),
    Quantity("commit_out_bps", "bit/s", "gauge", "committed out"),
    Quantity("free_in_bps", "bit/s", "gauge", "free to be allocated, in; below zero: over-committed"),
    Quantity("free_out_bps", "bit/s", "gauge", "free to be allocated, out; below zero: over-committed"),
    Quantity("days_left", "day", "gauge", "days until a contract ends (3650: ten years or more)"),
    Quantity("headroom_days", "day", "gauge", "days until the headroom date (0: exhausted, 3650: ten years or more)"),
    Quantity("over_committed", "bool", "state", "more is promised than it delivers, now or from a day to come"),
    Quantity("over_subscribed", "bool", "state", "somebody let a request go beyond its capacity"),
    Quantity("circuits_up", "circuits", "gauge", "circuits of a contract that carry"),
    Quantity("diversity", "diversity", "state", "submarine cables that carry (0 none, 1 one, 2 both)"),
    Quantity("failing", "bool", "state", "something of the NOC's own fails (disk, clock, queue, channel)"),
)

QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in _TABLE}
