"""The pictures of a report: which chart is drawn of which figures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from dashboards.reports.chart import Chart, svg

Content = Mapping[str, Any]
Words = Mapping[str, str]
MOST_BARS: Final = 15


def charts(content: Content, words: Words) -> list[str]:
    """As SVG, in the order in which they stand on the page."""
    drawn = {"sla": _sla, "capacity": _capacity, "iru": _iru}[content["report"]](content, words)
    return [svg(chart, number) for number, chart in enumerate(drawn)]


def _label(row: Mapping[str, Any], content: Content) -> str:
    return str(row["name_sw" if content["made"]["language"] == "sw" else "name"])


def _sla(content: Content, words: Words) -> Iterable[Chart]:
    sites = [row for row in content["figures"] if row["kind"] == "site" and row["down_s"]]
    worst = sorted(sites, key=lambda row: (-row["down_s"], row["key"]))[:MOST_BARS]
    if worst:
        lines = {words["down_s"]: [row["down_s"] / 3600 for row in reversed(worst)]}
        yield Chart(words["chart: worst"], [_label(row, content) for row in reversed(worst)], lines, "bars")


def _capacity(content: Content, words: Words) -> Iterable[Chart]:
    yield from _days(content, words)
    busy: dict[str, dict[str, Any]] = {}
    for row in content["figures"]:
        if row["kind"] == "site" and row["rank"] <= MOST_BARS:
            busy.setdefault(_label(row, content), {})[row["direction"]] = row["utilisation"]
    if busy and not content["institution"]:
        names = list(reversed(busy))
        lines = {words[f"direction: {way}"]: [_percent(busy[name].get(way)) for name in names] for way in ("in", "out")}
        yield Chart(words["chart: busiest"], names, lines, "bars")


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else ratio * 100


def _iru(content: Content, words: Words) -> Iterable[Chart]:
    contracts = [row for row in content["figures"] if row["kind"] == "contract"]
    if contracts:
        labels = [f"{_label(row, content)}, {words['direction: ' + row['direction']]}" for row in reversed(contracts)]
        parts = ("allocated_bps", "reserved_bps", "free_bps")
        lines = {words[part]: [max(0, row[part]) / 1e6 for row in reversed(contracts)] for part in parts}
        yield Chart(words["chart: held"], labels, lines, "stack")
    yield from _days(content, words)


def _days(content: Content, words: Words) -> Iterable[Chart]:
    """Each contract's days, in and out, below what it delivers."""
    bases = {
        row["key"]: (_label(row, content), row["base_bps"])
        for row in content["figures"]
        if row["kind"] == "contract" and row["direction"] == "in"
    }
    for key, (name, base_bps) in bases.items():
        own = {row["direction"]: _mega(row["p95_bps"]) for row in content["days"] if row["key"] == key}
        if not any(value is not None for values in own.values() for value in values):
            continue
        lines = {words[f"direction: {way}"]: values for way, values in own.items()}
        count = max(map(len, own.values()))
        lines[words["chart: delivered"]] = [base_bps / 1e6] * count
        labels = [str(day) for day in range(1, count + 1)]
        yield Chart(words["chart: days"].format(name=name), labels, lines)


def _mega(values: Sequence[int | None]) -> list[float | None]:
    return [None if value is None else value / 1e6 for value in values]
