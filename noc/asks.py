"""Who asks devices for what, how often, and whom it concerns: one line a collector."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from collectors.contract import Collector, Said, Target
from inventory.model import Device
from noc.told import Told

BY_SNMP = frozenset({"system", "peers", "health"})  # whose answers spare a login


def _always(_: str) -> bool:
    return True


def _everybody(_: Device) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Ask:
    """`wanted(device key)`: there is reason to ask now; `concerns`: this device is asked at all."""

    collector: Collector
    every_s: float
    wanted: Callable[[str], bool] = _always
    concerns: Callable[[Device], bool] = _everybody
    while_silent: bool = False  # also of a device that is known silent (SEMANTICS 9)


class Notes(Protocol):
    """A collector that wants to know of restarts."""

    def note(self, device: str, at: float, uptime_ticks: int | None) -> None: ...


class Asks:
    """All of them by name."""

    def __init__(self, asks: Mapping[str, Ask], restarts: tuple[Notes, ...], told: Told) -> None:
        """`restarts`: whom every sysUpTime is passed on to."""
        self._asks = asks
        self._restarts = restarts
        self._told = told

    def __getitem__(self, name: str) -> Ask:
        return self._asks[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._asks)

    def items(self) -> Iterator[tuple[str, Ask]]:
        return iter(self._asks.items())

    def note(self, device: str, at: float, uptime_ticks: int | None) -> None:
        """An answer carried sysUpTime."""
        for each in self._restarts:
            each.note(device, at, uptime_ticks)

    def note_said(self, target: Target, said: Sequence[Said]) -> None:
        """An answer came."""
        if target.collector in BY_SNMP:
            self._told.note(said)

    def forget(self, device: str) -> None:
        """The device left the inventory, or is another one now."""
        self._told.forget(device)
        for ask in self._asks.values():
            ask.collector.forget(device)

    async def close(self) -> None:
        """No session and no thread of a collector stays."""
        for ask in self._asks.values():
            close = getattr(ask.collector, "close", None)
            if close is not None:
                await close()
