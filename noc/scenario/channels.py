"""Channels that send nothing: they take, refuse or hang as the scenario says, and what they are handed is kept."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from alerts.notification import Notification, NotifyError, Receipt, Unsure
from noc.scenario.record import Recorder

Mood = Literal["takes", "refuses", "hangs"]
CHANNELS = ("sms", "modem", "mail", "webhook")
TOOK_S = 0.2  # until a channel in order says that it took a message
HURRIED_S, PATIENT_S = 10.0, 30.0  # limits of a real channel: for what is critical, and otherwise


@dataclass(slots=True)
class Gateway:
    """How one channel fares now."""

    mood: Mood = "takes"


class RecordingChannel:
    """One channel (`alerts.notification.Notifier`). `on_send` and `on_sent` are told just before and just after."""

    def __init__(
        self, name: str, gateway: Gateway, recorder: Recorder, now: Callable[[], float], moment: Callable[[str], None]
    ) -> None:
        """`moment` is told "before-send" and "after-send"; the daemon may die in it."""
        self.name = name
        self._gateway = gateway
        self._recorder = recorder
        self._now = now
        self._moment = moment

    async def send(self, notification: Notification, address: str) -> Receipt:
        """NotifyError while the gateway is down, Unsure where it does not answer."""
        self._moment("before-send")
        at, mood = self._now(), self._gateway.mood
        if mood == "refuses":
            self._recorder.handed(at, self.name, notification, "refused")
            raise NotifyError(f"{self.name}: the gateway refuses")
        if mood == "hangs":
            self._recorder.handed(at, self.name, notification, "hung")
            await asyncio.sleep(HURRIED_S if notification.severity == "critical" else PATIENT_S)
            raise Unsure(f"{self.name}: no answer in time")
        self._recorder.handed(at, self.name, notification, "sent")
        self._moment("after-send")
        await asyncio.sleep(TOOK_S)
        return Receipt(notification.key)


def gateways(names: Iterable[str]) -> Mapping[str, Gateway]:
    """All in order."""
    return {name: Gateway() for name in names}
