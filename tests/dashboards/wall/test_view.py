from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Severity
from alerts.cause import Impact
from alerts.incident import IncidentState
from alerts.oncall.chains import Chain, Step
from alerts.oncall.plan import Plan
from alerts.window import Window
from dashboards.wall.faults import LOW, MORE, ROOM, TALL, faults_of, fitted
from dashboards.wall.fitness import Failure, banner_of, own_of
from dashboards.wall.heading import fresh_of
from dashboards.wall.scene import Beside
from dashboards.wall.traffic import BUSIEST, busiest_of, gauges_of
from dashboards.wall.view import wall_of
from dashboards.wall.words import failures, left, spark_path
from dashboards.web.sources.own import Channel, Health, Influx, Polls
from inventory.status import JudgedMark
from tests.dashboards.wall.scenery import MARK, NOW, carrying, incident, network, scene

POLLS = Polls(int(NOW), 60, 1800, 0, 0.4, 2.2, 30.0, 80.0)
PLAN = Plan({}, {"noc": Chain("noc", (Step(0.0, ("schedule:noc",)), Step(600.0, ("schedule:noc", "supervisor"))))})


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(list(Severity)), max_size=120))
def test_given_any_number_of_incidents_then_none_is_lost_and_they_fit(severities: list[Severity]) -> None:
    found = faults_of(scene([incident(number, "dod-pe-1", each) for number, each in enumerate(severities, 1)]))
    assert found.total == len(severities) == len(found.rows) + found.more
    height = sum(TALL if row.tall else LOW for row in found.rows) + (MORE if found.more else 0)
    assert height <= ROOM
    ranks = [Severity(row.severity).rank for row in found.rows]
    assert ranks == sorted(ranks)


def test_given_equals_then_those_nobody_has_are_first_and_of_them_the_oldest() -> None:
    had: dict[str, Any] = {"state": IncidentState.ACKNOWLEDGED, "acknowledged_by": "j-kimaro"}
    told = [
        incident(1, "dod-pe-1", Severity.MAJOR, since=NOW - 9000, **had),
        incident(2, "dod-pe-1", since=NOW - 100),
        incident(3, "dod-pe-1", since=NOW - 900),
        incident(4, "dod-pe-1", Severity.CRITICAL, since=NOW - 10, **had),
    ]
    assert [row.number for row in faults_of(scene(told)).rows] == [4, 3, 2, 1]


def test_given_nobody_acknowledged_then_the_next_step_counts_down_until_it_is_taken() -> None:
    told = incident(1, "dod-pe-1", told_at=NOW - 440, step=1, step_at=NOW - 440, impact=Impact(sites=("lga-chamwino",)))
    row = faults_of(scene([told], plan=PLAN)).rows[0]
    assert row.next_at == NOW + 160
    assert row.standing == "not acked, next: supervisor in " and left(row.next_at - NOW) == "2:40"
    assert row.whom == "1 council"
    late = faults_of(scene([replace(told, told_at=NOW - 700, step_at=NOW - 700)], plan=PLAN)).rows[0]
    assert late.next_at is None and late.standing == "not acked, next: supervisor now"
    swahili = faults_of(scene([told], plan=PLAN, language="sw")).rows[0]
    assert "supervisor" in swahili.standing and swahili.whom == "halmashauri 1"


def test_given_a_provider_is_waited_for_then_its_ticket_is_said_once() -> None:
    waiting = incident(1, "dod-pe-1", state=IncidentState.WAITING, ticket="T-7", next_check_at=NOW + 60)
    row = faults_of(scene([waiting])).rows[0]
    assert "T-7" in row.standing and row.ticket == ""
    assert faults_of(scene([replace(waiting, state=IncidentState.IN_PROGRESS)])).rows[0].ticket == "T-7"


def test_given_a_ledger_that_cannot_be_read_then_incidents_are_not_said_to_be_none() -> None:
    found = scene(None)
    assert not faults_of(found).readable
    assert "ledger" in [one.code for one in banner_of(found).failures]


def test_rule_22_given_old_rates_then_a_gauge_is_not_live_and_no_link_is_busy() -> None:
    links = {"up-tix-1": carrying("up-tix-1", 0.9), "dar-x": carrying("dar-x", 0.5)}
    live = gauges_of(scene(links=links)).rows[-1]
    assert (live.key, live.live, live.mark, live.into.ratio) == ("tix-1", True, "", 0.9)
    old = scene(links=links, mark=replace(MARK, at=NOW - 60))
    gauge = gauges_of(old).rows[-1]
    assert (gauge.live, gauge.state, gauge.mark, gauge.at) == (False, "unknown", "unknown", NOW - 2)
    assert busiest_of(old).rows == ()
    assert fresh_of(old).silent_since == NOW - 60


def test_given_a_name_too_long_for_its_row_then_its_middle_goes_and_not_what_happened_nor_its_key() -> None:
    name = "President's Office, Public Service Management and Good Governance (mda-psmgg-r1)"
    for whole in (f"{name} down", f"{name} haipatikani"):
        found = fitted(whole, name, 46)
        assert len(found) <= 46 and found.startswith("President's") and "(mda-psmgg-r1)" in found
        assert found.split()[-1] == whole.split()[-1]
    assert fitted("Mbeya PE down", "Mbeya PE", 46) == "Mbeya PE down"
    assert fitted(f"{'x' * 60} down", "x" * 60, 46) == f"{'x' * 39}… down"


