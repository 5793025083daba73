"""The five-second question "do you live?": every declared probe at once, and the ports of declared links."""

from collections.abc import Callable, Mapping, Sequence

from collectors.contract import SnmpSession
from collectors.interfaces import Interfaces
from collectors.probes import Probes
from collectors.pulse import Pulse
from inventory.model import Circuit, Device, Probe


class Liveness:
    """`links` gives the interface keys of a device's declared links (Inventory.link_interfaces)."""

    def __init__(
        self,
        probes: Probes,
        sessions: Callable[[Device], SnmpSession],
        interfaces: Interfaces,
        clock: Callable[[], float],
    ) -> None:
        self._probes = probes
        self._sessions = sessions
        self._interfaces = interfaces
        self._clock = clock

    async def ask(self, device: Device, links: Sequence[str] = (), probes: Sequence[Probe] | None = None) -> Pulse:
        """One round; `probes` None: all that the device declares. Never raises a CollectError."""
        raise AssertionError

    async def ask_anchor(self, circuit: Circuit) -> Mapping[str, float | None]:
        """Address -> RTT in ms, None where lost."""
        raise AssertionError

    def forget(self, device: str) -> None:
        """Drop what is remembered of a device."""
