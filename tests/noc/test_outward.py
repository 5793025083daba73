"""What keeps the sign of life in: nobody could be told, by whatever part of the way from a fault to a telephone."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from alerts.notification import Notification, Receipt
from inventory.reading import load as load_inventory
from inventory.skeleton import write_sample
from noc.alerting import Alerting, read_orders
from noc.channel_health import ChannelHealth
from noc.config import load
from noc.ledger.ledger import open_ledger
from noc.outbox import inline
from noc.outward import deaf
from noc.wiring import build_network

NOW = 1_790_000_000.0


@dataclass
class Way:
    """As much of alerting as is asked."""

    failing_since: float | None = None
    failing: str = ""
    channels: dict[str, ChannelHealth] = field(default_factory=dict)

    @property
    def duty(self) -> "Way":
        return self

    @property
    def outbox(self) -> "Way":
        return self

    def health(self) -> dict[str, ChannelHealth]:
        return self.channels


def channels(**failing_s: float | None) -> dict[str, ChannelHealth]:
    return {
        name: ChannelHealth(name, 1, 0, 0, 0.0, None, None if seconds is None else NOW - seconds)
        for name, seconds in failing_s.items()
    }


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (Way(channels=channels(sms=None)), ""),
        (Way(), ""),
        (Way(channels=channels(sms=400.0)), "no channel takes a message"),
        (Way(channels=channels(sms=200.0)), ""),
        (Way(channels=channels(sms=400.0, modem=None)), ""),
        (Way(channels=channels(sms=400.0, mail=None)), "no channel takes a message"),
        (Way(channels=channels(mail=400.0)), "no channel takes a message"),
        (Way(NOW - 90, "alerts cannot be settled", channels(sms=None)), "alerts cannot be settled"),
        (Way(NOW - 30, "alerts cannot be settled", channels(sms=None)), ""),
    ],
)
def test_rule_35_given_how_the_way_out_does_then_the_heartbeat_stops_when_nobody_could_be_woken(
    way: Way, expected: str
) -> None:
    assert deaf(cast(Alerting, way), NOW) == expected


class Line:
    """A channel; there may be only one of it on one serial line."""

    async def send(self, notification: Notification, address: str) -> Receipt:
        return Receipt()


def test_given_a_reload_then_the_modem_stays_the_one_whose_replies_are_read(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=1)
    config = load(tmp_path / "noc.toml")
    network = build_network(config, load_inventory(config.inventory.path))
    orders = read_orders(config, network.inventory)
    before, after = {"modem": Line(), "mail": Line()}, {"modem": Line(), "mail": Line()}
    ledger = open_ledger("sqlite://", clock=lambda: 0.0)
    alerting = Alerting(config, network, orders, ledger, before, clock=lambda: 0.0, run=inline)
    alerting.set_network(network, orders, after)
    assert alerting.channels["modem"] is before["modem"]
    assert alerting.channels["mail"] is after["mail"]
