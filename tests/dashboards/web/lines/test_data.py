"""What charts are drawn from, over a real store: gaps, percentiles, states, marks, files, who may see what, bad input."""

import csv
import itertools
from typing import Any

import pytest

from tests.dashboards.web.lines.conftest import CIRCUIT, LINK, OWN
from tests.dashboards.web.visits import Visits

ABOUT = f"/charts/data?measurement=link&scope=&row={LINK}&quantities=in_bps,out_bps&link={LINK}"
INTERFACE = "measurement=interface&scope=dar-edge-1&row=xe-0/0/0&quantities=in_bps"


def told(visits: Visits, path: str, who: str = "read") -> Any:
    answer = visits.get(path, who, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_given_a_day_then_means_of_five_minutes_with_their_extremes_and_what_is_contracted(watched: Visits) -> None:
    found = told(watched, ABOUT)
    panel = found["panels"][0]
    assert (found["step"], found["live"], panel["step"]) == ("5min", True, 300)
    first = panel["series"][0]
    assert (first["quantity"], first["unit"]) == ("in_bps", "bit/s")
    assert len(first["mean"]) == len(first["least"]) == len(first["most"]) == len(panel["at"])
    assert panel["limits"] == {"in_bps": 775_000_000, "out_bps": 775_000_000}
    assert found["to"] - found["from"] == 86_400


def test_given_an_hour_without_polls_then_there_is_a_gap_of_unknown_and_no_line_over_it(watched: Visits) -> None:
    panel = told(watched, ABOUT)["panels"][0]
    at = list(itertools.accumulate(panel["at"]))
    absent = [when for when, value in zip(at, panel["series"][0]["mean"], strict=True) if value is None]
    assert 10 <= len(absent) <= 12
    assert absent[-1] - absent[0] <= 3600


def test_given_a_day_then_its_percentile_says_how_many_slots_it_rests_on(watched: Visits) -> None:
    ranked = told(watched, ABOUT)["panels"][0]["p95"]
    assert [one["quantity"] for one in ranked] == ["in_bps", "out_bps"]
    present, expected = ranked[0]["slots"]
    assert 250 < present < expected <= 288
    assert ranked[0]["provisional"]


def test_given_an_outage_then_states_the_incident_and_planned_work_stand_on_the_axis(watched: Visits) -> None:
    found = told(watched, ABOUT)
    down = [part for part in found["strip"] if part[2] == "down"]
    assert [part[1] - part[0] for part in down] == [3600]
    assert found["marks"][0][:2] == down[0][:2]
    assert found["marks"][0][3] == "major"
    assert [band[1] - band[0] for band in found["bands"]] == [3600]


@pytest.mark.parametrize("word", ["1h", "6h", "7d", "30d", "1y", "10y"])
def test_given_any_range_then_few_points_and_no_more_than_were_asked_for(watched: Visits, word: str) -> None:
    for points in (1500, 24):
        panel = told(watched, f"{ABOUT}&range={word}&points={points}")["panels"][0]
        assert 0 < len(panel["at"]) <= max(points, 100)
        assert any(value is not None for value in panel["series"][0]["mean"])


def test_given_a_range_that_is_over_then_browsers_may_keep_it_and_ask_again_by_its_tag(watched: Visits) -> None:
    now = told(watched, ABOUT)["to"]
    path = f"{ABOUT}&from={now - 7200}&to={now - 3600}"
    first = watched.get(path)
    assert first.headers["cache-control"].startswith("private, max-age=")
    again = watched.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert watched.get(ABOUT).headers["cache-control"] == "private, no-cache"


def test_given_a_subject_that_is_measured_by_devices_then_it_is_read_by_the_same_address(watched: Visits) -> None:
    assert told(watched, f"/charts/data?{INTERFACE}")["panels"][0]["series"][0]["mean"]
    several = told(
        watched, f"/charts/data?{INTERFACE}&measurement=circuit_traffic&scope=&row={CIRCUIT}&quantities=out_bps"
    )
    assert len(several["panels"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "measurement=link&scope=&row=nope&quantities=in_bps",
        "measurement=nope&scope=&row=nope&quantities=in_bps",
        "measurement=interface&scope=nope&row=e1&quantities=in_bps",
        "measurement=interface&scope=dar-edge-1&row=nope&quantities=in_bps",
        "measurement=nope&scope=dar-edge-1&row=xe-0/0/0&quantities=in_bps",
        f"measurement=link&scope=&row={LINK}&quantities=in_bps&link=nope",
    ],
)
def test_given_what_is_not_there_then_404(watched: Visits, query: str) -> None:
    assert watched.get(f"/charts/data?{query}", headers={"accept": "application/json"}).status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"measurement"}),
        ("measurement=link&scope=&row=a&quantities=", {"measurement"}),
        (f"measurement=link&scope=&row={LINK}&quantities=inn_bps", {"measurement"}),
        (f"measurement=link&row={LINK}&quantities=in_bps&from=2099-01-01&step=0&points=100000", {"from", "step", "points"}),
        ("measurement=link&scope=&row=a&quantities=&range=200y", {"measurement", "range"}),
    ],
)  # fmt: skip
def test_given_what_means_nothing_then_422_with_every_mistake(watched: Visits, query: str, names: set[str]) -> None:
    for path in ("/charts/data", "/charts/data.csv"):
        answer = watched.get(f"{path}?{query}", headers={"accept": "application/json"})
        assert answer.status_code == 422
        assert all(name in answer.text for name in names)


