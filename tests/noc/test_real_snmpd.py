"""Debian's snmpd beside the lab: what we store are the kernel's own counters."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import NamedTuple

import pytest

from noc.store.reader import MetricReader
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.patience import HANGS_S, wait_until
from tests.ports import free_port
from tests.stalls import stalls

SNMPD = shutil.which("snmpd", path="/usr/sbin:/usr/bin:/sbin")
LASTS_S, EDGE_S = 26.0, 4.5  # of a poll: what its agent kept back, and how late it is
CACHE_S = 6  # snmpd shows its interface table up to 3 s old, and reads it only when asked (SEMANTICS 50)

pytestmark = [
    pytest.mark.xdist_group("kernel"),
    pytest.mark.snmpd,
    pytest.mark.skipif(SNMPD is None, reason="Debian's snmpd is not installed"),
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
]


def kernel_octets() -> tuple[int, int]:
    """In and out of lo, from the kernel itself."""
    [line] = [line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:")]
    fields = line.split(":")[1].split()
    return int(fields[0]), int(fields[8])


def send(octets: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for _ in range(octets // 1000):
            sock.sendto(b"x" * 1000, ("127.0.0.1", 9))
            time.sleep(0.0005)


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Stage]:
    port = free_port()
    home = tmp_path / "snmpd"
    home.mkdir()
    (home / "snmpd.conf").write_text("rocommunity public 127.0.0.1\nsysName kernel-1\n")
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
        f"udp:127.0.0.1:{port}",
    ]
    environment = {"SNMP_PERSISTENT_DIR": str(home)}
    process = subprocess.Popen([str(word) for word in words], env=environment)
    try:
        with stage(tmp_path / "govnet", sites=1) as one:
            one.start_lab()
            device = f"{{site: noc, address: 127.0.0.1, snmp: {{port: {port}}}, probes: [snmp]}}"
            (one.home / "inventory" / "kernel.yaml").write_text(f"devices:\n  kernel-1: {device}\n")
            one.config.write_text(one.config.read_text().replace("counters_s = 30", "counters_s = 5"))
            yield one
    finally:
        process.terminate()
        process.wait(HANGS_S)


def loopback(one: Stage) -> dict[str, float]:
    said = one.noc("device", "facts", "kernel-1", "--json", check=False)
    facts = json.loads(said.stdout)["kernel-1"] if said.returncode == 0 else {}
    return next((dict(each) for each in facts.get("interfaces", []) if each["ifName"] == "lo"), {})


def test_given_a_real_agent_beside_the_lab_then_facts_and_rates_are_the_kernels_own(beside: Stage) -> None:
    before = kernel_octets()
    time.sleep(CACHE_S)
    beside.start_daemon()
    facts = wait_until("the interface list is stored", lambda: loopback(beside), 30)
    after = kernel_octets()
    assert before[0] <= facts["in_octets"] <= after[0]
    assert before[1] <= facts["out_octets"] <= after[1]
    wait_until("it is up", lambda: beside.state("device", "kernel-1") == "up", 15)
    assert len(beside.rows("device")) > 20, "the lab's devices stand beside it"
    wait_until("there is a first rate", lambda: loopback(beside).get("in_bps") is not None, 20)
    with stalls() as kept_back:
        counted = [(time.time(), kernel_octets()[0])]
        while counted[-1][0] - counted[0][0] < LASTS_S:
            send(20_000)
            time.sleep(0.05)
            counted.append((time.time(), kernel_octets()[0]))
    edge_s = EDGE_S + kept_back.worst_s()
    polls = [
        poll for poll in rates(beside) if counted[0][0] + edge_s < poll.start and poll.at + edge_s < counted[-1][0]
    ]
    assert len(polls) >= 2
    start, end, seen = polls[0].start, polls[-1].at, sum(poll.octets for poll in polls)
    least, most = (between(counted, start + by, end - by) for by in (edge_s, -edge_s))
    assert 0.97 * least <= seen <= 1.03 * most, "what was stored is what the kernel counted meanwhile"


class Poll(NamedTuple):
    at: float  # UTC seconds
    start: float
    octets: float  # into lo since `start`


def rates(one: Stage) -> list[Poll]:
    """Of the loopback interface, oldest first; what one did not see because of a cache the next one did."""
    with MetricReader(one.home / "data" / "metrics.db") as reader:
        found = reader.read("interface", "kernel-1", "lo", ("in_bps", "span_s"), start=0, end=2**32 - 1)
    known = [
        (float(at), float(bps), float(s))
        for at, (bps, s) in zip(found.at, found.values.T, strict=True)
        if not isnan(bps)
    ]
    return [Poll(at, at - span_s, bps * span_s / 8) for at, bps, span_s in known]


def between(counted: list[tuple[float, int]], start: float, end: float) -> float:
    """Octets that the kernel counted from one look to another, nearest within."""
    inside = [octets for at, octets in counted if start <= at <= end]
    return inside[-1] - inside[0] if inside else 0.0


def test_given_a_real_agent_then_noc_poll_asks_it_while_no_daemon_runs(beside: Stage) -> None:
    said = beside.json("poll", "kernel-1")
    assert said["failure"] == "" and said["system"]["sysName"] == "kernel-1"
    assert any(each["ifName"] == "lo" for each in said["interfaces"])
