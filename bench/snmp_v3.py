"""How many SNMPv3 authPriv polls a CPU-second buys: our engine against gufo-snmp and pysnmp, all on one Debian snmpd.

One poll is sysUpTime and 10 columns of 24 interfaces, 241 values. Runs in a network namespace of its own, where snmpd
has that many interfaces (`unshare -rn`, no root needed); CPU is the client's alone, so a slow agent costs nobody.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
COLUMNS = (
    *(f"{IFX}.{n}" for n in (6, 10)),
    *(f"{IF}.{n}" for n in (14, 20, 13, 19, 8, 7)),
    *(f"{IFX}.{n}" for n in (15, 18)),
)
UPTIME = "1.3.6.1.2.1.1.3"
PORT, ROWS, TOGETHER, VALUES = 11620, 24, 6, 241
USERS = {"SHA-1": "noc1", "SHA-256": "noc256"}  # with AES-128
AUTH_PASSWORD, PRIV_PASSWORD = "authentication", "privacypassword"
TARGETS = {"gufo-snmp": (1, 2), "pysnmp": (80, 200)}
Poll = Callable[[Any], Awaitable[int]]
OURS = ("ours", "ours, compiled")


@contextmanager
def agent(where: Path) -> Iterator[None]:
    """snmpd on every loopback address, with `ROWS` interfaces and more."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for pair in range(ROWS // 2):
        subprocess.run(["ip", "link", "add", f"a{pair}", "type", "veth", "peer", "name", f"b{pair}"], check=True)
    lines = [
        f"createUser {user} {auth.replace('-1', '')} {AUTH_PASSWORD} AES {PRIV_PASSWORD}\nrouser {user} priv\n"
        for auth, user in USERS.items()
    ]
    (where / "snmpd.conf").write_text("rocommunity public\n" + "".join(lines))
    words = ["snmpd", "-f", "-C", "-c", where / "snmpd.conf", "-Lf", where / "log", "-p", where / "pid", f"udp:{PORT}"]
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    process = subprocess.Popen(words, env={"SNMP_PERSISTENT_DIR": str(where), "PATH": path})
    try:
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


def addresses(count: int) -> list[str]:
    return [f"127.10.0.{i + 1}" for i in range(count)]


def batches() -> list[list[str]]:
    """The OIDs of one poll, six rows at a time."""
    cut = [[f"{column}.{row}" for row in range(at, at + TOGETHER) for column in COLUMNS] for at in range(1, ROWS, 6)]
    return [[f"{UPTIME}.0", *cut[0]], *cut[1:]]


async def ours(auth: str, arguments: argparse.Namespace) -> dict[str, float]:
    from collectors.contract import Plan
    from collectors.snmp.engine import Engine
    from collectors.snmp.sessions import Sessions
    from inventory.credentials import SnmpUser
    from inventory.model import Device, Snmp
    from inventory.secret import Secret

    user = SnmpUser(USERS[auth], auth, Secret(AUTH_PASSWORD), "AES-128", Secret(PRIV_PASSWORD))  # type: ignore[arg-type]
    plan = Plan((f"{UPTIME}.0",), COLUMNS, tuple(range(1, ROWS + 1)))
    async with Engine(fast=arguments.child == OURS[1]) as engine:
        sessions = Sessions(engine, lambda name: "public", user=lambda name: user)
        snmp = Snmp(port=PORT, version="2c" if arguments.plain else "3")
        ring = [sessions.of(Device(host, "site", host, snmp=snmp)) for host in addresses(arguments.devices)]

        async def poll(session: Any) -> int:
            matrix = await session.matrix(plan)
            return len(matrix.scalars) + matrix.values.size

        return await timed(ring, poll, arguments)


async def gufo(auth: str, arguments: argparse.Namespace) -> dict[str, float]:
    import gufo.snmp as library
    from gufo.snmp.aio import SnmpSession
    from gufo.snmp.user import KeyType

    kind = {"SHA-1": library.Sha1Key, "SHA-256": library.Sha256Key}[auth]
    user = library.User(
        USERS[auth],
        auth_key=kind(AUTH_PASSWORD.encode(), key_type=KeyType.Password),
        priv_key=library.Aes128Key(PRIV_PASSWORD.encode(), key_type=KeyType.Password),
    )
    ring = [SnmpSession(host, port=PORT, user=user, timeout=5.0) for host in addresses(arguments.devices)]
    for session in ring:
        await session.refresh()

    async def poll(session: Any) -> int:
        return sum([len(await session.get_many(batch)) for batch in batches_])

    batches_ = batches()
    return await timed(ring, poll, arguments)


