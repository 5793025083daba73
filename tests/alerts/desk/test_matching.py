"""Which cause is which incident: merging, splitting, and cuts that come after redundancy was lost."""

from dataclasses import replace

from alerts.cause import Role
from alerts.desk.matching import match
from alerts.incident import IncidentState
from tests.alerts.desk.stage import Night, device


def test_given_a_router_found_dead_after_three_of_its_sites_were_told_then_one_incident_goes_on_under_it() -> None:
    night = Night()
    for cpe in ("cpe-1", "cpe-2", "cpe-3"):
        night.fault(cpe)
    night.until(30)
    keys = {night.alarm("pe-1"): Role.ROOT} | {key: Role.BEHIND for cpe in night.causes.values() for key in cpe.alarms}
    night.causes.clear()
    night.cause("pe-1", keys)
    night.until(330)
    assert night.incident(1).root == device("pe-1") and night.incident(1).linked == (2, 3)
    assert {night.incident(n).state for n in (2, 3)} == {IncidentState.RESOLVED}
    told = night.said(night.messages("juma"))
    assert [each[1] for each in told] == ["opened"] * 3 + ["update"]
    night.good("pe-1")
    night.until(451)
    night.clear("pe-1")
    night.until(2300)
    assert [each.incident for each in night.messages("juma", ["recovery"])] == [1]
    assert night.incident(2).state is IncidentState.CLOSED and night.incident(2).closing == "part of 1"


def test_given_a_root_that_recovers_and_a_site_that_does_not_then_it_opens_anew_after_its_own_telling_time() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(100)
    rest = {key: role for key, role in night.causes["pe-1"].alarms.items() if not key.endswith("cpe-7")}
    night.cause("pe-1", rest)
    night.cause("cpe-7", {"down device cpe-7": Role.ROOT})
    night.good("pe-1")
    night.until(122)
    assert len(night.shelf.kept) == 1 and "down device cpe-7" in night.incident(1).members
    night.until(123)
    assert night.incident(2).root == device("cpe-7") and "down device cpe-7" not in night.incident(1).members
    night.until(221)
    night.clear("pe-1")
    night.settle()
    (recovery,) = night.messages("juma", ["recovery"])
    assert recovery.incident == 1 and "6 councils back" in recovery.short


def test_given_a_split_site_that_answers_in_time_then_it_is_no_incident_of_its_own() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(100)
    night.cause("cpe-7", {"down device cpe-7": Role.ROOT})
    rest = {key: role for key, role in night.causes["pe-1"].alarms.items() if not key.endswith("cpe-7")}
    night.cause("pe-1", rest)
    night.good("pe-1")
    night.until(110)
    night.good("cpe-7")
    night.until(300)
    night.clear("pe-1", "cpe-7")
    night.settle()
    assert len(night.shelf.kept) == 1 and len(night.messages("juma", ["recovery"])) == 1


def test_given_a_cut_after_redundancy_was_lost_then_it_pages_by_itself_and_the_two_are_linked() -> None:
    night = Night()
    night.fault("pe-2")
    night.until(120)
    night.fault("pe-1", "cpe-1", earlier=(device("pe-2"),))
    night.until(200)
    assert night.said(night.pages()) == [(143, "opened", "juma", "sms")]
    assert night.incident(2).linked == (1,) and night.incident(1).linked == (2,)
    assert night.incident(1).state is IncidentState.OPEN


def test_given_another_fault_of_the_same_device_then_it_is_another_incident() -> None:
    night = Night()
    night.cause("pe-1", {night.alarm("pe-1", family="restart"): Role.ROOT})
    night.until(100)
    restart = night.incident(1)
    down = night.fault("pe-1", "cpe-1")
    found = match([down], [restart])
    assert not found.of and found.new == [down] and found.left == [restart]


def test_given_causes_and_incidents_in_any_order_then_the_match_is_the_same() -> None:
    night = Night()
    for cpe in ("cpe-1", "cpe-2", "cpe-3"):
        night.fault(cpe)
    night.until(30)
    causes, incidents = list(night.causes.values()), list(night.shelf.kept.values())
    straight, turned = match(causes, incidents), match(causes[::-1], incidents[::-1])
    assert straight.of == turned.of == {1: causes[0], 2: causes[1], 3: causes[2]}


def test_given_faults_of_one_provider_at_the_same_time_then_they_are_linked() -> None:
    night = Night()
    for cpe in ("cpe-1", "cpe-2"):
        cause = night.fault(cpe)
        link = replace(device(f"pe-1={cpe}"), kind="link", device="")
        night.causes[cpe] = replace(cause, roots=(link,))
    night.until(30)
    assert night.incident(1).linked == (2,) and night.incident(2).linked == (1,)
    assert [line.code for line in night.shelf.entries(1) if line.kind == "linked"] == ["provider"]


def test_given_two_roots_of_which_the_second_alone_stays_then_the_first_is_over_and_the_second_opens() -> None:
    night = Night()
    keys = {night.alarm("pe-1"): Role.ROOT, night.alarm("cpe-1"): Role.ROOT}
    night.cause("pe-1", keys, roots=(device("pe-1"), device("cpe-1")))
    night.until(100)
    night.clear("pe-1")
    night.cause("cpe-1", {night.alarm("cpe-1", since=night.now - 100): Role.ROOT})
    night.until(122)
    assert [incident.unresolved for incident in night.shelf.kept.values()] == [True]
    night.until(123)
    assert night.incident(1).state is IncidentState.RESOLVED and night.incident(2).root == device("cpe-1")
