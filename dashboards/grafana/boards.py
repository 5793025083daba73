"""The five Grafana dashboards: overview, site, link, IRU, and the NOC's own health; their fields are docs/influxdb.md's."""

import re
from collections.abc import Iterable
from typing import Final

from dashboards.grafana.panel import Board, Panel, Query, Variable
from inventory.model import Inventory

# calm is grey, colour means act
GREY, BLUE, YELLOW, ORANGE, RED, PURPLE = "#8e8e8e", "#56b4e9", "#f0e442", "#e69f00", "#d55e00", "#cc79a7"
STATES: Final = {
    0: ("up", GREY),
    1: ("degraded", YELLOW),
    2: ("unknown", BLUE),
    3: ("unreachable", PURPLE),
    4: ("down", RED),
}
WRONG: Final = {0: ("fine", GREY), 1: ("failing", RED)}
LEVELS: Final = ((None, GREY), (0.8, YELLOW), (0.9, ORANGE))
DAYS: Final = ((None, RED), (30.0, ORANGE), (90.0, GREY))
NOTHING: Final = "-"  # no circuit has this key


def boards(inventory: Inventory) -> tuple[Board, ...]:
    """What depends on the inventory is which devices stand at a site and which circuit carries a link."""
    return (overview(), site(inventory), link(inventory), iru(), own_health())


def overview() -> Board:
    return Board(
        "govnet-noc-overview",
        "GovNet: overview",
        "How the network stands. What is down is broken; what is unreachable only hangs behind it.",
        (
            _states("Sites", "site", width=24, height=12),
            _bars("Links, in of the contracted rate", "link", 'last("in_util_ratio")'),
            _bars("Links, out of the contracted rate", "link", 'last("out_util_ratio")'),
            Panel(
                "Submarine circuits and exchange",
                "timeseries",
                (_rates("circuit_traffic", ("circuit",)),),
                unit="bps",
                width=16,
                below="out$",
            ),
            Panel(
                "Cables that carry",
                "stat",
                (Query("diversity", 'last("diversity")', per=("part",), every=False, legend="$tag_part"),),
                width=8,
                words={0: ("none", RED), 1: ("one", ORANGE), 2: ("both", GREY)},
            ),
        ),
    )


def site(inventory: Inventory) -> Board:
    """A site's tag carries no devices: which stand there is written into the dashboard, from the inventory."""
    pairs = tuple((key, _any_of(device.key for device in inventory.devices_at[key])) for key in inventory.sites)
    at = '"device" =~ /^(${site:raw})$/'
    return Board(
        "govnet-noc-site",
        "GovNet: site",
        "One site: its state, its devices, and what their interfaces carry.",
        (
            _states("Site", "site", where="\"site\" = '${site:text}'", width=24, height=3),
            _states("Devices", "device", where=at, width=24, height=5),
            Panel(
                "Round trip",
                "timeseries",
                (Query("liveness", 'mean("rtt_ms") AS "rtt"', at, ("device",), legend="$tag_device"),),
                unit="ms",
                least=0,
            ),
            Panel(
                "Loss",
                "timeseries",
                (Query("liveness", 'mean("loss_ratio") AS "loss"', at, ("device",), legend="$tag_device"),),
                unit="percentunit",
                least=0,
                most=1,
            ),
            Panel(
                "Interfaces",
                "timeseries",
                (_rates("interface", ("device", "interface"), at),),
                unit="bps",
                width=24,
                height=10,
                below="out$",
            ),
            _part("Processor", "cpu", "cpu_ratio", at, "percentunit"),
            _part("Temperature", "temperature", "temperature_c", at, "celsius"),
        ),
        (Variable("site", "Site", pairs=pairs),),
    )


def link(inventory: Inventory) -> Board:
    """The variable's text is the link, its value the circuit that carries it."""
    pairs = tuple((one.key, one.circuit or NOTHING) for one in inventory.links.values())
    mine, carried = "\"link\" = '${link:text}'", "\"circuit\" = '${link:raw}'"
    return Board(
        "govnet-noc-link",
        "GovNet: link",
        "One link: in above the axis, out below, against what is contracted; round trip and loss of its circuit.",
        (
            _states("State", "link", where=mine, width=24, height=3),
            Panel("In and out", "timeseries", (_rates("link", (), mine),), unit="bps", width=24, below="^out$"),
            Panel(
                "Of the contracted rate",
                "timeseries",
                (Query("link", 'mean("in_util_ratio") AS "in", mean("out_util_ratio") AS "out"', mine),),
                unit="percentunit",
                least=0,
                levels=LEVELS,
            ),
            Panel(
                "Errors and discards a second",
                "timeseries",
                (Query("link", _means("in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"), mine),),
                least=0,
            ),
            Panel("Round trip", "timeseries", (Query("circuit", _means("rtt_ms"), carried),), unit="ms", least=0),
            Panel(
                "Loss", "timeseries", (Query("circuit", _means("loss_ratio"), carried),), unit="percentunit", least=0
            ),
            Panel(
                "A year, by the hour: mean, least, most",
                "timeseries",
                (
                    Query(
                        "link_1h",
                        'mean("mean_in_bps") AS "in", min("min_in_bps") AS "least in", max("max_in_bps") AS "most in"',
                        mine,
                    ),
                ),
                unit="bps",
                width=24,
                back="365d",
            ),
        ),
        (Variable("link", "Link", pairs=pairs),),
    )


