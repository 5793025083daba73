"""The door: every way in which a server fails becomes a word that says what to do, in bounded time, tried once."""

import re
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from email.utils import formatdate
from pathlib import Path

import pytest

from inventory.secret import Secret
from inventory.secrets import read_secrets
from noc.influx.access import WRITE_1, WRITE_2, Access, Place, access_of, in_the_open, is_loopback, write_path
from noc.influx.client import InfluxServer, open_server
from noc.influx.contract import Denied, InfluxError, Refused, Unreachable
from noc.influx.influxql import identifier, literal
from noc.influx.pool import Limits
from noc.influx.refusal import after_s, message
from noc.influx.request import Request
from tests.alerts.notify.certificates import certificate
from tests.noc.influx import fault_server as faults
from tests.noc.influx.fault_server import FaultServer, Script, fault_server
from tests.noc.influx.influxd import PROGRAM, Influxd
from tests.patience import HANGS_S

LIMITS = Limits(connect_s=1.0, answer_s=0.4)
LINE = [b"link,link=a in_bps=1i 1790000000"]
USER = Access(user=Secret("noc"), password=Secret("p@ss:word"))


@pytest.fixture
def troubled() -> Iterator[FaultServer]:
    with fault_server() as server:
        yield server


def opened(server: FaultServer, access: Access | None = None) -> InfluxServer:
    return open_server(Place(server.url), access or Access(), LIMITS)


def failure(server: FaultServer, fault: faults.Fault) -> InfluxError:
    """What a write raises that meets the fault; another write behind it is taken."""
    server.script.faults = [fault]
    with closing(opened(server)) as client:
        with pytest.raises(InfluxError) as caught:
            client.write(LINE)
        assert server.script.bodies == 1, "tried once"
        client.write([b"link,link=b in_bps=2i 1790000000"])
    assert b"link,link=b in_bps=2i 1790000000" in server.script.lines()
    return caught.value


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.refuse, "the connection broke"),
        (faults.hang(1.0), r"does not answer within 0\.4 s"),
        (faults.cut_mid_answer, "the connection broke"),
        (faults.kept_then_dropped, "the connection broke"),
        (faults.status(500), r"answers 500 \(made up\)"),
        (faults.status(503), "answers 503"),
        (faults.status(429), "answers 429"),
        (faults.status(408), "answers 408"),
    ],
    ids=["reset", "hang", "cut", "kept", "500", "503", "429", "408"],
)
def test_given_trouble_that_passes_then_it_is_unreachable(
    troubled: FaultServer, fault: faults.Fault, words: str
) -> None:
    error = failure(troubled, fault)
    assert isinstance(error, Unreachable)
    assert error.after_s is None
    assert re.search(words, str(error))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (401, "wants a token, or user and password"),
        (403, "may not do this in 'noc'"),
        (404, "is 'noc' the right"),
        (405, "that of an InfluxDB"),
    ],
)
def test_given_what_a_person_must_mend_then_it_is_denied(troubled: FaultServer, code: int, words: str) -> None:
    error = failure(troubled, faults.status(code))
    assert isinstance(error, Denied)
    assert words in str(error)


@pytest.mark.parametrize("code", [400, 413, 422])
def test_given_lines_that_will_never_be_taken_then_they_are_refused(troubled: FaultServer, code: int) -> None:
    assert isinstance(failure(troubled, faults.status(code)), Refused)


def test_given_a_partial_write_then_it_is_refused_with_the_servers_words(troubled: FaultServer) -> None:
    troubled.script.bad = lambda line: b"bad" in line
    with closing(opened(troubled)) as client, pytest.raises(Refused, match=r"partial write.*dropped=1") as caught:
        client.write([*LINE, b"bad,link=x y=1 1790000000"])
    assert caught.value.dropped == 1
    assert troubled.script.lines() == set(LINE)


def test_given_all_lines_too_old_for_the_server_then_they_go_aside_at_once_not_one_by_one(
    troubled: FaultServer,
) -> None:
    """As 1.6.7 says it of what its retention policy would let go."""
    said = "partial write: points beyond retention policy dropped=2"
    troubled.script.faults = [faults.status(400, error=said)]
    lines = [b"link,link=a in_bps=1i 1", b"link,link=a in_bps=2i 2"]
    request = Request([lines], 2)
    with closing(opened(troubled)) as client, pytest.raises(Refused) as caught:
        client.write(lines)
    assert request.divide(caught.value.dropped) == lines
    assert not request.parts


def test_given_a_yes_and_a_closed_connection_then_the_next_write_takes_another(troubled: FaultServer) -> None:
    """Whether the end of a connection is seen before or while it is used again is a matter of microseconds."""
    troubled.script.faults = [faults.yes_then_dropped, faults.yes_then_dropped]
    taken = 0
    with closing(opened(troubled)) as client:
        for _ in range(6):
            with suppress(Unreachable):
                client.write(LINE)
                taken += 1
    assert taken >= 4
    assert len(troubled.script.taken) == taken


