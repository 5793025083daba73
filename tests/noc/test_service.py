"""What systemd hears of the daemon: ready, alive, reloading, stopping; and what everybody may ask over HTTP."""

import os
import signal
import socket
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from noc.service import Service
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.patience import HANGS_S, wait_until

pytestmark = pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8")


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[tuple[Stage, socket.socket]]:
    """A daemon that believes systemd started it, and the socket on which it says how it is."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard, stage(tmp_path / "govnet", sites=1) as one:
        heard.bind(str(path))
        heard.settimeout(HANGS_S)
        one.environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "1000000"}
        one.start("daemon", "run")
        yield one, heard


def hear(heard: socket.socket, word: str) -> str:
    """The next message that holds `word`."""
    while True:
        said = heard.recv(4096).decode()
        if word in said:
            return said


def test_given_systemd_then_it_hears_ready_alive_reloading_and_stopping(systemd: tuple[Stage, socket.socket]) -> None:
    one, heard = systemd
    assert "STATUS=" in hear(heard, "READY=1")
    hear(heard, "WATCHDOG=1")
    one.processes["daemon"].send_signal(signal.SIGHUP)
    assert "MONOTONIC_USEC=" in hear(heard, "RELOADING=1")
    hear(heard, "READY=1")
    one.processes["daemon"].send_signal(signal.SIGTERM)
    hear(heard, "STOPPING=1")
    assert one.processes["daemon"].wait(HANGS_S) == 0


def test_given_a_systemd_that_reads_nothing_then_nobody_waits_for_it(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        with environ({"NOTIFY_SOCKET": str(tmp_path / "notify")}):
            service = Service(os.environ)
        for _ in range(1000):  # the kernel keeps ten of them
            service.alive("fine")
        deaf.setblocking(False)
        assert b"WATCHDOG=1" in deaf.recv(4096)
        service._notifier.socket.close()  # type: ignore[union-attr]


@contextmanager
def environ(more: dict[str, str]) -> Iterator[None]:
    """systemd's library reads it, and nothing else."""
    os.environ.update(more)
    try:
        yield
    finally:
        for name in more:
            del os.environ[name]


def test_given_the_daemon_then_metrics_parse_and_other_paths_are_not_there(
    systemd: tuple[Stage, socket.socket],
) -> None:
    one, _ = systemd
    wait_until("it is healthy", one.healthy, 20)
    families = {family.name: family for family in text_string_to_metric_families(one.get("/metrics"))}
    assert families["noc_polls_started"].type == "counter" and families["noc_devices"].type == "gauge"
    assert {"noc_store_commits", "noc_snmp_sent", "noc_rounds", "noc_uptime_seconds"} <= set(families)
    with pytest.raises(urllib.error.HTTPError) as refused:
        one.get("/etc/passwd")
    assert refused.value.code == 404
    refused.value.close()


def test_given_a_taken_port_then_it_says_so_and_nothing_is_left_running(tmp_path: Path) -> None:
    with stage(tmp_path / "govnet", sites=1) as one, socket.socket() as taken:
        host, port = one.http.split(":")
        taken.bind((host, int(port)))
        taken.listen()
        done = one.noc("run", "--for", "5", check=False)
    assert done.returncode == 1 and "in use" in done.stderr and "Traceback" not in done.stderr


def test_given_a_second_daemon_then_it_names_the_first(systemd: tuple[Stage, socket.socket]) -> None:
    one, _ = systemd
    wait_until("it is healthy", one.healthy, 20)
    done = one.noc("run", "--for", "5", check=False)
    assert done.returncode == 1 and str(one.processes["daemon"].pid) in done.stderr and "Traceback" not in done.stderr


def test_given_broken_files_then_it_does_not_start_and_all_mistakes_are_said(tmp_path: Path) -> None:
    with stage(tmp_path / "govnet", sites=1) as one:
        (one.home / "inventory" / "wrong.yaml").write_text(
            "sites:\n  x: {kind: mad}\n  y: {name: Y, kind: mda, region: Dodma}\n"
        )
        one.config.write_text(one.config.read_text().replace("noc-sw-1", "noc-sw-9"))
        done = one.noc("run", "--for", "5", check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert all(word in done.stderr for word in ("'mda'", "'Dodoma'", "'noc-sw-1'")), done.stderr
