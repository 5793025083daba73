"""What the columns of a sensor mean together: the quantities of each measurement, within what can be true."""

from collections.abc import Callable, Mapping
from math import isnan, nan
from typing import NamedTuple

from collectors.sensors.source import Status

Cells = Mapping[str, float]  # role -> number in the unit of its quantity; a role that was not asked is absent
MOST_OCTETS = 2.0**50  # a petabyte: no device has more
_SILENT = (Status.UNKNOWN, Status.ABSENT)


class Shape(NamedTuple):
    """`values` are in the order of `quantities`."""

    quantities: tuple[str, ...]
    values: Callable[[Cells], tuple[float, ...]]


def within(low: float, value: float, high: float) -> float:
    """The value where it can be true, else unknown."""
    return value if low <= value <= high else nan


def share(percent: float) -> float:
    """Percent as a ratio. 101 is no rounding: it is how some agents (RADLAN) say that they do not measure."""
    return within(0.0, percent, 100.0) / 100


def _cpu(cells: Cells) -> tuple[float, ...]:
    if "idle" in cells:
        return (share(100 - cells["idle"]),)
    return (share(cells.get("busy", nan)),)


def _memory(cells: Cells) -> tuple[float, ...]:
    """Buffers and caches are given back when needed: they are not used."""
    used, free, total = (cells.get(role, nan) for role in ("used", "free", "total"))
    percent = 100 - cells["free_percent"] if "free_percent" in cells else cells.get("percent", nan)
    spare = sum(one for role in ("buffers", "cached") if not isnan(one := cells.get(role, 0.0)))
    if isnan(total):
        total = used + free
    if isnan(used):
        used = total - free if not isnan(free) else total * share(percent)
    if spare and used > spare:
        used -= spare
    total = within(1, total, MOST_OCTETS)
    ratio = share(percent) if isnan(used) or isnan(total) else used / total
    return within(0.0, ratio, 1.0), used if 0 <= used <= total else nan, total


def _gauge(role: str, low: float, high: float) -> Callable[[Cells], tuple[float, ...]]:
    """A value and the state of what is measured; `sensor` is whether the sensor itself works."""

    def values(cells: Cells) -> tuple[float, ...]:
        status = cells.get("status", cells.get("sensor", nan))
        broken = cells.get("sensor", Status.OK) != Status.OK or status in _SILENT
        return nan if broken else within(low, cells.get(role, nan), high), status

    return values


def _fan(cells: Cells) -> tuple[float, ...]:
    broken = cells.get("sensor", Status.OK) != Status.OK
    status = cells.get("status", cells.get("sensor", nan))
    rpm, ratio = cells.get("rpm", nan), share(cells.get("percent", nan))
    return (nan, nan, status) if broken else (within(0, rpm, 200_000), ratio, status)


def _component(cells: Cells) -> tuple[float, ...]:
    return (cells.get("status", nan),)


def _optical(cells: Cells) -> tuple[float, ...]:
    light = tuple(within(-60, cells.get(role, nan), 30) for role in ("rx", "tx"))
    return *light, within(-60, cells.get("temperature", nan), 150), within(0, cells.get("bias", nan), 10)


def _ups(cells: Cells) -> tuple[float, ...]:
    """`phases` are loads of single phases: the UPS is as loaded as the most loaded of them."""
    loads = [one for role, one in cells.items() if role.startswith("load") and not isnan(one)]
    load = within(0, max(loads), 300) / 100 if loads else nan
    runtime = within(0, cells.get("runtime", nan), 31_536_000)
    return share(cells.get("charge", nan)), runtime, load, cells.get("on_battery", nan)


SHAPES: Mapping[str, Shape] = {
    "cpu": Shape(("cpu_ratio",), _cpu),
    "memory": Shape(("memory_ratio", "memory_used_octets", "memory_total_octets"), _memory),
    "temperature": Shape(("temperature_c", "component_status"), _gauge("value", -60, 200)),
    "voltage": Shape(("voltage_v", "component_status"), _gauge("value", -1000, 100_000)),
    "current": Shape(("current_a", "component_status"), _gauge("value", -10_000, 10_000)),
    "power": Shape(("power_w", "component_status"), _gauge("value", -1e6, 1e7)),
    "fan": Shape(("fan_rpm", "fan_ratio", "component_status"), _fan),
    "component": Shape(("component_status",), _component),
    "optical": Shape(("rx_dbm", "tx_dbm", "temperature_c", "current_a"), _optical),
    "ups": Shape(("charge_ratio", "runtime_s", "load_ratio", "on_battery"), _ups),
}
