"""A flood of traps beside polling: how late polls start, and whether any quiet device's first trap is lost.

One process starts polls as the daemon does and hears, hints and keeps; another floods it. The baseline is the same with the
flood going to a port that nobody reads, so that the machine is as busy. Must: no poll more than 50 ms later, no first
trap lost.
"""

import argparse
import asyncio
import multiprocessing
import os
import resource
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from collectors.contract import Target
from collectors.notices.ears import TRAPS, Ears, Places
from collectors.notices.gate import OwnEngine
from collectors.snmp import ber
from inventory.model import Device
from inventory.notice import Notice
from inventory.secret import Secret
from noc.hints import Hints
from noc.notices.book import Book
from noc.polling import Polling

POLLED, QUIET, MANY = 149, 100, 100
RATE = 5000


class Known:
    """One community for everybody."""

    def find(self, name: str) -> Secret:
        return Secret("public")

    def user(self, name: str) -> None:
        return None


def trap(index: int, oid: str = "1.3.6.1.6.3.1.1.5.3") -> bytes:
    """A v2c linkDown as routers send it."""

    def binding(name: str, value: bytes) -> bytes:
        return ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.dotted_body(name)) + value)

    rows = [
        binding("1.3.6.1.2.1.1.3.0", ber.unsigned(90_000_000, ber.TIMETICKS)),
        binding("1.3.6.1.6.3.1.1.4.1.0", ber.tlv(ber.OID, ber.dotted_body(oid))),
        binding(f"1.3.6.1.2.1.2.2.1.1.{index}", ber.integer(index)),
        binding(f"1.3.6.1.2.1.2.2.1.7.{index}", ber.integer(1)),
        binding(f"1.3.6.1.2.1.2.2.1.8.{index}", ber.integer(2)),
        binding(f"1.3.6.1.2.1.31.1.1.1.1.{index}", ber.tlv(ber.OCTETS, b"GigabitEthernet0/1")),
    ]
    pdu = ber.integer(index) + ber.integer(0) + ber.integer(0) + ber.tlv(ber.SEQUENCE, b"".join(rows))
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"public") + ber.tlv(0xA7, pdu))


