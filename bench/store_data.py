"""What the store benches are about: interfaces of 149 devices each minute, some of them for a month, and a year of hours.

Traffic has a day and a week in it, wanders, saturates and fails; ten of a device's 24 ports carry something, the others
idle or are down. Values are whole numbers in SI units. The same seed gives the same network.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

DEVICES, PORTS = 149, 24
BUSY = 10
FIELDS = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"),
    *("oper_status", "admin_status", "flags", "a_speed_bps"),
)
IN, OUT, OPER, SPEED = 0, 1, 8, 11
START = 1_788_220_800  # midnight UTC
WIDE = 180  # minutes that every device has
HOURS = 8760

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """`deep` is fields x instants x ports of the first devices, `wide` the same of all in the last minutes; `year` mean and
    most of in by hour x ports of the first devices."""

    at: Ints
    deep: Ints
    wide: Ints
    hour_at: Ints
    year: Ints

    @property
    def deep_ports(self) -> int:
        return self.deep.shape[2]

    @property
    def now(self) -> int:
        return int(self.at[-1])

    @property
    def wide_at(self) -> Ints:
        return self.at[-WIDE:]

    def column(self, field: int, port: int) -> tuple[Ints, Ints]:
        """What there is of one port: instants and values."""
        if port < self.deep_ports:
            return self.at, self.deep[field, :, port]
        return self.wide_at, self.wide[field, :, port]


def network(days: int, deep_devices: int, seed: int = 1) -> Network:
    at = START + 60 * np.arange(1, days * 1440 + 1, dtype=np.int64)
    ports = deep_devices * PORTS
    deep = np.stack([_port(port, at, seed) for port in range(ports)], axis=-1)
    rest = np.stack([_port(port, at[-WIDE:], seed + 1) for port in range(ports, DEVICES * PORTS)], axis=-1)
    hour_at = at[-1] - 3600 * HOURS + 3600 * np.arange(HOURS, dtype=np.int64)
    hours = np.stack([_port(port, hour_at, seed + 2)[IN] for port in range(ports)], axis=-1)
    return Network(
        at, deep, np.concatenate([deep[:, -WIDE:], rest], axis=2), hour_at, np.stack([hours, hours * 5 // 4])
    )


def _port(port: int, at: Ints, seed: int) -> Ints:
    """Fields x instants."""
    fixed, random = np.random.default_rng(port), np.random.default_rng((seed, port))
    place, count = port % PORTS, len(at)
    found = np.zeros((len(FIELDS), count), np.int64)
    speed = int(fixed.choice([2, 10, 34, 100, 1000] if place else [10, 34, 100])) * 1_000_000
    found[SPEED], found[9], found[OPER] = speed, 1, 1
    if place >= BUSY:
        found[OPER] = 1 if place < 15 else 2
        found[:2] = random.poisson(0.6, (2, count)) * 512 * (place < 15)
        return found
    course = fixed.uniform(0.15, 0.85) * speed * _of_day(at) * np.exp(0.18 * _wandering(random, count))
    carried = np.minimum(course * np.exp(0.06 * random.standard_normal(count)), 0.985 * speed)
    up = _up(random, count)
    found[IN] = carried * up
    found[OUT] = carried * fixed.uniform(0.1, 0.5) * np.exp(0.1 * random.standard_normal(count)) * up
    found[2], found[3] = found[IN] / 8 / fixed.uniform(650, 900), found[OUT] / 8 / fixed.uniform(200, 500)
    found[4] = random.poisson(0.002, count)
    found[7] = random.poisson(20, count) * (carried > 0.93 * speed)
    found[OPER] = np.where(up, 1, 2)
    return found


def _of_day(at: Ints) -> NDArray[np.float64]:
    hour, day = (at / 3600 + 3) % 24, (at // 86400 + 3) % 7
    return (0.15 + 0.85 * np.exp(-((hour - 12.5) ** 2) / 23)) * np.where(day >= 5, 0.35, 1.0)


def _wandering(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    return np.asarray(lfilter([0.3122], [1, -0.95], random.standard_normal(count)))


def _up(random: np.random.Generator, count: int) -> NDArray[np.bool_]:
    up = np.ones(count, bool)
    for start in random.integers(0, count, random.poisson(count / 14_400)).tolist():
        up[start : start + 1 + int(random.exponential(40))] = False
    return up
