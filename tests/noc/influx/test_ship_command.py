"""`noc store ship` with a daemon and without one, and the daemon beside a server that hangs."""

import json
import re
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inventory.skeleton import write_sample
from noc.cli.main import main
from noc.influx.access import Access, Place
from noc.influx.client import open_server
from noc.store.writer import MetricStore
from tests.noc.influx.fault_server import FaultServer, Script, fault_server, hang, status
from tests.noc.influx.influxd import Influxd
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.noc.store.polls import START, batch
from tests.patience import wait_until


def configured(home: Path, url: str) -> None:
    path = home / "noc.toml"
    text, found = re.subn(r'(\[influxdb\][^\[]*?\nurl = )"[^"]*"', rf'\1"{url}"', path.read_text(), flags=re.S)
    assert found == 1
    path.write_text(text)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A configuration, and a store with two hours in it that was never sent anywhere."""
    write_sample(tmp_path, sites=1)
    (tmp_path / "data").mkdir(exist_ok=True)
    with MetricStore(tmp_path / "data" / "metrics.db") as store:
        store.append(batch(START + 30 * number) for number in range(240))
        store.commit()
        store.seal(START + 3600 + 300)
    return tmp_path


def ship(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "store", "ship", *words])


def test_given_no_daemon_then_the_command_sends_all_by_itself_and_once_more_when_asked(home: Path) -> None:
    with fault_server() as server:
        configured(home, server.url)
        found = ship(home, "--json")
        assert found.exit_code == 0, found.output
        answer = json.loads(found.stdout)
        assert (answer["by"], answer["owed"], answer["refused_lines"]) == ("command", 0, 0)
        assert len(server.script.lines()) == 240 * 3
        before = len(server.script.taken)
        again = ship(home)
        assert again.exit_code == 0
        assert "InfluxDB has everything" in again.output
        assert len(server.script.taken) == before
        assert ship(home, "--since", "2026-08-01").exit_code == 0
        assert len(server.script.taken) >= before + 240 * 3, "what is hot as well"
        assert len(server.script.lines()) == 240 * 3


@pytest.mark.influxdb
@pytest.mark.xdist_group("influxd")
def test_given_a_database_that_somebody_dropped_then_all_of_it_is_sent_again(
    home: Path, influxd: Influxd, caplog: pytest.LogCaptureFixture
) -> None:
    configured(home, influxd.url)
    bucket = "dropped"
    path = home / "noc.toml"
    path.write_text(path.read_text().replace('bucket = "noc"', f'bucket = "{bucket}"'))
    assert ship(home, "--wait").exit_code == 0
    with closing(open_server(Place(influxd.url, bucket), Access())) as server:
        before = [each.values for each in server.query("SELECT count(*) FROM /.*/")]
        server.query(f'DROP DATABASE "{bucket}"')
        with MetricStore(home / "data" / "metrics.db") as store:
            store.append([batch(START + 30 * 239)])
        assert ship(home, "--wait").exit_code == 0
        assert [each.values for each in server.query("SELECT count(*) FROM /.*/")] == before != []
    assert "InfluxDB had no database 'dropped'" in caplog.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--until", "2026-10-01"], "says nothing without --since"),
        (["--since", "tomorrow 08:00"], "still to come"),
        (["--since", "2026-10-01", "--until", "2026-09-01"], "not after"),
        (["--since", "the day before"], "the day before"),
    ],
)
def test_given_times_that_make_no_sense_then_nothing_is_done(home: Path, words: list[str], said: str) -> None:
    configured(home, "http://127.0.0.1:9")
    found = ship(home, *words)
    assert found.exit_code == 2
    assert said in found.output


def test_given_no_url_or_no_store_then_the_answer_says_what_to_do(home: Path) -> None:
    found = ship(home)
    assert (found.exit_code, "set [influxdb] url" in found.output) == (2, True)
    configured(home, "http://127.0.0.1:9")
    (home / "data" / "metrics.db").unlink()
    found = ship(home)
    assert (found.exit_code, "noc run" in found.output) == (2, True)


@pytest.mark.parametrize("fault", [None, status(401)])
def test_given_a_server_that_takes_nothing_then_the_command_says_so_and_all_stays_owed(
    home: Path, fault: object
) -> None:
    server = FaultServer(Script(always=fault)).start()  # type: ignore[arg-type]
    configured(home, server.url)
    if fault is None:
        server.stop()
    found = ship(home, "--json")
    server.stop()
    answer = json.loads(found.stdout)
    assert found.exit_code == 1
    assert answer["owed"] > 0
    assert answer["error"]


@pytest.fixture
def small(tmp_path: Path) -> Stage:
    with stage(tmp_path, sites=1) as one:
        yield one  # type: ignore[misc]


@pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8")
def test_given_a_daemon_then_it_sends_resends_when_asked_and_stops_while_a_request_hangs(small: Stage) -> None:
    with fault_server() as server:
        configured(small.home, server.url)
        small.start_lab()
        small.start_daemon()
        wait_until("something was sent", lambda: len(server.script.lines()) > 0, 30)
        answer = small.json("store", "ship", "--since", "1d ago", "--wait")
        assert (answer["by"], answer["owed"], answer["state"]) == ("daemon", 0, "sending")
        assert small.metric("influxdb_lines_total") > 0
        server.script.always = hang(600)
        bodies = server.script.bodies
        wait_until("a request hangs", lambda: server.script.bodies > bodies, 30)
        began = time.monotonic()
        assert small.kill_daemon(signal.SIGTERM) == 0
        assert time.monotonic() - began < 300, "it waits for the answer"
        assert "noc/influx" not in small.log("daemon"), "no traceback of ours"


def test_given_what_the_sender_said_then_stats_and_doctor_say_it_to_people(home: Path) -> None:
    configured(home, "http://127.0.0.1:9")
    assert ship(home).exit_code == 1
    said = CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "store", "stats"])
    assert re.search(
        r"InfluxDB at http://127.0.0.1:9 noc: does not answer since .* EAT: .*still to be sent", said.output
    )
    answer = CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "store", "stats", "--json"])
    kept = json.loads(answer.stdout)["influxdb"]
    assert kept["state"] == "unreachable"
    assert kept["owed_hours"] >= 1
    words = " ".join(CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "doctor"]).output.split())
    assert "InfluxDB does not answer since" in words
