"""Who is on call and what devices said, on the web: overrides once, numbers masked, mistakes with their line, script is text."""

import time
from datetime import UTC, datetime

import pytest

from inventory.notice import Notice, NoticeKind
from noc.notices.book import Book
from noc.notices.file import NAME
from tests.dashboards.web.cases.desk import HOSTILE, Desk

ROSTER = """supervisor: juma
schedules:
  noc:
    start: 2026-01-05
    every: 1w
    shifts:
      - {name: day, from: "07:00", to: "19:00", people: [asha]}
chains:
  noc:
    - {after: 0m, to: [schedule:noc]}
    - {after: 10m, to: [schedule:noc, supervisor]}
routes:
  - {chain: noc}
"""
STAND = {"schedule": "noc", "contact": "juma", "from": "in 1h", "for": "4h", "reason": "wedding"}


def test_given_the_duties_of_contacts_then_who_is_on_call_and_the_week_ahead(desk: Desk) -> None:
    text = desk.text("/oncall")
    assert "Asha Mushi" in text and "Juma Said" in text and "The week ahead" in text
    assert text.count('<th scope="row">') == 7
    assert "+255712345678" in text and "+255712345678" not in desk.text("/oncall", "eyes")
    assert "255******678" in desk.text("/oncall", "eyes")


def test_given_gaps_in_the_roster_then_they_are_warnings(desk: Desk) -> None:
    (desk.home / "oncall.yaml").write_text(ROSTER)
    text = desk.text("/oncall")
    assert "Nobody's turn: goes to the supervisor" in text and "more" in text
    assert "nobody's turn: supervisor" in desk.text("/oncall?at=tomorrow+03:00")


def test_given_an_on_call_file_with_mistakes_then_each_with_its_line_and_the_last_good_plan(desk: Desk) -> None:
    (desk.home / "oncall.yaml").write_text(ROSTER)
    desk.text("/oncall")
    (desk.home / "oncall.yaml").write_text(
        ROSTER.replace("[asha]", "[asa]").replace("supervisor: juma", "supervisor: jma")
    )
    text = desk.text("/oncall")
    assert "oncall.yaml:1" in text and "oncall.yaml:7" in text and "did you mean" in text
    assert "the last good one" in text and "Asha Mushi" in text
    (desk.home / "oncall.yaml").write_text(ROSTER)
    assert "oncall.yaml" not in desk.text("/oncall")


def test_given_who_stands_in_twice_then_once_and_ended_once(desk: Desk) -> None:
    for _ in range(2):
        assert desk.post("/oncall", **STAND).status_code == 303
    assert desk.audit() == [("asha", "override add")]
    assert "wedding" in desk.text("/oncall")
    for _ in range(2):
        assert desk.post("/oncall/1/end").status_code == 303
    assert desk.audit()[1:] == [("asha", "override end")]
    assert "wedding" not in desk.text("/oncall").replace('value="wedding"', "")
    assert desk.post("/oncall/1/end", who="juma").status_code == 409
    assert desk.post("/oncall/9/end").status_code == 409


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({**STAND, "schedule": "nok"}, 409, "did you mean &#39;noc&#39;?"),
        ({**STAND, "contact": "jma"}, 409, "did you mean &#39;juma&#39;?"),
        ({**STAND, "contact": ""}, 422, "choose one"),
        ({**STAND, "for": "100d"}, 409, "within 92 days"),
        ({**STAND, "for": ""}, 422, "one end is needed"),
        ({**STAND, "from": "2020-01-01"}, 409, "ahead of now"),
        ({**STAND, "reason": "x" * 300}, 422, "at most 200"),
    ],
)
def test_given_what_cannot_be_meant_then_it_is_refused_with_what_was_typed(
    desk: Desk, typed: dict[str, str], status: int, said: str
) -> None:
    answer = desk.post("/oncall", **typed)
    assert answer.status_code == status and said in answer.text, answer.text
    assert not desk.audit()


def test_given_a_time_that_means_nothing_then_422_and_who_may_only_look_changes_nothing(desk: Desk) -> None:
    assert desk.get("/oncall?at=whenever").status_code == 422
    assert desk.post("/oncall", who="eyes", **STAND).status_code == 403
    assert 'name="contact"' not in desk.text("/oncall", "eyes")


def say(desk: Desk, *said: tuple[str, NoticeKind, str, int]) -> None:
    with Book(desk.home / "data" / NAME, 30.0) as book:
        for device, kind, name, severity in said:
            content = {"varbinds": [{"oid": "1.3.6.1", "value": HOSTILE}], "community": "***"}
            book.put(
                Notice(time.time() - 60, device, "10.0.0.2", kind, name, f"{HOSTILE}\u202e", severity, "7", content)
            )
        book.commit()


def soon() -> str:
    """A clock that is still to come today, or was yesterday: of what was heard, the last such time is meant."""
    return f"{datetime.fromtimestamp(time.time() + 3 * 3600 + 300, UTC):%H:%M}"


def test_given_notices_then_newest_first_with_filters_and_script_as_text(desk: Desk) -> None:
    say(desk, ("cpe-a", "trap", "linkDown", 5), ("mby-pe-1", "syslog", "sshd", 3), ("cpe-b", "trap", "linkUp", 5))
    text = desk.text("/notices")
    assert text.index("/notices/3") < text.index("/notices/1")
    assert HOSTILE not in text and "&lt;img src=x" in text
    for query, found in (
        ("q=key%3Dcpe-a", [1]), ("q=site%3Dlga-b", [3]), ("kind=syslog", [2]), ("name=link*", [1, 3]),
        ("severity=4", [2]), ("text=onerror", [1, 2, 3]), ("since=1h", [1, 2, 3]), ("before=2", [1]), ("text=zzz", []),
        ("since=1h&until=10m", []), ("since=1h&until=1s", [1, 2, 3]), (f"since={soon()}", [1, 2, 3]),
    ):  # fmt: skip
        page = desk.text(f"/notices?{query}")
        assert [number for number in (1, 2, 3) if f'data-href="/notices/{number}"' in page] == found, query


def test_given_one_notice_then_all_that_was_in_it(desk: Desk) -> None:
    say(desk, ("cpe-a", "trap", "linkDown", 5))
    text = desk.text("/notices/1")
    assert "varbinds[0].oid" in text and "1.3.6.1" in text and 'href="/devices/cpe-a?from=' in text
    assert 'href="/notices?q=key%3Dcpe-a&amp;since=' in text and "polls then" in text
    assert HOSTILE not in text
    assert desk.get("/notices/2").status_code == 404
    assert desk.get("/notices/9999999999").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=nobody", "no device is meant"),
        ("q=regin%3Dx", "did you mean"),
        ("since=ever", "is no time"),
        ("until=ever", "is no time"),
        ("since=1h&until=2h", "2h is before 1h"),
        ("kind=smoke", "one of trap"),
        ("severity=9", "is no number up to 7"),
        ("before=99999999999999999999", "is no number"),
        ("text=" + "x" * 300, "at most 200"),
    ],
)
def test_given_filters_that_mean_nothing_then_422_with_the_form(desk: Desk, query: str, said: str) -> None:
    text = desk.text(f"/notices?{query}", status=422)
    assert said in text and 'name="text"' in text


def test_given_nothing_was_ever_heard_then_the_page_says_that_nobody_listened(desk: Desk) -> None:
    text = desk.text("/notices")
    assert "No daemon has listened yet." in text and "no notices" in text
