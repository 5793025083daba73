"""Devices declared 2c that answer only v1: noticed by their silence, asked by v1 from then on, and tried upward again.

Nothing here stands in the way of a question: trials are one datagram each, made beside the polls, and seldom.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from collectors.contract import NameUnresolved, SnmpSession
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.engine import Engine
from collectors.snmp.exchange import Peer
from collectors.snmp.message import V1, V2C, request, walk
from inventory.model import Device

DOWN_S = 600.0  # a silent device is asked by v1 no more often than this
UP_S = 60.0, 3600.0  # one that answers v1 is asked by 2c again: soon at first, then after twice the time, at most this
PROOF = 4  # sendings by 2c that stay unanswered while v1 is answered; twice as many where 2c was answered before
LIMIT_S = 30.0
LINGER_S = 60.0  # a question by v1 may still be under way when the device is asked by 2c again
_UPTIME = ber.dotted_body("1.3.6.1.2.1.1.3.0")

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Ways:
    """Of one device: its session by 2c, and how to make one by v1."""

    wide: SnmpSession
    narrow: Callable[[], SnmpSession]  # slow when first called
    find: Callable[[], Awaitable[Peer]]
    community: str
    heard: Callable[[], bool]  # 2c was answered some time
    narrowed: SnmpSession | None = None  # in use
    up_s: float = 0.0  # until the next trial upward
    due: float = 0.0  # no v1 trial before
    trial: asyncio.Task[bool] | None = None
    timer: asyncio.TimerHandle | None = None


class Fallback:
    """`put` makes a session that of the device from now on."""

    def __init__(
        self,
        engine: Engine,
        put: Callable[[Device, SnmpSession], None],
        *,
        down_s: float = DOWN_S,
        up_s: tuple[float, float] = UP_S,
    ) -> None:
        self.narrowed = 0  # devices asked by v1 though declared 2c
        self._engine = engine
        self._put = put
        self._down_s = down_s
        self._up_s = up_s
        self._ways: dict[Device, Ways] = {}

    def watch(self, device: Device, ways: Ways) -> None:
        self._ways[device] = ways

    def silent(self, device: Device) -> None:
        """The device did not answer by 2c; whether it does by v1 is found out beside whatever goes on."""
        ways, now = self._ways.get(device), asyncio.get_running_loop().time()
        if ways is None or now < ways.due or (ways.trial and not ways.trial.done()):
            return
        ways.due = now + self._down_s
        ways.trial = asyncio.get_running_loop().create_task(self._try_down(device, ways))

    async def settled(self, device: Device) -> bool:
        """Wait for the trial under way, if any; whether the device is asked by v1 now."""
        ways = self._ways.get(device)
        return ways is not None and ways.trial is not None and await ways.trial

    def forget(self, device: Device) -> None:
        ways = self._ways.pop(device, None)
        if ways is None:
            return
        if ways.trial is not None:
            ways.trial.cancel()
        if ways.timer is not None:
            ways.timer.cancel()
        self.narrowed -= ways.narrowed is not None

    def close(self) -> None:
        for device in list(self._ways):
            self.forget(device)

    async def _try_down(self, device: Device, ways: Ways) -> bool:
        if not await self._speaks(ways, V1) or await self._speaks(ways, V2C, PROOF * (1 + ways.heard())):
            return False  # dead; or only something was lost on its way
        narrow = await asyncio.to_thread(ways.narrow)  # a library is loaded: this loop must not stand still meanwhile
        self.narrowed += 1
        _log.warning("%s: silent to SNMPv2c, answers SNMPv1: asked by v1 from now on", device.key)
        ways.narrowed, ways.up_s = narrow, self._up_s[0]
        self._put(device, narrow)
        self._wind(device, ways)
        return True

    def _wind(self, device: Device, ways: Ways) -> None:
        ways.timer = asyncio.get_running_loop().call_later(ways.up_s, self._look_up, device, ways)
        ways.up_s = min(2 * ways.up_s, self._up_s[1])

    def _look_up(self, device: Device, ways: Ways) -> None:
        ways.trial = asyncio.get_running_loop().create_task(self._try_up(device, ways))

    async def _try_up(self, device: Device, ways: Ways) -> bool:
        """Whether it is still asked by v1."""
        if not await self._speaks(ways, V2C):
            self._wind(device, ways)
            return True
        self.narrowed -= 1
        close = getattr(ways.narrowed, "close", None)
        if close is not None:
            asyncio.get_running_loop().call_later(LINGER_S, close)
        ways.narrowed, ways.timer, ways.due = None, None, 0.0
        self._put(device, ways.wide)
        _log.info("%s: answers SNMPv2c", device.key)
        return False

    async def _speaks(self, ways: Ways, version: int, tries: int = 1) -> bool:
        """So many datagrams at most; any answer that is well formed, of that version and our community will do."""
        community = ways.community.encode()
        try:
            peer = await ways.find()
        except NameUnresolved:
            return False
        asked = [request(ber.GET, community, [_UPTIME], version=version)]
        (data,) = await self._engine.ask(peer, asked, until=self._engine.loop.time() + LIMIT_S, tries=tries)
        try:
            return data is not None and bool(walk(data, community, version).names)
        except BerError:
            return False
