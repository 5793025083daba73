"""Real senders on real sockets: Debian's snmptrap, snmpinform and logger, each version and framing; and impostors."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from collectors.notices.ears import SYSLOG, SYSLOG_TCP, TRAPS, Ears, Places
from collectors.notices.gate import OwnEngine
from inventory.credentials import Auth, Priv, SnmpUser
from inventory.model import Device, Snmp, SnmpVersion
from inventory.notice import Notice
from inventory.secret import Secret
from tests.collectors.notices.datagrams import LINK_DOWN, link, v2c
from tests.patience import HANGS_S, until
from tests.ports import free_port

ENGINE = bytes.fromhex("80007ed905") + b"ownengin"
VARIABLES = ("1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.2.2.1.8.3", "i", "2")

needs_net_snmp = pytest.mark.skipif(shutil.which("snmptrap") is None, reason="Debian's snmp is not installed")
needs_logger = pytest.mark.skipif(shutil.which("logger") is None, reason="no logger here")


@dataclass
class Known:
    """A community or a user, for whoever asks."""

    user_: SnmpUser | None = None

    def find(self, name: str) -> Secret | None:
        return None if self.user_ else Secret("public")

    def user(self, name: str) -> SnmpUser | None:
        return self.user_


@dataclass
class Heard:
    ears: Ears
    traps: str
    syslog: str
    notices: list[Notice] = field(default_factory=list)

    async def until(self, true: Callable[[], object]) -> None:
        await until(true, self.ears.counters)


@asynccontextmanager
async def listening(
    known: Known | None = None, *, address: str = "127.0.0.1", version: SnmpVersion = "2c"
) -> AsyncIterator[Heard]:
    traps, syslog = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
    ears = Ears(Places(traps, syslog), OwnEngine(ENGINE, 7, time.monotonic()), 50, time.time)
    ears.set_network({"r1": Device("r1", "s", address, snmp=Snmp(version))}, known or Known())
    heard = Heard(ears, traps, syslog)
    tasks = [asyncio.create_task(one.listen(heard.notices.append)) for one in ears.listeners.values()]
    await asyncio.sleep(0.02)
    try:
        yield heard
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scene(), HANGS_S))  # type: ignore[arg-type]


async def command(*words: str, home: Path | None = None) -> int:
    """`home`: where net-snmp keeps the sender's own boots."""
    env = os.environ | ({"SNMP_PERSISTENT_DIR": str(home)} if home else {})
    done = await asyncio.to_thread(subprocess.run, words, capture_output=True, check=False, timeout=HANGS_S, env=env)
    return done.returncode


@needs_net_snmp
@pytest.mark.snmpd
def test_given_snmptrap_and_snmpinform_of_v1_and_v2c_then_all_are_heard_and_the_inform_is_acknowledged() -> None:
    async def scene() -> None:
        async with listening() as heard:
            assert await command("snmptrap", "-v2c", "-c", "public", heard.traps, "1", LINK_DOWN, *VARIABLES) == 0
            enterprise = ("1.3.6.1.4.1.9", "10.1.1.1", "2", "0", "1")
            assert await command("snmptrap", "-v1", "-c", "public", heard.traps, *enterprise, *VARIABLES) == 0
            assert await command("snmpinform", "-v2c", "-c", "public", heard.traps, "1", LINK_DOWN, *VARIABLES) == 0
            await heard.until(lambda: len(heard.notices) == 3)
            assert [one.kind for one in heard.notices] == ["trap", "trap", "inform"]
            assert {(one.device, one.name, one.subject) for one in heard.notices} == {("r1", "linkDown", "3")}
            wrong = ("snmpinform", "-r", "0", "-t", "1", "-v2c", "-c", "wrong", heard.traps, "1", LINK_DOWN)
            assert await command(*wrong) == 1
            assert heard.ears.counters[TRAPS].refused == 1

    run(scene)


LEVELS: list[tuple[Auth | None, Priv | None]] = [
    (None, None),
    ("MD5", None),
    ("SHA-1", "DES"),
    ("SHA-1", "AES-128"),
    ("SHA-512", "AES-256"),
]


