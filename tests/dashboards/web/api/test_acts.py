"""Acts over the API: as those of the commands, once however often they are sent, and nothing half done."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.incident import Incident
from dashboards.web.api.etag import digest
from dashboards.web.api.tables import TABLES
from dashboards.web.viewer import Right
from tests.dashboards.web.api.front import Front, opened
from tests.patience import wait_until

POSTS = [route for table in TABLES for route in table if "POST" in route.methods]
ACTS = [route for route in POSTS if route.needs in (Right.ACT, Right.ADMIN)]
LONG_AHEAD = (datetime.now(UTC) + timedelta(hours=6)).isoformat()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with opened(tmp_path_factory.mktemp("acts")) as one:
        yield one


def kept(desk: Front, number: int) -> Incident:
    with desk.house.cases.reading() as books:
        found = books.incident(number)
    assert found is not None
    return found


def lines(desk: Front, number: int) -> list[str]:
    with desk.house.cases.reading() as books:
        return [one.code for one in books.entries(number)]


@pytest.mark.parametrize("route", ACTS, ids=lambda route: route.path)
@pytest.mark.parametrize(("who", "status"), [("", 401), ("few", 403)])
def test_given_somebody_who_may_not_act_then_nothing_is_done(front: Front, route: Any, who: str, status: int) -> None:
    answer = front.post(route.path.removeprefix("/api/v1").replace("{number}", "1"), {}, who)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert status == 401 or f"the scope {route.needs}" in answer.json()["detail"]


def test_given_a_session_then_acts_need_its_form_key(desk: Front) -> None:
    asked = {"json": {"text": "by hand"}, "headers": {"cookie": "noc_session=act", "sec-fetch-site": "same-origin"}}
    without = desk.ask("/incidents/1/note", "", "POST", **asked)
    asked["headers"] = {**asked["headers"], "x-form-key": "key-of-act"}
    assert without.status_code == 403
    assert "x-form-key" in without.json()["detail"].lower()
    assert desk.ask("/incidents/1/note", "", "POST", **asked).status_code == 200


def test_given_an_act_then_incident_timeline_and_audit_tell_it_as_of_the_command(desk: Front) -> None:
    answer = desk.post("/incidents/2/ack")
    assert answer.status_code == 200
    told = answer.json()["incident"]
    assert (told["state"], told["acknowledged_by"]) == ("acknowledged", "a-mushi")
    assert lines(desk, 2)[-1] == "acknowledged"
    deed = desk.told("/audit?limit=1", "admin")["deeds"][0]
    assert (deed["who"], deed["act"], deed["what"]["incident"]) == ("a-mushi", "acknowledged", 2)


def test_given_the_acts_one_after_the_other_then_the_incident_goes_its_way(desk: Front) -> None:
    assert desk.post("/incidents/2/assign", {"owner": "A-MUSHI"}).json()["incident"]["state"] == "in progress"
    waiting = desk.post("/incidents/2/wait", {"ticket": "T-1", "next_check_at": LONG_AHEAD}).json()["incident"]
    assert (waiting["state"], waiting["ticket"]) == ("waiting", "T-1")
    fires = desk.post("/incidents/2/resolve", {"text": "spliced"})
    assert (fires.status_code, "still fires" in fires.json()["detail"]) == (409, True)
    unsaid = desk.post("/incidents/3/close", {})
    assert (unsaid.status_code, kept(desk, 3).state) == (409, "resolved")
    assert desk.post("/incidents/3/close", {"cause": "fibre cut"}).json()["incident"]["state"] == "closed"


def test_given_the_same_key_twice_then_it_is_done_once_and_answered_alike(desk: Front) -> None:
    said = {"select": ["lga-chamwino"], "to": LONG_AHEAD, "reason": "power works"}
    first, again = (desk.post("/silences", said, idempotency_key="k-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert first.headers["location"] == f"/api/v1/silences/{first.json()['window']['number']}"
    assert desk.told(first.headers["location"].removeprefix("/api/v1"))["window"] == first.json()["window"]
    other = desk.post("/silences", {**said, "reason": "something else"}, idempotency_key="k-1")
    assert (other.status_code, "Idempotency-Key" in other.json()["problems"]) == (422, True)
    assert desk.post("/silences", said, who="admin", idempotency_key="k-1").status_code == 201  # another one's key


def test_given_if_match_then_nothing_is_done_on_what_was_changed_meanwhile(desk: Front) -> None:
    tag = desk.ask("/incidents/1").headers["etag"]
    assert desk.post("/incidents/1/note", {"text": "first"}, if_match=tag).status_code == 200
    assert desk.ask("/incidents/1", headers={"if-none-match": tag}).status_code == 200
    before = lines(desk, 1)
    late = desk.post("/incidents/1/note", {"text": "second"}, if_match=tag)
    assert (late.status_code, lines(desk, 1)) == (412, before)
    now = desk.post("/incidents/1/note", {"text": "third"}, if_match=f'"{kept(desk, 1).revision}"')
    assert now.status_code == 200
    assert now.headers["etag"] == f'"{kept(desk, 1).revision}"'


def test_given_what_cannot_be_planned_then_the_field_is_named_and_nothing_is_kept(desk: Front) -> None:
    good = {"select": ["lga-chamwino"], "to": LONG_AHEAD, "reason": "r"}
    work = {"target": "site", "key": "lga-chamwino", "to": LONG_AHEAD, "reason": "r"}
    before = desk.told("/silences?all=true")["total"], desk.told("/maintenance?all=true")["total"]
    for path, said, field in (
        ("/silences", {**good, "select": ["regio=Dodoma"]}, "select"),
        ("/silences", {**good, "select": ["no-such-thing"]}, "select"),
        ("/silences", {**good, "to": "2020-01-01T00:00:00Z"}, "to"),
        ("/silences", {**good, "reason": "two\nlines\u0007"}, "reason"),
        ("/maintenance", {**work, "key": "lga-chamwin"}, "key"),
        ("/maintenance", {**work, "repeat": "FREQ=SOMETIMES", "until": "2026-12-31T00:00:00Z"}, "repeat"),
        ("/maintenance", {**work, "repeat": "FREQ=WEEKLY"}, "until"),
        ("/incidents/1/wait", {"ticket": "T", "next_check_at": "2020-01-01T00:00:00Z"}, ""),
        ("/incidents/1/assign", {"owner": "a-mushy"}, "owner"),
    ):
        answer = desk.post(path, said)
        assert (answer.status_code, list(answer.json().get("problems", {}))) == (
            (422, [field]) if field else (409, [])
        ), answer.text
    assert before == (desk.told("/silences?all=true")["total"], desk.told("/maintenance?all=true")["total"])


def test_given_windows_then_they_are_planned_listed_and_ended_once(desk: Front) -> None:
    made = desk.post(
        "/maintenance", {"target": "device", "key": "DOD-CORE-1", "to": LONG_AHEAD, "reason": "new line card"}
    )
    number = made.json()["window"]["number"]
    assert made.json()["window"]["covers"] == [{"kind": "device", "key": "dod-core-1"}]
    assert number in [one["number"] for one in desk.told("/maintenance")["windows"]]
    assert desk.post(f"/maintenance/{number}/end").json()["window"]["state"] == "expired"
    again, absent = desk.post(f"/maintenance/{number}/end"), desk.post("/maintenance/999/end")
    assert (again.status_code, absent.status_code) == (409, 404)
    assert number not in [one["number"] for one in desk.told("/maintenance")["windows"]]
    assert number in [one["number"] for one in desk.told("/maintenance?all=true")["windows"]]


def test_given_an_override_then_the_roster_shows_it(desk: Front) -> None:
    roster = desk.told("/oncall")
    schedule, contact = roster["schedules"][0]["schedule"], roster["supervisor"][0]["contact"]
    made = desk.post("/oncall/overrides", {"schedule": schedule, "contact": contact, "to": LONG_AHEAD})
    assert made.status_code == 201
    assert desk.told("/oncall")["schedules"][0]["by"] == "override"
    assert desk.post(f"/oncall/overrides/{made.json()['override']['number']}/end").status_code == 200
    assert desk.told("/oncall")["schedules"][0]["by"] == roster["schedules"][0]["by"]
    wrong = desk.post("/oncall/overrides", {"schedule": schedule[:-1] + "x", "contact": contact, "to": LONG_AHEAD})
    assert (wrong.status_code, list(wrong.json()["problems"])) == (422, ["schedule"])


def test_given_a_request_for_capacity_then_somebody_else_approves_it(desk: Front) -> None:
    asked = {"reference": "L/1", "institution": "lga-chamwino", "pool": "cables", "in_bps": 10**6, "out_bps": 10**6}
    made = desk.post("/iru/requests", asked)
    assert (made.status_code, made.json()["request"]["state"]) == (201, "requested")
    number = made.json()["request"]["number"]
    listed = desk.ask("/iru/requests")
    assert desk.post(f"/iru/requests/{number}/approve", {}).status_code == 409
    assert desk.post(f"/iru/requests/{number}/approve", {}, "admin").json()["request"]["state"] == "approved"
    assert desk.post(f"/iru/requests/{number}/change", {"in_bps": 5 * 10**5}).status_code == 200
    assert desk.ask("/iru/requests", headers={"if-none-match": listed.headers["etag"]}).status_code == 200
    story = desk.told(f"/iru/requests/{number}")
    assert [deed["act"] for deed in story["acts"]] == ["add", "approve", "change"]
    assert desk.post("/iru/requests", asked).status_code == 409  # the same letter
    held = desk.told("/iru/ledger?contract=seacom-iru&postings=true")
    assert held["allocations"][0]["institution"] == "lga-chamwino"
    assert held["postings"]
    assert [one["number"] for one in desk.told("/iru/requests?institution=lga-chamwino")["requests"]] == [number]


def test_given_a_request_sent_twice_with_the_same_key_then_it_is_entered_once(desk: Front) -> None:
    said = {"reference": "L/2", "institution": "lga-chamwino", "pool": "cables", "in_bps": 10**6, "out_bps": 10**6}
    said |= {"beside": True}
    first, again = (desk.post("/iru/requests", said, idempotency_key="r-1") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    other = desk.post("/iru/requests", {**said, "in_bps": 1}, idempotency_key="r-1")
    assert (other.status_code, other.json()["code"]) == (422, "key-reused")
    refused = [desk.post("/iru/requests", said, idempotency_key="r-2") for _ in range(2)]
    assert [one.status_code for one in refused] == [409, 409]  # the same letter; what was refused was not done


def test_given_a_request_that_was_changed_since_it_was_read_then_it_is_not_approved(desk: Front) -> None:
    said = {"reference": "L/3", "institution": "lga-chamwino", "pool": "cables", "in_bps": 10**6, "out_bps": 10**6}
    number = desk.post("/iru/requests", {**said, "beside": True}).json()["request"]["number"]
    read = desk.ask(f"/iru/requests/{number}").headers["etag"]
    changed = desk.post(f"/iru/requests/{number}/change", {"in_bps": 9 * 10**6})
    late = desk.post(f"/iru/requests/{number}/approve", {}, "admin", if_match=read)
    assert (late.status_code, late.json()["code"]) == (412, "changed-meanwhile")
    assert desk.told(f"/iru/requests/{number}")["request"]["state"] == "requested"
    now = desk.post(f"/iru/requests/{number}/approve", {}, "admin", if_match=changed.headers["etag"])
    assert (now.status_code, now.json()["request"]["state"]) == (200, "approved")


def test_given_a_key_that_is_being_acted_on_then_the_second_is_told_to_come_again(desk: Front) -> None:
    flights = desk.app.state.flights
    with flights.alone(digest("a-mushi", "k-9")):
        answer = desk.post("/incidents/1/note", {"text": "twice"}, idempotency_key="k-9")
        assert desk.post("/incidents/1/note", {"text": "another"}, idempotency_key="k-8").status_code == 200
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (409, "in-work", "1")
    assert desk.post("/incidents/1/note", {"text": "twice"}, idempotency_key="k-9").status_code == 200


def test_given_a_real_token_then_its_scopes_are_what_it_may(desk: Front) -> None:
    accounts = desk.house.accounts
    accounts.add("admin", "salum", "operator", (), "en")
    reading = accounts.add_token("admin", "salum", "graphs", ("read",), None)
    acting = accounts.add_token("admin", "salum", "desk", ("read", "act"), 30)
    assert desk.told("/me", reading)["rights"] == ["display", "see", "watch"]
    assert desk.post("/incidents/1/note", {"text": "x"}, reading).status_code == 403
    assert desk.post("/incidents/1/note", {"text": "by a program"}, acting).status_code == 200
    number = next(one.number for one in accounts.tokens() if one.label == "desk")
    accounts.revoke_token("admin", number)
    gone = desk.post("/incidents/1/note", {"text": "x"}, acting)
    assert (gone.status_code, 'error="invalid_token"' in gone.headers["www-authenticate"]) == (401, True)
    assert acting not in desk.ask("/tokens", "admin").text


def test_given_a_locked_ledger_then_acts_say_so_and_reads_of_status_go_on(desk: Front) -> None:
    with sqlite3.connect(desk.home / "data" / "ledger.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = desk.post("/incidents/1/note", {"text": "while locked"})
        assert desk.ask("/sites").status_code == 200
        other.rollback()
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True), answer.text
    wait_until("the ledger is read again", lambda: desk.ask("/incidents/1").status_code == 200, 10)
    assert "while locked" not in str(desk.told("/incidents/1"))
