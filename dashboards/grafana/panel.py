"""What stands on a Grafana dashboard: panels with InfluxQL queries, variables, and how both become Grafana's JSON.

Everything Grafana can leave to its defaults is left to them, so that several versions (9 and later) read the same files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

SOURCE: Final = {"type": "influxdb", "uid": "govnet-noc"}
COLUMNS: Final = 24  # of Grafana's grid

Kind = Literal["timeseries", "stat", "table", "state-timeline", "bargauge"]


@dataclass(frozen=True, slots=True)
class Query:
    """Fields (an InfluxQL expression each, with its alias) of one measurement; `per` are tags that make a series each.

    `every`: grouped by time, so that any range has about as many points as the panel is wide. `below`: drawn under the
    axis (what goes out). `legend`: Grafana's alias pattern, `$tag_link` and the like.
    """

    measurement: str
    select: str
    where: str = ""
    per: tuple[str, ...] = ()
    every: bool = True
    legend: str = "$col"
    table: bool = False
    fill: str = "null"

    @property
    def influxql(self) -> str:
        meant = " AND ".join(part for part in (self.where, "$timeFilter") if part)
        groups = [*(["time($__interval)"] if self.every else []), *(f'"{tag}"' for tag in self.per)]
        grouped = f" GROUP BY {', '.join(groups)}" if groups else ""
        filled = f" fill({self.fill})" if self.every else ""
        return f'SELECT {self.select} FROM "{self.measurement}" WHERE {meant}{grouped}{filled}'


@dataclass(frozen=True, slots=True)
class Panel:
    """`unit` is Grafana's ("bps", "percentunit", "ms"). `below`: legends drawn under the axis. `words`: value -> what it
    means, with its colour. `levels`: from which value on which colour.
    """

    title: str
    kind: Kind
    queries: tuple[Query, ...]
    unit: str = "short"
    width: int = 12
    height: int = 8
    below: str = ""
    words: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    levels: tuple[tuple[float | None, str], ...] = ()
    about: str = ""
    back: str = ""  # looks back so far whatever the range is ("2d"): for states, which are told when they change
    reduced: str = "lastNotNull"
    least: float | None = None
    most: float | None = None
    names: str = ""  # a part of each legend to take away, a regular expression


@dataclass(frozen=True, slots=True)
class Variable:
    """What a dashboard is asked about: `query` of the server, or `pairs` (text, value) known beforehand."""

    name: str
    label: str
    query: str = ""
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """`uid` is in its address for ever."""

    uid: str
    title: str
    about: str
    panels: tuple[Panel, ...]
    variables: tuple[Variable, ...] = ()
    since: str = "now-24h"


def as_json(board: Board) -> dict[str, Any]:
    """What `dashboards/*.json` holds."""
    return {
        "uid": board.uid,
        "title": board.title,
        "description": board.about,
        "tags": ["govnet-noc"],
        "timezone": "Africa/Dar_es_Salaam",
        "schemaVersion": 36,
        "version": 1,
        "editable": False,
        "refresh": "30s",
        "time": {"from": board.since, "to": "now"},
        "templating": {"list": [_variable(one) for one in board.variables]},
        "links": [{"type": "dashboards", "title": "GovNet NOC", "tags": ["govnet-noc"], "asDropdown": True}],
        "panels": _laid_out(board.panels),
    }


def _laid_out(panels: Sequence[Panel]) -> list[dict[str, Any]]:
    """In rows, from left to right; a row is as high as its highest panel."""
    found, x, y, row = [], 0, 0, 0
    for number, panel in enumerate(panels, 1):
        if x + panel.width > COLUMNS:
            x, y, row = 0, y + row, 0
        place = {"x": x, "y": y, "w": panel.width, "h": panel.height}
        found.append({"id": number, "gridPos": place, **_panel(panel)})
        x, row = x + panel.width, max(row, panel.height)
    return found


def _panel(panel: Panel) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "targets": [_target(query, chr(ord("A") + place)) for place, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _defaults(panel), "overrides": _overrides(panel)},
        "options": _options(panel),
        "transformations": _renamed(panel.names),
    }
    return {**told, **({"timeFrom": panel.back} if panel.back else {})}


def _target(query: Query, letter: str) -> dict[str, Any]:
    return {
        "refId": letter,
        "datasource": SOURCE,
        "rawQuery": True,
        "query": query.influxql,
        "resultFormat": "table" if query.table else "time_series",
        "alias": query.legend,
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    steps = [{"value": value, "color": colour} for value, colour in panel.levels]
    words = {str(value): {"text": text, "color": colour} for value, (text, colour) in panel.words.items()}
    found: dict[str, Any] = {"unit": panel.unit}
    if panel.kind == "timeseries":
        found["custom"] = {"lineWidth": 1, "fillOpacity": 8, "spanNulls": False, "showPoints": "never"}
    if panel.least is not None:
        found["min"] = panel.least
    if panel.most is not None:
        found["max"] = panel.most
    if steps:
        found["thresholds"] = {"mode": "absolute", "steps": steps}
    if words:
        found["mappings"] = [{"type": "value", "options": words}]
    return found


def _overrides(panel: Panel) -> list[dict[str, Any]]:
    if not panel.below:
        return []
    meant = {"id": "byRegexp", "options": f"/{panel.below}/"}
    return [{"matcher": meant, "properties": [{"id": "custom.transform", "value": "negative-Y"}]}]


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "timeseries":
        return {
            "tooltip": {"mode": "multi", "sort": "desc"},
            "legend": {"displayMode": "list", "placement": "bottom", "calcs": []},
        }
    if panel.kind in ("stat", "bargauge"):
        shown: dict[str, Any] = {"reduceOptions": {"calcs": [panel.reduced], "values": False, "fields": ""}}
        return {**shown, "orientation": "horizontal"} if panel.kind == "bargauge" else {**shown, "graphMode": "none"}
    return {"showValue": "never"} if panel.kind == "state-timeline" else {}


def _renamed(pattern: str) -> list[dict[str, Any]]:
    return [{"id": "renameByRegex", "options": {"regex": pattern, "renamePattern": "$1"}}] if pattern else []


def _variable(one: Variable) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "label": one.label, "multi": False, "includeAll": False}
    if one.query:
        return {**told, "type": "query", "datasource": SOURCE, "query": one.query, "refresh": 2, "sort": 1}
    listed = ", ".join(f"{_plain(text)} : {_plain(value)}" for text, value in one.pairs)
    return {**told, "type": "custom", "query": listed}


def _plain(text: str) -> str:
    """Grafana parts the list at commas, and text from value at a colon between blanks."""
    return text.replace(",", "\\,")
