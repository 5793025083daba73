"""149 devices, one login and two commands each, 16 at a time: CPU-seconds of the client, against a real sshd on loopback.

The server is OpenSSH in processes of its own, whose login shell plays a Cisco IOS router; its cost is not counted. Ours is
the whole collector: TCP, host key, back-off, login by ed25519 key, no paging, `show version` and `show ip bgp summary`
(50 peers), parsing, masking and keeping the outputs, batches and facts. The baseline is netmiko's ConnectHandler as it is
by default, with the same key, the same two commands and its own ntc-templates parsing. Imports are shown apart.
"""

import argparse
import asyncio
import getpass
import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from collectors.contract import Target
from collectors.ssh.cli import Cli
from inventory.credentials import Login
from inventory.model import Device, Ssh

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
VERSION = """Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M8, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2020 by Cisco Systems, Inc.

ROM: System Bootstrap, Version 15.0(1r)M16, RELEASE SOFTWARE (fc1)

r1 uptime is 3 weeks, 2 days, 4 hours, 5 minutes
System returned to ROM by power-on
System image file is "flash0:c2900-universalk9-mz.SPA.157-3.M8.bin"
Last reload reason: power-on

Cisco CISCO2911/K9 (revision 1.0) with 483328K/40960K bytes of memory.
Processor board ID FTX1234A5BC
Configuration register is 0x2102
"""
PEERS = "".join(
    f"10.0.{n}.1        4        {64600 + n}  511374  421210    79022    0    0 4w0d   {n * 7}\n" for n in range(50)
)
SUMMARY = f"""BGP router identifier 10.12.0.10, local AS number 64512
BGP table version is 79023, main routing table version 79023

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
{PEERS}"""
ROUTER = """#!/bin/sh
stty -echo
printf 'r1#'
while IFS= read -r line; do
  printf '%s\\r\\n' "$line"
  case "$line" in
    'show version') cat {place}/version;;
    'show ip bgp summary') cat {place}/summary;;
    exit) exit 0;;
  esac
  printf 'r1#'
done
"""


@contextmanager
def server(place: Path) -> Iterator[int]:
    """An sshd with a host key and a user key of its own; its port."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = int(bound.getsockname()[1])
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place / name], check=True)
    (place / "version").write_text(VERSION)
    (place / "summary").write_text(SUMMARY)
    (place / "router").write_text(ROUTER.format(place=place))
    (place / "router").chmod(0o755)
    (place / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {place}/host\nPidFile none\nUsePAM no\nUseDNS no\nStrictModes no\n"
        f"AuthorizedKeysFile {place}/user.pub\nPermitRootLogin yes\nMaxStartups 200:30:400\nPrintMotd no\nLogLevel QUIET\n"
        f"ForceCommand {place}/router\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-f", place / "sshd_config"], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ours(place: Path, port: int, devices: int) -> Callable[[], None]:
    """The collector of the house, as the daemon runs it."""
    login = Login(getpass.getuser(), key=place / "user")
    told = frozenset({"optical", "routes"})
    collector = Cli(lambda name: login, place / "data", time.time, told=lambda device: told)
    targets = [
        Target(Device(f"r{n}", "site", "127.0.0.1", ssh=Ssh("cisco_ios", port=port)), "cli", 900.0)
        for n in range(devices)
    ]

    async def all_of_them() -> None:
        for said in await asyncio.gather(*(collector.collect(target, 0) for target in targets)):
            assert any(getattr(one, "measurement", "") == "bgp_prefixes" and len(one.rows) == 50 for one in said)

    return lambda: asyncio.run(all_of_them())


def netmiko_alone(place: Path, port: int, devices: int) -> Callable[[], None]:
    """The library with its defaults, 16 threads; a login in which it misses the prompt is made again."""
    from netmiko import ConnectHandler, ReadTimeout

    def one(_: int) -> None:
        try:
            login()
        except ReadTimeout:
            login()

    def login() -> None:
        with ConnectHandler(
            device_type="cisco_ios",
            host="127.0.0.1",
            port=port,
            username=getpass.getuser(),
            use_keys=True,
            key_file=place / "user",
        ) as session:
            session.send_command("show version", use_textfsm=True)
            assert len(session.send_command("show ip bgp summary", use_textfsm=True)) == 50

    def all_of_them() -> None:
        with ThreadPoolExecutor(16) as threads:
            list(threads.map(one, range(devices)))

    return all_of_them


def measured(work: Callable[[], None]) -> tuple[float, float]:
    """(CPU seconds of this process, seconds of wall time)."""
    began, spent = time.monotonic(), cpu_s()
    work()
    return cpu_s() - spent, time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--devices", type=int, default=149)
    parser.add_argument("--runs", type=int, default=2, help="of each, in turn; the median counts")
    options = parser.parse_args()
    if not Path(SSHD).exists():
        print("needs Debian's openssh-server")
        return
    spent = cpu_s()
    import collectors.ssh.shell  # noqa: F401

    imports_s = cpu_s() - spent
    with tempfile.TemporaryDirectory() as name, server(Path(name)) as port:
        place = Path(name)
        both = {"ours": ours(place, port, options.devices), "netmiko": netmiko_alone(place, port, options.devices)}
        for work in (ours(place, port, 1), netmiko_alone(place, port, 1)):  # templates, keys and threads once
            work()
        found: dict[str, list[tuple[float, float]]] = {key: [] for key in both}
        for _ in range(options.runs):
            for key, work in both.items():
                found[key].append(measured(work))
    cpu = {key: statistics.median(one for one, _ in runs) for key, runs in found.items()}
    wall = {key: statistics.median(one for _, one in runs) for key, runs in found.items()}
    print(f"{options.devices} devices, one login and 2 commands each, 16 at a time (must 3.0, aim 2.0 CPU s)")
    print(f"{'':<38}{'CPU s':>8}{'ms each':>9}{'of baseline':>13}{'wall s':>8}")
    names = {"netmiko": "baseline: netmiko, its defaults", "ours": "collector, all of it"}
    for key in ("netmiko", "ours"):
        each = 1e3 * cpu[key] / options.devices
        print(f"{names[key]:<38}{cpu[key]:>8.2f}{each:>9.1f}{cpu[key] / cpu['netmiko']:>12.2f}x{wall[key]:>8.1f}")
    print(f"{'imports of netmiko and paramiko, once':<38}{imports_s:>8.2f}")


if __name__ == "__main__":
    main()
