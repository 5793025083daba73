"""What rules may ask about: each measurement, what a row of it is, how often it comes and which quantities it tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.subject import Subject, SubjectKind


@dataclass(frozen=True, slots=True)
class Measurement:
    """`every_s` is the default interval. `quantities` empty: whatever there is."""

    name: str
    one: SubjectKind  # what a verdict about a row of it speaks of
    every_s: float
    quantities: tuple[str, ...] = ()

    def subject(self, scope: str, row: str) -> Subject:
        """Who a row is; `scope` is the device asked, or "" where rows are keys themselves."""
        if self.one == "device":
            device = scope or row
            return Subject("device", device, device)
        if self.one == "interface":
            return Subject("interface", f"{scope}:{row}", scope)
        if self.one in ("peer", "sensor"):
            return Subject(self.one, f"{scope} {row}", scope)
        return Subject(self.one, row)


_RATES = (
    "in_bps",
    "out_bps",
    "in_pps",
    "out_pps",
    "in_errors_ps",
    "out_errors_ps",
    "in_discards_ps",
    "out_discards_ps",
)
_ALL = (
    Measurement(
        "interface",
        "interface",
        30.0,
        (
            *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps", "in_discards_ps"),
            *("out_discards_ps", "oper_status", "admin_status", "span_s", "flags"),
        ),
    ),
    Measurement("link", "link", 30.0, (*_RATES, "in_util_ratio", "out_util_ratio", "a_speed_bps", "b_speed_bps")),
    Measurement("aggregate", "interface", 30.0, ("speed_bps",)),
    Measurement("circuit", "circuit", 60.0, ("rtt_ms", "loss_ratio")),
    Measurement(
        "circuit_traffic",
        "circuit",
        30.0,
        ("in_bps", "out_bps", "in_util_ratio", "out_util_ratio", "in_discards_ps", "out_discards_ps"),
    ),
    Measurement("diversity", "diversity", 60.0, ("diversity",)),
    Measurement("point", "point", 30.0, ("in_bps", "out_bps")),
    Measurement(
        "contract",
        "contract",
        3600.0,
        (
            *("in_p95_bps", "out_p95_bps", "p95_ratio", "level_ratio", "days_left", "headroom_days", "free_in_bps"),
            *("free_out_bps", "over_committed", "over_subscribed", "circuits_up"),
        ),
    ),
    Measurement(
        "allocation",
        "institution",
        3600.0,
        ("in_p95_bps", "out_p95_bps", "commit_in_bps", "commit_out_bps", "p95_ratio"),
    ),
    Measurement("liveness", "device", 60.0, ("rtt_min_ms", "rtt_ms", "rtt_max_ms", "loss_ratio", "state")),
    Measurement("ping", "device", 60.0, ("loss_ratio", "rtt_min_ms", "rtt_ms", "rtt_max_ms", "jitter_ms")),
    Measurement("device", "device", 30.0, ("uptime_s", "reboots")),
    Measurement("poll", "sensor", 60.0, ("answered", "duration_ms", "late_ms", "reason")),
    Measurement("bgp_peer", "peer", 30.0, ("bgp_state", "bgp_admin_status", "established_s")),
    Measurement("ospf_neighbour", "peer", 30.0, ("ospf_state",)),
    Measurement("bgp_prefixes", "peer", 300.0, ("prefixes_received", "prefixes_accepted")),
    Measurement("routes", "sensor", 900.0, ("routes",)),
    Measurement("cpu", "sensor", 60.0, ("cpu_ratio",)),
    Measurement("memory", "sensor", 60.0, ("memory_ratio", "memory_used_octets", "memory_total_octets")),
    Measurement("temperature", "sensor", 60.0, ("temperature_c", "component_status")),
    Measurement("voltage", "sensor", 60.0, ("voltage_v", "component_status")),
    Measurement("current", "sensor", 60.0, ("current_a", "component_status")),
    Measurement("power", "sensor", 60.0, ("power_w", "component_status")),
    Measurement("fan", "sensor", 60.0, ("fan_rpm", "fan_ratio", "component_status")),
    Measurement("component", "sensor", 60.0, ("component_status",)),
    Measurement("optical", "sensor", 60.0, ("rx_dbm", "tx_dbm", "temperature_c", "current_a")),
    Measurement("ups", "sensor", 60.0, ("charge_ratio", "runtime_s", "load_ratio", "on_battery")),
    Measurement("ssh", "device", 900.0, ("host_key_changed",)),
    Measurement("own", "own", 30.0),
)

MEASUREMENTS: Mapping[str, Measurement] = {each.name: each for each in _ALL}
INTERVALS: Mapping[str, float] = {each.name: each.every_s for each in _ALL}

COMPONENT_STATUS = {"unknown": 0.0, "ok": 1.0, "warning": 2.0, "failed": 3.0, "absent": 4.0}
YES_NO = {"no": 0.0, "yes": 1.0}
DIVERSITY = {"none": 0.0, "one": 1.0, "both": 2.0}
