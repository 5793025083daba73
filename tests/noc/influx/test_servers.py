"""Real servers: InfluxDB 1.6.7 in its own way and in that of 2.x behind a proxy, and VictoriaMetrics."""

import itertools
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from collectors.interface import Interface
from collectors.keys import unique_keys
from inventory.batch import Batch
from inventory.secret import Secret
from noc.influx.access import Access, Place
from noc.influx.client import InfluxServer, open_server
from noc.influx.contract import Denied, Refused
from noc.influx.lines import Lines, read_name
from tests.noc.influx.influxd import Influxd
from tests.noc.influx.proxy import TOKEN, second_version
from tests.noc.influx.test_lines import HOSTILE
from tests.noc.influx.victoria import Victoria

pytestmark = pytest.mark.xdist_group("influxd")
AT = 1_790_000_000
NUMBERS = itertools.count()


def fresh() -> str:
    """A database that nobody used yet."""
    return f"noc{next(NUMBERS)}"


@pytest.fixture(params=["1.x", "2.x"])
def server(request: pytest.FixtureRequest, influxd: Influxd) -> Iterator[InfluxServer]:
    if request.param == "1.x":
        with closing(open_server(Place(influxd.url, fresh()), Access())) as opened:
            yield opened
        return
    with second_version(influxd.url) as url, closing(open_server(Place(url, fresh()), Access(Secret(TOKEN)))) as opened:
        yield opened


@pytest.mark.influxdb
def test_given_a_server_then_it_says_its_version_and_takes_and_tells_everything(server: InfluxServer) -> None:
    assert server.ping() in ("1.6.7~rc0", "2.7.1")
    values = np.array([np.arange(len(HOSTILE)) * 1e9, np.arange(len(HOSTILE)) / 1000])
    lines = Lines().of(Batch("interface", HOSTILE[1], AT, HOSTILE, ("in_bps", "in_errors_ps"), values))
    server.write(lines)
    server.write(lines)  # twice is as once
    found = server.query('SELECT * FROM "interface"')
    [table] = found
    told = {
        read_name(row[table.columns.index("interface")]): row  # type: ignore[arg-type]
        for row in table.values
    }
    assert sorted(told) == sorted(HOSTILE)
    for place, name in enumerate(HOSTILE):
        row = dict(zip(table.columns, told[name], strict=True))
        assert (row["time"], read_name(str(row["device"]))) == (AT, HOSTILE[1])
        assert (row["in_bps"], row["in_errors_ps"]) == (place * 10**9, pytest.approx(place / 1000))
        assert isinstance(row["in_bps"], int)


@pytest.mark.influxdb
def test_given_a_field_of_another_type_then_the_line_is_refused_and_the_others_are_taken(server: InfluxServer) -> None:
    server.write([b"link,link=a in_bps=1i 1790000000"])
    with pytest.raises(Refused, match="dropped=1") as caught:
        server.write([b"link,link=a in_bps=1.5 1790000030", b"link,link=b in_bps=2i 1790000030"])
    assert caught.value.dropped == 1
    [table] = server.query("SELECT sum(in_bps) FROM link")
    assert table.values[0][1] == 3


@pytest.mark.influxdb
def test_given_a_line_that_is_none_then_it_is_refused(server: InfluxServer) -> None:
    server.write([b"link,link=a in_bps=1i 1790000000"])
    with pytest.raises(Refused, match="unable to parse"):
        server.write([b"garbage"])


@pytest.mark.influxdb
def test_given_a_question_that_is_none_then_it_is_refused_with_the_servers_words(server: InfluxServer) -> None:
    server.write([b"link,link=a in_bps=1i 1790000000"])
    with pytest.raises(Refused, match="expected SELECT"):
        server.query("SELCT 1")


@pytest.mark.influxdb
def test_given_no_such_database_then_a_question_is_denied(influxd: Influxd) -> None:
    with closing(open_server(Place(influxd.url, fresh()), Access())) as server, pytest.raises(Denied, match="bucket"):
        server.query("SELECT * FROM link")


