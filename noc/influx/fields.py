"""What a measurement looks like in InfluxDB: its tags, its fields, and the one type that each field has for ever.

A field that was once written as an integer is refused as a float ever after (and the other way round), so this table
only grows. Tags are stable keys alone (SEMANTICS 32): whose measurement it is, and which row of it.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from inventory.quantities import QUANTITIES

Type = Literal["integer", "float"]

_INTEGERS = """
in_bps out_bps in_pps out_pps oper_status admin_status flags uptime_s reboots state answered reason pdus octets
speed_bps a_speed_bps b_speed_bps memory_used_octets memory_total_octets fan_rpm component_status runtime_s on_battery
bgp_state bgp_admin_status established_s prefixes_received prefixes_accepted ospf_state routes host_key_changed notices
failing in_p95_bps out_p95_bps commit_in_bps commit_out_bps free_in_bps free_out_bps over_committed over_subscribed
circuits_up diversity state_reason
"""
_FLOATS = """
in_errors_ps out_errors_ps in_discards_ps out_discards_ps span_s up_ratio rtt_min_ms rtt_ms rtt_max_ms loss_ratio
duration_ms late_ms in_util_ratio out_util_ratio jitter_ms cpu_ratio memory_ratio temperature_c voltage_v current_a
power_w fan_ratio rx_dbm tx_dbm charge_ratio load_ratio p95_ratio level_ratio days_left headroom_days
held_s
"""
TYPES: Final[Mapping[str, Type]] = MappingProxyType(
    {
        **dict.fromkeys(_INTEGERS.split(), "integer"),
        **dict.fromkeys(_FLOATS.split(), "float"),
    }
)
UNLISTED: Final[Type] = "float"  # of a quantity that no table knows, as the store keeps it in steps of 0.001

# measurement: (tag of its scope, tag of its row). "": there is none, or for a row that it only repeats its scope or measurement.
# Of states a change has a scope and what was restated on a day has none ("*"): two series, as they are two streams here.
# The tags of a measurement are always the same ones: InfluxDB 3 fixes them with the first line.
TAGS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "interface": ("device", "interface"),
        "aggregate": ("device", "interface"),
        "optical": ("device", "interface"),
        "device": ("device", ""),
        "ping": ("device", ""),
        "ssh": ("device", ""),
        "poll": ("device", "collector"),
        "bgp_peer": ("device", "peer"),
        "bgp_prefixes": ("device", "peer"),
        "ospf_neighbour": ("device", "peer"),
        "routes": ("device", "table"),
        **dict.fromkeys(("cpu", "memory", "temperature", "voltage", "current", "power"), ("device", "part")),
        **dict.fromkeys(("fan", "component", "ups"), ("device", "part")),
        "liveness": ("", "device"),
        "link": ("", "link"),
        "circuit": ("", "circuit"),
        "circuit_traffic": ("", "circuit"),
        "contract": ("", "contract"),
        "allocation": ("", "institution"),
        "diversity": ("", "part"),
        "point": ("", "point"),
        **{f"{kind}_state": ("scope", kind) for kind in ("device", "link", "site", "circuit", "watch")},
        "own": ("", "part"),
    }
)
UNKNOWN_TAGS: Final = ("scope", "row")
NO_SCOPE: Final = "*"  # the tag "scope" of what has none

# layer of the store: suffix of its measurements; each step is as the store rolls up
LAYERS: Final[Mapping[str, str]] = MappingProxyType({"5m": "_5m", "1h": "_1h", "1d": "_1d", "1mo": "_1mo"})
# what a rollup says of each quantity, as `mean_in_bps`; None: the quantity's own unit as a float, else a type of its own
STATISTICS: Final[Mapping[str, Type | None]] = MappingProxyType(
    {"mean": None, "min": None, "max": None, "p95": None, "n": "integer", "covered_s": "integer"}
)
UP_S: Final = "up_s"  # of a row as a whole, a float in steps of 0.1 s


class Field(NamedTuple):
    """How one value is written: round(value x per_unit) x factor, then `suffix` ("i" integer, "e-3" thousandths)."""

    name: str
    type: Type
    per_unit: float
    factor: int
    suffix: str


def layer_of(measurement: str) -> tuple[str, str]:
    """The raw measurement and its layer: "interface_5m" -> ("interface", "5m"), "interface" -> ("interface", "")."""
    for layer, suffix in LAYERS.items():
        if measurement.endswith(suffix):
            return measurement.removesuffix(suffix), layer
    return measurement, ""


def tag_keys(measurement: str) -> tuple[str, str]:
    """The tags of scope and row, of rollups as of what they were made from; "" where the measurement has none by itself."""
    return TAGS.get(layer_of(measurement)[0], UNKNOWN_TAGS)


def tags_of(measurement: str, scope: str, row: str) -> list[tuple[str, str]]:
    """Tags of a series, in the order of their keys; what has no value is absent. No two subjects have the same."""
    row_key = tag_keys(measurement)[1]
    pairs = [scope_tag(measurement, scope)]
    if row_key or not is_repeated(measurement, scope, row):
        pairs.append((row_key or UNKNOWN_TAGS[1], row))
    return sorted((key, value) for key, value in pairs if value)


def scope_tag(measurement: str, scope: str) -> tuple[str, str]:
    """Key and value of the scope's tag; a value of "" is none."""
    key = tag_keys(measurement)[0]
    if key == UNKNOWN_TAGS[0]:
        return key, scope or NO_SCOPE
    return key or UNKNOWN_TAGS[0], scope


