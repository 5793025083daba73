"""Pages of capacity say what the commands say, to the digit; requests over HTTP are the same acts with the same refusals."""

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from dashboards.capacity.institutions import institution_told
from dashboards.capacity.told import circuit_told, overview_told
from dashboards.figures import mbps
from dashboards.web.refusal import Away
from noc.web.beside import Beside
from noc.web.capacity import StoredCapacity
from noc.web.cases import LedgerCases
from tests.noc.reported import MONTH
from tests.noc.web.capacity_stage import Stage, stage, waited, words
from tests.patience import HANGS_S

AGES = ("now_age_s", "at")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """For looking only."""
    with stage(tmp_path_factory.mktemp("capacity") / "home") as found:
        yield found


@pytest.fixture(scope="module")
def acted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("acted") / "home") as found:
        yield found


def ageless(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: ageless(value) for name, value in told.items() if name not in AGES}
    return [ageless(each) for each in told] if isinstance(told, list) else told


def answer(front: Stage, *asked: str) -> dict[str, Any]:
    done = front.run(*asked, "--json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


class AtOnce(Beside):
    """Done before anybody can wait for it, as a job is whose process cannot be started."""

    def ask(self, job: object) -> "Future[object]":
        done: Future[object] = Future()
        done.set_exception(Away("no process"))
        return done


def test_given_a_job_that_is_done_at_once_then_nobody_waits_for_ever(shown: Stage) -> None:
    cases = LedgerCases(shown.config.ledger_url, time.time)
    capacity = StoredCapacity(cases, shown.house.status.inventory, AtOnce(shown.config), time.time)
    said: list[str] = []

    def look() -> None:
        try:
            capacity.figures(MONTH)
        except Away as error:
            said.append(str(error))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(HANGS_S)
    assert said == ["no process"] and not looking.is_alive()
    cases.close()


def test_given_a_month_then_the_page_shows_the_figures_of_the_command_to_the_digit(shown: Stage) -> None:
    first = words(shown.get(f"/iru?month={MONTH}"))
    assert "1550 1550 = 1529 + 0 + 21" in first or "being computed" in first
    figures = waited(lambda: shown.house.capacity.figures(MONTH))
    told = answer(shown, "iru", "status", "--month", str(MONTH))
    mine = json.loads(json.dumps(overview_told(figures.overview, figures.made_at)))
    assert ageless(mine["contracts"]) == ageless(told["contracts"]) and mine["pools"] == told["pools"]
    assert ageless(mine["circuits"]) == ageless(told["circuits"])
    page = words(shown.get(f"/iru?month={MONTH}"))
    for one in told["contracts"]:
        for way in ("in", "out"):
            assert mbps(one[way]["p95"]["bps"]) in page and mbps(one[way]["peak_bps"]) in page
    assert f"figures of all of {MONTH}" in page and "provisional" in page
    detail = words(shown.get(f"/iru/seacom-iru?month={MONTH}"))
    assert mbps(told["contracts"][0]["in"]["p95"]["bps"]) in detail and "SEACOM" in detail


def test_given_a_month_then_institutions_and_circuits_are_those_of_the_commands(shown: Stage) -> None:
    figures = waited(lambda: shown.house.capacity.figures(MONTH))
    told = answer(shown, "iru", "status", "--institutions", "--month", str(MONTH))["institutions"]
    mine = [institution_told(one, figures.made_at) for one in figures.institutions]
    assert ageless(json.loads(json.dumps(mine))) == ageless(told) and len(told) > 30
    circuits = waited(lambda: shown.house.capacity.circuits(MONTH))
    found = answer(shown, "circuit", "status", "--month", str(MONTH))["circuits"]
    assert {one["key"] for one in found} == set(circuits.circuits)
    for one in found:
        assert ageless(json.loads(json.dumps(circuit_told(circuits.circuits[one["key"]], 0.0)))) == ageless(one)


def test_given_the_balance_then_it_adds_up_on_the_page(shown: Stage) -> None:
    page = words(shown.get("/iru"))
    totals = [each for each in answer(shown, "iru", "ledger")["contracts"] if each["contract"] != "tix-port"]
    into = [each for each in totals if each["direction"] == "in"]
    sums = [sum(each[name] for each in into) // 10**6 for name in ("capacity_bps", "allocated_bps", "reserved_bps")]
    free = sum(each["free_bps"] for each in into) / 1e6
    assert f"cables in 1550 {sums[0]} = {sums[1]} + {sums[2]} + {free:g}" in page
    assert sums[0] == sums[1] + sums[2] + free == 1550


def test_given_a_what_if_then_its_address_answers_as_the_command_does(shown: Stage) -> None:
    asked = "/iru/what-if?lose=eassy&add=30x10M&growth=3%25/month"
    done = shown.run("iru", "what-if", "--lose", "eassy", "--add", "30x10M", "--growth", "3%/month", "--json")
    told = json.loads(done.stdout)
    found = shown.get(asked + "&format=json").json()
    assert {name: found[name] for name in ("outcomes", "used_share", "uncarried_bps")} == {
        name: told[name] for name in ("outcomes", "used_share", "uncarried_bps")
    }
    page = words(shown.get(asked))
    assert "Nothing was measured in the last 30 days" in page and "seacom-iru" in page
    assert "Hakuna kilichopimwa siku 30" in words(shown.get(asked, "sema"))
    wrong = shown.get("/iru/what-if?lose=eassi&add=0x1M&growth=3")
    assert wrong.status_code == 422
    for said in ("did you mean 'eassy'?", "is not written 40x10M", "from -50 to 100 % a month"):
        assert said in words(wrong)
    assert shown.get("/iru/what-if?lose=eassi&format=json").status_code == 422
    assert shown.get("/iru/what-if").status_code == 200


def test_given_the_ledger_of_a_day_then_page_and_csv_are_those_of_the_command(shown: Stage) -> None:
    told = answer(shown, "iru", "ledger", "--on", "2027-01-10", "--contract", "seacom-iru")
    page = words(shown.get("/iru/ledger?on=2027-01-10&contract=seacom-iru"))
    assert f"{len(told['allocations'])} requests hold something" in page and "valid on 2027-01-10" in page
    sheet = shown.get("/iru/ledger?on=2027-01-10&format=csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text.removeprefix("\ufeff"))))
    every = answer(shown, "iru", "ledger", "--on", "2027-01-10")["allocations"]
    assert [(row["number"], row["in_bps"], row["state"]) for row in rows] == [
        (f"R-{one['number']}", str(one["in_bps"]), one["state"]) for one in every
    ]
    assert "Nothing stood in the ledger then" in words(shown.get("/iru/ledger?known=2020-01-01&lines=1"))
    lines = answer(shown, "iru", "ledger", "--postings")["postings"]
    assert words(shown.get("/iru/ledger?lines=1")).count(" sample ") >= len([one for one in lines if one["request"]])
    by_use = list(csv.DictReader(io.StringIO(shown.get("/iru/ledger?format=csv&sort=in").text.removeprefix("\ufeff"))))
    assert [int(row["in_bps"]) for row in by_use] == sorted((int(row["in_bps"]) for row in by_use), reverse=True)
    for bad in ("on=2027-02-30", "known=never", "contract=no-iru", "sort=colour", "format=xls"):
        assert shown.get(f"/iru/ledger?{bad}").status_code == 422, bad


@pytest.mark.parametrize("month", ["9999-99", "9999-12", "2026-13", "1970-01", "0000-01", "x", "2026-02-30", "%00"])
def test_given_a_month_that_cannot_be_then_it_is_refused(shown: Stage, month: str) -> None:
    for path in (f"/iru?month={month}", f"/iru/seacom-iru?month={month}", f"/reports/sla/{month}"):
        found = shown.get(path)
        if not (month == "1970-01" and path.startswith("/reports")):
            assert found.status_code in (404, 422) and "Traceback" not in found.text, path


def test_given_an_institution_then_it_sees_its_own_and_nothing_else(shown: Stage) -> None:
    page = words(shown.get("/iru", "own"))
    assert "R-1 Chamwino District Council" in page and "Finance" not in page and "seacom" not in page
    for path in (
        "/iru/ledger",
        "/iru/requests",
        "/iru/requests/1",
        "/iru/what-if",
        "/iru/seacom-iru",
        "/reports",
        "/noc",
    ):
        assert shown.get(path, "own").status_code in (403, 404), path


ASK = {
    "institution": "hospital-kag",
    "in": "4M",
    "out": "2M",
    "of": "tix-port",
    "from": "2027-01-01",
    "reference": "MB/1",
}


def test_given_a_request_then_it_is_asked_approved_changed_and_given_back_by_names(acted: Stage) -> None:
    tried = acted.post("/iru/requests/new", "kim", **ASK, preview="1")
    assert tried.status_code == 200 and "What would come of it" in words(tried)
    before = len(acted.house.capacity.book().requests)
    asked = acted.post("/iru/requests/new", "kim", **ASK)
    assert asked.status_code == 303
    place = asked.headers["location"]
    number = int(place.rpartition("/")[2])
    assert number == before + 1 and "waiting for an approver" in words(acted.get(place))
    own = acted.post(f"{place}/approve", "kim")
    assert own.status_code == 409 and "somebody else has to approve it" in words(own)
    assert acted.post(f"{place}/approve", "ali").status_code == 303
    changed = {"in": "6M", "from": "2027-04-01"}
    assert acted.post(f"{place}/change", "kim", **changed).status_code == 303
    silent = acted.post(f"{place}/refuse", "ali")
    assert silent.status_code == 422 and "some words on one line" in words(silent)
    assert acted.post(f"{place}/refuse", "ali", reason="not this year").status_code == 303
    assert acted.post(f"{place}/end", "ali", **{"from": "2028-01-01"}, reason="own line").status_code == 303
    story = answer(acted, "iru", "request", "show", str(number))
    assert [(one["act"], one["who"]) for one in story["acts"]] == [
        ("add", "kim"),
        ("approve", "ali"),
        ("change", "kim"),
        ("refuse", "ali"),
        ("end", "ali"),
    ]
    assert "not this year" in words(acted.get(place)) and story["request"]["until"] == "2028-01-01"


def test_given_what_goes_beyond_then_it_is_refused_until_somebody_signs(acted: Stage) -> None:
    huge = {**ASK, "of": "cables", "in": "1900M", "reference": "MB/2", "beside": "1"}
    refused = acted.post("/iru/requests/new", "kim", **huge)
    page = words(refused)
    assert refused.status_code == 409 and "are asked for" in page and "Let it go beyond capacity" in page
    assert 'value="1900M"' in refused.text and 'value="MB/2"' in refused.text
    signed = acted.post("/iru/requests/new", "kim", **huge, over="boss", why="census week")
    assert signed.status_code == 303
    assert "let go beyond capacity by boss: census week" in words(acted.get(signed.headers["location"]))
    assert "over-committed from 2027-01-01 on" in words(acted.get("/iru"))
    assert acted.post(signed.headers["location"] + "/withdraw", "kim").status_code == 303


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 422, "who asks?"),
        ({**ASK, "in": "ten"}, 422, "is not a rate"),
        ({**ASK, "from": "2027-02-30"}, 422, "is not in the calendar"),
        ({**ASK, "institution": "hospital-kagg"}, 409, "did you mean 'hospital-kag'?"),
        ({**ASK, "of": "seacom-iru:x"}, 409, "contract:share with a whole number"),
        ({**ASK, "until": "2026-01-01"}, 409, "it would end on"),
        ({**ASK, "reference": "<script>alert(1)</script>", "in": "x"}, 422, "is not a rate"),
        ({**ASK, "over": "boss"}, 422, "some words on one line"),
    ],
)
def test_given_what_cannot_be_then_words_say_why_and_what_was_typed_stays(
    acted: Stage, fields: dict[str, str], status: int, said: str
) -> None:
    before = len(acted.house.capacity.book().words)
    found = acted.post("/iru/requests/new", "kim", **fields)
    assert found.status_code == status and said in words(found) and "<script>alert" not in found.text
    for value in fields.values():
        assert value in words(found) or value.replace("<", "&lt;").replace(">", "&gt;") in found.text
    assert len(acted.house.capacity.book().words) == before