def iru() -> Board:
    mine = "\"contract\" = '$contract'"
    return Board(
        "govnet-noc-iru",
        "GovNet: IRU",
        "What was bought of whom, what of it is free, and until when it lasts. Percentiles are of five-minute means.",
        (
            _figure("Free, in", "free_in_bps", mine, "bps", ((None, RED), (0.0, GREY))),
            _figure("95th percentile, of what is delivered", "p95_ratio", mine, "percentunit", LEVELS),
            _figure("Days to the headroom date", "headroom_days", mine, "d", DAYS),
            _figure("Days to the contract's end", "days_left", mine, "d", DAYS),
            Panel(
                "95th percentile of 30 days",
                "timeseries",
                (Query("contract", 'last("in_p95_bps") AS "in", last("out_p95_bps") AS "out"', mine, fill="previous"),),
                unit="bps",
                below="^out$",
                width=24,
            ),
            Panel(
                "Circuits",
                "timeseries",
                (_rates("circuit_traffic", ("circuit",)),),
                unit="bps",
                width=24,
                below="out$",
            ),
            Panel(
                "Who holds what, and what of it is used",
                "table",
                (
                    Query(
                        "allocation",
                        'last("commit_in_bps") AS "committed in", last("in_p95_bps") AS "p95 in", '
                        'last("commit_out_bps") AS "committed out", last("out_p95_bps") AS "p95 out"',
                        per=("institution",),
                        every=False,
                        table=True,
                    ),
                ),
                unit="bps",
                width=24,
                height=12,
                back="2d",
            ),
        ),
        (Variable("contract", "Contract", query='SHOW TAG VALUES FROM "contract" WITH KEY = "contract"'),),
        since="now-90d",
    )


def own_health() -> Board:
    each = ("collector",)
    return Board(
        "govnet-noc-health",
        "GovNet: the NOC itself",
        "Whether the NOC can be believed: does it poll in time, does anybody answer, does anything of its own fail.",
        (
            Panel(
                "What fails",
                "state-timeline",
                (Query("own", 'max("failing")', per=("part",), legend="$tag_part"),),
                width=24,
                words=WRONG,
            ),
            Panel("Watching", "state-timeline", (_state_query("watch"),), width=24, height=3, words=STATES, back="2d"),
            Panel(
                "Polls answered",
                "timeseries",
                (Query("poll", 'mean("answered") AS "answered"', per=each, legend="$tag_collector"),),
                unit="percentunit",
                least=0,
                most=1,
            ),
            Panel(
                "Lateness of polls, 99th percentile",
                "timeseries",
                (Query("poll", 'percentile("late_ms", 99) AS "late"', per=each, legend="$tag_collector"),),
                unit="ms",
                least=0,
            ),
            Panel(
                "Duration of polls, mean",
                "timeseries",
                (Query("poll", 'mean("duration_ms") AS "duration"', per=each, legend="$tag_collector"),),
                unit="ms",
                least=0,
            ),
            Panel(
                "Slowest devices",
                "bargauge",
                (Query("poll", 'mean("duration_ms")', per=("device",), every=False, legend="$tag_device"),),
                unit="ms",
                about="Mean duration of a poll over the range.",
                reduced="mean",
            ),
        ),
        since="now-6h",
    )


def _states(title: str, kind: str, *, where: str = "", width: int, height: int) -> Panel:
    """Changes, and how everything stood at the beginning of each day: two days back there is always one."""
    return Panel(
        title,
        "state-timeline",
        (_state_query(kind, where),),
        width=width,
        height=height,
        words=STATES,
        back="2d",
        about="Told when it changes and at the beginning of each day.",
    )


def _state_query(kind: str, where: str = "") -> Query:
    return Query(f"{kind}_state", 'last("state")', where, (kind,), legend=f"$tag_{kind}", fill="previous")


def _bars(title: str, tag: str, select: str) -> Panel:
    query = Query(tag, select, per=(tag,), every=False, legend=f"$tag_{tag}")
    return Panel(title, "bargauge", (query,), "percentunit", least=0, most=1, levels=LEVELS, back="5m", height=10)


def _rates(measurement: str, per: tuple[str, ...], where: str = "") -> Query:
    legend = " ".join([*(f"$tag_{tag}" for tag in per), "$col"])
    return Query(measurement, 'mean("in_bps") AS "in", mean("out_bps") AS "out"', where, per, legend=legend)


def _means(*fields: str) -> str:
    return ", ".join(f'mean("{name}") AS "{name}"' for name in fields)


def _part(title: str, measurement: str, name: str, where: str, unit: str) -> Panel:
    query = Query(measurement, f'mean("{name}")', where, ("device", "part"), legend="$tag_device $tag_part")
    return Panel(title, "timeseries", (query,), unit=unit)


def _figure(title: str, name: str, where: str, unit: str, levels: tuple[tuple[float | None, str], ...]) -> Panel:
    query = Query("contract", f'last("{name}")', where, every=False)
    return Panel(title, "stat", (query,), unit=unit, width=6, height=4, levels=levels, back="2d")


def _any_of(keys: Iterable[str]) -> str:
    """A regular expression for exactly these; a slash would end it."""
    return "|".join(re.escape(key).replace("/", r"\/") for key in keys) or NOTHING