def subject_of(measurement: str, tags: Mapping[str, str]) -> tuple[str, str]:
    """The inverse: scope, and row ("" where it has no tag). ValueError names a tag that the measurement does not have."""
    scope_key, row_key = tag_keys(measurement)
    scope_key, row_key = scope_key or UNKNOWN_TAGS[0], row_key or UNKNOWN_TAGS[1]
    strange = tags.keys() - {scope_key, row_key}
    if strange:
        raise ValueError(f"{measurement} has no tag {min(strange)!r}")
    scope = tags.get(scope_key, "")
    return "" if scope == NO_SCOPE and scope_key == UNKNOWN_TAGS[0] else scope, tags.get(row_key, "")


def is_repeated(measurement: str, scope: str, row: str) -> bool:
    """Whether a row's name says nothing beside its scope or measurement: the device itself, its "ping"."""
    return row in (scope, layer_of(measurement)[0])


@lru_cache(maxsize=1024)
def field(name: str) -> Field:
    """Of a quantity, or of what a rollup says of one ("mean_in_bps", "n_in_bps", "up_s")."""
    if name == UP_S:
        return _field(name, "float", 0.1)
    if name not in QUANTITIES:
        for statistic, kind in STATISTICS.items():
            quantity = name.removeprefix(f"{statistic}_")
            if quantity != name:
                return _field(name, kind or "float", 1.0 if kind else _resolution(quantity))
    return _field(name, TYPES.get(name, UNLISTED), _resolution(name))


def fields_of(names: Sequence[str]) -> tuple[Field, ...]:
    return tuple(map(field, names))


def rollup_names(quantities: Sequence[str], statistics: Sequence[str] = tuple(STATISTICS)) -> tuple[str, ...]:
    """Fields of a rollup: every statistic of all quantities, one statistic after the other."""
    return tuple(f"{statistic}_{quantity}" for statistic in statistics for quantity in quantities)


def _resolution(quantity: str) -> float:
    known = QUANTITIES.get(quantity)
    return known.resolution if known else 0.001


def _field(name: str, kind: Type, resolution: float) -> Field:
    """The step of `resolution` as a whole factor of a power of ten: 0.1 is 1e-1, 0.5 is 5e-1, 1024 is 1024."""
    if kind == "integer" or resolution >= 1:
        whole = max(1, round(resolution))
        return Field(name, kind, 1.0 / whole, whole, "i" if kind == "integer" else "")
    per_unit = round(1 / resolution)
    digits = next(digits for digits in range(1, 19) if 10**digits % per_unit == 0)
    return Field(name, kind, float(per_unit), 10**digits // per_unit, f"e-{digits}")