def test_given_nobody_who_may_act_or_no_key_then_nothing_is_done(acted: Stage) -> None:
    before = len(acted.house.capacity.book().words)
    assert acted.post("/iru/requests/new", "vera", **ASK).status_code == 403
    assert acted.get("/iru/requests/new", "kim", "POST", data=ASK).status_code == 403
    assert acted.post("/iru/requests/1/nonsense", "kim").status_code == 404
    for number in ("99999", "0", "-1", "9999999999999", "R-", "x"):
        assert acted.get(f"/iru/requests/{number}").status_code == 404
    assert acted.get("/iru/requests?state=odd").status_code == 422
    assert len(acted.house.capacity.book().words) == before


def test_given_lists_then_requests_are_found_by_state_and_institution(shown: Stage) -> None:
    told = answer(shown, "iru", "request", "list", "--pending")["requests"]
    page = words(shown.get("/iru/requests?state=pending"))
    assert f"{len(told)} requests" in page and all(f"R-{one['number']} " in page for one in told)
    assert "There is no such request" in words(shown.get("/iru/requests?institution=nobody-at-all"))
    assert "Maombi" in words(shown.get("/iru/requests", "sema"))


def test_given_no_store_then_the_ledger_is_still_shown(tmp_path: Path) -> None:
    with stage(tmp_path / "home") as front:
        front.config.metrics_file.unlink()
        assert "Who holds what" in words(front.get("/iru/ledger"))
        figures = waited(front.house.capacity.figures)
        assert not any(one.uses["in"].p95.present for one in figures.overview.contracts)
        page = front.get("/iru")
        assert (page.status_code == 200 and "766" in words(page)) or "cables" in words(page)
