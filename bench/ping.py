"""CPU cost of pinging many devices: the collector's batches over one socket, against icmplib and a socket per ping.

The devices are addresses of 127/8, whose echo replies are the kernel's own; each gets three echo requests. Counted is
the CPU time of this process, without imports. icmplib (the baseline, where it is installed) pings 50 addresses
at once, as it does by itself. Needs net.ipv4.ping_group_range or CAP_NET_RAW.
"""

import argparse
import asyncio
import importlib.util
import os
import socket
import statistics
import time
from collections.abc import Callable, Sequence

from collectors.contract import Target
from collectors.icmp import checksum, icmp_way
from collectors.ping import Ping
from collectors.probes import Probes
from inventory.batch import Batch
from inventory.model import Device, Probe

MUST_S, AIM_S = 0.3, 0.1
Lost = int


def addresses(count: int) -> list[str]:
    return [f"127.30.{at >> 8}.{at & 255}" for at in range(1, count + 1)]


async def batches(asked: Sequence[Device], count: int, gap_s: float) -> list[Sequence[Batch]]:
    async with Probes() as probes:
        ping = Ping(probes, count=count, gap_s=gap_s)
        return await asyncio.gather(*(ping.collect(Target(device, "ping", 60.0), 60) for device in asked))


def ours(hosts: Sequence[str], count: int, gap_s: float) -> Lost:
    said = asyncio.run(batches([Device(host, "site", host, probes=(Probe("icmp"),)) for host in hosts], count, gap_s))
    return sum(round(float(batch.of("loss_ratio")[0]) * count) for (batch,) in said)


def socket_per_ping(hosts: Sequence[str], count: int, gap_s: float) -> Lost:
    """One after the other, as simply as can be; nothing else could happen meanwhile."""
    lost = 0
    raw = icmp_way() == "raw"
    for _ in range(count):
        for host in hosts:
            with socket.socket(
                socket.AF_INET, socket.SOCK_RAW if raw else socket.SOCK_DGRAM, socket.IPPROTO_ICMP
            ) as sock:
                sock.settimeout(1.0)
                packet = bytes((8, 0, 0, 0)) + os.urandom(12)
                sock.sendto(packet[:2] + checksum(packet).to_bytes(2, "big") + packet[4:], (host, 0))
                try:
                    while not sock.recv(2048).endswith(packet[8:]):
                        pass
                except TimeoutError:
                    lost += 1
    return lost


def icmplib(hosts: Sequence[str], count: int, gap_s: float) -> Lost:
    from icmplib import multiping  # type: ignore[import-not-found,import-untyped,unused-ignore]

    said = multiping(hosts, count=count, interval=gap_s, timeout=1, privileged=icmp_way() == "raw")
    return sum(count - host.packets_received for host in said)


def contestants() -> dict[str, Callable[[Sequence[str], int, float], Lost]]:
    own: dict[str, Callable[[Sequence[str], int, float], Lost]] = {"ours": ours, "socket per ping": socket_per_ping}
    if importlib.util.find_spec("icmplib") is None:
        print("icmplib is not installed: no baseline of it")
        return own
    return {"icmplib": icmplib, **own}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--count", type=int, default=3, help="echo requests a device")
    parser.add_argument("--gap", type=float, default=0.2, help="seconds between those of a device")
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    if not icmp_way():
        print("this user may not ping")
        return
    hosts = addresses(arguments.devices)
    took: dict[str, list[tuple[float, float, int]]] = {}
    for _ in range(arguments.repeat):
        for name, ping in contestants().items():
            before = time.process_time(), time.perf_counter()
            lost = ping(hosts, arguments.count, arguments.gap)
            took.setdefault(name, []).append((time.process_time() - before[0], time.perf_counter() - before[1], lost))
    baseline = statistics.median(each[0] for each in next(iter(took.values())))
    print(f"{arguments.devices} devices, {arguments.count} echo requests each, median of {arguments.repeat}")
    print(f"{'':<18}{'CPU s':>8}{'ratio':>8}{'wall s':>8}{'lost':>6}")
    for name, runs in took.items():
        cpu_s, wall_s = (statistics.median(each[place] for each in runs) for place in (0, 1))
        print(f"{name:<18}{cpu_s:8.3f}{baseline / cpu_s:7.1f}x{wall_s:8.2f}{max(each[2] for each in runs):6d}")
    print(f"must {MUST_S} CPU s, aim {AIM_S}")


if __name__ == "__main__":
    main()
