"""What SNMP tells of each device already, so that nobody logs in to ask it again."""

from collections.abc import Callable, Iterable, Mapping

from collectors.contract import Said
from collectors.ssh.question import Purpose
from inventory.batch import Batch, Facts
from inventory.model import Device

KEEP_S = 7200.0  # what SNMP told no more for so long is asked over SSH again
MEASUREMENTS: Mapping[str, Purpose] = {"bgp_prefixes": "bgp_prefixes", "optical": "optical", "routes": "routes"}
FACTS: Mapping[str, Purpose] = {"version": "version", "serial": "hardware"}  # of Facts "system"


class Told:
    """Fed with what SNMP collectors bring home; called with a device it names what need not be asked over SSH."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last: dict[str, dict[Purpose, float]] = {}  # device -> purpose -> UTC seconds

    def note(self, said: Iterable[Said]) -> None:
        now = self._clock()
        for one in said:
            if isinstance(one, Batch) and one.measurement in MEASUREMENTS and one.rows:
                self._last.setdefault(one.scope, {})[MEASUREMENTS[one.measurement]] = now
            elif isinstance(one, Facts) and one.part == "system":
                for name, purpose in FACTS.items():
                    if one.content.get(name):
                        self._last.setdefault(one.device, {})[purpose] = now

    def __call__(self, device: Device) -> frozenset[Purpose]:
        since = self._clock() - KEEP_S
        return frozenset(purpose for purpose, at in self._last.get(device.key, {}).items() if at >= since)

    def forget(self, device: str) -> None:
        """The device left the inventory, or is another one now."""
        self._last.pop(device, None)
