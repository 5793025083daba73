"""When and whom the desk tells: once, not too early, and with one recovery at the end."""

from dataclasses import replace

from alerts.alarm import Severity
from alerts.cause import Impact, Role
from alerts.desk import acts
from alerts.incident import IncidentState
from alerts.notification import Fate
from alerts.oncall.chains import Chain, Step
from alerts.window import Window
from tests.alerts.desk.stage import NOW, PLAN, Night, device


def test_rule_15_given_a_blip_of_twenty_seconds_then_nobody_is_told() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(20)
    night.good("cpe-1")
    night.until(141)
    night.clear("cpe-1")
    assert night.settle().dropped == (device("cpe-1"),) or not night.shelf.kept
    assert not night.shelf.outbox and not night.shelf.kept


def test_rule_15_given_a_fault_that_another_explains_before_it_is_told_then_it_is_not_called_over() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(5)
    assert not night.shelf.kept
    cause = night.causes.pop("cpe-1")
    night.fault("pe-1", "cpe-2", "cpe-3")
    night.cause("pe-1", {**night.causes["pe-1"].alarms, **dict.fromkeys(cause.alarms, Role.BEHIND)})
    assert night.settle().dropped == ()


def test_rule_15_given_a_blip_after_a_blip_then_telling_counts_anew() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(20)
    night.good("cpe-1")
    night.until(25)
    night.bad("cpe-1")
    night.until(47.9)
    assert not night.shelf.kept
    night.until(48)
    assert night.said(night.pages()) == [(48, "opened", "juma", "sms")]


def test_rule_16_given_a_major_fault_then_page_at_23_s_update_at_the_mark_and_repeat_after_4_h() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(100)
    assert night.said() == [(23, "opened", "juma", "sms"), (23, "opened", "desk", "mail")]
    keys = dict(night.causes["cpe-1"].alarms) | {night.alarm("cpe-2"): Role.BEHIND}
    night.cause("cpe-1", keys)
    night.until(330)
    assert night.said()[2:] == [(323, "update", "juma", "sms"), (323, "update", "desk", "mail")]
    night.until(5 * 3600)
    later = [each for each in night.said(night.pages()) if each[0] > 330]
    assert later[:2] == [(623, "escalation", "asha", "sms"), (1223, "escalation", "boss", "sms")]
    assert sorted(later[2:]) == sorted((1223 + 4 * 3600, "repeat", who, "sms") for who in ("juma", "asha", "boss"))


def test_rule_16_given_a_critical_fault_then_it_is_told_when_confirmed_or_after_seven_seconds() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(6.9)
    assert not night.shelf.outbox
    night.until(7)
    assert [each.contact for each in night.pages()] == ["juma"]
    assert night.incident().severity is Severity.CRITICAL


def test_given_a_fault_confirmed_late_then_it_is_told_when_it_is_confirmed() -> None:
    night = Night()
    key = night.alarm("pe-1", confirmed_s=13.0)
    night.cause("pe-1", {key: Role.ROOT}, severity=Severity.CRITICAL)
    assert night.settle().next_due == NOW + 13


def test_rule_16_given_a_minor_fault_then_only_mail_after_a_minute_and_no_repeats() -> None:
    night = Night()
    night.fault("pe-2")
    night.until(59)
    assert not night.shelf.outbox
    night.until(12 * 3600)
    assert night.said() == [(60, "opened", "desk", "mail")]


def test_given_a_warning_then_a_mail_at_once_and_info_opens_nothing() -> None:
    night = Night()
    night.cause("pe-2", {night.alarm("pe-2", family="health", confirmed_s=0): Role.ROOT}, severity=Severity.WARNING)
    night.cause("pe-1", {night.alarm("pe-1", family="restart", confirmed_s=0): Role.ROOT}, severity=Severity.INFO)
    night.settle()
    assert night.said() == [(0, "opened", "desk", "mail")]
    assert len(night.shelf.kept) == 1


def test_given_the_same_settled_twice_then_nothing_changes() -> None:
    night = Night()
    night.fault("pe-1", "cpe-1", "cpe-2")
    night.fault("pe-2")
    night.until(61)
    before = night.shelf.writes
    night.settle()
    assert night.shelf.writes == before and night.settled.queued == 0


