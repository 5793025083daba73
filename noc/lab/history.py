"""Gives the metric store of a lab a past: weeks of traffic, round trips and states, as if a daemon had watched."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from inventory.calendar import DAY_S
from noc.config import Config
from noc.lab.doors import LabError
from noc.lab.mishaps import drawn
from noc.lab.past import Past
from noc.lab.setting import Setting
from noc.store.file import StoreMissing
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore

SEAL_EVERY: Final = 5  # days


@dataclass(frozen=True, slots=True)
class Wanted:
    """`growth` is a month's, as a ratio; the same `seed` gives the same past."""

    days: int
    seed: int = 0
    growth: float = 0.02


def give_past(config: Config, setting: Setting, wanted: Wanted, *, now: float, told: Callable[[int], None]) -> int:
    """Fill the store of `config` with the days before `now`, or before what it holds already; how many values.

    `told` hears of every day that is done. LabError when there is a past already,
    StoreError when the store cannot be written (a daemon runs).
    """
    until = _until(config, now)
    start = until - wanted.days * DAY_S
    acts = drawn(setting.inventory, start, until, wanted.seed)
    world = setting.world(start, wanted.seed, tuple(replace(act, at=act.at - start) for act in acts))
    config.data.dir.mkdir(parents=True, exist_ok=True)
    with MetricStore(config.metrics_file) as store:
        for number, batches in enumerate(Past(world, until=until, growth=wanted.growth).days()):
            store.append(batches)
            store.commit()
            if number % SEAL_EVERY == 0 and batches:
                store.seal(batches[-1].at)
            told(number)
        store.seal(until)
        return store.counters.values


def _until(config: Config, now: float) -> float:
    """Where what is known begins, a minute after `now` at most."""
    try:
        with MetricReader(config.metrics_file) as reader:
            first = reader.stats().first_at
    except StoreMissing:
        first = None
    if first is None or first > now:
        return now - now % 60
    if first < now - DAY_S:
        age = (now - first) / DAY_S
        raise LabError(f"{config.metrics_file} holds {age:.0f} days already; a past is given to a store that is new")
    return float(first - first % 60)
