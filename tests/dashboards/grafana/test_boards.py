"""Dashboards for Grafana: sound JSON, panels that do not overlap, and only fields and tags that are really sent."""

import json
import re
from itertools import combinations

import pytest

from dashboards.grafana.boards import boards
from dashboards.grafana.panel import COLUMNS, Board, Query, Variable, as_json
from dashboards.grafana.provisioning import dashboard_files, data_source, provider
from inventory.model import Device, End, Inventory, Link, Name, Site
from noc.influx.fields import QUANTITIES, STATISTICS, TAGS, layer_of

SMALL = Inventory(
    sites={"lga-a": Site("lga-a", Name("A"), "lga", "dodoma"), "empty": Site("empty", Name("E"), "other", "dodoma")},
    devices={"a-cpe.1": Device("a-cpe.1", "lga-a", "192.0.2.1"), "a/2": Device("a/2", "lga-a", "192.0.2.2")},
    links={
        "up, left": Link("up, left", End("a-cpe.1", "e0"), End("external"), "access", "ttcl", "c-1", 1, 1),
        "lan": Link("lan", End("a-cpe.1", "e1"), End("a/2", "e1"), "lan", "own", "", 1, 1),
    },
)
ALL = boards(SMALL)
QUERIES = [query for board in ALL for panel in board.panels for query in panel.queries]


@pytest.mark.parametrize("board", ALL, ids=lambda board: board.uid)
def test_given_a_board_then_its_panels_lie_beside_each_other_on_the_grid(board: Board) -> None:
    places = [panel["gridPos"] for panel in as_json(board)["panels"]]
    assert all(one["x"] >= 0 and one["x"] + one["w"] <= COLUMNS for one in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert len({panel["id"] for panel in as_json(board)["panels"]}) == len(places)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: f"{query.measurement}-{query.select[:30]}")
def test_given_a_query_then_every_field_and_tag_in_it_is_one_that_is_sent(query: Query) -> None:
    measurement, layer = layer_of(query.measurement)
    assert measurement in TAGS
    for name in re.findall(r'\w+\("(\w+)"', query.select):
        quantity = name if not layer else name.partition("_")[2]
        assert quantity in QUANTITIES and (not layer or name.partition("_")[0] in STATISTICS)
    asked = {*query.per, *re.findall(r'"(\w+)" =', query.where)}
    assert asked <= set(filter(None, TAGS[measurement]))


def test_given_files_then_each_is_json_with_an_address_of_its_own() -> None:
    files = dashboard_files(SMALL)
    assert sorted(files) == ["health.json", "iru.json", "link.json", "overview.json", "site.json"]
    read = [json.loads(text) for text in files.values()]
    assert len({one["uid"] for one in read}) == len(read)
    assert all(one["timezone"] == "Africa/Dar_es_Salaam" for one in read)


def test_given_keys_with_signs_then_lists_and_expressions_still_mean_them() -> None:
    links = dict(pairs("link"))
    assert links == {"up\\, left": "c-1", "lan": "-"}
    sites = dict(pairs("site"))
    assert re.fullmatch(sites["lga-a"].replace(r"\/", "/"), "a-cpe.1") and not re.fullmatch(sites["lga-a"], "a-cpeX1")
    assert sites["empty"] == "-"


def pairs(name: str) -> list[tuple[str, str]]:
    (board,) = (one for one in ALL if one.uid == f"govnet-noc-{name}")
    (variable,) = (one for one in as_json(board)["templating"]["list"] if one["name"] == name)
    return [tuple(pair.split(" : ")) for pair in re.split(r"(?<!\\), ", variable["query"])]


def test_given_a_data_source_then_it_speaks_influxql_and_holds_no_secret() -> None:
    for token in (False, True):
        told = json.dumps(data_source("http://influx.example:8086", "noc", "", token=token))
        assert "$NOC_GRAFANA_" in told and "influxdb" in told
    assert provider("/x")["providers"][0]["options"] == {"path": "/x"}


def test_given_a_variable_of_the_server_then_it_is_asked_for() -> None:
    shown = as_json(Board("u", "t", "a", (), (Variable("c", "C", query="SHOW TAG VALUES"),)))
    assert shown["templating"]["list"][0]["type"] == "query"
