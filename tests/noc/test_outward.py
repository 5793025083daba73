"""What keeps the sign of life in: nobody could be told, by whatever part of the way from a fault to a telephone."""

from dataclasses import dataclass, field
from typing import cast

import pytest

from noc.alerting import Alerting
from noc.channel_health import ChannelHealth
from noc.outward import deaf

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