def test_given_an_institution_then_only_what_its_own_site_is_made_of_can_be_drawn(watched: Visits) -> None:
    own = f"/charts/data?measurement=link&scope=&row={OWN}&quantities=in_bps"
    assert told(watched, own, "own")["panels"][0]["series"][0]["mean"]
    assert told(watched, own, "admin")  # what others were shown a moment ago is kept, and no reason to show it
    for query in (
        f"measurement=link&scope=&row={LINK}&quantities=in_bps",
        INTERFACE,
        f"measurement=circuit_traffic&scope=&row={CIRCUIT}&quantities=in_bps",
        "measurement=watch_state&scope=&row=poller&quantities=state",
        f"measurement=link&scope=&row={OWN}&quantities=in_bps&link={LINK}",
    ):
        told(watched, f"/charts/data?{query}", "admin")
        for path in ("/charts/data", "/charts/data.csv"):
            assert watched.get(f"{path}?{query}", "own", headers={"accept": "application/json"}).status_code == 404


def test_given_the_wall_or_nobody_then_charts_are_not_for_them(watched: Visits) -> None:
    assert watched.get(ABOUT, "wall").status_code == 403
    assert watched.get(ABOUT, "", headers={"accept": "application/json"}).status_code in (303, 401)


def test_given_a_file_then_it_says_of_what_and_where_its_times_are(watched: Visits) -> None:
    answer = watched.get(ABOUT.replace("/data?", "/data.csv?"))
    lines = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert lines[0] == ["# subject", "link", LINK]
    assert lines[2][1].startswith("Africa/Dar_es_Salaam")
    assert lines[4][:4] == ["time", "in_bps [bit/s]", "in_bps min [bit/s]", "in_bps max [bit/s]"]
    assert len(lines[5]) == 7
    assert any(line[2:3] == ["down"] for line in lines)
    assert "attachment" in answer.headers["content-disposition"]


def test_given_a_hostile_interface_then_its_file_holds_no_formula(watched: Visits) -> None:
    query = "measurement=interface&scope=dar-edge-1&row=%3D1%2B1&quantities=in_bps"
    answer = watched.get(f"/charts/data.csv?{query}")
    assert answer.status_code == 200
    assert "'=1+1" in answer.text
    assert "\n=" not in answer.text
    assert '"' not in answer.headers["content-disposition"].split("filename=")[1].strip('"')


def test_given_a_store_that_is_away_then_503_and_no_traceback(watched: Visits) -> None:
    class Gone:
        def slots(self, *_: Any, **__: Any) -> Any:
            from dashboards.web.refusal import Away

            raise Away("metrics.db: it is not there")

        course = known = newest = slots

    from dashboards.web.kept import Kept

    answer = watched.otherwise(series=Gone(), kept=Kept()).get(ABOUT, headers={"accept": "application/json"})
    assert answer.status_code == 503
    assert "Traceback" not in answer.text


def test_given_two_who_ask_for_the_same_then_each_gets_it_in_his_language_and_as_his_browser_takes_it(
    watched: Visits,
) -> None:
    def first(language: str, coding: str) -> Any:
        headers = {"accept": "application/json", "accept-encoding": coding}
        answer = watched.get(f"{ABOUT}&lang={language}&from=2026-11-01T00:00&to=2026-11-01T06:00", headers=headers)
        assert answer.headers.get("content-encoding", "identity") == coding
        return answer.json()

    packed, again, plain = first("en", "gzip"), first("en", "gzip"), first("en", "identity")
    assert packed == again == plain
    swahili = first("sw", "gzip")
    labels = [[one["label"] for one in each["panels"][0]["series"]] for each in (packed, swahili, first("en", "gzip"))]
    assert labels[0] == labels[2] != labels[1]
