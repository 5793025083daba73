"""Which polls of which device fail, since when and why: said once when it breaks, once when it heals, kept as facts."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from collectors.contract import CollectError, Target, Unsupported
from inventory.batch import Facts

log = logging.getLogger(__name__)

PART = "polls"


class Outcomes:
    """What the last poll of every target came to."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failing: dict[str, dict[str, dict[str, Any]]] = {}  # device -> collector -> reason, text, since
        self._told: set[str] = set()  # devices whose facts are of this life of the daemon

    @property
    def broken(self) -> Mapping[str, str]:
        """Target key -> word of the failure, of those whose last poll failed."""
        return {
            f"{device}/{collector}": said["reason"]
            for device, failing in self._failing.items()
            for collector, said in failing.items()
        }

    @property
    def count(self) -> int:
        """Targets whose last poll failed."""
        return sum(map(len, self._failing.values()))

    def failed(self, target: Target, error: CollectError) -> Facts | None:
        """The facts anew where this is a failure of another kind than before."""
        failing = self._failing.setdefault(target.device.key, {})
        before = failing.get(target.collector)
        if before is not None and before["reason"] == error.word:
            return None
        since = int(self._clock())
        failing[target.collector] = {"reason": error.word, "text": str(error), "since": since}
        level = logging.INFO if isinstance(error, Unsupported) else logging.WARNING
        log.log(level, "%s: %s: %s", target.key, error.word, error)
        return self._facts(target.device.key)

    def answered(self, target: Target) -> Facts | None:
        """The facts anew where the poll before had failed, or nothing was told of the device yet."""
        device = target.device.key
        failing = self._failing.get(device)
        if failing is None or target.collector not in failing:
            return None if device in self._told else self._facts(device)
        del failing[target.collector]
        if not failing:
            del self._failing[device]
        log.info("%s answers again", target.key)
        return self._facts(device)

    def forget(self, device: str) -> None:
        self._failing.pop(device, None)
        self._told.discard(device)

    def _facts(self, device: str) -> Facts:
        self._told.add(device)
        failing = {name: dict(said) for name, said in self._failing.get(device, {}).items()}
        return Facts(device, PART, int(self._clock()), {"failing": failing})
