"""`noc poll --why`: each misconfiguration of a real agent, and each fault of a replayed one, is named."""

import asyncio
import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from collectors.diagnosis import FINE, VERDICTS, Diagnosis
from collectors.icmp import icmp_way
from collectors.snmp import ber
from collectors.snmp.usm import (
    Keys,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    UnknownEngine,
    UnknownUser,
    localise,
    parse_header,
    report,
)
from inventory.credentials import SnmpUser
from inventory.model import Device, Probe, Snmp
from inventory.secret import Secret
from inventory.secrets import Secrets
from noc.cli.main import main
from noc.why import diagnose
from tests.collectors.snmp.replays import RECORDINGS, needs_shared, replay
from tests.noc.stage import has_loopback_net
from tests.patience import HANGS_S, wait_until
from tests.ports import free_port

SNMPD = shutil.which("snmpd", path="/usr/sbin:/usr/bin:/sbin")
QUICK = (0.3, 0.3, 0.4)
HERE = "127.0.0.1"
CONFIGURATION = """
rocommunity public 127.0.0.1
rocommunity narrow 127.0.0.1 -V little
rocommunity bare 127.0.0.1 -V scalars
view little included 1.3.6.1.2.1.4
view scalars included 1.3.6.1.2.1.1
createUser noc SHA-256 authsecret1 AES privsecret1
createUser low SHA-256 authsecret1
createUser blind SHA-256 authsecret1 AES privsecret1
rouser noc authpriv
rouser low authpriv
rouser blind authpriv -V little
"""


def user(name: str = "noc", auth: str = "authsecret1", priv: str = "privsecret1") -> SnmpUser:
    return SnmpUser(
        name,
        "SHA-256" if auth else None,
        Secret(auth) if auth else None,
        "AES-128" if priv else None,
        Secret(priv) if priv else None,
    )


SECRETS = Secrets(
    {
        **{("snmp", name): name for name in ("public", "narrow", "bare", "wrong")},
        ("snmp", "right"): user(),
        ("snmp", "wrong-user"): user("nobody"),
        ("snmp", "wrong-auth"): user(auth="otherwise"),
        ("snmp", "wrong-priv"): user(priv="otherwise"),
        ("snmp", "without-priv"): user(priv=""),
        ("snmp", "without-auth"): user(auth="", priv=""),
        ("snmp", "low"): user("low"),
        ("snmp", "blind"): user("blind"),
    }
)

with_ping = pytest.mark.skipif(icmp_way() == "", reason="needs ping: net.ipv4.ping_group_range or CAP_NET_RAW")


def ask(port: int, version: Any = "2c", credential: str = "public", address: str = HERE) -> Diagnosis:
    device = Device("r1", "site", address, snmp=Snmp(version, credential, port), probes=(Probe("snmp"),))
    return asyncio.run(asyncio.wait_for(diagnose(device, SECRETS, pauses_s=QUICK), HANGS_S))


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Debian's snmpd on a free port."""
    home = tmp_path_factory.mktemp("snmpd")
    port = free_port()
    (home / "snmpd.conf").write_text(CONFIGURATION)
    words = [
        SNMPD,
        "-f",
        "-C",
        "-c",
        home / "snmpd.conf",
        "-Lf",
        home / "log",
        "-p",
        home / "pid",
        f"udp:{HERE}:{port}",
    ]
    process = subprocess.Popen([str(word) for word in words], env={"SNMP_PERSISTENT_DIR": str(home)})
    try:
        wait_until("snmpd answers", lambda: ask(port).cause == FINE)
        yield port
    finally:
        process.terminate()
        process.wait(HANGS_S)


