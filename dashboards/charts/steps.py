"""Which step a chart is drawn at: as polled for hours, five minutes for days, hours for months, days and months for years."""

from typing import Final, NamedTuple

from inventory.calendar import DAY_S, SLOT_S

HOUR_S: Final = 3600
MONTH_S: Final = 2_592_000  # what stands for local months, whatever their length
POINTS: Final = 1500  # of one series at most


class Layer(NamedTuple):
    """`word` stands in addresses; `step_s` is what the store is asked for, up to `reach_s` by itself."""

    word: str
    step_s: int
    reach_s: int


LAYERS: Final = (
    Layer("poll", 0, 6 * HOUR_S),
    Layer("5min", SLOT_S, 15 * DAY_S),
    Layer("hour", HOUR_S, 200 * DAY_S),
    Layer("day", DAY_S, 4 * 366 * DAY_S),
    Layer("month", MONTH_S, 200 * 366 * DAY_S),
)
BY_WORD: Final = {layer.word: layer for layer in LAYERS}
_TIMES: Final = (1, 2, 3, 4, 6, 12)  # so that an hour, and a day, is made of whole ones


def layer_of(span_s: int) -> Layer:
    """The finest layer that is meant for so long a range."""
    return next((layer for layer in LAYERS if span_s <= layer.reach_s), LAYERS[-1])


def times_of(span_s: int, step_s: int, points: int = POINTS) -> int:
    """How many slots become one point, so that a range has at most `points`; 1 for what cannot be merged."""
    if step_s in (0, MONTH_S):
        return 1
    needed = -(-span_s // (step_s * points))
    return next((times for times in _TIMES if times >= needed), _TIMES[-1])