def test_rule_18_given_all_good_then_one_recovery_to_each_who_was_told() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(100)
    night.good("pe-1")
    night.until(221)
    night.clear("pe-1")
    night.until(2400)
    assert night.said(night.messages(occasions=["recovery"])) == [
        (221, "recovery", "juma", "sms"),
        (221, "recovery", "desk", "mail"),
    ]
    assert night.incident().state is IncidentState.RESOLVED
    assert night.incident().recovered_at == NOW + 100
    assert "7 councils back" in night.messages("juma", ["recovery"])[0].short


def test_rule_18_given_children_still_silent_then_an_update_at_the_mark_and_the_recovery_when_all_is_good() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(100)
    cause = night.causes["pe-1"]
    silent = {"down device cpe-1", "down device cpe-2", "down device cpe-3"}
    for key in cause.alarms.keys() - silent:
        night.alarms[key] = replace(night.alarms[key], good_since=night.now)
    night.causes["pe-1"] = replace(cause, bad=False)
    night.until(400)
    assert night.said(night.messages(occasions=["update", "recovery"])) == [
        (307, "update", "juma", "mail"),
        (307, "update", "desk", "mail"),
    ]
    assert night.incident().impact.sites == ("s-cpe-1", "s-cpe-2", "s-cpe-3")
    night.good("pe-1")
    night.until(521)
    night.clear("pe-1")
    night.settle()
    (sms,) = night.messages("juma", ["recovery"])
    assert "7 councils back" in sms.short


def test_rule_23_given_a_gateway_down_then_repeats_count_from_acceptance_and_escalation_goes_on() -> None:
    night = Night(accepting=False)
    night.fault("cpe-1")
    night.until(23)
    night.until(3600)
    assert [each.occasion for each in night.pages()] == ["opened", "escalation", "escalation"]
    night.until(3 * 3600)
    night.send()
    night.until(6 * 3600)
    assert not night.messages(occasions=["repeat"])
    night.until(7 * 3600 + 1)
    assert {each.queued_at - NOW for each in night.messages(occasions=["repeat"])} == {7 * 3600}


def test_rule_23_given_a_message_that_never_went_out_then_no_recovery_follows() -> None:
    night = Night(accepting=False)
    night.fault("cpe-1")
    night.until(60)
    night.good("cpe-1")
    night.until(181)
    night.clear("cpe-1")
    night.settle()
    assert {each.fate for each in night.messages()} == {Fate.CANCELLED}
    assert not night.messages(occasions=["recovery"])


def test_given_a_message_that_arrived_while_the_recovery_was_told_then_it_is_followed_by_one() -> None:
    night = Night(accepting=False)
    night.fault("cpe-1")
    night.until(60)
    night.good("cpe-1")
    night.until(181)
    night.clear("cpe-1")
    night.settle()
    late = night.messages("juma")[0]
    night.shelf.put_notification(replace(late, fate=Fate.SENT, channel="sms", ended_at=night.now))
    night.until(300)
    assert night.said(night.messages(occasions=["recovery"])) == [(241, "recovery", "juma", "sms")]


def test_rule_23_given_a_page_that_was_given_up_then_the_next_person_is_paged_at_once() -> None:
    night = Night(accepting=False)
    night.fault("cpe-1")
    night.until(23)
    night.send(fate=Fate.FAILED)
    night.settle()
    assert night.said(night.pages())[1:] == [(23, "escalation", "asha", "sms")]


def test_rule_24_given_an_acknowledgement_then_nothing_more_goes_out_on_any_channel() -> None:
    night = Night(accepting=False)
    night.fault("cpe-1")
    night.until(30)
    acts.acknowledge(night.books, 1, "juma", night.now)
    assert {each.fate for each in night.messages()} == {Fate.CANCELLED}
    night.until(24 * 3600)
    assert len(night.messages()) == 2


def test_rule_25_given_acts_and_notes_then_they_send_nothing() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(30)
    before = len(night.messages())
    acts.acknowledge(night.books, 1, "juma", night.now)
    acts.note(night.books, 1, "juma", "on my way", night.now)
    acts.assign(night.books, 1, "juma", "asha", night.now)
    acts.wait(night.books, 1, "asha", night.now, ticket="TT-1", next_check_at=night.now + 3600)
    night.settle()
    assert len(night.messages()) == before


