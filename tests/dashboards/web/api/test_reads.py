"""Everything that is read over the API is as its description says, for everybody only what they may see."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from dashboards.web.api.tables import TABLES
from dashboards.web.app import build
from dashboards.web.sight.scope import only_of
from dashboards.web.viewer import Right
from noc.cli.main import main
from tests.dashboards.web.api.front import MINE, VIEWERS, Front
from tests.patience import wait_until

READS = {
    route.path.removeprefix("/api/v1"): route
    for table in TABLES
    for route in table
    if "GET" in route.methods and "responses" in route.more
}
FILLED = {  # what stands for what is in braces, and what must be asked
    "/sites/{key}": f"/sites/{MINE}",
    "/links/{key}": "/links/lga-chamwino-a",
    "/devices/{key}": "/devices/lga-chamwino-r1",
    "/devices/{key}/facts": "/devices/lga-chamwino-r1/facts",
    "/circuits/{key}": "/circuits/nictbb-lga-chamwino-a",
    "/incidents/{number}": "/incidents/1",
    "/inventory/{kind}": "/inventory/links",
    "/regions/{key}": "/regions/Dodoma",
    "/providers/{key}": "/providers/ttcl",
    "/services/{key}": "/services/gepg",
    "/institutions/{key}": f"/institutions/{MINE}",
    "/notices/{number}": "/notices/1",
    "/oncall/overrides/{number}": "",
    "/accounts/{name}": "",
    "/tokens/{number}": "",
    "/displays/{number}": "",
    "/series": "/series?measurement=link&row=lga-chamwino-a&quantity=in_bps",
    "/search": "/search?q=chamwino",
    "/iru/what-if": "/iru/what-if?growth=3%25/month",
    "/silences/{number}": "/silences/1",
    "/maintenance/{number}": "/maintenance/2",
    "/reports/{kind}/{month}": "",
    "/iru/requests/{number}": "",
}
BESIDE = (
    "/iru",
    "/circuits/figures",
    "/health/store",
    "/health/findings",
)  # computed or read beside: 503 until it is there


def model_of(path: str) -> type[BaseModel]:
    model: type[BaseModel] = READS[path].more["responses"][200]["model"]
    return model


@pytest.mark.parametrize("path", [path for path in READS if FILLED.get(path, path)])
def test_given_a_reading_route_then_what_it_tells_is_what_it_says_it_tells(front: Front, path: str) -> None:
    answer = front.ask(FILLED.get(path, path), "admin")
    if answer.status_code == 503 and path.startswith(BESIDE):
        assert "retry-after" in answer.headers
        return
    assert answer.status_code == 200, answer.text
    model_of(path).model_validate_json(answer.content)
    assert answer.json().get("at") is not None or path == "/health/counts"
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.fixture(scope="module")
def stopped(front: Front) -> Front:
    """The same at one instant, and nothing happens meanwhile."""
    now = front.house.clock()
    return replace(front, app=build(replace(front.house, clock=lambda: now)))


@pytest.mark.parametrize("path", [path for path in READS if FILLED.get(path, path)])
def test_given_a_tag_of_what_is_the_same_then_no_route_sends_it_again(stopped: Front, path: str) -> None:
    path = FILLED.get(path, path)
    first = stopped.ask(path, "admin")
    if first.status_code == 503:
        return  # it is being computed
    again = stopped.ask(path, "admin", headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"") or path.startswith("/health")  # that moves by itself
    assert again.headers["etag"] == first.headers["etag"] or path.startswith("/health")
    assert stopped.ask(path, "admin", headers={"if-none-match": '"other"'}).status_code == 200


def test_given_figures_that_are_computed_beside_then_they_come_and_are_what_they_say(front: Front) -> None:
    for path in ("/iru", "/iru/institutions", "/circuits/figures", "/health/store", "/health/findings"):
        answer = wait_until(path, lambda path=path: answered(front, path), 40)
        model_of(path).model_validate_json(answer.content)
    assert len(front.told("/circuits/figures?limit=1000")["circuits"]) == len(front.inventory.circuits)
    own = front.told("/circuits/figures?limit=1000", "own")["circuits"]
    assert [one["key"] for one in own] == [f"nictbb-{MINE}-a"]


def answered(front: Front, path: str) -> httpx.Response | None:
    answer = front.ask(path)
    assert answer.status_code in (200, 503), answer.text
    return answer if answer.status_code == 200 else None


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("who", ["nobody", "own"])
def test_given_somebody_without_the_right_then_nothing_is_told(front: Front, path: str, who: str) -> None:
    allowed = who in VIEWERS and VIEWERS[who].may(READS[path].needs)
    answer = front.ask(FILLED.get(path) or path.replace("{number}", "1"), who)
    if not allowed:
        assert answer.status_code == (403 if who in VIEWERS else 401), answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert ("www-authenticate" in answer.headers) is (answer.status_code == 401)
    else:
        assert answer.status_code in (200, 404, 422, 503), answer.text


@pytest.mark.parametrize("path", [path for path, route in READS.items() if route.needs is Right.SEE])
def test_given_an_institution_viewer_then_nothing_of_others_is_told(front: Front, path: str) -> None:
    """Everything that stands in the answer is searched for keys of others: sites, devices, links, institutions."""
    answer = front.ask(FILLED.get(path, path), "own")
    if answer.status_code != 200:
        assert answer.status_code in (404, 503), answer.text
        return
    here = front.inventory
    mine = only_of(here, frozenset({MINE}))
    others = {
        key
        for kind in ("sites", "devices", "links", "institutions", "contacts", "contracts")
        for key in getattr(here, kind).keys() - getattr(mine, kind).keys()
    }
    told = set(words(answer.json()))
    assert not told & others


def words(content: Any) -> Iterator[str]:
    """Every text in it, and every part of a text that could be a key."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from re.split(r"[^\w.-]", key)
            yield from words(value)
    elif isinstance(content, list):
        for each in content:
            yield from words(each)
    elif isinstance(content, str):
        yield from re.split(r"[^\w.-]", content)


