"""Time series over the API: any measured subject over any range, never more points than can be looked at."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

import numpy as np
from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.charts.asked import MOST_S
from dashboards.charts.asked import Asked as Range
from dashboards.charts.columns import Columns, fewer, short
from dashboards.charts.panel import QUANTITIES_MOST, Subject
from dashboards.charts.steps import BY_WORD, LAYERS, MONTH_S, POINTS, Layer, layer_of
from dashboards.figures import iso
from dashboards.web.api import models_series as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.pages import ListQuestion, Question
from dashboards.web.api.reading import reading
from dashboards.web.api.times import Moment
from dashboards.web.refusal import BadQuestion
from inventory.calendar import DAY_S
from inventory.mistakes import did_you_mean
from inventory.quantities import QUANTITIES

Word = Annotated[str, Field(min_length=1, max_length=100)]
FINEST_S: Final = 30  # how far apart polls are at the least
LEAST: Final = 140  # months of eleven years, which cannot be merged
TIMES: Final = 12  # slots that become one point, at most
MERGED: Final = (300, 3600, 86400)


class SeriesQuestion(Question):
    """Of one subject, over one range."""

    measurement: Annotated[Word, Field(examples=["interface"])]
    scope: Annotated[str, Field(max_length=200, description="Key of the device that was asked, or empty.")] = ""
    row: Annotated[
        str, Field(max_length=200, description="Interface, link, circuit, device ...", examples=["ge-0/0/0"])
    ]
    quantity: Annotated[
        Sequence[Word], Field(min_length=1, max_length=QUANTITIES_MOST, examples=[["in_bps", "out_bps"]])
    ]
    since: Annotated[Moment | None, Field(alias="from", description="First instant; without it a day before `to`.")] = (
        None
    )
    until: Annotated[Moment | None, Field(alias="to", description="Up to here, exclusive; without it now.")] = None
    step: Annotated[
        Literal["poll", "5min", "hour", "day", "month"] | None,
        Field(description="As it is kept; without it the finest that such a range can be told in."),
    ] = None
    points: Annotated[int, Field(ge=LEAST, le=POINTS, description="Of each quantity, at most; a gap may add one.")] = (
        POINTS
    )


def series(asked: Asking, question: Annotated[SeriesQuestion, Query()]) -> Response:
    """Mean, least and most of each slot; null where nothing is known. Instants are UTC seconds, each a slot's start."""
    sight = asked.sight
    names = tuple(dict.fromkeys(question.quantity))
    span = _range(question, int(sight.now), names)
    subject = Subject(question.measurement, question.scope, question.row, names)

    def make() -> dict[str, Any]:
        columns = _few(sight.charts.drawn([subject], span)[0].columns, question.points)
        return {
            "at": iso(sight.now),
            "measurement": subject.measurement,
            "scope": subject.scope,
            "row": subject.row,
            "from": iso(span.start),
            "to": iso(span.end),
            "step_s": columns.step_s,
            "times": columns.at.tolist(),
            "series": [_series(columns, place) for place in range(len(names))],
        }

    ended = span.end < sight.now - DAY_S
    return asked.told(make, (span.start, span.end) if ended else (sight.now // 10, asked.standing()))


def quantities(asked: Asking, question: Annotated[ListQuestion, Query()]) -> Response:
    """What is measured, in which unit, and how finely it is kept."""

    def make() -> dict[str, Any]:
        shown = asked.page(sorted(QUANTITIES), lambda key: (key,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(QUANTITIES),
            "quantities": [_quantity(key) for key in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make)


def _quantity(key: str) -> dict[str, Any]:
    one = QUANTITIES[key]
    return {"key": key, "unit": one.unit, "label": one.label, "resolution": one.resolution}


def _range(question: SeriesQuestion, now: int, names: Sequence[str]) -> Range:
    """What is asked of the store; BadQuestion with all mistakes."""
    end = int(question.until.timestamp()) if question.until else now
    start = int(question.since.timestamp()) if question.since else end - DAY_S
    layer = BY_WORD[question.step] if question.step else _layer(end - start, question.points)
    problems = {
        f"quantity.{place}": f"{name!r} is not measured" + _hint(name)
        for place, name in enumerate(names)
        if name not in QUANTITIES
    }
    if start >= now:
        problems["from"] = "that is still to come"
    elif end <= start:
        problems["to"] = "it ends before it begins"
    elif end - start > MOST_S:
        problems["from"] = "a range of eleven years at most: longer than that nothing is kept"
    elif LAYERS.index(layer) < LAYERS.index(layer_of(end - start)) and _points(layer.step_s, end - start) > POINTS:
        problems["step"] = f"too fine for so long a range: at most {POINTS} points; leave it away, or ask for less"
    elif not layer.step_s and _points(0, end - start) > question.points:
        problems["points"] = "polls are told one by one: more points, a shorter range, or another step"
    if problems:
        raise BadQuestion("; ".join(f"{name}: {said}" for name, said in problems.items()), problems)
    return Range(start, min(end, now), layer, points=question.points)


def _layer(span_s: int, points: int) -> Layer:
    """The finest that so long a range can be told in with so many points."""
    own = LAYERS.index(layer_of(span_s))
    fit = (
        one for one in LAYERS[own:] if _points(one.step_s, span_s) <= points * (TIMES if one.step_s in MERGED else 1)
    )
    return next(fit, LAYERS[-1])


def _points(step_s: int, span_s: int) -> int:
    return span_s // max(step_s, FINEST_S)


def _few(columns: Columns, points: int) -> Columns:
    """A step that was asked for, and is finer than the points, is merged as far as slots can be."""
    if columns.step_s in (0, MONTH_S) or len(columns.at) <= points:
        return columns
    return fewer(columns, -(-len(columns.at) // points))


def _hint(name: str) -> str:
    hint = did_you_mean(name, QUANTITIES)
    return f" ({hint})" if hint else "; /api/v1/quantities lists what is"


def _series(columns: Columns, place: int) -> dict[str, Any]:
    name = columns.quantities[place]
    found: dict[str, Any] = {"quantity": name, "unit": QUANTITIES[name].unit}
    for key, values in (("mean", columns.mean), ("least", columns.least), ("most", columns.most)):
        found[key] = None if values is None else short(np.asarray(values[place]), name)
    return found


ROUTES: Final = (
    reading("/series", series, models.Series, "A time series"),
    reading("/quantities", quantities, models.QuantityList, "What is measured"),
)
