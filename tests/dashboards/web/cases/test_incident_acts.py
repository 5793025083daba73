"""What people do with incidents on the web: once however often it is sent, in timeline and audit log, or not and why."""

import sqlite3
import threading
import time

import pytest

from alerts.incident import IncidentState
from alerts.notification import Fate
from noc.ledger.ledger import open_ledger
from tests.dashboards.web.cases.desk import GOOD, HOSTILE, RESOLVED, Desk, alarm, message
from tests.mbeya import MINOR, adds

ACTS = [
    ("ack", {}, {}, ("acknowledged", IncidentState.ACKNOWLEDGED)),
    ("assign", {"owner": "juma"}, {}, ("assigned", IncidentState.IN_PROGRESS)),
    ("note", {"text": "TTCL sends a crew"}, {}, ("noted", IncidentState.OPEN)),
    ("wait", {"ticket": "TTCL-1", "check": "in 2h"}, {}, ("waiting", IncidentState.WAITING)),
    ("resolve", {"text": "fibre spliced"}, GOOD, ("resolved-by-hand", IncidentState.RESOLVED)),
    ("close", {"cause": "road works"}, RESOLVED, ("closed", IncidentState.CLOSED)),
]


@pytest.mark.parametrize(("name", "typed", "before", "after"), ACTS)
def test_given_an_act_sent_twice_then_it_is_done_once_and_written_down_once(
    desk: Desk, name: str, typed: dict[str, str], before: dict[str, object], after: tuple[str, IncidentState]
) -> None:
    code, state = after
    desk.fill(adds(**before))
    for _ in range(2):
        answer = desk.post(f"/incidents/1/{name}", **typed)
        assert (answer.status_code, answer.headers["location"]) == (303, "/incidents/1")
    assert desk.kept(1).state is state
    lines = desk.lines(1)
    assert [(one.who, one.code) for one in lines] == [("asha", code)]
    assert desk.audit() == [("asha", code)]
    page = desk.text("/incidents/1")
    assert all(word in page for word in typed.values() if word not in ("juma", "in 2h"))


def test_given_an_ack_then_it_is_the_contact_whose_name_it_is_and_by_the_web(desk: Desk) -> None:
    desk.fill(adds(), lambda books: books.queue(message(1)))
    assert desk.post("/incidents/1/ack", who="juma").status_code == 303
    assert desk.kept(1).acknowledged_by == "juma"
    assert desk.lines(1)[0].figures == {"via": "web"}
    with open_ledger(f"sqlite:///{desk.ledger}", clock=time.time) as ledger, ledger.reading() as books:
        assert [one.fate for one in books.notifications(1)] == [Fate.CANCELLED]


@pytest.mark.parametrize(
    ("name", "typed", "before", "reason"),
    [
        ("resolve", {"text": HOSTILE}, {}, "still fires"),
        ("close", {"cause": HOSTILE}, {}, "only a resolved incident can be closed"),
        ("close", {"cause": " "}, RESOLVED, "say what the cause was"),
        ("wait", {"ticket": HOSTILE, "check": "yesterday 10:00"}, {}, "must lie ahead"),
        ("wait", {"ticket": "T-1", "check": "whenever"}, {}, "is no time"),
        ("wait", {"ticket": "T-1", "check": "in 91d"}, {}, "not more than 90 days"),
        ("wait", {"ticket": "x" * 65, "check": "in 2h"}, {}, "at most 64"),
        ("assign", {"owner": "jumma"}, {}, "did you mean"),
        ("note", {"text": "\u0000 \n"}, {}, "no text in it"),
        ("note", {"text": "x" * 2_001}, {}, "at most 2000"),
        ("ack", {}, RESOLVED, "is resolved since"),
    ],
)
def test_given_what_cannot_be_done_then_the_page_says_why_and_keeps_what_was_typed(
    desk: Desk, name: str, typed: dict[str, str], before: dict[str, object], reason: str
) -> None:
    desk.fill(adds(**before), lambda books: books.put_alarms([alarm()]) if not before else None)
    answer = desk.post(f"/incidents/1/{name}", **typed)
    assert answer.status_code == 409 and reason in answer.text
    assert HOSTILE not in answer.text
    if HOSTILE in typed.values() and name == "wait":
        assert 'value="&lt;img src=x onerror=alert(1)&gt;"' in answer.text
    assert not desk.lines(1) and not desk.audit()