MISCONFIGURED = [
    ("2c", "public", FINE),
    ("2c", "wrong", "community"),
    ("2c", "narrow", "view"),
    ("2c", "bare", "empty"),
    ("2c", "missing", "no-secret"),
    ("3", "missing", "no-secret"),
    ("3", "wrong-user", "user"),
    ("3", "wrong-auth", "authentication"),
    ("3", "wrong-priv", "privacy"),
    ("3", "without-priv", "level"),
    ("3", "without-auth", "level"),
    ("3", "low", "level"),
    ("3", "blind", "view"),
]


@pytest.mark.snmpd
@pytest.mark.skipif(SNMPD is None, reason="Debian's snmpd is not installed")
@with_ping
@pytest.mark.parametrize(("version", "credential", "cause"), MISCONFIGURED)
def test_rule_46_given_a_real_agent_and_a_mistake_then_it_is_named(
    agent: int, version: str, credential: str, cause: str
) -> None:
    said = ask(agent, version, credential)
    assert said.cause == cause, said.trials
    assert said.sentence
    assert bool(said.advice) == (cause != FINE)
    assert [trial.what for trial in said.trials][:2] == ["the address", "ping"]
    assert any(trial.good is False for trial in said.trials) == (cause != FINE)


FAULTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "sound": (FINE, {"kind": "loss", "p": 0}),
    "dead": ("silent", {"kind": "dead"}),
    "v1only": ("version", {"kind": "v1only"}),
    "slow": ("slow", {"kind": "delay", "ms": 1200}),
    "wrongid": ("garbled", {"kind": "wrongid"}),
    "othersrc": ("elsewhere", {"kind": "othersrc"}),
    "garbage": ("garbled", {"kind": "garbage"}),
    "truncate": ("garbled", {"kind": "truncate"}),
    "missing": ("view", {"kind": "missing", "oid": "1.3.6.1.2.1.1"}),
}


@pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8")
@with_ping
@needs_shared[0]
@needs_shared[1]
def test_rule_43_given_a_fault_of_an_agent_then_it_is_named(tmp_path: Path) -> None:
    files = []
    for name in FAULTS:
        files.append(tmp_path / f"{name}.snmprec")
        files[-1].write_bytes((RECORDINGS / "thola-routeros-CHR_1.snmprec").read_bytes())
    faults = [{"device": name, **fault} for name, (_, fault) in FAULTS.items()]

    async def all_of(addresses: Mapping[str, tuple[str, int]]) -> dict[str, Diagnosis]:
        devices = [
            Device(name, "s", addresses[name][0], snmp=Snmp("2c", "public", addresses[name][1])) for name in FAULTS
        ]
        said = await asyncio.gather(*(diagnose(device, SECRETS, pauses_s=(0.5, 0.5, 1.5)) for device in devices))
        return dict(zip(FAULTS, said, strict=True))

    with replay(tmp_path, files, faults=faults, network=72) as addresses:
        said = asyncio.run(asyncio.wait_for(all_of(addresses), HANGS_S))
    assert {name: each.cause for name, each in said.items()} == {name: cause for name, (cause, _) in FAULTS.items()}
    assert said["v1only"].known["spoken"] == "1"
    assert re.search(r"takes [1-9]\.\d s for one value", said["slow"].sentence)


@with_ping
def test_given_a_closed_port_then_it_is_told_from_silence() -> None:
    assert ask(free_port()).cause == "closed"
    assert ask(free_port(), "3", "right").cause == "closed"


@with_ping
def test_given_a_living_device_and_a_silent_port_then_the_agent_is_blamed_not_the_device() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind((HERE, 0))
        port = mute.getsockname()[1]
        assert ask(port).cause == "silent"
        assert ask(port, "3", "right").cause == "no-v3"


@with_ping
def test_given_a_dead_device_of_the_lab_then_a_ping_that_this_machine_answers_itself_says_nothing() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute, socket.socket(type=socket.SOCK_DGRAM) as echo:
        mute.bind((HERE, 0))
        echo.bind((HERE, 0))
        probes = (Probe("udp-echo", echo.getsockname()[1]), Probe("snmp"))
        device = Device("r1", "s", HERE, snmp=Snmp("3", "right", mute.getsockname()[1]), probes=probes)
        said = asyncio.run(asyncio.wait_for(diagnose(device, SECRETS, pauses_s=QUICK), HANGS_S))
    assert said.cause == "dead", said.trials


