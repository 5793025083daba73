"""When somebody watched, as reports will read it: starts, kills, pauses, blindness."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import numpy as np

from alerts.board import STATE_CODES
from alerts.transition import Transition
from inventory.batch import Batch
from inventory.states import REASON_CODES, Reason, State
from inventory.status import DaemonMark
from noc.keeping import Keeper
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from noc.watching import SETTLED_S, Standing, Watch, restated, told
from noc.wiring import House

AT = 1_793_480_400.0  # 1 November 2026, 00:00 EAT
UP, UNKNOWN = STATE_CODES[State.UP], STATE_CODES[State.UNKNOWN]


def marks(batches: Iterable[Batch]) -> list[tuple[int, int, int]]:
    """When, state, reason."""
    return [(each.at, int(each.of("state")[0]), int(each.of("state_reason")[0])) for each in batches]


def test_given_a_daemon_that_was_killed_then_nobody_watched_from_its_last_sign_until_the_next_had_settled() -> None:
    watch = Watch()
    watch.take_up(AT - 600.4)
    found = [mark for second in range(30) for mark in marks(watch.look(AT + second, None))]
    stale = REASON_CODES[Reason.STALE]
    assert found == [(int(AT - 600.4), UNKNOWN, stale), (int(AT + SETTLED_S), UP, 0)]


def test_given_the_first_start_of_all_then_watching_begins_when_it_has_settled() -> None:
    watch = Watch()
    assert marks(watch.look(AT, None)) == []
    assert not watch.restates(AT)
    assert marks(watch.look(AT + SETTLED_S, None)) == [(int(AT + SETTLED_S), UP, 0)]
    assert watch.restates(AT + SETTLED_S)
    assert not watch.restates(AT + SETTLED_S + 1)
    assert watch.restates(AT + 86_400), "once a local day"


def test_given_a_poller_that_is_isolated_then_it_sees_nothing_since_the_beginning_of_it() -> None:
    watch = watching()
    (blind,) = watch.look(AT + 21, AT + 11)
    assert marks([blind]) == [(int(AT + 21), UNKNOWN, REASON_CODES[Reason.BLIND])]
    assert blind.of("held_s")[0] == 10
    assert watch.look(AT + 22, AT + 11) == []
    assert marks(watch.look(AT + 23, None)) == [(int(AT + 23), UP, 0)]


def test_given_a_machine_that_slept_then_the_time_of_its_sleep_is_unwatched_and_all_is_restated() -> None:
    watch = watching()
    assert watch.restates(AT + 20)
    assert marks(watch.look(AT + 3600, None)) == [(int(AT + 20), UNKNOWN, REASON_CODES[Reason.STALE])]
    assert marks(watch.look(AT + 3600 + SETTLED_S, None)) == [(int(AT + 3600 + SETTLED_S), UP, 0)]
    assert watch.restates(AT + 3600 + SETTLED_S)


def test_given_a_clean_stop_then_it_is_said_once() -> None:
    watch = watching()
    assert marks(watch.end(AT + 30)) == [(int(AT + 30), UNKNOWN, REASON_CODES[Reason.STALE])]
    assert watch.end(AT + 31) == []


def test_given_standings_then_they_are_one_batch_a_kind_with_since_when() -> None:
    at = int(AT)
    standings: list[Standing] = [
        ("device", "r1", State.UP, AT - 90, Reason.NONE),
        ("link", "l1", State.DOWN, AT - 7.5, Reason.ADMIN_DOWN),
        ("device", "r2", State.UNKNOWN, None, Reason.NONE),
    ]
    devices, links, watched = restated(at, standings)
    assert marks([watched]) == [(at, UP, 0)]
    assert (devices.measurement, devices.scope, devices.rows) == ("device_state", "", ("r1", "r2"))
    assert devices.of("held_s")[0] == 90
    assert np.isnan(devices.of("held_s")[1])
    assert (links.rows, links.of("held_s")[0], links.of("state_reason")[0]) == (("l1",), 7.5, 6)


def test_given_every_reason_then_it_has_a_number_of_its_own() -> None:
    assert sorted(REASON_CODES.values()) == list(range(len(Reason)))
    assert told("x_state", "", 0, [("a", State.UP, None, reason) for reason in Reason]).values.shape == (3, len(Reason))


def test_given_two_changes_within_a_second_then_both_are_kept(tmp_path: Path) -> None:
    with MetricStore(tmp_path / "metrics.db") as store:
        keeper = Keeper(cast("House", None), store, DaemonMark(), lambda: AT)
        for at, state, since in (
            (AT + 12.1, "down", AT),
            (AT + 12.9, "up", AT + 12.8),
            (AT + 12.95, "down", AT + 12.9),
        ):
            keeper.note([Transition("link", "l1", "up", state, since, "", at)])
    with MetricReader(tmp_path / "metrics.db") as reader:
        read = reader.read("link_state", "l1", "l1", ("state", "held_s"), start=int(AT), end=int(AT) + 60)
    assert read.at.tolist() == [int(AT) + 12, int(AT) + 13, int(AT) + 14]
    assert (read.at - read.values[1]).round(1).tolist() == [AT, AT + 12.8, AT + 12.9]


def watching() -> Watch:
    """One that began at AT and sees, until AT + 20."""
    watch = Watch()
    for second in range(21):
        watch.look(AT + second, None)
    assert watch.sees
    return watch
