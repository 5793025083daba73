"""What a chart shows as CSV: of what, in which units and zone and by which step stands above, then a line for each instant."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dashboards.charts.asked import ZONE, Asked, local
from dashboards.charts.columns import Columns
from dashboards.charts.panel import Subject
from dashboards.charts.strip import Part
from dashboards.spreadsheet import guarded, written
from inventory.quantities import QUANTITIES


def sheet(
    drawn: Iterable[tuple[Subject, Columns]], asked: Asked, strip: Iterable[Part], reasons: Mapping[str, str]
) -> str:
    """Panels one below the other, each with its head."""
    rows: list[Sequence[str]] = []
    for subject, columns in drawn:
        rows += [*_head(subject, columns, asked), *_lines(columns), []]
    parts = [
        [local(one.start), local(one.end), one.state, guarded(reasons.get(one.reason, one.reason))] for one in strip
    ]
    if parts:
        rows += [["from", "to", "state", "reason"], *parts]
    return written(rows)


def _head(subject: Subject, columns: Columns, asked: Asked) -> Iterator[Sequence[str]]:
    where = [subject.measurement, *filter(None, [subject.scope]), subject.row]
    yield ["# subject", *(guarded(text) for text in where)]
    yield ["# range", local(asked.start), local(asked.end)]
    yield ["# zone", f"{ZONE} (EAT, UTC+3)"]
    yield ["# step", _step(columns.step_s)]
    yield list(_titles(columns))


def _step(step_s: int) -> str:
    return "as polled" if not step_s else "month" if step_s > 20 * 86_400 else f"{step_s} s"


def _titles(columns: Columns) -> Iterator[str]:
    yield "time"
    for name in columns.quantities:
        quantity = QUANTITIES.get(name)
        unit = f" [{quantity.unit}]" if quantity else ""
        yield f"{name}{unit}"
        if columns.least is not None and columns.most is not None:
            yield f"{name} min{unit}"
            yield f"{name} max{unit}"


def _lines(columns: Columns) -> Iterator[Sequence[str]]:
    rows = []
    for place in range(len(columns.quantities)):
        rows.append(columns.mean[place])
        if columns.least is not None and columns.most is not None:
            rows += [columns.least[place], columns.most[place]]
    every = [row.tolist() for row in rows]
    for number, at in enumerate(columns.at.tolist()):
        yield [local(at), *(_number(row[number]) for row in every)]


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"