def test_rule_26_given_a_window_that_ends_while_it_is_still_bad_then_it_is_told_then() -> None:
    night = Night()
    night.shelf.add_window(Window(0, "maintenance", "cpe-1", "asha", "works", NOW - 60, NOW + 7200, target="device"))
    night.fault("cpe-1")
    night.until(7199)
    assert night.incident().window == 1 and not night.messages()
    night.until(7200)
    assert night.said(night.pages()) == [(7200, "opened", "juma", "sms")]
    assert night.incident().since == NOW and night.incident().window is None


def test_rule_26_given_a_window_in_which_it_recovers_then_nobody_is_told() -> None:
    night = Night()
    night.shelf.add_window(Window(0, "maintenance", "cpe-1", "asha", "works", NOW - 60, NOW + 7200, target="device"))
    night.fault("cpe-1")
    night.until(600)
    night.good("cpe-1")
    night.until(721)
    night.clear("cpe-1")
    night.until(8000)
    assert not night.messages() and night.incident().state is IncidentState.RESOLVED


def test_rule_20_given_a_parent_in_maintenance_then_its_children_are_quiet_too() -> None:
    night = Night()
    night.shelf.add_window(Window(0, "maintenance", "pe-1", "asha", "works", NOW - 60, NOW + 7200, target="device"))
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(3600)
    assert not night.messages()


def test_rule_34_given_a_crash_between_decision_and_sending_then_the_message_keeps_its_key() -> None:
    night = Night(accepting=False)
    night.fault("cpe-1")
    night.until(23)
    keys = sorted(night.shelf.outbox)
    night.restart()
    night.until(30)
    assert sorted(night.shelf.outbox) == keys == ["1-opened-1-desk", "1-opened-1-juma"]


def test_rule_14_given_a_fault_again_within_half_an_hour_then_it_is_the_same_incident() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(60)
    night.good("cpe-1")
    night.until(180)
    night.clear("cpe-1")
    night.until(1000)
    night.fault("cpe-1")
    night.until(1022)
    assert night.incident().state is IncidentState.RESOLVED
    night.until(1023)
    assert night.incident().state is IncidentState.OPEN and len(night.shelf.kept) == 1
    assert night.said(night.messages("juma")) == [
        (23, "opened", "juma", "sms"), (180, "recovery", "juma", "sms"), (1023, "update", "juma", "sms"),
    ]  # fmt: skip
    night.good("cpe-1")
    night.until(1200)
    night.clear("cpe-1")
    night.until(1210)
    assert len(night.messages("juma", ["recovery"])) == 2


def test_rule_14_given_a_fault_after_more_than_half_an_hour_then_a_new_incident_links_back() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(60)
    night.good("cpe-1")
    night.until(180)
    night.clear("cpe-1")
    night.until(180 + 1801)
    night.fault("cpe-1")
    night.until(180 + 1801 + 23)
    assert night.incident(2).previous == 1 and night.incident(2).times == 2


def test_rule_14_given_falls_too_short_to_be_told_then_flapping_is_told_at_its_next_fall() -> None:
    night = Night()
    night.fault("cpe-1")
    for fall in range(4):
        night.until(fall * 24.0 + 12.0)
        night.good("cpe-1")
        night.until(fall * 24.0 + 24.0)
        night.bad("cpe-1", flaps=2 * fall if fall > 2 else 0)
    night.until(100)
    assert night.said(night.pages()) == [(96, "opened", "juma", "sms")]


def test_rule_14_given_flapping_then_the_count_goes_up_and_one_more_page_comes_in_a_quarter_of_an_hour() -> None:
    chain = Chain("one", (Step(0.0, ("contact:juma",)),))
    night = Night(plan=replace(PLAN, chains={"one": chain}))
    night.fault("cpe-1")
    night.until(40)
    for turn in range(12):
        night.good("cpe-1")
        night.until(50 + 20 * turn)
        night.bad("cpe-1", flaps=2 * turn + 6)
        night.until(60 + 20 * turn)
    acts_so_far = len(night.pages())
    night.until(560)
    assert acts_so_far == len(night.pages()) == 1
    assert night.incident().flaps == 28
    night.until(929)
    further = [each for each in night.said(night.pages()) if each[1] == "update"]
    assert further == [(923, "update", "juma", "sms")]


