"""Messages to anything that apprise speaks: Telegram, Slack, Matrix, a pager; the addresses hold the secrets.

The only place that knows apprise. It blocks, so it runs in a thread.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence

from alerts.notification import Notification, NotifyError, Receipt
from alerts.notify.plain import lines, one_line
from inventory.secret import Secret

LIMIT_S = 40.0
MOST_REMEMBERED = 1000


class Chat:
    """Channel "apprise": one message to every address; those that took it are not told again in a retry."""

    def __init__(self, urls: Sequence[Secret]) -> None:
        self._urls = tuple(urls)
        self._taken: OrderedDict[str, set[int]] = OrderedDict()  # message key -> places of addresses

    async def send(self, notification: Notification, address: str) -> Receipt:
        """`address` is not needed."""
        taken = self._taken.setdefault(notification.key, set())
        while len(self._taken) > MOST_REMEMBERED:
            self._taken.popitem(last=False)
        title, body = one_line(notification.subject), lines(notification.body)
        try:
            async with asyncio.timeout(LIMIT_S):
                for place, url in enumerate(self._urls):
                    if place not in taken and await asyncio.to_thread(_tell, url, title, body):
                        taken.add(place)
        except TimeoutError:
            raise NotifyError(f"no answer within {LIMIT_S:g} s") from None
        if len(taken) < len(self._urls):
            raise NotifyError(f"{len(self._urls) - len(taken)} of {len(self._urls)} addresses did not take it")
        self._taken.pop(notification.key, None)
        return Receipt()


def _tell(url: Secret, title: str, body: str) -> bool:
    """Whether the service took it. What apprise has to say about it may quote the address, so nobody hears it."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    teller = apprise.Apprise()
    if not teller.add(url.reveal()):
        return False
    try:
        return bool(teller.notify(title=title, body=body or title, body_format=apprise.NotifyFormat.TEXT))
    except Exception:  # noqa: BLE001  a hundred services raise what they like; for us it is not delivered
        return False


def known(url: Secret) -> bool:
    """Whether apprise understands the address; it does not ask anybody."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return bool(apprise.Apprise().add(url.reveal()))