@pytest.mark.influxdb
def test_given_no_such_retention_policy_then_it_is_denied_not_tried_for_ever(influxd: Influxd) -> None:
    place = Place(influxd.url, f"{fresh()}/nope")
    with closing(open_server(place, Access())) as server, pytest.raises(Denied, match="retention policy not found"):
        server.write([b"link,link=a in_bps=1i 1790000000"])


@pytest.mark.influxdb
def test_given_a_token_for_a_version_without_tokens_then_it_is_denied_in_words(influxd: Influxd) -> None:
    with (
        closing(open_server(Place(influxd.url), Access(Secret("abc")))) as server,
        pytest.raises(Denied, match=r"1\.6\.7.*knows no tokens.*user and password"),
    ):
        server.write([b"link,link=a in_bps=1i 1790000000"])


@pytest.mark.influxdb
def test_given_a_wrong_token_then_it_is_denied_and_never_shown(influxd: Influxd) -> None:
    with (
        second_version(influxd.url) as url,
        closing(open_server(Place(url), Access(Secret("wr0ng-token")))) as server,
        pytest.raises(Denied, match=r"401.*token.*secrets") as caught,
    ):
        server.write([b"link,link=a in_bps=1i 1790000000"])
    assert "wr0ng" not in str(caught.value)


@pytest.mark.influxdb
def test_rule_32_given_an_alias_renamed_a_hundred_times_then_there_are_no_more_series(influxd: Influxd) -> None:
    lines = Lines()
    with closing(open_server(Place(influxd.url, fresh()), Access())) as server:
        counts = []
        for renamed in range(100):
            alias = f"to Dodoma, circuit {renamed}"
            rows = unique_keys(
                [_interface(1, "xe-0/0/0", alias), _interface(2, "lo0", alias)], lambda one: (one.index,)
            )
            values = np.full((2, len(rows)), float(renamed))
            server.write(lines.of(Batch("interface", "dar-core-1", AT + renamed, rows, ("in_bps", "out_bps"), values)))
            if renamed in (0, 99):
                counts.append([series.values for series in server.query("SHOW SERIES")])
        assert counts[0] == counts[1]
        assert len(counts[0][0]) == 2
        [total] = server.query("SELECT count(in_bps) FROM interface")
        assert total.values[0][1] == 200


def _interface(index: int, name: str, alias: str) -> Interface:
    return Interface(
        *(index, name, name, alias, 6, 1, 1, 1e9, 1e9, 0, 0),
        wide=True,
        wide_packets=True,
        silent=False,
    )


@pytest.mark.victoria
@pytest.mark.parametrize("access", [Access(), Access(Secret("token"))], ids=["/write", "/api/v2/write"])
def test_given_victoria_metrics_then_it_takes_lines_and_what_it_cannot_do_is_said(
    victoria: Victoria, access: Access
) -> None:
    measurement = f"interface{next(NUMBERS)}"
    with closing(open_server(Place(victoria.url), access)) as server:
        assert server.ping().startswith("1.8")
        values = np.arange(2.0 * len(HOSTILE)).reshape(2, -1)
        lines = Lines().of(Batch(measurement, "dar-core-1", AT, HOSTILE, ("in_bps", "loss_ratio"), values))
        server.write(lines)
        with pytest.raises(Refused, match="answers no InfluxQL"):
            server.query(f'SELECT * FROM "{measurement}"')
    found = victoria.exported(measurement)
    assert len(found) == 2 * len(HOSTILE)
    told = {
        (read_name(series["metric"]["row"]), series["metric"]["__name__"]): series["values"]  # type: ignore[index]
        for series in found
    }
    for place, name in enumerate(HOSTILE):
        assert told[name, f"{measurement}_in_bps"] == [place]
        assert told[name, f"{measurement}_loss_ratio"] == [place + len(HOSTILE)]
