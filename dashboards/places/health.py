"""Health of a device as rows: how it is named, how much in words and as a share, whether it is well, and how old that is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards import figures
from dashboards.device_health import SENSOR_UNITS
from dashboards.text import one_line

MOST: Final = 12  # of one kind; the rest is counted
WRONG: Final = ("warning", "failed")
Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio`: 0 to 1 where it is a share of something; `status`: "", "ok", "warning", "failed"."""

    name: str
    value: str
    ratio: float | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind ("cpu", "temperature"), what is wrong first; `at` (UTC seconds) is of the newest value."""

    kind: str
    rows: Sequence[Row]
    more: int
    at: float | None


def health(known: Content) -> list[Group]:
    """`known`: what the device told, keys as in `noc device facts --json` but times in UTC seconds."""
    at = known.get("at", {})
    found = [(kind, list(rows(known))) for kind, rows in _KINDS.items()]
    found += [(kind, list(_sensors(kind, rows))) for kind, rows in known.get("sensors", {}).items()]
    return [
        Group(
            kind, sorted(rows, key=lambda one: one.status not in WRONG)[:MOST], max(0, len(rows) - MOST), at.get(kind)
        )
        for kind, rows in found
        if rows
    ]


def _ping(known: Content) -> Iterable[Row]:
    ping = known.get("ping") or {}
    if ping.get("rtt_ms") is not None:
        spread = "" if ping.get("rtt_max_ms") is None else f" ({ping['rtt_min_ms']:.1f} – {ping['rtt_max_ms']:.1f})"
        yield Row("round trip", f"{ping['rtt_ms']:.1f} ms{spread}")
    if ping.get("loss_ratio") is not None:
        yield Row("loss", figures.percent(ping["loss_ratio"]), ping["loss_ratio"])
    if ping.get("jitter_ms") is not None:
        yield Row("jitter", f"{ping['jitter_ms']:.1f} ms")


def _cpu(known: Content) -> Iterable[Row]:
    for one in known.get("cpu", ()):
        if one["pct"] is not None:
            yield Row(one_line(one["name"]), f"{one['pct']:.0f} %", one["pct"] / 100)


def _memory(known: Content) -> Iterable[Row]:
    for one in known.get("memory", ()):
        if one["pct"] is not None:
            of = f" / {figures.octets(one['total'])}" if one["total"] else ""
            yield Row(one_line(one["name"]), f"{one['pct']:.0f} %{of}", one["pct"] / 100)


def _sensors(kind: str, rows: Iterable[Content]) -> Iterable[Row]:
    quantity, form = SENSOR_UNITS.get(kind, ("", ""))
    for one in rows:
        value, status = one.get(quantity) if quantity else None, str(one.get("status") or "")
        if value is not None or (status and status != "absent"):
            yield Row(one_line(one["name"]), form.format(value) if value is not None else status, status=status)


def _ups(known: Content) -> Iterable[Row]:
    ups = known.get("ups") or {}
    if ups.get("on_battery"):
        yield Row("on battery", "", status="failed")
    for key, name in (("charge_pct", "charged"), ("load_pct", "load")):
        if ups.get(key) is not None:
            yield Row(name, f"{ups[key]:.0f} %", ups[key] / 100 if key == "load_pct" else None)
    if ups.get("minutes_left") is not None:
        yield Row("lasts", figures.duration(ups["minutes_left"] * 60))


def _optical(known: Content) -> Iterable[Row]:
    for one in known.get("optical", ()):
        if one.get("rx_dbm") is not None:
            sent = "" if one.get("tx_dbm") is None else f" / {one['tx_dbm']:.1f} dBm"
            yield Row(one_line(one["interface"]), f"{one['rx_dbm']:.1f} dBm{sent}")


def _routes(known: Content) -> Iterable[Row]:
    for one in known.get("routes", ()):
        if one.get("routes") is not None:
            yield Row(one_line(one["table"]), f"{one['routes']:.0f}")


_KINDS: Final[Mapping[str, Callable[[Content], Iterable[Row]]]] = {
    "ping": _ping,
    "cpu": _cpu,
    "memory": _memory,
    "ups": _ups,
    "optical": _optical,
    "routes": _routes,
}
