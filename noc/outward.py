"""What passes through the walls beside polls and messages: replies that come in, and the sign of life that goes out."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from typing import Any

from alerts.notification import WAKING, NotifyError
from alerts.notify.http import Post
from inventory.model import Contact
from noc.alerting import Alerting
from noc.config import Config
from noc.heartbeat import LIMIT_S, Beat, Heartbeat
from noc.outbox import Runner
from noc.post_box import PostBox
from noc.replies import Mailbox, Replies

log = logging.getLogger(__name__)

DEAF_S = 300.0  # no channel took anything for so long
UNSETTLED_S = 60.0  # nothing could be decided for so long, with the ledger or without


class Outward:
    """Opened with the daemon and closed with it; what is not configured is not there."""

    def __init__(
        self,
        config: Config,
        alerting: Alerting,
        contacts: Mapping[str, Contact],
        *,
        clock: Callable[[], float],
        well: Callable[[], str],
        run: Runner,
    ) -> None:
        """`well`: what keeps the daemon from its work, in words; "" when nothing does."""
        allow, proxies = config.replies.allow, config.replies.proxies
        self.replies = Replies(alerting.ledger, contacts, clock=clock, allow=allow, proxies=proxies, run=run)
        self.heartbeat = (
            Heartbeat(beat_to(config), config.heartbeat.every_s, self._well) if config.heartbeat.url else None
        )
        self._config = config
        self._alerting = alerting
        self._clock = clock
        self._daemon_well = well

    def open(self, stack: AsyncExitStack) -> None:
        """In the running loop; a port that cannot be had is said, and the rest goes on."""
        if self._config.replies.listen:
            _begin(stack, PostBox(self._config.replies.listen, self.replies.posted).serve())
        modem = self._alerting.channels.get("modem")
        if modem is not None and hasattr(modem, "kept"):
            mailbox: Mailbox = modem  # type: ignore[assignment]
            _begin(stack, self.replies.read_modem(mailbox))
        if self.heartbeat is not None:
            _begin(stack, self.heartbeat.run())

    def _well(self) -> str:
        return self._daemon_well() or deaf(self._alerting, self._clock())


def deaf(alerting: Alerting, now: float) -> str:
    """Alerts wait for long, or every channel that wakes people fails for long; "" while one works, or there is none."""
    duty = alerting.duty
    if duty.failing_since is not None and now - duty.failing_since > UNSETTLED_S:
        return duty.failing
    health = alerting.outbox.health()
    waking = [one for name, one in health.items() if name in WAKING] or list(health.values())
    if waking and all(one.failing_since is not None and now - one.failing_since > DEAF_S for one in waking):
        return "no channel takes a message"
    return ""


def beat_to(config: Config) -> Beat:
    """Asks `[heartbeat] url`; anything but success is a failure."""
    post = Post(config.alerts.ca_file)

    async def beat() -> None:
        answer = await post(config.heartbeat.url, b"", {}, limit_s=LIMIT_S)
        if not answer.fine:
            raise NotifyError(f"it answered {answer.status}")

    return beat


def _begin(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.get_running_loop().create_task(work)

    async def end() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    stack.push_async_callback(end)