async def pysnmp(auth: str, arguments: argparse.Namespace) -> dict[str, float]:
    from pysnmp.hlapi.v3arch import asyncio as library

    kind = {"SHA-1": library.USM_AUTH_HMAC96_SHA, "SHA-256": library.USM_AUTH_HMAC192_SHA256}[auth]
    engine, context = library.SnmpEngine(), library.ContextData()
    words = USERS[auth], AUTH_PASSWORD, PRIV_PASSWORD
    user = library.UsmUserData(*words, authProtocol=kind, privProtocol=library.USM_PRIV_CFB128_AES)
    targets = [
        await library.UdpTransportTarget.create((host, PORT), timeout=5) for host in addresses(arguments.devices)
    ]
    starts = [[f"{column}.{at}" if at else column for column in COLUMNS] for at in range(0, ROWS, TOGETHER)]

    async def poll(target: Any) -> int:
        count = 0
        for names in starts:
            first = [] if count else [UPTIME]
            asked = [library.ObjectType(library.ObjectIdentity(name)) for name in first + names]
            problem, status, _, bindings = await library.bulk_cmd(
                engine, user, target, context, len(first), TOGETHER, *asked, lookupMib=False
            )
            if problem or status:
                raise SystemExit(f"pysnmp: {problem or status}")
            count += len(bindings)
        return count

    return await timed(targets, poll, arguments)


async def timed(ring: list[Any], poll: Poll, arguments: argparse.Namespace) -> dict[str, float]:
    """Every device again as soon as it is done; the first round is warming up."""
    left = 0

    async def work() -> None:
        nonlocal left
        while left > 0 and ring:
            left -= 1
            one = ring.pop(0)
            if await poll(one) != VALUES:
                raise SystemExit("a poll is not whole")
            ring.append(one)

    for budget in (max(2 * arguments.devices, arguments.polls // 10), arguments.polls):
        left = budget
        before = time.process_time(), time.perf_counter()
        await asyncio.gather(*(work() for _ in range(arguments.flight)))
        cpu_s, wall_s = time.process_time() - before[0], time.perf_counter() - before[1]
    return {"polls_cpu_s": arguments.polls / cpu_s, "polls_s": arguments.polls / wall_s}


ENGINES: dict[str, Callable[..., Any]] = {OURS[0]: ours, OURS[1]: ours, "gufo-snmp": gufo, "pysnmp": pysnmp}


def run(name: str, auth: str, arguments: argparse.Namespace) -> float:
    """Polls per CPU-second of one engine, in a process of its own."""
    polls = {"pysnmp": arguments.polls // 40}.get(name, arguments.polls)
    words = [sys.executable, __file__, "--child", name, "--auth", auth, "--polls", str(polls)]
    words += ["-n", str(arguments.devices), "--flight", str(arguments.flight)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"{name}: {done.stderr[-400:]}")
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures["polls_cpu_s"]


def measure(arguments: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT))
    from collectors.snmp.fast import available

    names = [name for name in ENGINES if name not in arguments.without and (name != OURS[1] or available())]
    print(f"{'digest':8} {'engine':16} {'polls/CPU-s':>12} {'min..max':>16} {'ours is':>9} {'compiled':>9}  must / aim")
    with tempfile.TemporaryDirectory() as name, agent(Path(name)):
        for auth in USERS:
            figures: dict[str, list[float]] = {}
            for _ in range(arguments.repeat):
                for engine in names:
                    figures.setdefault(engine, []).append(run(engine, auth, arguments))
            show(auth, {engine: sorted(runs) for engine, runs in figures.items()})


def show(auth: str, figures: dict[str, list[float]]) -> None:
    best = [statistics.median(figures.get(name, [0.0])) for name in OURS]
    for engine, runs in sorted(figures.items(), key=lambda item: -item[1][-1]):
        middle, must = statistics.median(runs), TARGETS.get(engine)
        ratios = " ".join(f"{f'{one / middle:.2f}x' if one else '':>9}" for one in best)
        spread, aim = f"{runs[0]:.0f}..{runs[-1]:.0f}", f"{must[0]} / {must[1]}" if must else ""
        print(f"{auth:8} {engine:16} {middle:12.0f} {spread:>16} {ratios}  {aim}".rstrip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--devices", type=int, default=20)
    parser.add_argument("--polls", type=int, default=2000, help="polls per run; pysnmp gets a 40th")
    parser.add_argument("--flight", type=int, default=8, help="polls under way at once")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--without", action="append", default=[], help="leave out this engine")
    parser.add_argument("--child", help="run this engine once and print its figures")
    parser.add_argument("--auth", default="SHA-1")
    parser.add_argument("--plain", action="store_true", help="in that run ask over SNMPv2c: what v3 adds")
    parser.add_argument("--inside", action="store_true", help="already in a network namespace")
    arguments = parser.parse_args()
    if arguments.child:
        sys.path.insert(0, str(ROOT))
        print(json.dumps(asyncio.run(ENGINES[arguments.child](arguments.auth, arguments))))
    elif arguments.inside:
        measure(arguments)
    elif (
        not shutil.which("snmpd", path="/usr/sbin:/usr/bin:/sbin")
        or subprocess.run(["unshare", "-rn", "true"], check=False).returncode
    ):
        print("Debian's snmpd, or a network namespace, is not to be had here; nothing measured")
    else:
        os.execvp("unshare", ["unshare", "-rn", sys.executable, __file__, "--inside", *sys.argv[1:]])


if __name__ == "__main__":
    main()
