"""Health, routing peers and neighbours of one device as lines of text for people: what is wrong first, numbers with units."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

from dashboards import figures
from dashboards.layout import NOTHING, Column, Line, plain_table
from dashboards.text import one_line

ROOM = 78
LABEL = 12
SENSOR_UNITS = {
    "temperature": ("temperature_c", "{:.0f} °C"),
    "voltage": ("voltage_v", "{:.2f} V"),
    "current": ("current_a", "{:.2f} A"),
    "power": ("power_w", "{:.0f} W"),
    "fan": ("fan_rpm", "{:.0f} rpm"),
}
UNSUPPORTED = "unsupported"  # the word of collectors.contract: the device has none of it
MOST = 6  # of one kind on a line; the rest is counted
Content = Mapping[str, Any]


def health_lines(content: Content) -> list[str]:
    """`content`: one device of `noc device facts --json`; nothing where nothing is known."""
    return [line for section in _SECTIONS for line in section(content)]


def _failing(content: Content) -> Iterable[str]:
    for collector, said in sorted(content.get("failing", {}).items()):
        if said["reason"] == UNSUPPORTED:
            yield _line("not told", collector)
        else:
            text = f"{collector}: {said['reason']} since {said['since']} ({one_line(said['text'])})"
            yield from wrap(_line("failing", text), ROOM, subsequent_indent=" " * LABEL)


def _ping(content: Content) -> Iterable[str]:
    ping = content.get("ping")
    if not ping or ping.get("loss_ratio") is None:
        return
    rtt = "" if ping.get("rtt_ms") is None else f", round trip {ping['rtt_ms']:.1f} ms"
    spread = "" if ping.get("rtt_max_ms") is None else f" ({ping['rtt_min_ms']:.1f} to {ping['rtt_max_ms']:.1f})"
    jitter = "" if ping.get("jitter_ms") is None else f", jitter {ping['jitter_ms']:.1f} ms"
    yield _line("ping", f"{figures.percent(ping['loss_ratio'])} lost{rtt}{spread}{jitter}")


def _cpu(content: Content) -> Iterable[str]:
    busy = [one for one in content.get("cpu", ()) if one["pct"] is not None]
    yield from _listed("cpu", sorted(busy, key=lambda one: -one["pct"]), lambda one: f"{one['pct']:.0f} %")


def _memory(content: Content) -> Iterable[str]:
    known = [one for one in content.get("memory", ()) if one["pct"] is not None]

    def text(one: Content) -> str:
        return f"{one['pct']:.0f} %" + (f" of {figures.octets(one['total'])}" if one["total"] else "")

    yield from _listed("memory", sorted(known, key=lambda one: -one["pct"]), text)


def _sensors(content: Content) -> Iterable[str]:
    for kind, rows in content.get("sensors", {}).items():
        wrong = [one for one in rows if one.get("status") in ("warning", "failed")]
        yield from _listed(kind, wrong, lambda one: str(one["status"]).upper())
        well = [one for one in rows if one not in wrong]
        if kind in SENSOR_UNITS:
            yield from _measured(kind, well)
        elif well:
            yield _line(kind, f"{sum(one.get('status') == 'ok' for one in well)} of {len(rows)} ok")


def _measured(kind: str, rows: Sequence[Content]) -> Iterable[str]:
    """The highest first."""
    quantity, form = SENSOR_UNITS[kind]
    told = [one for one in rows if one.get(quantity) is not None]
    yield from _listed(kind, sorted(told, key=lambda one: -one[quantity]), lambda one: form.format(one[quantity]))


def _ups(content: Content) -> Iterable[str]:
    ups = content.get("ups")
    if not ups:
        return
    said = ["ON BATTERY"] if ups["on_battery"] else []
    said += [f"charged {ups['charge_pct']:.0f} %"] if ups["charge_pct"] is not None else []
    said += [f"lasts {figures.duration(ups['minutes_left'] * 60)}"] if ups["minutes_left"] is not None else []
    said += [f"load {ups['load_pct']:.0f} %"] if ups["load_pct"] is not None else []
    yield _line("ups", ", ".join(said) or NOTHING)


def _optical(content: Content) -> Iterable[str]:
    lit = [one for one in content.get("optical", ()) if one.get("rx_dbm") is not None]

    def text(one: Content) -> str:
        sent = one.get("tx_dbm")
        return f"{one['rx_dbm']:.1f} dBm in" + ("" if sent is None else f", {sent:.1f} out")

    yield from _listed("optical", sorted(lit, key=lambda one: one["rx_dbm"]), text, name="interface")


def _routes(content: Content) -> Iterable[str]:
    known = [one for one in content.get("routes", ()) if one.get("routes") is not None]
    yield from _listed("routes", known, lambda one: f"{one['routes']:.0f}", name="table")


def _bgp(content: Content) -> Iterable[str]:
    peers = sorted(content.get("bgp", ()), key=lambda one: (one.get("state") == "established", one["peer"]))
    columns = (
        Column("bgp peer", flexible=True),
        Column("AS", right=True),
        Column("state"),
        Column("for", right=True),
        Column("prefixes", right=True),
        Column("description", flexible=True),
    )
    yield from _table(columns, [_bgp_cells(one) for one in peers])


def _bgp_cells(one: Content) -> tuple[str, ...]:
    since, prefixes = one.get("established_s"), one.get("prefixes_received")
    return (
        one_line(one.get("key") or one["peer"]),
        str(one.get("remote_as") or NOTHING),
        peer_state(one),
        figures.duration(since) if since is not None and one.get("state") == "established" else NOTHING,
        NOTHING if prefixes is None else f"{prefixes:.0f}",
        one_line(one.get("description") or ""),
    )


def peer_state(one: Content) -> str:
    """A planned shutdown is told from a failure (SEMANTICS 53)."""
    if one.get("present") is False:
        return "no longer told"
    state = one.get("state") or "unknown"
    planned = one.get("admin") == "stop" and state != "established"  # some agents say stop of a session that stands
    return f"{state}, shut down by an operator" if planned else state


def _ospf(content: Content) -> Iterable[str]:
    rows = [
        (
            one_line(one.get("key") or one["neighbour"]),
            one_line(one.get("router_id") or NOTHING),
            one.get("state") or "unknown",
        )
        for one in content.get("ospf", ())
    ]
    yield from _table((Column("ospf neighbour"), Column("router id"), Column("state")), rows)


def _neighbours(content: Content) -> Iterable[str]:
    rows = [
        tuple(one_line(one.get(key) or NOTHING) for key in ("interface", "system", "port", "protocol"))
        for one in content.get("neighbours", ())
    ]
    columns = (
        Column("interface", flexible=True),
        Column("neighbour", flexible=True),
        Column("its port", flexible=True),
        Column("by"),
    )
    yield from _table(columns, rows)


def _table(columns: Sequence[Column], rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    if rows:
        yield from plain_table(columns, [Line("", row) for row in rows], ROOM)


def _listed(kind: str, rows: Sequence[Content], text: Callable[[Content], str], *, name: str = "name") -> Iterable[str]:
    """Names with their figures, as many as MOST, wrapped by hand to the room there is."""
    said = [f"{one_line(one[name])} {text(one)}" for one in rows[:MOST]]
    said += [f"{len(rows) - MOST} more"] if len(rows) > MOST else []
    line = ""
    for one in said:
        if line and len(line) + len(one) + 2 > ROOM - LABEL:
            yield _line(kind, line)
            kind, line = "", ""
        line = f"{line}, {one}" if line else one
    if line:
        yield _line(kind, line)


def _line(label: str, text: str) -> str:
    return f"{label:<{LABEL}}{text}"


_SECTIONS = (
    _failing,
    _ping,
    _cpu,
    _memory,
    _sensors,
    _ups,
    _optical,
    _routes,
    _bgp,
    _ospf,
    _neighbours,
)
