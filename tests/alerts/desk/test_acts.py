"""What people do with incidents, and what is refused with nothing changed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from alerts.desk import acts
from alerts.desk.acts import ActRefused
from alerts.incident import IncidentState
from tests.alerts.desk.stage import NOW, Night


def taken() -> Night:
    night = Night()
    night.fault("cpe-1")
    night.until(30)
    return night


def over(night: Night) -> Night:
    night.good("cpe-1")
    night.until(160)
    night.clear("cpe-1")
    night.until(170)
    return night


def refused(night: Night, act: Callable[[], object], words: str) -> None:
    before, lines, outbox = dict(night.shelf.kept), list(night.shelf.lines), dict(night.shelf.outbox)
    with pytest.raises(ActRefused, match=words):
        act()
    assert (night.shelf.kept, night.shelf.lines, night.shelf.outbox) == (before, lines, outbox)


def test_given_two_who_take_it_then_the_second_is_told_who_has_it() -> None:
    night = taken()
    first = acts.acknowledge(night.books, 1, "juma", night.now)
    assert (first.state, first.acknowledged_by, first.owner) == (IncidentState.ACKNOWLEDGED, "juma", "juma")
    refused(night, lambda: acts.acknowledge(night.books, 1, "asha", night.now), "already acknowledged by juma")
    assert acts.acknowledge(night.books, 1, "juma", night.now + 9) == first


def test_given_a_note_then_an_acknowledged_incident_is_in_progress_and_an_open_one_stays_open() -> None:
    night = taken()
    assert acts.note(night.books, 1, "asha", "seen\x1b[2J\n it", night.now).state is IncidentState.OPEN
    assert night.shelf.entries(1)[-1].text == "seen[2J it"
    acts.acknowledge(night.books, 1, "juma", night.now)
    assert acts.note(night.books, 1, "juma", "driving", night.now).state is IncidentState.IN_PROGRESS


def test_given_waiting_then_a_ticket_and_a_next_check_ahead_are_required() -> None:
    night = taken()
    at = night.now
    refused(night, lambda: acts.wait(night.books, 1, "juma", at, ticket=" ", next_check_at=at + 60), "ticket")
    refused(night, lambda: acts.wait(night.books, 1, "juma", at, ticket="T1", next_check_at=at), "lie ahead")
    refused(night, lambda: acts.wait(night.books, 1, "juma", at, ticket="T1", next_check_at=at + 1e9), "90 days")
    waiting = acts.wait(night.books, 1, "juma", at, ticket="T1", next_check_at=at + 3600)
    assert (waiting.state, waiting.ticket, waiting.next_check_at) == (IncidentState.WAITING, "T1", at + 3600)


def test_given_it_fires_then_resolving_is_refused_and_closing_too() -> None:
    night = taken()
    refused(night, lambda: acts.resolve(night.books, 1, "juma", night.now), "still fires")
    refused(night, lambda: acts.close(night.books, 1, "juma", night.now, cause="fibre"), "only a resolved incident")


def test_given_it_is_good_then_it_can_be_resolved_by_hand_and_those_told_hear_of_it_once() -> None:
    night = taken()
    night.good("cpe-1")
    night.until(40)
    done = acts.resolve(night.books, 1, "juma", night.now, text="cable was loose")
    assert done.state is IncidentState.RESOLVED and done.recovered_at == NOW + 30
    night.until(60)
    night.clear("cpe-1")
    night.until(400)
    assert night.said(night.messages("juma", ["recovery"])) == [(40, "recovery", "juma", "sms")]


def test_given_a_resolved_incident_then_it_is_closed_with_a_cause_and_never_opens_again() -> None:
    night = over(taken())
    refused(night, lambda: acts.acknowledge(night.books, 1, "juma", night.now), "resolved since")
    refused(night, lambda: acts.close(night.books, 1, "juma", night.now, cause="  "), "what the cause was")
    shut = acts.close(night.books, 1, "juma", night.now, cause="fibre cut at Kibaha")
    assert (shut.state, shut.closing) == (IncidentState.CLOSED, "fibre cut at Kibaha")
    refused(night, lambda: acts.close(night.books, 1, "asha", night.now, cause="x"), "closed since")
    refused(night, lambda: acts.assign(night.books, 1, "asha", "juma", night.now), "never opens again")
    night.fault("cpe-1")
    night.until(300)
    assert night.incident(2).previous == 1 and night.incident(1).state is IncidentState.CLOSED


def test_given_no_such_incident_or_endless_text_then_it_is_refused() -> None:
    night = taken()
    refused(night, lambda: acts.note(night.books, 7, "juma", "hello", night.now), "no incident 7")
    refused(night, lambda: acts.note(night.books, 1, "juma", "x" * 3000, night.now), "3000 characters")
    refused(night, lambda: acts.note(night.books, 1, "juma", "\n", night.now), "no text")


def test_given_a_major_one_that_is_resolved_then_it_waits_for_a_person_and_a_minor_one_does_not() -> None:
    night = taken()
    night.fault("pe-2")
    night.until(100)
    night.good("cpe-1", "pe-2")
    night.until(221)
    night.clear("cpe-1", "pe-2")
    night.until(221 + 1799)
    assert night.incident(2).state is IncidentState.RESOLVED
    night.until(24 * 3600)
    assert (night.incident(1).state, night.incident(2).state) == (IncidentState.RESOLVED, IncidentState.CLOSED)
    assert night.incident(2).closed_at == NOW + 221 + 1800


def test_given_an_acknowledged_critical_without_a_note_for_an_hour_then_it_comes_back_to_the_desk() -> None:
    night = Night()
    night.fault("pe-1", *(f"cpe-{each}" for each in range(1, 8)))
    night.until(30)
    acts.acknowledge(night.books, 1, "juma", night.now)
    night.until(1800)
    acts.note(night.books, 1, "juma", "still driving", night.now)
    night.until(5399)
    assert [each.occasion for each in night.pages()] == ["opened"]
    night.until(5400)
    assert night.said(night.pages())[1:] == [(5400, "overdue", "juma", "sms")]
    assert night.incident().state is IncidentState.OPEN and not night.incident().acknowledged_by
    night.until(6000)
    assert night.said(night.pages())[2:] == [(6000, "escalation", "asha", "sms")]


def test_given_a_provider_who_does_not_deliver_then_at_the_next_check_it_comes_back() -> None:
    night = taken()
    acts.wait(night.books, 1, "juma", night.now, ticket="TT-7", next_check_at=NOW + 9 * 86_400)
    night.until(9 * 86_400 - 1)
    assert [each.occasion for each in night.pages()] == ["opened"]
    night.until(9 * 86_400)
    (page,) = night.messages(occasions=["overdue"])
    assert page.contact == "juma" and "Next check was due" in page.short


def test_given_somebody_overtook_the_desk_then_its_transaction_fails_whole() -> None:
    night = taken()
    stale = night.incident()
    acts.acknowledge(night.books, 1, "juma", night.now)
    with pytest.raises(Exception, match="changed by somebody else"):
        night.books.put(replace(stale, owner="asha"))
