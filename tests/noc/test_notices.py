"""Notices from end to end: a cut announced by a trap is on the screen within two seconds, and everything said is kept."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from inventory.reading import load
from inventory.secrets import read_secrets
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.patience import HANGS_S, wait_until

pytestmark = [
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
    pytest.mark.xdist_group("notices"),
]
needs_snmptrap = [
    pytest.mark.snmpd,
    pytest.mark.skipif(shutil.which("snmptrap") is None, reason="Debian's snmp is not installed"),
]
LINK = "lga-chamwino-a"
LINK_DOWN, COLD_START = "1.3.6.1.6.3.1.1.5.3", "1.3.6.1.6.3.1.1.5.1"
OLD_TICKS = "9000000"  # sysUpTime: not just booted


@pytest.fixture(scope="module")
def govnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("notices"), sites=6) as one:
        one.start_lab()
        one.start_daemon()
        wait_until("the link is up", lambda: up(one) and known_index(one), 45)
        yield one


def up(one: Stage) -> bool:
    rows = one.rows("link")
    return bool(rows) and rows[LINK]["state"] == "up"


def end_of(one: Stage) -> tuple[str, str]:
    device, interface = str(one.rows("link")[LINK]["labels"]["a"]).split(":")
    return device, interface


def address_of(one: Stage, device: str) -> str:
    return str(one.rows("device")[device]["labels"]["address"])


def known_index(one: Stage) -> int | None:
    device, interface = end_of(one)
    asked = one.noc("device", "facts", device, "--json", check=False)
    rows = json.loads(asked.stdout)[device]["interfaces"] if asked.returncode == 0 else ()
    return next((int(row["ifIndex"]) for row in rows if row["ifName"] == interface), None)


def send_trap(one: Stage, device: str, oid: str, *variables: str, command: str = "snmptrap") -> int:
    """As the device itself would: from its address, with its user or community."""
    found = load(one.home / "inventory").devices[device]
    secrets = read_secrets(one.home / "secrets.toml", {})
    user, community = secrets.user(found.snmp.credential), secrets.find(found.snmp.credential)
    if user is not None:
        assert user.auth_password and user.priv_password
        who = ["-v3", "-l", user.level, "-u", user.user, "-a", str(user.auth), "-A", user.auth_password.reveal()]
        who += ["-x", str(user.priv), "-X", user.priv_password.reveal()]
        who += ["-e", "0x80001f8880a1b2c3d4"] if command == "snmptrap" else []
    else:
        assert community is not None
        who = ["-v2c", "-c", community.reveal()]
    words = [
        command,
        *who,
        f"--clientaddr={found.address}",
        "-r",
        "1",
        "-t",
        str(round(HANGS_S)),
        one.traps,
        OLD_TICKS,
        oid,
        *variables,
    ]
    kept = os.environ | {"SNMP_PERSISTENT_DIR": str(one.home)}  # the sender's own boots
    return subprocess.run(words, check=False, timeout=3 * HANGS_S, env=kept).returncode


def link_variables(index: int) -> tuple[str, ...]:
    return f"1.3.6.1.2.1.2.2.1.1.{index}", "i", str(index), f"1.3.6.1.2.1.2.2.1.8.{index}", "i", "2"


def log_line(one: Stage, device: str, line: str) -> None:
    host, port = one.syslog.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address_of(one, device), 0))
        sock.sendto(line.encode(), (host, int(port)))


def states_at(one: Stage, device: str) -> dict[str, tuple[str, str]]:
    """State, and since when, of a device and its links."""
    ends = {key: f"{row['labels']['a']} {row['labels']['b']}" for key, row in one.rows("link").items()}
    found = {key: row for key, row in one.rows("link").items() if f"{device}:" in ends[key]}
    return {key: (row["state"], row["since"]) for key, row in {**found, device: one.rows("device")[device]}.items()}


@pytest.mark.usefixtures("govnet")
class TestLink:
    pytestmark = needs_snmptrap

    def test_rule_13_given_a_cut_and_its_trap_then_one_reading_proves_it(self, govnet: Stage) -> None:
        device, interface = end_of(govnet)
        index = known_index(govnet)
        assert index is not None
        govnet.noc("lab", "do", "link_down", device, interface)
        assert send_trap(govnet, device, LINK_DOWN, *link_variables(index)) == 0
        wait_until("the link is down", lambda: govnet.state("link", LINK) == "down", 10)
        asked = ("notice", "list", device, "--name", "linkDown")
        row = wait_until("the trap is kept, too", lambda: govnet.json(*asked)["notices"], 5)[0]
        assert govnet.rows("link")[LINK]["since"] <= row["at"], (
            "the trap is the first evidence, if no reading came before"
        )
        assert (row["kind"], row["subject"], row["content"]["state"]) == ("trap", str(index), "down")
        assert govnet.metric("hints_total") >= 1
        govnet.noc("lab", "do", "link_up", device, interface)
        log_line(
            govnet, device, f"<28>Nov 21 10:00:01 x mib2d[1]: SNMP_TRAP_LINK_UP: ifIndex {index}, ifName {interface}"
        )
        wait_until("the link is up again", lambda: govnet.state("link", LINK) == "up", 10)

    def test_rule_13_given_a_trap_and_a_port_that_reads_up_then_nothing_is_down(self, govnet: Stage) -> None:
        device, _ = end_of(govnet)
        wait_until("all is up", lambda: all(row["state"] == "up" for row in govnet.rows("link").values()), 20)
        other = next(end for end in govnet.rows("device") if end.startswith("lga-") and end != device)
        before, hints = states_at(govnet, other), govnet.metric("hints_total")
        assert send_trap(govnet, other, LINK_DOWN, *link_variables(1)) == 0
        wait_until("it was acted on", lambda: govnet.metric("hints_total") > hints)
        all_twice = govnet.metric("rounds_total") + 2 * govnet.metric("devices")
        wait_until("all were asked again", lambda: govnet.metric("rounds_total") >= all_twice)
        assert states_at(govnet, other) == before != {}
        assert {state for state, _ in before.values()} == {"up"}

    def test_given_an_inform_then_it_is_acknowledged(self, govnet: Stage) -> None:
        device, _ = end_of(govnet)
        assert send_trap(govnet, device, COLD_START, command="snmpinform") == 0
        found = wait_until("kept", lambda: govnet.json("notice", "list", "--kind", "inform")["notices"], 5)
        assert found[0]["name"] == "coldStart"


def test_given_syslog_lines_then_they_are_kept_and_found(govnet: Stage) -> None:
    device, _ = end_of(govnet)
    log_line(govnet, device, "<189>45: *Mar  1 00:01:23.456: %SYS-5-CONFIG_I: Configured from console by \x1b[31madmin")
    log_line(govnet, device, "<30>Nov 21 10:00:01 x sshd[7]: Accepted publickey for noc")
    wait_until("kept", lambda: govnet.json("notice", "list", "--text", "Configured from")["notices"])
    wait_until("kept", lambda: govnet.json("notice", "list", "--text", "Accepted publickey")["notices"])
    [row] = govnet.json("notice", "list", "--name", "%SYS-*", "--since", "5m")["notices"]
    assert (row["severity"], row["device"], row["text"]) == ("notice", device, "Configured from console by  [31madmin")
    assert govnet.json("notice", "list", "--text", "PUBLICKEY")["notices"][0]["name"] == "sshd"
    assert govnet.json("notice", "list", "role=core")["notices"] == []
    assert govnet.noc("notice", "list", "no-such-device", check=False).returncode == 2
    assert govnet.noc("notice", "list", "--since", "yesterday", check=False).returncode == 2


def test_given_someone_who_follows_then_he_sees_what_comes(govnet: Stage) -> None:
    device, _ = end_of(govnet)
    follower = govnet.start("follow", "notice", "list", "--follow", "--json", "--for", "8", "--limit", "1")
    wait_until("it follows", lambda: govnet.log("follow"), 10)
    while follower.poll() is None:  # however long it takes to look again
        log_line(govnet, device, "<30>Nov 21 10:00:01 x dropbear[7]: exit before auth")
        time.sleep(0.5)
    assert follower.wait() == 0
    assert json.loads(govnet.log("follow").splitlines()[-1])["name"] == "dropbear"


def test_given_a_stranger_then_he_is_counted_and_named_by_the_doctor(govnet: Stage) -> None:
    host, port = govnet.syslog.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.99.99.99", 0))
        sock.sendto(b"<13>x: hello", (host, int(port)))
    wait_until("counted", lambda: govnet.metric("notices_unknown_source_total") >= 1, 5)
    wait_until("named", lambda: "127.99.99.99" in govnet.noc("doctor", check=False).stdout, 15)


def test_given_a_taken_port_then_the_daemon_says_so_goes_on_and_listens_once_it_is_free(govnet: Stage) -> None:
    govnet.kill_daemon(15)
    host, port = govnet.traps.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((host, int(port)))
        govnet.start_daemon()
        wait_until("it says so", lambda: "not listening (traps)" in govnet.log("daemon"))
        assert govnet.healthy()
        device, _ = end_of(govnet)
        log_line(govnet, device, "<30>Nov 21 10:00:01 x sshd[8]: still heard")
        wait_until("heard", lambda: govnet.json("notice", "list", "--text", "still heard")["notices"], 5)
    wait_until("healed", lambda: "listening after all (traps)" in govnet.log("daemon"), 15)
    govnet.kill_daemon(15)


def test_given_no_daemon_then_notices_are_listed_in_eighty_columns_and_it_is_said(govnet: Stage) -> None:
    done = govnet.noc("notice", "list", "--limit", "3")
    assert len(done.stdout.splitlines()) == 5
    assert "more; --limit 0 shows all" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert (govnet.home / "data" / "notices.db").exists()


def test_given_a_spoilt_book_then_the_daemon_goes_on_and_writes_once_it_is_moved_away(govnet: Stage) -> None:
    book = govnet.home / "data" / "notices.db"
    for file in book.parent.glob("notices.db*"):
        file.unlink()
    book.write_bytes(b"no database" * 1000)
    govnet.start_daemon()
    wait_until("it says so", lambda: "not listening (book)" in govnet.log("daemon"))
    assert govnet.healthy()
    book.rename(book.with_name("spoilt.db"))
    wait_until("a new book", lambda: "listening after all (book)" in govnet.log("daemon"), 15)
    device, _ = end_of(govnet)
    log_line(govnet, device, "<30>Nov 21 10:00:01 x sshd[9]: into the new book")
    wait_until("kept", lambda: govnet.json("notice", "list", "--text", "new book")["notices"], 5)
    govnet.kill_daemon(15)
