"""The first polls after a start: who answers is known soon, and nobody is asked twice within the first seconds."""

from collections.abc import Iterator
from typing import NamedTuple

from collectors.contract import Target
from inventory.model import Device
from noc.polling import Polling
from noc.rounds import COLLECTOR
from noc.schedule import phase_s
from noc.wiring import House, targets

FIRST = ("interfaces", "system")
FIRST_S = 10.0  # these are spread over so long, more where there are more than FIRST_RATE a second
FIRST_RATE = 200
REST_S = 30.0  # the rest follows, spread over so long: it leans on the interface lists
REST_RATE = 50


class Warm(NamedTuple):
    """One poll outside its turn."""

    after_s: float
    polling: Polling
    target: Target


def first_polls(house: House, now: float) -> Iterator[Warm]:
    """Who is asked early; not whose own turn comes soon anyway."""
    devices = house.network.inventory.devices.values()
    half_s = house.pollings["interfaces"].every_s / 2
    first_s = min(max(FIRST_S, len(devices) / FIRST_RATE), half_s)
    rest_s = max(REST_S, len(devices) / REST_RATE)
    for device in devices:
        for warm in _of(house, device, first_s, rest_s):
            turn_s = (phase_s(warm.target.key, warm.target.every_s) - now) % warm.target.every_s
            if turn_s > first_s + warm.after_s:
                yield warm


def _of(house: House, device: Device, first_s: float, rest_s: float) -> Iterator[Warm]:
    for polling, target in targets(house, device):
        key = f"{target.key}/warm"
        if target.collector in FIRST:
            yield Warm(phase_s(key, first_s), polling, target)
        elif target.collector != COLLECTOR:
            yield Warm(first_s + phase_s(key, rest_s), polling, target)