@pytest.mark.parametrize("kind", ["sites", "devices", "links", "incidents", "institutions", "regions", "circuits"])
def test_given_an_institution_viewer_then_lists_hold_theirs_alone(front: Front, kind: str) -> None:
    all_of, own = front.told(f"/{kind}?limit=1000"), front.told(f"/{kind}?limit=1000", "own")
    assert 0 < own["total"] < all_of["total"]


@pytest.mark.parametrize(
    "path", ["/sites/core-dod", "/devices/dod-core-1", "/devices/dod-core-1/facts", "/incidents/2"]
)
def test_given_an_institution_viewer_then_one_of_others_is_not_there(front: Front, path: str) -> None:
    assert front.ask(path).status_code == 200
    hidden, absent = front.ask(path, "own"), front.ask(re.sub(r"[^/]+$|core-1", "9", path), "own")
    assert hidden.status_code == absent.status_code == 404


def test_given_an_institution_viewer_then_series_of_others_are_not_there(front: Front) -> None:
    link = next(iter(front.inventory.links))
    path = f"/series?measurement=link&row={link}&quantity=in_bps"
    assert len(front.told(path)["times"]) > 3
    assert front.ask(path, "own").status_code == 404


@pytest.mark.parametrize("days", [0.2, 1, 10, 100, 1000, 4000])
@pytest.mark.parametrize("points", [140, 1500])
def test_given_any_range_then_no_more_points_than_asked_for(front: Front, days: float, points: int) -> None:
    since = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    link = next(iter(front.inventory.links))
    told = front.told(f"/series?measurement=link&row={link}&quantity=in_bps&from={since}&points={points}")
    [series] = told["series"]
    assert len(told["times"]) == len(series["mean"]) <= points
    assert told["times"] == sorted(told["times"])


def test_given_pages_of_a_list_then_every_row_comes_once(front: Front) -> None:
    whole = [row["key"] for row in front.told("/sites?limit=1000")["sites"]]
    found, path = [], "/sites?limit=7"
    while path:
        answer = front.ask(path)
        found += [row["key"] for row in answer.json()["sites"]]
        link = answer.headers.get("link", "")
        assert bool(link) is bool(answer.json()["next"])
        path = link.partition("<")[2].partition(">")[0].removeprefix("/api/v1")
    assert found == whole
    assert len(whole) > 7


def test_given_a_cursor_of_another_question_then_it_is_refused(front: Front) -> None:
    cursor = front.told("/sites?limit=1")["next"]
    for path in (f"/sites?limit=1&sort=name&cursor={cursor}", f"/links?cursor={cursor}", "/sites?cursor=WzEsMl0"):
        answer = front.ask(path)
        assert (answer.status_code, list(answer.json()["problems"])) == (422, ["cursor"])


def test_given_what_is_known_already_then_nothing_is_sent_again(front: Front) -> None:
    first = front.ask("/sites")
    again = front.ask("/sites", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = front.ask("/sites", "own", headers={"if-none-match": first.headers["etag"]})
    assert other.status_code == 200
    one = front.ask("/incidents/1")
    assert front.ask("/incidents/1", headers={"if-none-match": one.headers["etag"]}).status_code == 304
    assert front.ask("/incidents/2", headers={"if-none-match": one.headers["etag"]}).status_code == 200
    assert front.ask("/sites?down=true", headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_given_swahili_asked_for_then_sentences_are_and_keys_are_not(front: Front) -> None:
    english, swahili = (front.ask("/sites", headers={"accept-language": each}) for each in ("en", "sw-TZ, en;q=0.5"))
    assert english.headers["etag"] != swahili.headers["etag"]
    for one, other in zip(english.json()["sites"], swahili.json()["sites"], strict=True):
        assert (one["key"], one["state"]) == (other["key"], other["state"])
        assert one["sentence"] != other["sentence"]


def test_given_a_session_then_the_api_is_read_by_its_cookie(front: Front) -> None:
    answer = front.ask("/me", "", headers={"cookie": "noc_session=read"})
    assert (answer.status_code, answer.json()["name"]) == (200, "vera")


def test_given_the_keys_of_the_commands_then_the_api_has_the_same(front: Front) -> None:
    result = CliRunner().invoke(main, ["-c", str(front.home / "noc.toml"), "site", "status", MINE, "--json"])
    [said], [told] = json.loads(result.output)["sites"], front.told(f"/sites?select={MINE}")["sites"]
    assert said.keys() == told.keys()
    assert {key: said[key] for key in ("key", "state", "labels", "figures", "since")} == {
        key: told[key] for key in ("key", "state", "labels", "figures", "since")
    }
