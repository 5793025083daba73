"""What means nothing is refused with its reason, all of it at once, as a problem document; nothing is half done."""

import json
import shutil
from pathlib import Path

import httpx
import pytest

from tests.dashboards.web.api.front import Front

YEAR_S = 366 * 86_400
NOTE = "/incidents/1/note"


def refused(answer: httpx.Response, status: int) -> dict[str, str]:
    """The mistakes that are named."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= told.keys()
    assert told["status"] == status
    assert "Traceback" not in answer.text
    return dict(told.get("problems", {}))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/sites?limit=0&sort=colour&selct=x", {"limit", "sort", "selct"}),
        ("/sites?limit=1001", {"limit"}),
        ("/sites?limit=99999999999999999999999999", {"limit"}),
        ("/sites?select=regio=Dodoma", {"select"}),
        ("/sites?select=", {"select.0"}),
        ("/sites?" + "&".join(["select=a"] * 21), {"select"}),
        ("/sites?cursor=AAAA", {"cursor"}),
        ("/sites?cursor=%00", {"cursor"}),
        ("/sites?cursor=" + "A" * 601, {"cursor"}),
        ("/me?verbose=1", {"verbose"}),
        ("/sites/lga-chamwino?limit=1", {"limit"}),
        ("/incidents?state=shut", {"state.0"}),
        ("/incidents?since=yesterday", {"since"}),
        ("/incidents?since=1795338383", {"since"}),
        ("/incidents?since=2026-11-22T14:00:00", {"since"}),
        ("/incidents?since=0001-01-01T00:00:00%2B14:00", {"since"}),
        ("/incidents/0", {"number"}),
        ("/incidents/2147483648", {"number"}),
        ("/incidents/x", {"number"}),
        ("/iru?month=2026-13", {"month"}),
        ("/iru?month=2099-01", {"month"}),
        ("/iru/ledger?on=1066-01-01&known=never", {"on", "known"}),
        ("/iru/what-if?lose=seacm&add=much", {"add", "lose"}),
        ("/inventory/kittens", {"kind"}),
        ("/search", {"q"}),
        ("/search?q=" + "x" * 1000, {"q"}),
        ("/notices?severity=9&kind=letter", {"severity", "kind"}),
    ],
)
def test_given_a_question_that_means_nothing_then_every_mistake_is_named(
    front: Front, path: str, wrong: set[str]
) -> None:
    assert refused(front.ask(path), 422).keys() == wrong


@pytest.mark.parametrize(
    ("range_", "wrong"),
    [
        ("from=2040-01-01T00:00:00Z", "from"),
        ("from=2000-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
        ("from=1800-01-01T00:00:00Z&to=2000-01-01T00:00:00Z", "from"),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
        ("step=0", "step"),
        ("step=-1", "step"),
        ("step=poll&from=2026-01-01T00:00:00Z", "step"),
        ("points=100000", "points"),
        ("points=0", "points"),
        ("points=139", "points"),
        ("quantity=in_bsp", "quantity.1"),
    ],
)
def test_given_a_range_that_cannot_be_told_then_it_is_said_why(front: Front, range_: str, wrong: str) -> None:
    answer = front.ask(f"/series?measurement=link&row=lga-chamwino-a&quantity=in_bps&{range_}")
    assert wrong in refused(answer, 422)


def test_given_a_mistyped_word_then_the_nearest_is_named(front: Front) -> None:
    assert "did you mean 'limit'?" in refused(front.ask("/sites?limt=1"), 422)["limt"]
    assert "did you mean 'text'?" in refused(front.post(NOTE, {"txt": "x"}), 422)["txt"]
    assert front.ask("/sitez").json()["hints"] == ["did you mean '/api/v1/sites'?"]
    assert "lga-chamwino" in front.ask("/sites/lga-chamwin").text


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/sites/..%2f..%2fetc%2fpasswd",
        "/sites/%00",
        "/links/%ff%fe",
        "//sites",
        "/sites/" + "a" * 9000,
    ],
)
def test_given_path_tricks_then_there_is_no_such_thing(front: Front, path: str) -> None:
    answer = front.ask(path)
    assert answer.status_code in (404, 422)
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"text": "x"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b"", "application/json", 422),
        (b"null", "application/json", 422),
        (b'["text"]', "application/json", 422),
        (b'{"text": "\\ud800"}', "application/json", 422),
        (b'{"text": 1e400}', "application/json", 422),
        (b'{"text": ""}', "application/json", 422),
        (b'{"text": "x", "as": "root"}', "application/json", 422),
        (b"text=x", "application/x-www-form-urlencoded", 415),
        (b'{"text": "x"}', "text/plain", 415),
        (b'{"text": "x"}', "", 415),
        (b'{"text": "' + b"x" * 2_000_000 + b'"}', "application/json", 413),
    ],
)
def test_given_a_body_that_cannot_be_read_then_nothing_is_done(
    front: Front, content: bytes, kind: str, status: int
) -> None:
    before = front.told("/incidents/1")["incident"]["revision"]
    headers = {"content-type": kind} if kind else {}
    refused(front.ask(NOTE, "act", "POST", content=content, headers=headers), status)
    assert front.told("/incidents/1")["incident"]["revision"] == before


def test_given_signs_that_move_cursors_then_they_are_not_kept(front: Front) -> None:
    told = front.post("/incidents/2/note", {"text": "red \u001b[31m\u0000\u202e alert <script>"})
    assert told.status_code == 200
    [entry] = [one for one in front.told("/incidents/2")["incident"]["entries"] if one["kind"] == "note"]
    assert entry["text"].isprintable()
    assert "<script>" in entry["text"]  # data it is, and stays


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/sites"), ("PUT", NOTE), ("GET", NOTE), ("POST", "/sites")])
def test_given_another_method_then_what_can_be_done_is_named(front: Front, method: str, path: str) -> None:
    answer = front.ask(path, "act", method)
    refused(answer, 405)
    assert answer.headers["allow"]


@pytest.mark.parametrize("token", ["", " ", "Basic YTpi", "noc_" + "x" * 5000, "\u00e9", "a b c"])
def test_given_a_broken_token_then_nobody_is_known_by_it(front: Front, token: str) -> None:
    given = {"authorization": (token if token.startswith("Basic") else f"Bearer {token}").encode()}
    answer = front.ask("/sites", "", headers=given)
    refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "invalid-token"


def test_given_half_a_character_or_no_number_in_the_data_then_it_is_told_all_the_same() -> None:
    from dashboards.web.api.asked import body

    told = body({"text": "half \ud83d", "values": [float("nan"), 1.0, float("inf")]})
    assert json.loads(told) == {"text": "half ?", "values": [None, 1.0, None]}


def test_given_no_store_then_that_is_said_and_the_ledger_is_told_on(front: Front, tmp_path: Path) -> None:
    from tests.dashboards.web.api.front import opened

    with opened(tmp_path / "other") as other:
        shutil.move(other.home / "data" / "metrics.db", tmp_path / "gone.db")
        answers = {path: other.ask(path) for path in ("/sites", "/me", "/incidents")}
    assert answers["/me"].status_code == 200
    assert answers["/incidents"].status_code == 200
    if answers["/sites"].status_code != 200:  # what was read before may be told on
        refused(answers["/sites"], 503)
        assert "retry-after" in answers["/sites"].headers
