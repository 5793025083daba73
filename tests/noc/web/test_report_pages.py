"""Reports on the web are those of the command; one is made at a time, beside, and whoever must wait is told for how long."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dashboards.web.app import build
from dashboards.web.refusal import Away, NotNow
from inventory.calendar import Month
from noc.web.cases import LedgerCases
from noc.web.reports import MOST_ASKERS, StoredReports
from tests.noc.reported import MONTH
from tests.noc.web.capacity_stage import Keys, Stage, stage, waited, words
from tests.stalls import undisturbed

SLEEPING = ("-c", "import sys, time; sys.stdin.buffer.read(1); time.sleep(600)")
BROKEN = ("-c", "import sys; sys.exit(3)")


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("reports") / "home") as found:
        closed = sent(found, "/api/v1/reports/close", {"month": str(MONTH)}, idempotency_key="once")
        assert closed.status_code == 200, closed.text
        again = sent(found, "/api/v1/reports/close", {"month": str(MONTH)}, idempotency_key="once")
        assert (again.content, again.headers["idempotency-replayed"]) == (closed.content, "true")
        yield found


def sent(front: Stage, path: str, said: Any, who: str = "ali", **more: str) -> httpx.Response:
    """An act over the API by somebody who is logged in; asked again while it is done beside."""
    headers = {"x-form-key": f"key-{who}", **{name.replace("_", "-"): each for name, each in more.items()}}
    return waited(lambda: settled(front.get(path, who, "POST", json=said, headers=headers)))


def settled(answer: httpx.Response) -> httpx.Response | None:
    return None if answer.status_code == 503 and "retry-after" in answer.headers else answer


def test_given_a_closed_month_then_every_format_is_what_the_command_writes(front: Stage) -> None:
    told = json.loads(front.run("report", "iru", "--month", str(MONTH), "--format", "json").stdout)
    found = front.get(f"/reports/iru/{MONTH}/report.json")
    assert found.headers["content-disposition"] == f'attachment; filename="govnet-iru-{MONTH}.json"'
    mine = found.json()
    assert {**mine, "made": None} == {**told, "made": None} and mine["sha256"] == told["sha256"]
    sheet = front.get(f"/reports/sla/{MONTH}/report.csv")
    assert sheet.content == front.run("report", "sla", "--month", str(MONTH), "--format", "csv").stdout_bytes
    page = front.get(f"/reports/sla/{MONTH}/report.html?lang=sw&institution=lga-chamwino")
    assert "Upatikanaji" in page.text and "inline" in page.headers["content-disposition"]
    policy = page.headers["content-security-policy"]
    assert "sandbox" in policy and "script-src" not in policy and "frame-ancestors 'self'" in policy


def test_given_the_list_then_closed_months_have_their_digest_and_others_say_so(front: Stage) -> None:
    page = words(front.get("/reports"))
    told = json.loads(front.run("report", "sla", "--month", str(MONTH), "--format", "json").stdout)
    assert told["sha256"]["result"][:12] in page and str(MONTH) in page and "not closed" in page
    shown = front.get(f"/reports/sla/{MONTH}")
    assert told["sha256"]["result"] in words(shown) and "by ali" in words(shown)
    assert "frame-src 'self'" in shown.headers["content-security-policy"] and "sandbox" in shown.text
    assert "Mwezi hufungwa" in words(front.get("/reports", "sema"))


def test_given_a_month_of_which_nothing_is_known_then_its_frame_says_why(front: Stage) -> None:
    found = front.get("/reports/sla/1999-01/report.html")
    assert found.status_code == 409 and "no states were kept of 1999-01" in found.text
    assert "frame-ancestors 'self'" in found.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/sla/2026-02/report.exe", 404),
        ("/reports/sla/2026-02/report.html%2F..%2F..%2Fnoc.toml", 404),
        ("/reports/..%2F..%2Fetc/2026-02", 404),
        ("/reports/%2e%2e/2026-02/report.csv", 404),
        ("/reports/ledger/2026-02", 404),
        ("/reports/sla/9999-12/report.csv", 422),
        ("/reports/sla/9999-99/report.csv", 422),
        ("/reports/sla/..%2F2026-02/report.csv", 404),
        ("/reports/sla/2026-02/report.csv?institution=../../secrets", 422),
        ("/reports/sla/1999-01/report.csv", 409),
    ],
)
def test_given_tricks_in_an_address_then_there_is_no_such_report(front: Stage, path: str, status: int) -> None:
    found = front.get(path)
    assert found.status_code == status and "Traceback" not in found.text


def test_given_a_closed_month_then_it_is_closed_once_and_none_is_before_its_end(front: Stage) -> None:
    months = {str(Month.of(time.time())): "not over", "1999-01": "nothing to close", "9999-12": "still to come"}
    for month, why in months.items():
        answer = sent(front, "/api/v1/reports/close", {"month": month})
        assert (answer.status_code in (409, 422), why in answer.text) == (True, True), answer.text
    other = sent(front, "/api/v1/reports/close", {"month": str(MONTH)}, "kim")
    assert (other.status_code, "closed already" in other.text) == (409, True)
    told = {(one["report"], one["who"]) for one in front.get("/api/v1/reports").json()["closed"]}
    assert told == {("sla", "ali"), ("capacity", "ali"), ("iru", "ali")}


def test_given_a_report_handed_back_then_what_was_changed_in_it_is_named(front: Stage) -> None:
    told = front.get(f"/api/v1/reports/sla/{MONTH}").json()
    good = sent(front, "/api/v1/reports/verify", told, "vera")
    assert good.status_code == 200, good.text
    assert (good.json()["verified"], good.json()["differences"], good.json()["month"]) == (True, [], str(MONTH))
    [first, *_] = told["figures"]
    first[next(name for name, value in first.items() if isinstance(value, float))] += 1
    wrong = sent(front, "/api/v1/reports/verify", told, "vera").json()
    assert (wrong["verified"], wrong["total"]) == (False, len(wrong["differences"]))
    assert wrong["differences"]
    for hostile in ({}, {"report": "sla"}, {**told, "institution": "nobody"}, {**told, "figures": [{"a": [[]]}]}):
        answer = sent(front, "/api/v1/reports/verify", hostile, "vera")
        assert answer.status_code in (200, 422) and not answer.json().get("verified"), answer.text


def reports(front: Stage, worker: tuple[str, ...], wait_s: float) -> StoredReports:
    cases = LedgerCases(front.config.ledger_url, time.time)
    return StoredReports(front.config, cases, front.house.status.inventory, time.time, worker, wait_s=wait_s)


def test_given_many_who_wait_for_the_same_report_then_only_some_threads_wait(front: Stage) -> None:
    def told(scale: float) -> None:
        slow = reports(front, SLEEPING, scale * 2.0)
        ended: list[float] = []

        def ask() -> None:
            began = time.monotonic()
            with pytest.raises(Away):
                slow.made("sla", MONTH, "pdf")
            ended.append(time.monotonic() - began)

        try:
            threads = [threading.Thread(target=ask) for _ in range(3 * MOST_ASKERS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            slow.close()
        assert sum(took > scale * 1.9 for took in ended) == MOST_ASKERS

    undisturbed(told, bears_s=0.5)


def test_given_too_many_to_make_then_whoever_comes_is_told_to_come_again(front: Stage) -> None:
    slow = reports(front, SLEEPING, 0.05)
    try:
        for institution in ("", "lga-chamwino", "lga-liwale", "school-ars", "school-dar"):
            with pytest.raises(Away, match="is being made"):
                slow.made("sla", MONTH, "pdf", institution=institution)
        with pytest.raises(Away, match="too much"):
            slow.made("sla", MONTH, "pdf", institution="school-dod")
        with pytest.raises(Away, match="is being made"):
            slow.made("sla", MONTH, "pdf")
        app = build(replace(front.house, keys=Keys(), reports=slow))  # type: ignore[arg-type]
        busy = Stage(front.config, front.file, front.house, app)
        found = busy.get(f"/reports/sla/{MONTH}/report.pdf")
        assert found.status_code == 503 and int(found.headers["retry-after"]) > 0
    finally:
        began = time.monotonic()
        slow.close()
        assert time.monotonic() - began < 300


def test_given_a_process_that_breaks_then_the_next_question_is_asked_of_a_new_one(front: Stage) -> None:
    broken = reports(front, BROKEN, 20.0)
    try:
        for _ in range(2):
            with pytest.raises(Away, match="could not be computed"):
                broken.made("sla", MONTH, "csv")
    finally:
        broken.close()
    with pytest.raises(Away, match="being ended"):
        broken.made("sla", MONTH, "csv")


def test_given_a_month_of_which_nothing_is_kept_then_there_is_no_report_for_a_reason(front: Stage) -> None:
    with pytest.raises(NotNow, match="no report"):
        front.house.reports.made("sla", Month(1999, 1), "csv")
