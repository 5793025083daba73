"""Who would be called over the API, standing in, and test messages on their way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.oncall.trial import MOST_A_MINUTE
from tests.dashboards.web.api.front import Front, opened

AHEAD = (datetime.now(UTC) + timedelta(hours=6)).isoformat()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with opened(tmp_path_factory.mktemp("oncall")) as one:
        yield one


def test_given_a_time_then_it_is_told_who_would_be_called_in_which_order(desk: Front) -> None:
    told = desk.told("/oncall/calls?at=2026-12-25T00:30:00Z&site=lga-chamwino", "act")
    assert (told["at"], told["labels"]["region"]) == ("2026-12-25T00:30:00Z", ["Dodoma"])
    first, *later = told["steps"]
    held = {one["schedule"]: one for one in desk.told("/oncall?at=2026-12-25T00:30:00Z")["schedules"]}
    schedule = first["to"][0].partition(":")[2]
    assert [one["contact"] for one in first["people"]] == [one["contact"] for one in held[schedule]["on_call"]]
    assert (first["after_s"], first["at"]) == (0, "2026-12-25T00:30:00Z")
    assert [one["after_s"] for one in later] == sorted(one["after_s"] for one in later) and later
    assert first["people"][0]["telephone"].isdigit() or first["people"][0]["telephone"].startswith("+")
    assert "*" in desk.told("/oncall/calls")["steps"][0]["people"][0]["telephone"]  # who may not act


def test_given_what_wakes_nobody_then_no_one_is_called_and_mail_goes_out(desk: Front) -> None:
    told = desk.told("/oncall/calls?severity=minor")
    assert (told["steps"], bool(told["mail"])) == ([], True)


def test_given_an_incident_or_a_link_then_its_own_chain_is_told(desk: Front) -> None:
    assert desk.told("/oncall/calls?incident=1")["labels"]["device"] == ["lga-chamwino-r1"]
    assert desk.told("/oncall/calls?link=lga-chamwino-a")["labels"]["link"] == ["lga-chamwino-a"]


@pytest.mark.parametrize(
    ("asked", "status", "wrong"),
    [
        ("site=lga-chamwin", 422, {"site"}),
        ("site=lga-chamwino&link=lga-chamwino-a", 422, {"site", "link"}),
        ("incident=999", 404, set()),
        ("severity=terrible&at=tomorrow&family=x", 422, {"severity", "at", "family"}),
        ("device=%3Cscript%3E", 422, {"device"}),
    ],
)
def test_given_what_there_is_not_then_it_is_named(desk: Front, asked: str, status: int, wrong: set[str]) -> None:
    answer = desk.ask(f"/oncall/calls?{asked}")
    assert (answer.status_code, set(answer.json().get("problems", ()))) == (status, wrong)


def test_given_somebody_who_stands_in_then_they_are_listed_and_told_at_their_address(desk: Front) -> None:
    schedule = desk.told("/oncall")["schedules"][0]["schedule"]
    contact = next(key for key, one in desk.inventory.contacts.items() if one.telephone)
    made = desk.post("/oncall/overrides", {"schedule": schedule, "contact": contact, "to": AHEAD})
    place = made.headers["location"].removeprefix("/api/v1")
    assert desk.told(place)["override"] == made.json()["override"]
    number = made.json()["override"]["number"]
    assert [one["number"] for one in desk.told("/oncall/overrides")["overrides"]] == [number]
    desk.post(f"{place}/end")
    assert desk.told("/oncall/overrides")["overrides"] == []
    assert [one["number"] for one in desk.told("/oncall/overrides?all=true")["overrides"]] == [number]
    assert desk.ask("/oncall/overrides/99").status_code == 404


def test_given_a_test_message_then_it_is_queued_as_every_alert_and_looked_up_by_its_key(desk: Front) -> None:
    made, again = (desk.post("/oncall/tests", {"whom": ["a-mushi"]}, idempotency_key="t") for _ in range(2))
    assert (made.status_code, made.content) == (201, again.content)
    [message] = made.json()["messages"]
    assert (message["contact"], message["fate"]) == ("a-mushi", "queued")
    assert desk.told(f"/oncall/tests?key={message['key']}")["messages"] == [message]
    deed = desk.told("/audit?act=oncall%20test", "admin")["deeds"][0]
    assert (deed["who"], deed["what"]["contacts"]) == ("a-mushi", ["a-mushi"])


@pytest.mark.parametrize(
    ("said", "wrong"),
    [({"whom": ["a-mushy"]}, "whom"), ({"channels": ["pigeon"]}, "channels.0"), ({"to": "all"}, "to")],
)
def test_given_nobody_that_there_is_then_nothing_is_queued(desk: Front, said: dict[str, Any], wrong: str) -> None:
    before = desk.told("/oncall/tests")["messages"]
    answer = desk.post("/oncall/tests", said)
    assert (answer.status_code, list(answer.json()["problems"])) == (422, [wrong])
    assert desk.told("/oncall/tests")["messages"] == before


def test_given_too_many_test_messages_then_the_next_must_wait(desk: Front) -> None:
    answers = [desk.post("/oncall/tests", {"whom": ["a-mushi"]}) for _ in range(MOST_A_MINUTE + 1)]
    last = answers[-1]
    assert (last.status_code, last.json()["code"], 0 < int(last.headers["retry-after"]) <= 60) == (
        429,
        "too-often",
        True,
    )
    assert len(desk.told("/oncall/tests")["messages"]) == MOST_A_MINUTE
