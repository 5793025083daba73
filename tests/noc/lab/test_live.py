"""The lab over real UDP: started by command, asked by net-snmp, changed while it runs, ended cleanly."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.snmp import ber
from noc.lab.doors import Answer, Door, LabError, opened
from noc.lab.server import Server
from tests.noc.lab.asker import UPTIME, message, read
from tests.noc.lab.home import HERE, Home, home_in
from tests.patience import HANGS_S
from tests.ports import free_port

pytestmark = pytest.mark.xdist_group("lab")  # the anchor's address and port are fixed


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return home_in(tmp_path)


@pytest.fixture
def running(home: Home) -> Iterator["subprocess.Popen[str]"]:
    child = home.start("--truth", str(home.path / "truth.json"))
    yield child
    home.end(child)


def asked(address: str, port: int, data: bytes, within_s: float = HANGS_S) -> bytes | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(within_s)
        sock.sendto(data, (address, port))
        try:
            return sock.recv(65_535)
        except TimeoutError:
            return None


def test_given_a_running_lab_then_acts_take_hold_and_a_signal_ends_it(
    home: Home, running: "subprocess.Popen[str]"
) -> None:
    snmp, echo = home.ports
    get = message(ber.GET, [UPTIME], community=b"hodi-hodi")
    answer = asked("127.77.0.21", snmp, get)
    assert answer is not None
    assert read(answer)[0] == 0
    assert asked("127.77.0.21", echo, b"hodi") == b"hodi"
    assert asked("127.77.9.1", echo, b"hodi") == b"hodi"
    assert asked("127.77.0.21", snmp, message(ber.GET, [UPTIME], community=b"public"), 0.3) is None

    done = home.run("do", "link_down", "p1", "ge-0/0/2", "for=60s")
    assert (done.returncode, done.stdout) == (0, "done: link_down p1 ge-0/0/2\n")
    assert asked("127.77.0.21", echo, b"hodi", 0.3) is None
    assert home.run("do", "link_up", "s1-a").returncode == 0
    assert asked("127.77.0.21", echo, b"hodi") == b"hodi"
    assert json.loads(home.run("do", "power_cut", "Tanga", "--json").stdout)["on"] == {"region": "Tanga"}

    refused = home.run("do", "device_down", "p9", "prots=1")
    assert refused.returncode == 2
    assert "unknown device 'p9'" in refused.stderr
    assert "unknown option 'prots'" in refused.stderr

    said = home.end(running)
    assert running.returncode == 0
    assert "link_down p1 ge-0/0/2" in said
    assert "lab ended" in said
    truth = json.loads((home.path / "truth.json").read_text())
    assert [event["do"] for event in truth["events"]] == ["link_down", "link_up", "power_cut"]
    assert truth["events"][0]["source"] == "live"
    assert not (home.path / "data" / "lab.sock").exists()


def test_given_a_lab_running_then_a_second_one_is_refused_before_anything_starts(
    home: Home, running: "subprocess.Popen[str]"
) -> None:
    second = home.run("--for", "5")
    assert second.returncode == 2
    assert "in use by another program" in second.stderr
    assert "lab ready" not in second.stdout
    assert home.run("do", "link_down", "s1-a").returncode == 0


def test_given_nobody_runs_then_an_act_says_so(home: Home) -> None:
    answer = home.run("do", "link_down", "s1-a")
    assert answer.returncode == 2
    assert "no lab answers" in answer.stderr


def test_given_a_wrong_scenario_then_nothing_starts(home: Home) -> None:
    wrong = home.path / "wrong.toml"
    wrong.write_text('[[event]]\nat = 5\ndo = "device_down"\ndevice = "p7"\n\n[[event]]\ndo = "explode"\n')
    answer = home.run("--scenario", str(wrong))
    assert answer.returncode == 2
    assert f"{wrong}:1: device_down: unknown device 'p7'" in answer.stderr
    assert f"{wrong}:6: unknown action 'explode'" in answer.stderr
    assert home.run("--scenario", "nowhere").returncode == 2
    unwritable = home.run("--truth", str(home.path / "no" / "such" / "directory.json"), "--for", "5")
    assert unwritable.returncode == 2
    assert "directory.json" in unwritable.stderr
    assert "lab ready" not in unwritable.stdout


def test_given_a_scenario_and_a_time_then_it_is_played_and_ends_by_itself(home: Home) -> None:
    played = home.path / "one.toml"
    played.write_text('seed = 3\nlasts = "1s"\n[[event]]\nat = "0.2s"\ndo = "device_down"\ndevice = "p1"\n')
    ended = home.run("--scenario", str(played), "--truth", str(home.path / "t.json"))
    assert (ended.returncode, ended.stderr) == (0, "")
    truth = json.loads((home.path / "t.json").read_text())
    assert truth["seed"] == 3
    assert [one["state"] for one in truth["devices"]["s1-r1"]] == ["up", "unreachable"]
    assert truth["devices"]["s1-r1"][1]["from_s"] == 0.2


def test_given_the_lab_when_interrupted_then_it_ends_with_success(home: Home) -> None:
    child = home.start()
    home.end(child, signal.SIGINT)
    assert child.returncode == 0


def test_given_a_lab_that_was_killed_then_the_next_one_takes_its_place(home: Home) -> None:
    child = home.start()
    child.kill()
    child.communicate(timeout=HANGS_S)
    assert (home.path / "data" / "lab.sock").exists()
    assert home.run("--for", "0.3").returncode == 0


def test_given_a_taken_port_then_nothing_stays_open() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.77.0.1", 0))
        port = taken.getsockname()[1]
        doors = [
            Door("127.77.0.2", port, "free", lambda _data, _now: None),
            Door("127.77.0.1", port, "taken", lambda _data, _now: None),
        ]
        with pytest.raises(LabError, match=r"127\.77\.0\.1 port .*taken.*in use"):
            opened(doors)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
            again.bind(("127.77.0.2", port))


def test_given_an_address_beyond_loopback_then_it_is_refused() -> None:
    with pytest.raises(LabError, match=r"10\.0\.0\.1 is not a loopback address"):
        opened([Door("10.0.0.1", 16161, "router SNMP", lambda _data, _now: None)])


@pytest.mark.skipif(sys.platform != "linux", reason="a socket is shared on Linux only")
def test_given_too_few_open_files_then_doors_of_a_port_share_a_socket_and_keep_their_addresses() -> None:
    port = free_port(HERE)

    def echo(word: bytes) -> Answer:
        return lambda data, _now: (word + data, 0.0)

    doors = [Door(f"127.77.1.{n}", port, f"door {n}", echo(b"%d " % n)) for n in range(1, 101)]
    found = opened(doors, files=80)
    assert len(found) == 1
    server = Server(found)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(HANGS_S)
        for door in doors:
            sock.sendto(b"hodi", (door.address, port))
        sock.sendto(b"hodi", ("127.77.2.1", port))
        server.run(time.time() + 0.3)
        answers = {}
        for _ in doors:
            data, source = sock.recvfrom(100)
            answers[source[0]] = data
    assert answers == {f"127.77.1.{n}": b"%d hodi" % n for n in range(1, 101)}
    assert (server.tally.asked, server.tally.answered) == (101, 100)
    with pytest.raises(LabError, match="in use"):
        opened(doors[:1])
    server.close()
