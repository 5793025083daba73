"""A test message on its way: queued as every alert is, then watched until somebody took it or time is up."""

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from noc.cli.desk import acting, acts_refusing, looking

if TYPE_CHECKING:
    from alerts.notification import Notification
    from inventory.model import Contact, Inventory
    from noc.config import Config

LOOK_S = 0.5


class Trial:
    """One message to each contact; `run` says what became of them and whether all were accepted."""

    def __init__(self, config: "Config", inventory: "Inventory", who: str, clock: Callable[[], float]) -> None:
        self._config = config
        self._inventory = inventory
        self._who = who
        self._clock = clock

    def run(self, keys: Sequence[str], channels: Sequence[str], wait_s: float, *, machine: bool) -> bool:
        from alerts.oncall.trial import keep
        from dashboards.oncall_calls import trial_json

        queued = [self._message(self._inventory.contacts[key], channels) for key in keys]
        with acting(self._config) as books:
            keep(books, queued, self._who, self._clock())
        warnings = self._warnings(queued)
        for warning in warnings:
            click.echo(warning, err=True)
        ended = self._watched(queued, 0.0 if self._silent() else wait_s)
        if machine:
            click.echo(json.dumps({"warnings": warnings, "messages": [trial_json(one) for one in ended]}, indent=1))
        else:
            click.echo("\n".join(self._line(one) for one in ended))
        return all(one.channel for one in ended)

    def _message(self, contact: "Contact", channels: Sequence[str]) -> "Notification":
        from alerts.oncall.trial import message
        from alerts.words.messages import Composer
        from alerts.words.names import Names

        with acts_refusing():
            return message(contact, channels, Composer(Names(self._inventory)).test, self._clock())

    def _warnings(self, queued: "Sequence[Notification]") -> list[str]:
        """What keeps a message from arriving, before anybody waits for it."""
        found = [silent] if (silent := self._silent()) else []
        used = {channel for message in queued for channel in message.channels}
        if self._config.sms.dry_run and self._config.sms.gateway and "sms" in used:
            found.append("[sms] dry_run: SMS are written to the log and not sent")
        set_up = {
            "sms": self._config.sms.gateway,
            "modem": self._config.modem.device,
            "mail": self._config.mail.host,
            "webhook": self._config.webhook.url,
        }
        if not any(set_up.get(channel, "apprise") for channel in used):
            found.append(f"none of {', '.join(sorted(used))} is set up in noc.toml")
        return found

    def _silent(self) -> str:
        """In a sentence, where no daemon is there to send."""
        from alerts.oncall.trial import USEFUL_S
        from dashboards.figures import duration
        from noc.store.file import StoreError
        from noc.store.status import read_mark

        try:
            mark = read_mark(self._config.metrics_file)
        except StoreError:
            mark = None
        late = f"the daemon does not run: messages wait for it, {duration(USEFUL_S)} at most"
        if mark is None or mark.stopped is not None:
            return late
        return late if self._clock() - mark.at > mark.stale_after_s else ""

    def _watched(self, queued: "Sequence[Notification]", wait_s: float) -> "list[Notification]":
        """The messages as they stand when all have ended, or time is up."""
        from alerts.notification import Fate

        keys = [message.key for message in queued]
        end = time.monotonic() + wait_s
        while True:
            with looking(self._config) as books:
                found = {one.key: one for one in books.notifications(0)} if books else {}
            now = [found.get(key, message) for key, message in zip(keys, queued, strict=True)]
            if time.monotonic() >= end or all(one.fate is not Fate.QUEUED for one in now):
                return now
            time.sleep(LOOK_S)

    def _line(self, one: "Notification") -> str:
        from dashboards.text import one_line

        contact = self._inventory.contacts[one.contact]
        name = one_line(f"{contact.name} ({contact.key})")
        if one.channel:
            took_s = (one.ended_at or one.queued_at) - one.queued_at
            rehearsed = one.channel == "sms" and self._config.sms.dry_run
            return f"{name}: {'dry run' if rehearsed else one.fate} by {one.channel} after {took_s:.0f} s"
        why = f": {one_line(one.error)}" if one.error else f" for {', '.join(one.channels)}" * (one.fate == "queued")
        return f"{name}: {one.fate}{why}"