@with_ping
def test_given_an_address_where_nothing_answers_then_snmp_is_not_blamed() -> None:
    said = ask(161, address="255.255.255.255")  # broadcast is refused to us: nothing leaves this machine
    assert said.cause == "dead"
    assert "power" in said.advice


def test_given_a_name_dns_does_not_know_then_nothing_else_is_tried() -> None:
    said = ask(161, address="no-such-name.invalid")
    assert said.cause == "unresolved"
    assert len(said.trials) == 1


class Refusing(asyncio.DatagramProtocol):
    """An SNMPv3 agent that refuses every question in one way, or is silent to its users."""

    def __init__(self, own: Keys, kind: type[Refusal] | None) -> None:
        self.own, self.kind = own, kind

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, source: tuple[str, int]) -> None:
        try:
            header = parse_header(data)
        except ber.BerError:
            return
        kind = UnknownEngine if header.engine_id != self.own.engine_id else self.kind
        if kind is not None and (kind is not NotDecrypted or header.flags & 2):
            signed = self.own if kind is OutOfWindow else Keys(header.user, self.own.engine_id)
            answer = report(kind, 1, data, header, own=signed, clock=(7, 1000))
            self.transport.sendto(answer, source)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "cause"), [(OutOfWindow, "clock"), (UnknownUser, "user"), (NotDecrypted, "privacy"), (None, "user-silent")]
)
def test_rule_07_given_an_agent_that_refuses_then_what_it_says_is_the_cause(
    kind: type[Refusal] | None, cause: str
) -> None:
    async def story() -> Diagnosis:
        own = localise(user(), b"\x80\x00\x1f\x88\x04agent")
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: Refusing(own, kind), local_addr=(HERE, 0))
        try:
            port = transport.get_extra_info("sockname")[1]
            return await diagnose(
                Device("r1", "s", HERE, snmp=Snmp("3", "right", port)), SECRETS, pauses_s=(0.1, 0.1, 0.1)
            )
        finally:
            transport.close()

    assert asyncio.run(asyncio.wait_for(story(), HANGS_S)).cause == cause


def test_every_verdict_is_said_with_what_is_known_of_a_device() -> None:
    known: dict[str, object] = dict.fromkeys(
        ("credential", "secret", "spoken", "user", "auth", "priv", "level", "context", "error"), "x"
    ) | {"slow_s": 2.0, "list_s": 20.0}
    for cause in VERDICTS:
        said = Diagnosis("r1", HERE, 161, "2c", cause=cause, known=known)
        assert said.sentence.endswith("."), cause
        assert not said.advice or said.advice.endswith("."), cause
        assert "{" not in said.sentence + said.advice


def test_given_noc_poll_why_then_trials_and_cause_are_shown_and_the_status_is_1(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = CliRunner().invoke
    assert run(main, ["init", str(home), "--sample", "--sites", "1"]).exit_code == 0
    port = free_port()
    entry = f"{{site: noc, address: {HERE}, snmp: {{port: {port}}}, probes: [snmp]}}"
    (home / "inventory" / "one.yaml").write_text(f"devices:\n  one-1: {entry}\n")
    words = ["-c", str(home / "noc.toml"), "poll", "one-1", "--why"]
    shown, told = run(main, words), run(main, [*words, "--json"])
    assert shown.exit_code == told.exit_code == 1, shown.output
    assert "What to do:" in shown.output
    said = json.loads(told.output)
    assert said["device"] == "one-1"
    assert said["cause"] in ("closed", "silent-unseen")
    assert {"what", "result", "good", "took_s"} == set(said["trials"][0])