def test_given_a_severity_that_rises_then_it_is_told_at_the_telling_time_of_the_new_one() -> None:
    night = Night()
    night.fault("pe-2")
    night.until(300)
    keys = dict(night.causes["pe-2"].alarms) | {night.alarm("cpe-1"): Role.BEHIND}
    night.cause("pe-2", keys)
    night.until(322)
    assert not night.pages()
    night.until(323)
    assert night.said(night.pages()) == [(323, "opened", "juma", "sms")]
    night.until(3000)
    assert [each.occasion for each in night.messages("juma", ["opened"])] == ["opened"]


def test_given_a_severity_that_falls_then_an_update_by_mail_and_no_page() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(100)
    keys = {key: role for key, role in night.causes["pe-1"].alarms.items() if key[-1] in "12"}
    night.cause("pe-1", keys)
    night.until(310)
    assert night.said(night.messages(occasions=["update"])) == [
        (307, "update", "juma", "mail"),
        (307, "update", "desk", "mail"),
    ]
    assert night.incident().worst is Severity.CRITICAL and night.incident().severity is Severity.MAJOR


def test_given_a_poller_that_is_isolated_then_nothing_else_changes_until_it_sees_again() -> None:
    night = Night()
    night.fault("cpe-1")
    night.until(60)
    night.cause("noc", {night.alarm("noc", family="poller", confirmed_s=0): Role.ROOT}, severity=Severity.CRITICAL)
    night.fault("cpe-2")
    del night.causes["cpe-1"]
    before = night.incident(1)
    night.until(2000)
    assert night.incident(1) == before and len(night.shelf.kept) == 2
    assert [each.incident for each in night.pages() if each.occasion == "opened"] == [1, 2]
    assert not night.messages("asha") or {each.incident for each in night.messages("asha")} == {2}
    night.good("noc")
    night.until(2014)
    assert len(night.shelf.kept) == 2
    night.until(2016)
    assert len(night.shelf.kept) == 3


def test_given_replies_then_a_page_carries_a_code_and_a_mail_none() -> None:
    night = Night(replies=True)
    night.fault("cpe-1")
    night.until(30)
    assert "NOC OK 1-K7QD" in night.messages("juma")[0].short
    assert set(night.shelf.codes) == {(1, "juma")}


def test_given_machines_then_each_gets_every_message_once() -> None:
    night = Night(channels=frozenset({"sms", "webhook", "apprise"}))
    night.fault("cpe-1")
    night.until(30)
    night.good("cpe-1")
    night.until(151)
    night.clear("cpe-1")
    night.settle()
    assert [(each.key, each.channels) for each in night.messages("")] == [
        ("1-opened-1-@webhook", ("webhook",)), ("1-opened-1-@apprise", ("apprise",)),
        ("1-recovery-1-@webhook", ("webhook",)), ("1-recovery-1-@apprise", ("apprise",)),
    ]  # fmt: skip


def test_given_nobody_who_can_be_reached_then_the_supervisor_is_paged() -> None:
    night = Night()
    contacts = {**night.inventory.contacts, "juma": replace(night.inventory.contacts["juma"], telephone="", email="")}
    night.inventory = replace(night.inventory, contacts=contacts)
    night.restart()
    night.fault("cpe-1")
    night.until(30)
    assert night.said(night.pages()) == [(23, "opened", "boss", "sms")]


def test_given_more_than_ten_pages_in_ten_minutes_then_further_ones_are_one_message_at_the_mark() -> None:
    night = Night()
    for number in range(14):
        night.cause(f"far-{number}", {night.alarm(f"far-{number}"): Role.ROOT}, severity=Severity.MAJOR)
    night.until(30)
    night.fault("core-1", severity=Severity.CRITICAL, impact=Impact(core=True))
    night.until(400)
    mine = night.messages("juma")
    assert sum(each.occasion == "opened" for each in mine) == 11
    (digest,) = [each for each in mine if each.incident == 0]
    assert digest.page and "4 more incidents" in digest.short and len(digest.short) <= 160