def test_rule_21_given_a_poller_that_is_cut_off_then_the_wall_says_so_before_all_else_and_calls_nothing_up() -> None:
    faults = [
        incident(1, "dod-pe-1", Severity.CRITICAL),
        replace(incident(2, "noc", Severity.CRITICAL), family="poller"),
    ]
    blind = scene(faults, mark=replace(MARK, blind_since=NOW - 40))
    assert [row.number for row in faults_of(blind).rows] == [2, 1] and faults_of(blind).as_of is None
    assert banner_of(blind).failures[0] == Failure("blind", NOW - 40)
    assert set(blind.states.values()) == {"unknown"} and fresh_of(blind).silent_since == NOW - 40


def test_given_gauges_then_they_say_percentile_ceiling_and_when_they_are_full_or_broken() -> None:
    links = {"up-tix-1": carrying("up-tix-1", 0.97), "up-seacom-1": carrying("up-seacom-1", 0.2, state="down")}
    beside = Beside(NOW - 100, {"tix-1": 9.0e8})
    found = {gauge.key: gauge for gauge in gauges_of(scene(links=links, beside=beside)).rows}
    assert set(found) == {"iru-seacom-1", "iru-eassy-1", "tix-1"}
    assert (found["tix-1"].p95_ratio, found["tix-1"].ceiling_bps, found["tix-1"].mark) == (
        0.9,
        1_000_000_000,
        "warning",
    )
    assert found["iru-seacom-1"].mark == "major"
    assert found["iru-eassy-1"].state == "unknown" and found["iru-eassy-1"].p95_bps is None


def test_given_many_links_then_the_busiest_eight_are_shown_with_their_day() -> None:
    links = {f"link-{number}": carrying(f"link-{number}", number / 100) for number in range(30)}
    links["gone"] = carrying("gone", 0.99, state="unreachable")
    links["old"] = carrying("old", 0.98, at=NOW - 300)
    found = busiest_of(scene(links=links, beside=Beside(NOW, courses={"link-29": (0.1, None)})))
    assert [row.key for row in found.rows] == [f"link-{number}" for number in range(29, 29 - BUSIEST, -1)]
    assert found.rows[0].course == (0.1, None)


def test_given_a_course_with_a_gap_then_its_line_has_one() -> None:
    assert spark_path((0.1, 0.2, None, 0.4)).count("M") == 2
    assert spark_path((None, None)) == spark_path(()) == ""


def test_given_a_channel_that_fails_then_the_banner_names_it_once() -> None:
    channels = (Channel("sms", NOW - 500, NOW - 400, "refused", 3, 400.0), Channel("mail", NOW - 5, None, "", 0, 0.0))
    parts = {"channel sms": True, "channel mail": False, "disk": True, "store": False}
    influx = Influx("http://x", NOW, "unreachable", NOW - 50, True, "refused", 52.0, 0, 0, 0, 0)
    health = Health(NOW, MARK, True, POLLS, parts, int(NOW), influx, channels)
    found = [(one.code, one.since, one.detail) for one in banner_of(scene(health=health)).failures]
    assert found == [("channel", NOW - 400, "sms"), ("influxdb", NOW - 50, ""), ("disk", None, "")]
    own = own_of(scene(health=health))
    assert (own.polls_ps, own.late_ms, own.behind_s) == (30.0, 2.0, 50.0)
    assert [one.channel for one in own.accepted] == ["sms", "mail"]


def test_given_a_ledger_that_takes_no_writes_then_it_is_said_that_new_incidents_are_missing() -> None:
    health = Health(NOW, MARK, True, POLLS, {"ledger": True}, int(NOW), None, ())
    codes = [[one.code for one in banner_of(scene(found, health=health)).failures] for found in ((), None)]
    assert codes == [["unkept"], ["ledger"]]
    assert "unkept" in failures(str)


def test_given_failures_of_every_kind_then_each_has_its_words() -> None:
    words = failures(str)
    for found in (scene(None, sites=None), scene(mark=None), scene(mark=replace(MARK, stopped=NOW - 5))):
        assert {one.code for one in banner_of(found).failures} <= set(words)
    assert [one.code for one in banner_of(scene(mark=replace(MARK, stopped=NOW - 5))).failures] == ["stopped"]
    fast = JudgedMark(at=NOW - 60, ahead_s=3600.0)
    assert [one.code for one in banner_of(scene(mark=fast)).failures] == ["silent", "fast"]


def test_given_maintenance_then_what_runs_and_what_begins_within_eight_hours_is_counted() -> None:
    def window(number: int, begins: float, kind: str = "maintenance") -> Window:
        return Window(number, kind, "key=dod-pe-1", "x", "y", NOW + begins, NOW + begins + 600)  # type: ignore[arg-type]

    told = (window(1, -60), window(2, 3600), window(3, 9 * 3600), window(4, -60, "silence"))
    assert (own_of(scene(windows=told)).windows, own_of(scene(windows=told)).ahead) == (1, 1)
    assert own_of(scene(windows=None)).ahead is None


def test_given_nothing_changed_but_the_time_then_every_part_is_the_same() -> None:
    told = [incident(1, "dod-pe-1", told_at=NOW - 1)]
    links = {"up-tix-1": carrying("up-tix-1", 0.9)}
    first = scene(told, links=links, plan=PLAN)
    assert wall_of(first) == wall_of(replace(first, now=NOW + 3))
    assert wall_of(first) == wall_of(scene(told, links=links, plan=PLAN, inventory=network()))
