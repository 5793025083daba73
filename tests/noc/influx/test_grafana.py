"""Every query of the Grafana dashboards, asked of the real InfluxDB, answers from what the product itself writes there."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from dashboards.grafana.boards import boards
from dashboards.grafana.panel import Query
from inventory.batch import Batch
from inventory.model import Device, End, Inventory, Link, Name, Site
from noc.influx.access import Access, Place
from noc.influx.client import InfluxServer, open_server
from noc.influx.fields import LAYERS, TAGS, layer_of, rollup_names
from noc.influx.lines import Lines, Subject
from tests.noc.influx.influxd import Influxd

START, STEPS = 1_790_000_000, 60
PAGE = (Path(__file__).resolve().parents[3] / "docs" / "influxdb.md").read_text()
NETWORK = Inventory(
    sites={"lga-a": Site("lga-a", Name("A"), "lga", "dodoma")},
    devices={"a-cpe.1": Device("a-cpe.1", "lga-a", "192.0.2.1")},
    links={"a-up": Link("a-up", End("a-cpe.1", "e0"), End("external"), "access", "ttcl", "c-1", 1, 1)},
)
NAMES = {"device": "a-cpe.1", "link": "a-up", "circuit": "c-1", "site": "lga-a", "contract": "iru-1", "scope": "*"}
GIVEN = {"site": ("lga-a", r"a\-cpe\.1"), "link": ("a-up", "c-1"), "iru": ("iru-1", "iru-1")}
QUERIES = [
    pytest.param(query, board.uid.rpartition("-")[2], id=f"{board.uid}-{panel.title}")
    for board in boards(NETWORK)
    for panel in board.panels
    for query in panel.queries
]


@pytest.fixture(scope="module")
def server(influxd: Influxd) -> Iterator[InfluxServer]:
    with closing(open_server(Place(influxd.url, "grafana"), Access())) as opened:
        opened.write(list(written()))
        yield opened


def written() -> Iterator[bytes]:
    """Of every measurement one subject, with all fields that it has."""
    lines = Lines()
    for name, fields in quantities().items():
        scope_tag, row_tag = TAGS[name]
        scope, row = NAMES.get(scope_tag, ""), NAMES.get(row_tag, "one" if row_tag else name)
        for step in range(STEPS):
            values = np.ones((len(fields), 1)) + step % 2
            yield from lines.of(Batch(name, "" if scope == "*" else scope, START + 30 * step, (row,), fields, values))
    names = rollup_names(("in_bps", "out_bps"))
    hours = np.array([START - START % 3600], np.int64)
    yield from lines.of_series(Subject(f"link{LAYERS['1h']}", "", "a-up"), names, hours, np.ones((len(names), 1)))


def quantities() -> Mapping[str, tuple[str, ...]]:
    rows = re.findall(r"^\| `(\w+)` \| (?:`\w+`(?:, )?)+ \| (.*) \|$", PAGE, re.M)
    return {name: tuple(re.findall(r"`(\w+)`", told)) for name, told in rows if name in TAGS}


def as_grafana_asks(query: Query, board: str) -> str:
    text, value = GIVEN.get(board, ("", ""))
    times = f"time >= {START - 7200}s AND time < {START + 30 * STEPS}s"
    asked = query.influxql.replace("$timeFilter", times).replace("$__interval", "5m")
    asked = re.sub(r"\$\{\w+:text\}", lambda _: text, asked)
    return re.sub(r"\$\{\w+:raw\}|\$contract", lambda _: value, asked)


@pytest.mark.influxdb
@pytest.mark.parametrize(("query", "board"), QUERIES)
def test_given_a_query_of_a_dashboard_then_the_server_answers_with_values(
    server: InfluxServer, query: Query, board: str
) -> None:
    found = server.query(as_grafana_asks(query, board))
    assert found
    for series in found:
        assert set(series.tags) >= set(query.per)
        for name, column in zip(series.columns, zip(*series.values, strict=True), strict=True):
            assert any(value is not None for value in column), name


def test_given_the_layers_then_no_dashboard_asks_another() -> None:
    asked = {layer_of(param.values[0].measurement)[1] for param in QUERIES}  # type: ignore[union-attr]
    assert asked <= {"", *LAYERS}
