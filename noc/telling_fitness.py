"""Could anybody be told? What `noc doctor` finds about the ledger, the channels and the sign of life."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from alerts.books import Books, LedgerError, LedgerMissing
from alerts.notification import WAKING, Fate, Notification
from inventory.secrets import Secrets
from noc.channel_health import ChannelHealth, Pulse
from noc.channels import build_channels
from noc.config import Config

OLD_S = 300.0


@dataclass(frozen=True, slots=True)
class Told:
    """`wrong`: nobody could be told, or is not; else it is only worth knowing."""

    topic: str
    text: str
    advice: str = ""
    wrong: bool = False


def fitness(config: Config, secrets: Secrets, now: float) -> Iterator[Told]:
    """All findings; those without advice are fine."""
    channels = sorted(build_channels(config, secrets, lambda: now))
    yield _waking(channels, config)
    try:
        yield from _ledger(config, channels, now)
    except LedgerMissing:
        yield Told("ledger", "there is none yet; the daemon makes it")
    except LedgerError as error:
        yield Told("ledger", str(error), "nothing can be told without it", wrong=True)
    if config.heartbeat.url:
        yield Told("heartbeat", f"every {config.heartbeat.every_s:g} s")
    else:
        yield Told("heartbeat", "none is sent: if this machine dies, nobody is told", "set [heartbeat] url")


def _waking(channels: Collection[str], config: Config) -> Told:
    if not WAKING & set(channels):
        return Told("channels", "nobody can be woken: no SMS gateway and no modem", "docs/channels.md shows how")
    rehearsing = "sms" in channels and config.sms.dry_run
    text = f"{', '.join(channels)} configured"
    if rehearsing:
        return Told("channels", f"{text}; SMS are only written to the log", "set [sms] dry_run = false")
    return Told("channels", text)


def _ledger(config: Config, channels: Collection[str], now: float) -> Iterator[Told]:
    from noc.ledger.ledger import open_ledger

    with open_ledger(config.ledger_url, clock=lambda: now) as ledger:
        with ledger.reading() as books:
            waiting = books.notifications(fates=[Fate.QUEUED])
            health = [_health(books, name, waiting, now) for name in channels]
        yield Told("ledger", f"{ledger.where} opens")
    failing = [one for one in health if one.failing_since is not None]
    for one in failing:
        for_s = now - (one.failing_since or now)
        text = f"{one.channel} fails for {for_s:.0f} s: {one.error}"
        yield Told("channels", text, "docs/channels.md tells what to look at", wrong=len(failing) == len(health))
    yield from _unsent(waiting, now)


def _health(books: Books, name: str, waiting: Collection[Notification], now: float) -> ChannelHealth:
    pulse = Pulse(name)
    pulse.load(books)
    return pulse.health([one.queued_at for one in waiting if name in one.channels], now)


def _unsent(waiting: Collection[Notification], now: float) -> Iterator[Told]:
    old = [one for one in waiting if now - one.queued_at > OLD_S]
    if old:
        age = now - min(one.queued_at for one in old)
        pages = sum(one.page for one in old)
        text = f"{len(old)} messages wait, {pages} of them pages, the oldest for {age:.0f} s"
        yield Told("outbox", text, "is the daemon running, does a channel work?", wrong=pages > 0)
