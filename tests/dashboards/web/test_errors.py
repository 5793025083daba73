"""What goes wrong is a page in the reader's language or a problem document; never a traceback, never markup from outside."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.languages import languages
from dashboards.web.app import add, build
from dashboards.web.refusal import Away, BadQuestion, NotNow
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.sentence import Sentence
from tests.dashboards.web.visits import Visits, words

SCRIPT = "<script>alert(1)</script>"


def broken() -> None:
    raise ValueError("the secret is 4711")


def away() -> None:
    raise Away("metrics.db: no such file")


def locked() -> None:
    raise NotNow("incident 7 is closed")


def asked_badly() -> None:
    raise BadQuestion("two mistakes", {"from": "in the future", "step": SCRIPT}, ["at most 10 years"])


def numbered(number: int) -> None:
    raise AssertionError(number)


@pytest.fixture(scope="module")
def troubled(visits: Visits) -> Visits:
    """The same house with pages that fail in every way."""
    app = build(visits.front.house)
    for answer in (broken, away, locked, asked_badly, numbered):
        add(app, Route(f"/{answer.__name__}", answer, Right.SEE))
        add(app, Route(f"/api/v1/{answer.__name__}", answer, Right.SEE))
    add(app, Route("/away", away, Right.PUBLIC, ("POST",)))
    return Visits(visits.front, app)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "There is no such page"),
        ("/site", 404, "Did you mean /sites"),
        ("/sites/lga-chamwin", 404, "there is no site lga-chamwin Did you mean lga-chamwino"),
        ("/away", 503, "The data cannot be read now metrics.db: no such file"),
        ("/locked", 409, "Not as things stand incident 7 is closed"),
        ("/asked_badly", 422, "two mistakes from in the future"),
        ("/numbered?number=x", 422, "This was not understood number"),
        ("/search?q=" + "x" * 101, 422, "This was not understood q"),
        ("/static/%2e%2e/app.py", 404, "There is no such page"),
        ("/%00", 404, "There is no such page"),
        ("/" + "a" * 5000, 404, "There is no such page"),
    ],
)
def test_given_what_cannot_be_answered_then_a_page_says_what_and_why(
    troubled: Visits, path: str, status: int, said: str
) -> None:
    answer = troubled.get(path)
    assert answer.status_code == status
    assert said in words(answer)
    assert "text/html" in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-store"
    assert SCRIPT not in answer.text


def test_given_who_reads_swahili_then_it_is_said_in_swahili(troubled: Visits) -> None:
    answer = troubled.get("/sites/lga-chamwin", cookies={"noc_language": "sw"})
    assert "Hakuna ukurasa huo hakuna kituo lga-chamwin Ulimaanisha lga-chamwino" in words(answer)


def test_given_a_name_with_markup_then_it_is_only_text(troubled: Visits) -> None:
    answer = troubled.get("/sites/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 404
    assert SCRIPT not in answer.text


def test_given_a_mistake_of_ours_then_it_is_logged_once_under_the_number_on_the_page(
    troubled: Visits, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = troubled.get("/broken")
    assert answer.status_code == 500
    assert "4711" not in answer.text
    assert "Traceback" not in answer.text
    [record] = caplog.records
    number = record.getMessage().split()[-1]
    assert number in words(answer)
    assert record.exc_info


def test_given_a_mistake_of_ours_below_api_then_it_is_a_problem_document_with_the_number(
    troubled: Visits, caplog: pytest.LogCaptureFixture
) -> None:
    answer = troubled.get("/api/v1/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-reference"] in caplog.text
    assert "4711" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/nowhere", 404), ("/api/v1/away", 503), ("/api/v1/locked", 409), ("/api/v1/asked_badly", 422)],
)
def test_given_a_program_then_it_gets_a_problem_document(troubled: Visits, path: str, status: int) -> None:
    answer = troubled.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance"} <= answer.json().keys()


def test_given_a_script_of_ours_that_asks_for_data_then_it_gets_a_problem_document(troubled: Visits) -> None:
    answer = troubled.get("/locked", headers={"accept": "application/json"})
    assert answer.json()["status"] == 409


def test_given_data_that_cannot_be_read_then_the_page_asks_again_by_itself(troubled: Visits) -> None:
    answer = troubled.get("/away")
    assert answer.headers["retry-after"] == "5"
    assert '<meta http-equiv="refresh" content="10">' in answer.text
    assert 'data-topics=""' in answer.text


def test_given_an_act_that_could_not_be_done_then_it_is_not_done_again_by_itself(troubled: Visits) -> None:
    answer = troubled.ask("POST", "/away")
    assert answer.status_code == 503
    assert "http-equiv" not in answer.text


def test_given_nobody_then_a_page_sends_to_the_log_in_and_comes_back(troubled: Visits) -> None:
    answer = troubled.get("/sites?q=a", "")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fsites%3Fq%3Da"


def test_given_nobody_then_even_what_is_not_there_tells_nothing_of_the_network(troubled: Visits) -> None:
    answer = troubled.get("/nowhere", "")
    assert answer.status_code == 404
    assert "data-age" not in answer.text
    assert 'id="search"' not in answer.text


def test_given_another_method_then_405_says_which_there_are(troubled: Visits) -> None:
    answer = troubled.ask("PUT", "/sites")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_given_no_right_then_403(troubled: Visits) -> None:
    answer = troubled.get("/accounts")
    assert answer.status_code == 403
    assert "You may not do this" in words(answer)


@pytest.mark.parametrize("announced", [True, False])
def test_given_more_than_is_taken_then_413_whether_it_was_announced_or_not(troubled: Visits, announced: bool) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    octets = b"theme=dark&back=" + b"x" * (1 << 20)

    async def bit_by_bit() -> Any:
        for start in range(0, len(octets), 65_536):
            yield octets[start : start + 65_536]

    answer = troubled.ask("POST", "/preferences", headers=kind, content=octets if announced else bit_by_bit())
    assert answer.status_code == 413
    assert "Too much was sent" in words(answer)
    assert answer.headers["connection"] == "close"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/login", "/nowhere", "/search?q=chamwino"])
def test_given_head_then_it_is_answered_as_get_is_without_the_body(troubled: Visits, path: str) -> None:
    got, head = troubled.get(path), troubled.ask("HEAD", path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert int(head.headers["content-length"]) > 500


class Broken:
    """A status source as nobody expects it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


def test_given_a_house_in_which_nothing_can_be_read_then_there_is_still_an_answer(
    visits: Visits, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visits.otherwise(status=Broken()).get("/")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text


class Locked:
    """Keys in a ledger that cannot be read."""

    def of_session(self, cookie: str) -> None:
        raise Away("ledger.db is locked")


@pytest.fixture
def locked_out(visits: Visits) -> Iterator[Visits]:
    yield visits.otherwise(keys=Locked())


@pytest.mark.parametrize("path", ["/", "/sites", "/nowhere"])
def test_given_a_locked_ledger_then_it_is_said_and_not_taken_for_nobody(locked_out: Visits, path: str) -> None:
    answer = locked_out.get(path)
    assert answer.status_code == (404 if path == "/nowhere" else 503)
    assert "GovNet NOC" in answer.text


def test_given_a_sentence_that_names_a_file_then_its_folders_are_kept_back_in_every_language() -> None:
    why = Sentence("away", "the disk is full")
    told = str(Away(Sentence("away", "{where}: {why}", where="/srv/noc/data/ledger.db", why=why)))
    assert told == "ledger.db: the disk is full"
    assert languages()["sw"].said(told) == "ledger.db: diski imejaa"
