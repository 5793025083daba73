"""What ails the NOC itself: seen, measured, and said outside by silence."""

import asyncio
from pathlib import Path

import pytest

from alerts.notification import NotifyError
from noc.channel_health import ChannelHealth
from noc.chronometer import Chronometer
from noc.heartbeat import Heartbeat
from noc.own_health import Ailing, OwnHealth

START = 1_790_000_000.0


class Clocks:
    """The machine's clock, which may step, and the one that only goes forward."""

    def __init__(self) -> None:
        self.steady = 100.0
        self.step = 0.0

    def wall(self) -> float:
        return START + self.steady + self.step


def channel(*, failing_since: float | None = None, queued: int = 0, oldest_s: float = 0.0) -> dict[str, ChannelHealth]:
    return {"sms": ChannelHealth("sms", 1, 0, queued, oldest_s, None, failing_since)}


def failing(health: OwnHealth) -> set[str]:
    batch = health.batch()
    return {row for row, value in zip(batch.rows, batch.of("failing"), strict=True) if value}


def well(clocks: Clocks, place: Path, channels: dict[str, ChannelHealth] | None = None) -> OwnHealth:
    ailing = Ailing(lambda: False, lambda: False)
    clock = Chronometer(clocks.wall, lambda: clocks.steady)  # as the daemon has it
    return OwnHealth(place, ailing, lambda: channels or {}, clock=clock, wall=clocks.wall, steady=lambda: clocks.steady)


def test_given_all_is_well_then_nothing_fails(tmp_path: Path) -> None:
    assert failing(well(Clocks(), tmp_path, channel())) == set()


def test_given_the_clock_steps_then_it_is_shown_for_a_while_and_then_no_more(tmp_path: Path) -> None:
    clocks = Clocks()
    health = well(clocks, tmp_path)
    assert failing(health) == set()
    clocks.steady, clocks.step = 110.0, -3600.0
    assert failing(health) == {"clock"}
    assert health.step_s == pytest.approx(-3600)
    clocks.steady = 500.0
    assert failing(health) == set()


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        (channel(failing_since=START), {"channel sms"}),
        (channel(failing_since=START + 90), set()),
        (channel(queued=1, oldest_s=301), {"queue"}),
        (channel(queued=1, oldest_s=10), set()),
    ],
)
def test_given_a_channel_then_only_what_lasts_is_a_failure(
    tmp_path: Path, channels: dict[str, ChannelHealth], expected: set[str]
) -> None:
    clocks = Clocks()
    clocks.steady = 130.0
    assert failing(well(clocks, tmp_path, channels)) == expected


def test_given_a_disk_that_is_not_there_then_it_fails(tmp_path: Path) -> None:
    assert "disk" in failing(well(Clocks(), tmp_path / "gone"))


def test_given_store_and_ledger_fail_then_both_are_rows(tmp_path: Path) -> None:
    clocks = Clocks()
    ailing = Ailing(lambda: True, lambda: True)
    steady = lambda: clocks.steady
    health = OwnHealth(tmp_path, ailing, lambda: {}, clock=clocks.wall, wall=clocks.wall, steady=steady)
    assert failing(health) == {"store", "ledger"}


def test_rule_35_given_nobody_could_be_told_then_the_sign_of_life_stays_away_and_returns() -> None:
    said, troubles = [], ["no channel takes a message"]

    async def beat() -> None:
        said.append("alive")

    heartbeat = Heartbeat(beat, 60.0, lambda: troubles[0] if troubles else "")
    asyncio.run(heartbeat.once())
    assert (said, heartbeat.withheld) == ([], 1)
    troubles.clear()
    asyncio.run(heartbeat.once())
    assert (said, heartbeat.sent) == (["alive"], 1)


def test_given_nobody_keeps_the_sign_of_life_then_it_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    async def beat() -> None:
        raise NotifyError("not connected: refused")

    heartbeat = Heartbeat(beat, 60.0, lambda: "")
    for _ in range(3):
        asyncio.run(heartbeat.once())
    assert heartbeat.failed == 3
    assert sum("does not go out" in record.message for record in caplog.records) == 1


def test_given_influxdb_then_it_has_a_row_only_where_something_is_sent_there(tmp_path: Path) -> None:
    def rows(says: bool | None) -> dict[str, float]:
        ailing = Ailing(lambda: False, lambda: False, lambda: says)
        clocks = Clocks()
        health = OwnHealth(tmp_path, ailing, dict, clock=clocks.wall, wall=clocks.wall, steady=lambda: clocks.steady)
        batch = health.batch()
        return dict(zip(batch.rows, batch.of("failing").tolist(), strict=True))

    assert "influxdb" not in rows(None)
    assert rows(False)["influxdb"] == 0
    assert rows(True)["influxdb"] == 1