def test_given_retry_after_then_it_is_told_in_seconds(troubled: FaultServer) -> None:
    error = failure(troubled, faults.status(429, "7"))
    assert isinstance(error, Unreachable)
    assert error.after_s == 7.0


def test_given_retry_after_in_every_form_then_it_is_bounded_and_never_believed_blindly() -> None:
    now = 1_790_000_000.0
    assert after_s("120", now) == 120.0
    assert after_s(formatdate(now + 90, usegmt=True), now) == 90.0
    assert after_s(formatdate(now - 90, usegmt=True), now) == 0.0
    assert after_s("99999999", now) == after_s(formatdate(now + 1e8), now) == 3600.0
    assert [after_s(text, now) for text in ("", "soon", "-5", "1e9", "nan", "9" * 50)] == [None] * 6


def test_given_nobody_there_then_it_says_so_and_takes_up_again_when_there_is(troubled: FaultServer) -> None:
    with closing(opened(troubled)) as client:
        client.write(LINE)
        troubled.stop()
        with pytest.raises(Unreachable, match=r"takes no connection.*is InfluxDB running"):
            client.write(LINE)
        troubled.start()
        client.write(LINE)


def test_given_a_server_that_drips_then_its_answer_is_bounded_in_time(troubled: FaultServer) -> None:
    def drip(exchange: "faults._Exchange", lines: list[bytes]) -> None:
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(6000):
            exchange.wfile.write(b" ")
            exchange.wfile.flush()
            time.sleep(0.05)
        exchange.cut()

    troubled.script.faults = [drip]
    began = time.monotonic()
    with closing(opened(troubled)) as client, pytest.raises(Unreachable, match="takes longer than"):
        client.write(LINE)
    assert time.monotonic() - began < HANGS_S < 6000 * 0.05


@pytest.mark.parametrize(
    ("version", "access", "path"),
    [
        ("1.6.7", Access(), "/write"),
        ("1.6.7", USER, "/write"),
        ("1.8.10", Access(Secret("user:password")), "/api/v2/write"),
        ("v2.7.1", Access(Secret("token")), "/api/v2/write"),
        ("2.7.1", USER, "/write"),
        ("3.0.1", Access(), "/api/v2/write"),
        ("", Access(), "/api/v2/write"),
        ("weird", USER, "/write"),
    ],
)
def test_given_a_version_and_credentials_then_the_way_is_theirs(version: str, access: Access, path: str) -> None:
    with fault_server(Script(version=version)) as server, closing(opened(server, access)) as client:
        assert client.ping() == version.removeprefix("v")
        client.write(LINE)
        where, said = server.script.requests[-1]
        assert where == path
        assert said["precision"] == "s"
        assert said.get("bucket" if path == WRITE_2 else "db") == "noc"
        assert said.get("Authorization") == access.header.get("Authorization")
        assert (write_path(Place(server.url), access, version) == WRITE_1) == (path == "/write")


def test_given_another_version_after_an_upgrade_then_it_is_found_out_again(troubled: FaultServer) -> None:
    with closing(opened(troubled)) as client:
        client.write(LINE)
        troubled.script.version = "2.7.1"
        troubled.script.faults = [faults.status(404)]
        with pytest.raises(Denied):
            client.write(LINE)
        client.write(LINE)
    assert [path for path, _ in troubled.script.requests] == ["/ping", "/write", "/write", "/ping", "/api/v2/write"]


def test_given_a_server_elsewhere_then_lines_go_packed(troubled: FaultServer) -> None:
    with closing(InfluxServer(Place(troubled.url), Access(), LIMITS, packs=True)) as client:
        client.write([*LINE, *LINE])
    assert troubled.script.requests[-1][1]["Content-Encoding"] == "gzip"
    assert troubled.script.taken == [*LINE, *LINE]


def test_given_tls_then_who_vouches_for_the_server_is_believed_and_nobody_else(tmp_path: Path) -> None:
    certificate_file, key = certificate(tmp_path)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(certificate_file, key)
    with fault_server(secure=secure) as server:

        def reach(ca_file: Path | str) -> InfluxServer:
            return open_server(Place(server.url, ca_file=str(ca_file)), Access(), Limits(2.0, 2.0))

        with closing(reach(certificate_file)) as believed:
            believed.write(LINE)
        assert server.script.lines() == set(LINE)
        with closing(reach("")) as stranger, pytest.raises(Denied, match=r"certificate verify failed.*ca_file"):
            stranger.write(LINE)
        with closing(reach(key)) as wrong, pytest.raises(Denied, match="no certificates can be read"):
            wrong.write(LINE)
        plain = open_server(Place(server.url.replace("https", "http")), Access(), Limits(2.0, 2.0))
        with closing(plain), pytest.raises(Unreachable):
            plain.write(LINE)


def test_given_https_to_a_server_without_it_then_it_says_so(troubled: FaultServer) -> None:
    place = Place(troubled.url.replace("http", "https"))
    with (
        closing(open_server(place, Access(), LIMITS)) as client,
        pytest.raises(Unreachable, match="does the server speak"),
    ):
        client.write(LINE)


