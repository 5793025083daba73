"""Silences and planned work on the web: looked over before they are kept, kept once, ended once, every mistake at once."""

import time

import pytest

from alerts.window import Window
from tests.dashboards.web.cases.desk import HOSTILE, Desk
from tests.mbeya import adds

SILENCE = {"selector": "region=Mbeya kind=lga", "for": "2h", "reason": "generator test"}
WORK = {"target": "site", "key": "LGA-A", "from": "tomorrow 02:00", "for": "3h", "reason": "TTCL CHG-1182"}


def made(**changed: object) -> Window:
    now = time.time()
    values: dict[str, object] = {"selector": "key=lga-a", "author": "juma", "reason": "x", "from_at": now - 60}
    return Window(0, "silence", to_at=now + 3600, **(values | changed))  # type: ignore[arg-type]


def test_given_a_selector_then_what_it_covers_is_seen_before_anything_is_kept(desk: Desk) -> None:
    seen = desk.post("/silences", **SILENCE)
    assert seen.status_code == 200
    assert "covers 2 devices, 2 links, 2 sites, 2 circuits" in seen.text and 'value="save"' in seen.text
    assert 'value="region=Mbeya kind=lga"' in seen.text
    assert not desk.audit()


def test_given_save_twice_then_there_is_one_silence_and_it_runs(desk: Desk) -> None:
    for _ in range(2):
        kept = desk.post("/silences", **SILENCE, do="save")
        assert (kept.status_code, kept.headers["location"]) == (303, "/windows/1")
    assert desk.audit() == [("asha", "silence add")]
    text = desk.text("/windows/1")
    assert "runs now" in text and "generator test" in text and '<a href="/sites/lga-a">' in text
    assert "Now (1)" in desk.text("/silences") and "Now (1)" in desk.text("/windows")
    assert "generator test" not in desk.text("/maintenance")


def test_given_an_end_twice_then_it_is_over_once_and_anothers_is_told_so(desk: Desk) -> None:
    desk.post("/silences", **SILENCE, do="save")
    for _ in range(2):
        assert desk.post("/windows/1/end").status_code == 303
    assert desk.audit() == [("asha", "silence add"), ("asha", "silence end")]
    refused = desk.post("/windows/1/end", who="juma")
    assert refused.status_code == 409 and "over already: asha ended it" in refused.text
    assert "generator test" not in desk.text("/silences") and "ended by asha" in desk.text("/silences?all=1")


def test_given_work_that_comes_again_then_its_next_times_are_shown(desk: Desk) -> None:
    until = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 40 * 86400))
    kept = desk.post("/maintenance", **WORK, repeat="FREQ=WEEKLY", until=until, do="save")
    assert kept.status_code == 303
    text = desk.text("/windows/1")
    assert "planned" in text and "Call it off" in text and "The next times" in text and "FREQ=WEEKLY" in text
    assert "site key=lga-a" in text
    assert any(
        f"{group} (1)" in desk.text("/maintenance") for group in ("Within a day", "Within 7 days", "Within 8 hours")
    )


def test_given_a_window_beside_another_then_the_overlap_is_said_before_it_is_kept(desk: Desk) -> None:
    desk.fill(lambda books: books.add_window(made(reason=HOSTILE)))
    seen = desk.post("/silences", **SILENCE)
    assert "It overlaps with 1:" in seen.text and HOSTILE not in seen.text and "&lt;img" in seen.text
    assert "overlaps" not in desk.post("/silences", **{**SILENCE, "from": "in 2h"}).text


def test_given_incidents_that_it_keeps_quiet_then_they_are_on_its_page(desk: Desk) -> None:
    desk.fill(lambda books: books.add_window(made()), adds(window=1, told_at=None))
    assert 'href="/incidents/1"' in desk.text("/windows/1")
    assert "told to nobody: window 1" in desk.text("/incidents")


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("/silences", {**SILENCE, "selector": "regin=Mbeya"}, "did you mean"),
        ("/silences", {**SILENCE, "selector": "lga-aa"}, "that matches nothing now"),
        ("/silences", {**SILENCE, "selector": ""}, "say what is meant"),
        ("/silences", {**SILENCE, "for": ""}, "one end is needed"),
        ("/silences", {**SILENCE, "to": "14:00"}, "one end is needed"),
        ("/silences", {**SILENCE, "for": "40d"}, "longer than 31 days"),
        ("/silences", {**SILENCE, "for": "ever"}, "is no length of time"),
        ("/silences", {**SILENCE, "from": "once"}, "is no time"),
        ("/silences", {**SILENCE, "for": "", "to": "2020-01-01"}, "would end before it begins"),
        ("/silences", {**SILENCE, "reason": "\u0000"}, "some words on one line"),
        ("/maintenance", {**WORK, "target": "moon"}, "work on what?"),
        ("/maintenance", {**WORK, "key": "lga-c"}, "there is no site"),
        ("/maintenance", {**WORK, "repeat": "daily", "until": "2030-01-01"}, "is no repetition"),
        ("/maintenance", {**WORK, "repeat": "FREQ=DAILY"}, "needs a last day"),
        ("/maintenance", {**WORK, "until": "2030-01-01"}, "last day of what is repeated"),
        ("/maintenance", {**WORK, "repeat": "FREQ=DAILY", "until": "2034-01-01"}, "within five years"),
    ],
)
def test_given_what_cannot_be_meant_then_422_with_what_was_typed_and_nothing_kept(
    desk: Desk, path: str, typed: dict[str, str], said: str
) -> None:
    for do in ("preview", "save"):
        answer = desk.post(path, **typed, do=do)
        assert answer.status_code == 422 and said in answer.text, answer.text
        assert 'value="save"' not in answer.text
    assert not desk.audit()


def test_given_many_mistakes_then_all_are_said_at_once_and_script_is_text(desk: Desk) -> None:
    answer = desk.post("/silences", selector=HOSTILE + "=x", **{"from": "never", "for": "x"}, reason="")
    assert answer.status_code == 422 and HOSTILE not in answer.text
    for said in ("is no time", "some words on one line", "there is no label"):
        assert said in answer.text


def test_given_a_selector_that_will_match_soon_then_it_is_taken_when_one_says_so(desk: Desk) -> None:
    assert 'name="anyway"' in desk.post("/silences", **{**SILENCE, "selector": "lga-new"}).text
    assert desk.post("/silences", **{**SILENCE, "selector": "lga-new", "anyway": "1"}, do="save").status_code == 303


def test_given_who_may_only_look_then_windows_are_seen_and_not_made(desk: Desk) -> None:
    assert 'action="/silences' not in desk.text("/windows", "eyes")
    for path in ("/silences", "/maintenance", "/windows/1/end"):
        assert desk.post(path, who="eyes").status_code == 403
    assert desk.get("/windows/7").status_code == 404
    assert desk.post("/windows/7/end").status_code == 404
