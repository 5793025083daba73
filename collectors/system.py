"""Who a device says it is: the system group (RFC 3418), vendor, model, version; on first sight, after a reboot, and hourly."""

from collections.abc import Callable, Sequence

from collectors.contract import SnmpSession, Target, Unsupported
from collectors.elapsed import restarted
from collectors.identity.recognise import identify
from collectors.oids import OIDS, oids
from collectors.text import text_or_none
from inventory.batch import Facts
from inventory.model import Device

PART = "system"
NAMES = ("sysDescr", "sysObjectID", "sysName", "sysLocation", "sysContact")
_ASKED = (*oids(*NAMES), OIDS["sysUpTime"])
KEEP_S = 3600.0


class System:
    """Collector of Facts "system". It may be fired as often as one likes: it asks only when there is reason to."""

    def __init__(self, sessions: Callable[[Device], SnmpSession], clock: Callable[[], float]) -> None:
        self._sessions = sessions
        self._clock = clock
        self._asked: dict[str, float] = {}  # device -> UTC seconds of the last answer
        self._uptimes: dict[str, tuple[float, int | None]] = {}

    def note(self, device: str, at: float, uptime_ticks: int | None) -> None:
        """Any answer that carried sysUpTime: after a restart the group is asked anew."""
        before = self._uptimes.get(device)
        if before is not None and restarted(before, (at, uptime_ticks)):
            self._asked.pop(device, None)
        if before is None or at > before[0]:
            self._uptimes[device] = (at, uptime_ticks)

    def wanted(self, device: str) -> bool:
        """Whether `collect` would ask now."""
        asked = self._asked.get(device)
        return asked is None or self._clock() - asked >= KEEP_S

    async def collect(self, target: Target, due: int) -> Sequence[Facts]:
        """Nothing when it is not wanted; else one Facts. Raises a CollectError."""
        device = target.device
        if not self.wanted(device.key):
            return ()
        session = self._sessions(device)
        *values, uptime = await session.get(_ASKED)
        now = self._clock()
        self.note(device.key, now, uptime if isinstance(uptime, int) else None)
        content = {name: text_or_none(value) for name, value in zip(NAMES, values, strict=True)}
        if all(value is None for value in values):
            self._asked[device.key] = now
            raise Unsupported(f"{device.key}: no system group")
        who = await identify(session, content["sysDescr"] or "", content["sysObjectID"])
        self._asked[device.key] = now
        return (Facts(device.key, PART, int(now), content | who.facts()),)

    def forget(self, device: str) -> None:
        self._asked.pop(device, None)
        self._uptimes.pop(device, None)
