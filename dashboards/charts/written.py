"""Columns of a chart as JSON text, all their numbers at once: made when somebody first draws them, kept for who does next."""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from dashboards.charts.columns import Columns, Floats, deltas, resolution_of, rounded
from inventory.quantities import QUANTITIES

BANDLESS: Final = frozenset(
    {"error/s", "packet/s", "state", "code", "bits", "bool"}
)  # units whose extremes are not drawn
EXACT: Final = 2.0**53  # past it floats are whole, and written with an exponent
_text: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Line(NamedTuple):
    """JSON of one quantity: arrays of its means, and of least and most where they are drawn, else ""."""

    mean: str
    least: str = ""
    most: str = ""


class Written:
    """Of columns that do not change; two threads that both make it make the same."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    @cached_property
    def _at(self) -> str:
        return _text(deltas(self._columns.at))

    @cached_property
    def _lines(self) -> dict[str, Line]:
        names, least, most = self._columns.quantities, self._columns.least, self._columns.most
        banded = [] if least is None or most is None else [name for name in names if _unit(name) not in BANDLESS]
        places = [names.index(name) for name in banded]
        parts = [self._columns.mean, *(part[places] for part in (least, most) if part is not None and banded)]
        texts = arrays(np.concatenate(parts), [*names, *banded, *banded] if banded else names)
        bands = dict(
            zip(banded, zip(texts[len(names) :], texts[len(names) + len(banded) :], strict=False), strict=True)
        )
        return {name: Line(text, *bands.get(name, ())) for name, text in zip(names, texts, strict=False)}

    def panel(self, quantities: Sequence[str], label: Callable[[str], str]) -> str:
        """A JSON object without its closing brace. `label`: a quantity as people call it."""
        series = ",".join(self._series(name, label(name)) for name in quantities)
        return f'{{"step":{self._columns.step_s},"at":{self._at},"series":[{series}]'

    def _series(self, name: str, label: str) -> str:
        line = self._lines[name]
        head = _text({"quantity": name, "unit": _unit(name), "label": label})[:-1]
        extremes = f',"least":{line.least},"most":{line.most}' if line.least else ""
        return f'{head},"mean":{line.mean}{extremes}}}'


def arrays(values: Floats, quantities: Sequence[str]) -> list[str]:
    """A JSON array for each line of `values` (quantities x instants): as `short` has it, number for number."""
    few = rounded(values, np.array([[resolution_of(name)] for name in quantities])) + 0.0  # no minus before a zero
    return [_array(line) for line in few]


def _array(line: Floats) -> str:
    unknown = np.flatnonzero(~np.isfinite(line))
    if not len(unknown) and len(line) > 1 and bool((line == line[0]).all()):
        return f"[{','.join([_array(line[:1])[1:-1]] * len(line))}]"
    line = np.nan_to_num(line, posinf=0.0, neginf=0.0) if len(unknown) else line
    giant = bool((np.abs(line) > EXACT).any())
    whole = not giant and bool((line == np.floor(line)).all())
    numbers: list[float | int | None] = (line.astype(np.int64) if whole else line).tolist()
    if giant:
        numbers = [int(one) if one == int(one) else one for one in line.tolist()]
    for place in unknown.tolist():
        numbers[place] = None
    text = _text(numbers)
    return text if whole else text.replace(".0,", ",").replace(".0]", "]")


def _unit(name: str) -> str:
    quantity = QUANTITIES.get(name)
    return quantity.unit if quantity else ""