@needs_net_snmp
@pytest.mark.snmpd
@pytest.mark.parametrize(("auth", "priv"), LEVELS)
def test_given_v3_traps_and_informs_then_they_are_proven_heard_and_acknowledged(
    auth: Auth | None, priv: Priv | None, tmp_path: Path
) -> None:
    user = SnmpUser("noc", auth, Secret("authpass1") if auth else None, priv, Secret("privpass1") if priv else None)
    who = ["-v3", "-u", "noc", "-l", user.level, "-r", "0", "-t", str(round(HANGS_S))]
    who += ["-a", auth, "-A", "authpass1"] if auth else []
    who += ["-x", {"AES-128": "AES"}.get(priv, priv), "-X", "privpass1"] if priv else []

    async def scene() -> None:
        async with listening(Known(user), version="3") as heard:
            trap = ("snmptrap", *who, "-e", "0x8000000001020304", heard.traps, "1", LINK_DOWN, *VARIABLES)
            assert await command(*trap, home=tmp_path) == 0
            await heard.until(lambda: len(heard.notices) == 1)
            assert await command("snmpinform", *who, heard.traps, "1", LINK_DOWN, *VARIABLES, home=tmp_path) == 0
            await heard.until(lambda: len(heard.notices) == 2)
            assert [(one.kind, one.content["version"]) for one in heard.notices] == [("trap", "3"), ("inform", "3")]
            counters = heard.ears.counters[TRAPS]
            assert (counters.refused, counters.acknowledged) == (0, 1) and counters.reported >= 1
            if auth:
                wrong = [word.replace("authpass1", "another99") for word in who]
                assert await command("snmpinform", *wrong, heard.traps, "1", LINK_DOWN, *VARIABLES, home=tmp_path) == 1
                await command(
                    "snmptrap", *wrong, "-e", "0x8000000001020304", heard.traps, "1", LINK_DOWN, home=tmp_path
                )
                await heard.until(lambda: counters.refused >= 2)
            assert await command("snmptrap", "-v2c", "-c", "public", heard.traps, "1", LINK_DOWN, home=tmp_path) == 0
            await heard.until(lambda: counters.refused >= (3 if auth else 1))
            assert len(heard.notices) == 2

    run(scene)


@needs_logger
@pytest.mark.parametrize("form", ["--rfc3164", "--rfc5424"])
def test_given_logger_over_udp_and_tcp_then_every_framing_is_heard(form: str) -> None:
    async def scene() -> None:
        async with listening() as heard:
            host, port = heard.syslog.split(":")
            for way in (["-d"], ["-T"], ["-T", "--octet-count"]):
                words = ["logger", "-n", host, "-P", port, *way, form, "-p", "daemon.err", "-t", "sshd", "hello there"]
                assert await command(*words) == 0
            await heard.until(lambda: len(heard.notices) == 3)
            said = {(one.name, one.text, one.severity, one.content["facility"]) for one in heard.notices}
            assert said == {("sshd", "hello there", 3, 3)}
            assert (heard.ears.counters[SYSLOG].heard, heard.ears.counters[SYSLOG_TCP].heard) == (1, 2)

    run(scene)


def test_given_strangers_then_they_are_dropped_counted_and_cut_off() -> None:
    async def scene() -> None:
        async with listening(address="127.0.0.77") as heard:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                host, port = heard.traps.split(":")
                for _ in range(5):
                    sock.sendto(v2c(LINK_DOWN, link(3)), (host, int(port)))
                sock.sendto(b"\xff" * 1000, (host, int(port)))
            host, port = heard.syslog.split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"<13>x: hello\n")
            with suppress(ConnectionError):  # closed with a reset: nothing of it is read
                assert await reader.read() == b""
            writer.close()
            counters = heard.ears.counters
            await heard.until(lambda: counters[TRAPS].unknown_source == 6 and counters[SYSLOG_TCP].unknown_source == 1)
            assert heard.ears.intake.strangers.worst(1)[0][0] == "127.0.0.1"
            assert not heard.notices

    run(scene)


def test_given_garbage_of_a_known_device_then_it_is_counted_and_the_next_trap_is_heard() -> None:
    async def scene() -> None:
        async with listening() as heard:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                host, port = heard.traps.split(":")
                for data in (b"", b"\x30", b"\xff" * 2000, v2c(LINK_DOWN)[:-3], v2c(LINK_DOWN, link(3))):
                    sock.sendto(data, (host, int(port)))
            await heard.until(lambda: len(heard.notices) == 1)
            assert heard.ears.counters[TRAPS].unparsable == 4

    run(scene)


def test_given_a_reload_then_other_devices_are_heard_over_the_same_door() -> None:
    async def scene() -> None:
        async with listening(address="127.0.0.77") as heard:
            heard.ears.set_network({"r2": Device("r2", "s", "10.0.0.1", sources=("127.0.0.1",))}, Known())
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                host, port = heard.traps.split(":")
                sock.sendto(v2c(LINK_DOWN, link(3)), (host, int(port)))
            await heard.until(lambda: heard.notices)
            assert heard.notices[0].device == "r2"

    run(scene)