def test_given_no_lines_then_nobody_is_asked(troubled: FaultServer) -> None:
    with closing(opened(troubled)) as client:
        client.write([])
    assert not troubled.script.requests


@pytest.mark.parametrize(
    ("url", "loopback", "open_"),
    [
        ("http://127.0.0.1:8086", True, False),
        ("http://[::1]:8086", True, False),
        ("http://localhost:8086", True, False),
        ("http://10.1.2.3:8086", False, True),
        ("http://influx.go.tz:8086", False, True),
        ("https://influx.go.tz", False, False),
    ],
)
def test_given_an_address_then_it_is_known_whether_others_can_listen(url: str, loopback: bool, open_: bool) -> None:
    assert (is_loopback(url), in_the_open(url)) == (loopback, open_)


def test_given_secrets_of_each_kind_then_access_is_theirs_and_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('[influxdb]\nuser = "noc"\npassword = "p4ss"\n')
    file.chmod(0o600)
    held = access_of(read_secrets(file, {}))
    assert held.header == {"Authorization": "Basic bm9jOnA0c3M="}
    assert "p4ss" not in repr(held)
    from_environment = access_of(read_secrets(tmp_path / "none", {"NOC_SECRET_INFLUXDB_TOKEN": "t0ken"}))
    assert from_environment.header == {"Authorization": "Token t0ken"}
    directory = tmp_path / "credentials"
    directory.mkdir()
    (directory / "influxdb-token").write_text("of-systemd\n")
    from_systemd = access_of(read_secrets(tmp_path / "none", {"CREDENTIALS_DIRECTORY": str(directory)}))
    assert from_systemd.header == {"Authorization": "Token of-systemd"}
    assert access_of(read_secrets(tmp_path / "none", {})).header == {}


@pytest.mark.parametrize("name", ["plain", 'two "quotes"', "o'clock", "back\\slash", "x' OR 'a'='a", 'y" ; DROP "z'])
def test_given_any_name_then_it_stays_one_word_of_the_question(name: str) -> None:
    for text, quote in ((identifier(name), '"'), (literal(name), "'")):
        inside = text[1:-1].replace("\\\\", "").replace(f"\\{quote}", "")
        assert text[0] == text[-1] == quote
        assert quote not in inside and "\\" not in inside


def test_given_what_servers_say_then_it_is_one_printable_line_of_bounded_length() -> None:
    assert message('{"error":"database not found: \\"noc\\""}') == 'database not found: "noc"'
    assert message('{"code":"invalid","message":"unable"}') == "unable"
    assert message('{"error":"partial write of line protocol occurred","data":[{"line_number":2}]}').startswith(
        "partial"
    )
    assert message("<html>\n\x1b[31mred") == "<html>  [31mred"
    assert len(message("x" * 10_000)) == 300
    assert message("") == ""


@pytest.mark.influxdb
@pytest.mark.skipif(PROGRAM is None, reason="Debian's influxdb is not installed")
def test_given_1_x_with_users_then_who_may_is_let_in_and_others_are_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFLUXDB_HTTP_AUTH_ENABLED", "true")
    admin = Access(user=Secret("root"), password=Secret("r00t"))
    with Influxd(tmp_path / "influxd") as server:

        def reach(access: Access, bucket: str = "noc") -> InfluxServer:
            return open_server(Place(server.url, bucket), access)

        with closing(reach(Access())) as first:
            first.query("CREATE USER root WITH PASSWORD 'r00t' WITH ALL PRIVILEGES")
        with closing(reach(admin)) as root:
            root.query(f"CREATE USER noc WITH PASSWORD {literal('p@ss:word')}")
            root.write(LINE)  # makes the database
            root.query('GRANT ALL ON "noc" TO "noc"')
        with closing(reach(USER)) as granted:
            granted.write(LINE)
            assert granted.query("SELECT sum(in_bps) FROM link")[0].values[0][1] == 1
        with (
            closing(reach(Access())) as nobody,
            pytest.raises(Denied, match=r"401.*wants a token, or user and password"),
        ):
            nobody.write(LINE)
        wrong = Access(user=Secret("noc"), password=Secret("wr0ng"))
        with (
            closing(reach(wrong)) as other,
            pytest.raises(Denied, match=r"user and password .* not accepted") as caught,
        ):
            other.write(LINE)
        assert "wr0ng" not in str(caught.value)
        with closing(reach(USER, "elsewhere")) as lost, pytest.raises(Denied):
            lost.write(LINE)


def test_given_an_answer_that_is_no_influxdb_then_it_is_denied_and_no_line_refused(troubled: FaultServer) -> None:
    with closing(open_server(Place(f"{troubled.url}/grafana"), Access(), LIMITS)) as client:
        with pytest.raises(Denied, match="is the url right"):
            client.write(LINE)
        with pytest.raises(InfluxError):
            client.query("SELECT 1")