def test_given_a_minor_one_that_is_over_then_it_closes_without_a_cause(desk: Desk) -> None:
    desk.fill(adds(**{**MINOR, **RESOLVED}))
    assert desk.post("/incidents/1/close").status_code == 303
    assert desk.kept(1).state is IncidentState.CLOSED


@pytest.mark.parametrize("number", ["0", "9", "99999999999", "1e3", "-1", "x", "%00", "٣"])
def test_given_a_number_that_no_incident_has_then_404(desk: Desk, number: str) -> None:
    desk.fill(adds())
    assert desk.get(f"/incidents/{number}").status_code == 404
    assert desk.post(f"/incidents/{number}/ack").status_code == 404


def test_given_who_may_only_look_then_no_act_and_no_form(desk: Desk) -> None:
    desk.fill(adds())
    for who in ("eyes", "chunya"):
        assert desk.post("/incidents/1/ack", who=who).status_code == 403
        assert "/incidents/1/ack" not in desk.text("/incidents/1", who)
    assert desk.post("/incidents/1/ack", who="").status_code in (303, 401, 403)
    assert desk.post("/incidents/1/eat").status_code == 404
    assert desk.kept(1).state is IncidentState.OPEN


def test_given_two_browsers_at_once_then_one_takes_it_and_the_other_is_told_who(desk: Desk) -> None:
    desk.fill(adds())
    found: dict[str, int] = {}

    def take(who: str) -> None:
        answer = desk.post("/incidents/1/ack", who=who)
        found[who] = answer.status_code
        if answer.status_code == 409:
            assert f"by {desk.kept(1).acknowledged_by} since" in answer.text

    people = [threading.Thread(target=take, args=(who,)) for who in ("asha", "juma")]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(found.values()) == [303, 409]
    assert len(desk.lines(1)) == 1


def test_given_a_page_that_is_old_by_now_then_the_act_goes_by_how_it_stands(desk: Desk) -> None:
    desk.fill(adds())
    assert 'action="/incidents/1/ack"' in desk.text("/incidents/1", "juma")
    desk.post("/incidents/1/ack")
    desk.post("/incidents/1/note", text="with me")
    refused = desk.post("/incidents/1/ack", who="juma")
    assert refused.status_code == 409 and "already in progress by asha" in refused.text


def test_given_a_locked_ledger_then_what_was_typed_is_there_to_be_sent_again(desk: Desk) -> None:
    desk.fill(adds())
    desk.text("/incidents/1")
    other = sqlite3.connect(desk.ledger, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    answer = desk.post("/incidents/1/note", text=f"the crew is at km 40 {HOSTILE}")
    other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert "somebody else is writing" in answer.text and "the crew is at km 40 &lt;img" in answer.text
    time.sleep(0.6)
    assert desk.post("/incidents/1/note", text="the crew is at km 40").status_code == 303


def test_given_rows_that_are_chosen_then_all_are_taken_or_none_with_every_reason(desk: Desk) -> None:
    desk.fill(adds(), adds(**MINOR), adds(**RESOLVED))
    refused = desk.post("/incidents/ack", number=["1", "2", "3", "7"], back="severity=critical&site=lga-a")
    assert 'value="severity=critical&amp;site=lga-a"' in refused.text and 'data-href="/incidents/2"' not in refused.text
    assert refused.status_code == 409
    assert "incident 3 is resolved since" in refused.text and "there is no incident 7" in refused.text
    assert 'value="1" aria-label="1" checked' in refused.text
    assert desk.kept(1).state is IncidentState.OPEN and not desk.audit()
    taken = desk.post("/incidents/ack", number=["1", "2", "2"], back="severity=minor")
    assert (taken.status_code, taken.headers["location"]) == (303, "/incidents?severity=minor")
    assert {desk.kept(1).acknowledged_by, desk.kept(2).acknowledged_by} == {"asha"}
    assert desk.post("/incidents/ack").status_code == 409
    assert desk.post("/incidents/ack", number=["1", "2"]).status_code == 303


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/incidents/1/ack", "/incidents/1"),
        ("/incidents/ack", "/incidents"),
        ("/windows/1/end", "/windows/1"),
        ("/oncall/1/end", "/oncall"),
    ],
)
def test_given_the_page_of_a_refusal_read_again_then_one_is_where_one_came_from(
    desk: Desk, path: str, where: str
) -> None:
    answer = desk.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, where)