def sender(address: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((address, 0))
    return sock


def flood(port: int, kind: str, rate: int, seconds: float) -> None:
    """Sends until the time is over; prints how many went out if it could not keep the rate."""
    sources = {"one": ["127.50.0.1"], "many": [f"127.50.1.{n + 1}" for n in range(MANY)]}.get(
        kind
    )  # strangers are many, too
    socks = [sender(one) for one in sources or [f"127.66.{n // 200}.{n % 200 + 1}" for n in range(800)]]
    traps = [trap(n + 1) for n in range(64)]
    began, sent = time.monotonic(), 0
    while (now := time.monotonic() - began) < seconds:
        for _ in range(int(now * rate) - sent):
            socks[sent % len(socks)].sendto(traps[sent % 64], ("127.0.0.1", port))
            sent += 1
        time.sleep(0.002)


def speak(port: int, seconds: float) -> None:
    """The quiet devices: each says one thing, spread over the flood."""
    for number in range(QUIET):
        with sender(f"127.51.0.{number + 1}") as sock:
            sock.sendto(trap(number + 1), ("127.0.0.1", port))
        time.sleep(seconds * 0.9 / QUIET)


@dataclass
class Measured:
    """Seconds of lateness a poll, CPU-seconds, and what was heard."""

    late: list[float] = field(default_factory=list)
    cpu_s: float = 0.0
    first: int = 0
    heard: int = 0
    dropped: int = 0
    overflown: int = 0


class Acts:
    """Hints act on nothing here but are reckoned."""

    def poll(self, device: str, what: str) -> None:
        pass

    def claim(self, device: str, subject: str, state: str) -> bool:
        return False

    def confirmed(self, device: str, subject: str, state: str) -> bool:
        return True

    def later(self, seconds: float, call: object) -> None:
        asyncio.get_running_loop().call_later(seconds, call)  # type: ignore[arg-type]

    def tell(self, words: str) -> None:
        pass


async def measure(kind: str, rate: int, seconds: float, home: Path) -> Measured:
    found = Measured()
    devices = {f"p{n}": Device(f"p{n}", "s", f"127.52.0.{n + 1}") for n in range(POLLED)}
    devices |= {f"q{n}": Device(f"q{n}", "s", f"127.51.0.{n + 1}") for n in range(QUIET)}
    devices |= {f"m{n}": Device(f"m{n}", "s", f"127.50.1.{n + 1}") for n in range(MANY)}
    devices["one"] = Device("one", "s", "127.50.0.1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    ears = Ears(Places(f"0.0.0.0:{port}"), OwnEngine(b"\x80engine", 1, time.monotonic()), 50, time.time)
    ears.set_network(devices, Known())
    hints, first = Hints(Acts(), time.time), set[str]()
    loop = asyncio.get_running_loop()

    async def poll(target: Target, due: float) -> None:
        found.late.append(time.time() - due)
        end = time.perf_counter() + 0.0003  # what a poll of 24 interfaces costs
        while time.perf_counter() < end:
            pass

    polling = Polling(1.0, poll, lambda target: True, time.time)
    polling.put(Target(device, "interfaces", 1.0) for key, device in devices.items() if key.startswith("p"))
    with Book(home / f"{kind}.db", 90) as book:

        def hear(notice: Notice) -> None:
            hints.take(notice)
            book.put(notice)
            if notice.device.startswith("q"):
                first.add(notice.device)

        listening = [asyncio.create_task(one.listen(hear)) for one in ears.listeners.values()]
        await asyncio.sleep(0.05)
        context = multiprocessing.get_context("spawn")
        deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        deaf.bind(("127.0.0.1", 0))
        aim = int(deaf.getsockname()[1]) if kind == "nobody" else port
        others = [context.Process(target=flood, args=(aim, kind, rate, seconds + 4))]
        others.append(context.Process(target=speak, args=(port, seconds + 2)))
        for one in others:
            one.start()
        await asyncio.sleep(2.001 - time.time() % 1)  # the senders' own start is not the flood's doing
        polling.fire()  # this second's slots are over in part: not counted
        await asyncio.sleep(1.001 - time.time() % 1)
        found.late.clear()
        before = resource.getrusage(resource.RUSAGE_SELF)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            polling.fire()
            await asyncio.gather(asyncio.sleep(1 - time.time() % 1 + 0.001), loop.run_in_executor(None, book.commit))
        after = resource.getrusage(resource.RUSAGE_SELF)
        for one in others:
            await asyncio.to_thread(one.join)
        await asyncio.sleep(0.5)
        counters = ears.counters[TRAPS]
        deaf.close()
        found.overflown, found.heard = ears.overflown(TRAPS), counters.heard
        found.dropped = counters.rate_limited + counters.unknown_source
        found.first = len(first)
        found.cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return found


def alone() -> bool:
    """Whether other work on this machine may no longer delay us: real-time priority, which only root may take."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except (AttributeError, OSError):
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of each flood (the target speaks of 60)")
    parser.add_argument("--rate", type=int, default=RATE, help="traps a second")
    wanted = parser.parse_args()
    print(
        f"{wanted.rate} traps/s for {wanted.seconds:g} s beside {POLLED} polls/s; {QUIET} quiet devices say one thing each"
    )
    print(
        "other work on the machine is kept out (real-time priority)" if alone() else "beside other work on the machine"
    )
    print(f"{'flood from':<12}{'CPU s/s':>9}{'late ms: p50':>14}{'p99':>8}{'max':>8}{'ratio':>9}", end="")
    print(f"{'heard':>8}{'dropped':>9}{'kernel':>8}{'first heard':>13}")
    worst = 0.0
    baseline = 0.0
    lost = 0
    with tempfile.TemporaryDirectory() as home:
        for kind in ("nobody", "one", "many", "strangers"):
            found = asyncio.run(measure(kind, wanted.rate, wanted.seconds, Path(home)))
            late = sorted(1000 * one for one in found.late)
            most = late[-1]
            baseline = baseline or most
            worst, lost = max(worst, most - baseline), lost + QUIET - found.first
            print(
                f"{kind:<12}{found.cpu_s / wanted.seconds:>9.3f}{late[len(late) // 2]:>14.2f}{late[len(late) * 99 // 100]:>8.2f}"
                f"{most:>8.1f}{most / baseline:>8.2f}x{found.heard:>8}{found.dropped:>9}{found.overflown:>8}"
                f"{found.first:>9}/{QUIET}"
            )
    print(
        f"later than beside an unheard flood by at most {worst:.1f} ms (must: 50), first traps lost: {lost} (must: 0)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
