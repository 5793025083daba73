"""From what the daemon keeps to what reports rest on: kills, blindness, sealing, restarts over the month's beginning."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboards.reports.document import Period
from dashboards.reports.spans import Span
from inventory.accounts.book import Book
from inventory.states import Reason, State
from inventory.status import DaemonMark
from noc.reporting import Evidence, Sources
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from noc.watching import SETTLED_S, Standing, Watch, restated, told
from tests.noc.reported import DAY, HOUR, MONTH, START, Reported

PERIOD = Period(MONTH, MONTH.end)
AFTER = DaemonMark(at=float(MONTH.end + DAY))


@contextmanager
def evidence(stage: Reported, mark: DaemonMark | None = AFTER) -> Iterator[Evidence]:
    with MetricReader(stage.config.metrics_file) as reader:
        yield Evidence(
            Sources(
                inventory=stage.inventory,
                attached_to=stage.config.poller.attached_to,
                reader=reader,
                mark=mark,
                windows=(),
                book=Book(),
                known=0.0,
            )
        )


def row(found: Evidence, kind: str, key: str) -> dict[str, object]:
    figures = found.document("sla", PERIOD).figures
    return dict(next(each for each in figures if (each["kind"], each["key"]) == (kind, key)))


def test_given_a_daemon_that_was_killed_and_came_back_then_the_time_between_is_unknown_though_all_was_sealed(
    tmp_path: Path,
) -> None:
    stage = Reported(tmp_path)
    killed, back = START + 3 * DAY, START + 3 * DAY + 5 * HOUR
    watch = Watch()
    watch.take_up(float(killed))
    with MetricStore(stage.config.metrics_file) as store:
        store.append(stage.watched())
        store.commit()
        store.seal(MONTH.end + DAY)
        store.append([batch for second in range(20) for batch in watch.look(float(back + second), None)])
    with evidence(stage) as found:
        assert found.states(PERIOD).unwatched == [
            Span(killed, back + int(SETTLED_S), "unwatched", "stale"),
        ]
        site = row(found, "site", "lga-chamwino")
    assert site["unknown_s"] == 5 * HOUR + SETTLED_S
    assert site["down_s"] == 0


def test_given_a_fault_found_after_a_restart_then_downtime_counts_only_while_somebody_watched(tmp_path: Path) -> None:
    stage = Reported(tmp_path)
    killed, back = START + 3 * DAY, START + 3 * DAY + HOUR
    watch = Watch()
    watch.take_up(float(killed))
    marks = [batch for second in range(20) for batch in watch.look(float(back + second), None)]
    stage.write([*stage.watched(), *marks, *stage.fault("site", "lga-chamwino", 3 * DAY + HOUR + 2, HOUR)])
    with evidence(stage) as found:
        site = row(found, "site", "lga-chamwino")
    assert site["down_s"] == HOUR + 2 - SETTLED_S
    assert site["unknown_s"] == HOUR + SETTLED_S


def test_given_a_daemon_that_ended_and_did_not_come_back_then_the_rest_of_the_month_is_unknown(tmp_path: Path) -> None:
    stage = Reported(tmp_path)
    stage.write(stage.watched(20))
    with evidence(stage, DaemonMark(at=float(START + 20 * DAY))) as found:
        site = row(found, "site", "lga-chamwino")
    assert (site["up_s"], site["unknown_s"]) == (20 * DAY, 8 * DAY)
    with evidence(stage, None) as found:  # a store without a daemon's own line: what it holds last was seen last
        assert row(found, "site", "lga-chamwino")["up_s"] == 19 * DAY


def test_given_a_fault_over_the_month_s_beginning_then_this_month_has_its_part(tmp_path: Path) -> None:
    stage = Reported(tmp_path)
    down, key = float(START - HOUR), "lga-chamwino"
    standing: list[Standing] = [("site", key, State.DOWN, down, Reason.NONE)]
    up = told("site_state", key, START + 2 * HOUR + 2, [(key, State.UP, float(START + 2 * HOUR), Reason.NONE)])
    stage.write([*stage.watched(0), *restated(START, standing), up])
    with evidence(stage) as found:
        site = row(found, "site", key)
    assert (site["down_s"], site["faults"]) == (2 * HOUR, 1)


def test_given_a_poller_that_was_blind_then_no_second_of_it_is_charged(tmp_path: Path) -> None:
    stage = Reported(tmp_path)
    watch = Watch()
    began = float(START + 4 * DAY)
    blind = [began + 60 if 70 <= second < 670 else None for second in range(800)]
    marks = [batch for second, since in enumerate(blind) for batch in watch.look(began + second, since)]
    stage.write([*stage.watched(), *marks, *stage.fault("site", "lga-chamwino", 4 * DAY + 60, 610)])
    with evidence(stage) as found:
        assert Span(int(began) + 60, int(began) + 670, "unwatched", "blind") in found.states(PERIOD).unwatched
        assert row(found, "site", "lga-chamwino")["down_s"] == 0
