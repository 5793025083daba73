"""What SNMP told of each device, so that nobody logs in to ask for the same again."""

from collections.abc import Iterable, Mapping, Set

from collectors.contract import Said
from inventory.batch import Batch, Facts
from inventory.model import Device

_NOTHING: Set[str] = frozenset()
_OF_SYSTEM: Mapping[str, str] = {"version": "version", "serial": "hardware"}  # key of the facts -> what it spares


class Told:
    """Remembers names of measurements, and which facts were there; a word is what `collectors.ssh` calls a purpose."""

    def __init__(self) -> None:
        self._told: dict[str, set[str]] = {}

    def note(self, device: str, said: Iterable[Said]) -> None:
        """A collector other than SSH brought this home."""
        for one in said:
            if isinstance(one, Batch):
                self._told.setdefault(device, set()).add(one.measurement)
            elif isinstance(one, Facts) and one.part == "system":
                words = {word for key, word in _OF_SYSTEM.items() if one.content.get(key)}
                self._told.setdefault(device, set()).update(words)

    def of(self, device: Device) -> Set[str]:
        return self._told.get(device.key, _NOTHING)

    def forget(self, device: str) -> None:
        self._told.pop(device, None)
