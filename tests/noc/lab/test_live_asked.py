"""A lab that runs is asked by strangers: net-snmp, pysnmp and a burst of datagrams; each leaves it as it was found."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence

import pytest

from collectors.contract import Index, Value
from collectors.snmp import ber
from collectors.snmp.pysnmp_session import PysnmpSession
from tests.noc.lab.asker import UPTIME, VERSIONS, world
from tests.noc.lab.home import Home, home_in
from tests.patience import HANGS_S

pytestmark = pytest.mark.xdist_group("lab")  # the anchor's address and port are fixed

IFX_NAME = "1.3.6.1.2.1.31.1.1.1.1"
THREE: tuple[str, ...] = ("-v3", "-l", "authPriv", "-u", "noc", "-a", "SHA-256", "-A", "hodi-hodi-nyumbani")
THREE += ("-x", "AES", "-X", "karibu-karibu")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One for all of them."""
    home = home_in(tmp_path_factory.mktemp("lab"))
    child = home.start()
    yield home
    home.end(child)


def test_given_net_snmp_then_it_walks_the_lab(lab: Home) -> None:
    program = shutil.which("snmpbulkwalk")
    if program is None:
        pytest.skip("net-snmp's programs are not installed")
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(lab.path), "MIBS": ""}

    def walked(word: str, address: str, *options: str, root: str = "1") -> list[str]:
        words = [word, *options, "-On", "-t", str(round(HANGS_S)), f"{address}:{lab.ports[0]}", root]
        done = subprocess.run(words, capture_output=True, text=True, timeout=HANGS_S, check=True, env=environment)
        return [
            line.split(" ", 1)[0]
            for line in done.stdout.splitlines()
            if line.startswith(".1") and "No more" not in line
        ]

    def there_is(device: str) -> list[str]:
        drawn = world(versions=VERSIONS)
        cells = drawn.layout(drawn.routers[device], 0).cells
        return [
            f".{'.'.join(map(str, ber.oid_arcs(one.oid[2:])))}" for one in cells if not one.wide or device != "s3-r1"
        ]

    two, one = ("-v2c", "-c", "hodi-hodi"), ("-v1", "-c", "hodi-hodi")
    bulk = walked(program, "127.77.0.1", *two)
    walk = program.replace("snmpbulkwalk", "snmpwalk")
    assert bulk == walked(walk, "127.77.0.1", *two) == there_is("c1")
    root = "1.3.6.1.2.1.31"
    assert walked(walk, "127.77.0.23", *one, root=root) == [
        oid for oid in there_is("s3-r1") if oid.startswith(f".{root}")
    ]
    assert walked(program, "127.77.0.13", *THREE) == there_is("p3")
    assert 40 <= sum(oid.startswith(f".{IFX_NAME}.") for oid in bulk) <= 48


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("what=auth", "Authentication failure"),
        ("what=user", "Unknown user name"),
        ("what=level", "Unsupported security level"),
        ("what=privacy", "Timeout"),
        ("told=yes what=privacy", "Decryption error"),
    ],
)
def test_given_changed_credentials_then_net_snmp_says_what_routers_make_it_say(
    lab: Home, change: str, said: str
) -> None:
    program = shutil.which("snmpget")
    if program is None:
        pytest.skip("net-snmp's programs are not installed")
    environment = {**os.environ, "SNMP_PERSISTENT_DIR": str(lab.path), "MIBS": ""}
    words = [program, *THREE, "-r0", "-t0.5", f"127.77.0.13:{lab.ports[0]}", UPTIME]

    def asked_now() -> str:
        done = subprocess.run(words, capture_output=True, text=True, timeout=HANGS_S, check=False, env=environment)
        return done.stdout + done.stderr

    assert "Timeticks" in asked_now()
    assert lab.run("do", "credentials_change", "p3", *change.split()).returncode == 0
    assert said in asked_now()
    assert lab.run("do", "credentials_restore", "p3").returncode == 0
    assert "Timeticks" in asked_now()


def test_given_a_burst_then_every_datagram_is_answered(lab: Home) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(HANGS_S)
        for number in range(100):
            sock.sendto(b"%d" % number, ("127.77.0.11", lab.ports[1]))
        got: set[bytes] = set()
        while len(got) < 100:
            got.add(sock.recv(100))
    assert len(got) == 100


def test_given_pysnmp_then_it_reads_both_tables_of_the_lab(lab: Home) -> None:
    names = [f"{IFX_NAME[:-2]}.1", f"{IFX_NAME[:-2]}.6", "1.3.6.1.2.1.2.2.1.8"]

    async def table(version: str, address: str) -> Mapping[Index, Sequence[Value]]:
        session = PysnmpSession(address, lab.ports[0], "hodi-hodi", version=version, pause_s=60.0)
        try:
            return await session.table(names)
        finally:
            session.close()

    rows, narrow = asyncio.run(table("2c", "127.77.0.21")), asyncio.run(table("1", "127.77.0.23"))
    interfaces = [row[0] for row in rows.values()]
    assert interfaces[0] == b"Gi0/0"
    assert 8 <= len(interfaces) <= 12
    assert rows[next(iter(rows))][2] == 1
    assert next(iter(narrow.values()))[0] == b"ge-0/0/0"
    assert all(row[1] is None for row in narrow.values())
