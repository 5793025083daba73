"""The documents of the API that tell what was measured."""

from typing import Annotated

from pydantic import ConfigDict, Field

from dashboards.web.api.models import Listed, Time, Told

Values = list[float | None]


class OneSeries(Told):
    """Of one quantity; as many values as `times`. `least` and `most` are null where every poll is told."""

    quantity: str
    unit: str
    mean: Values
    least: Values | None
    most: Values | None


class Series(Told):
    """Of one subject; a gap has an instant of nothing known."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    at: Time
    measurement: str
    scope: str
    row: str
    since: Annotated[Time, Field(alias="from")]
    until: Annotated[Time, Field(alias="to")]
    step_s: Annotated[int, Field(description="Of a point; 0: as polled, 2592000: a local month.")]
    times: Annotated[list[int], Field(description="UTC seconds, rising.")]
    series: list[OneSeries]


class Quantity(Told):
    """Something that is measured."""

    key: str
    unit: str
    label: str
    resolution: float


class QuantityList(Listed):
    """What is measured."""

    quantities: list[Quantity]
