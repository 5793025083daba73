"""What the lab costs: CPU of answering a counter poll and a liveness round, over v2c and v3, against a replayed recording.

    python bench/lab_answers.py [--sites 149] [--polls 300]

In memory, without sockets. The last lines reckon what a whole network at default intervals costs in a core, sockets apart.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

from collectors.snmp import ber
from collectors.snmp.keys import localise
from collectors.snmp.usm import REPORTABLE, seal
from inventory.model import Inventory, SnmpVersion
from inventory.sample_credentials import COMMUNITY, USER
from inventory.sample_network import ATTACHED_TO, generate
from noc.lab.objects import Layout, Scalar
from noc.lab.view import View
from noc.lab.world import World

DEVICE = "dod-core-1"
VERSIONS: tuple[SnmpVersion, SnmpVersion] = ("2c", "3")
_COLUMNS = ["1.3.6.1.2.1.31.1.1.1." + str(n) for n in (6, 10, 7, 11, 15)]
_COLUMNS += ["1.3.6.1.2.1.2.2.1." + str(n) for n in (7, 8, 13, 14, 19)]


def pdu(kind: int, first: int, second: int, oids: list[bytes]) -> bytes:
    bindings = b"".join(ber.tlv(ber.SEQUENCE, oid + b"\x05\x00") for oid in oids)
    return ber.tlv(kind, ber.integer(4711) + ber.integer(first) + ber.integer(second) + ber.tlv(ber.SEQUENCE, bindings))


def plain(body: bytes) -> bytes:
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, COMMUNITY.encode()) + body)


def secured(world: World, device: str, body: bytes) -> bytes:
    """As the sample's user asks: SHA-256 and AES-128."""
    router = world.routers[device]
    keys = localise(USER, router.engine_id)
    return seal(body, keys, msg_id=1, clock=router.clock(world.start), salt=1, flags=keys.flags | REPORTABLE)


def speaking(network: Inventory, version: SnmpVersion) -> Inventory:
    devices = {key: replace(one, snmp=replace(one.snmp, version=version)) for key, one in network.devices.items()}
    return replace(network, devices=devices)


def oid(dotted: str) -> bytes:
    return ber.tlv(ber.OID, ber.dotted_body(dotted))


def polls(first_index: int, rows: int) -> list[bytes]:
    """GETBULKs of six rows and ten columns each."""
    starts = range(first_index - 1, first_index + rows - 1, 6)
    return [pdu(ber.GETBULK, 0, min(6, rows), [oid(f"{column}.{start}") for column in _COLUMNS]) for start in starts]


def _always(said: bytes) -> Callable[[object, int], bytes]:
    return lambda _view, _row: said


def recorded(world: World, device: str, at: float) -> Callable[[bytes], bytes | None]:
    from noc.lab import agent

    router = world.routers[device]
    live, view = world.layout(router, 0), View(router, at)
    scalars = []
    for cell in live.cells:
        said = cell.value(view, cell.row)
        scalars.append(Scalar(ber.oid_arcs(cell.oid[2:]), _always(said)))
    still = Layout(tuple(scalars), ())
    return lambda data: agent.answer(still, None, agent.parse(data))


def cpu_us(call: Callable[[], object], times: int) -> float:
    call()
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times * 1e6


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sites", type=int, default=149)
    arguments.add_argument("--polls", type=int, default=300)
    chosen = arguments.parse_args()
    start = time.time()
    began = time.process_time()
    network = generate(chosen.sites)
    drawn = time.process_time()
    old, world = (World(speaking(network, one), attached_to=ATTACHED_TO, start=start) for one in VERSIONS)
    built = (time.process_time() - drawn) / 2
    print(
        f"{chosen.sites} sites, {len(network.devices)} devices: drawn in {drawn - began:.2f} s, built in {built:.2f} s"
    )
    print(f"{'':34}{'recorded us':>12}{'v2c us':>9}{'ratio':>7}{'v3 us':>9}{'ratio':>7}")
    router = world.routers[DEVICE]
    uptime, ports = "1.3.6.1.2.1.1.3.0", [f"1.3.6.1.2.1.2.2.1.8.{router.model.first_index + n}" for n in range(3)]
    pulse = [pdu(ber.GET, 0, 0, [oid(one) for one in (uptime, *ports)])]
    polled = polls(router.model.first_index, 24)
    live = row("counter poll, 24 rows x 10 columns", (old, world), polled, chosen.polls)
    quick = row("liveness GET, uptime and 3 ports", (old, world), pulse, chosen.polls * 5)
    interfaces = sum(len(one.ports) for one in world.routers.values())
    for number, word in enumerate(("v2c", "v3")):
        core = interfaces / 24 * live[number] / 30 / 1e6 + len(network.devices) * quick[number] / 5 / 1e6
        print(
            f"whole network at defaults (counters 30 s, liveness 5 s), {word}: {core * 100:.2f} % of a core for answers"
        )
    began = time.process_time()
    world.damage.dark.setdefault("dod-pe-1", set()).add("bench")
    world._settle(world.asked_until)
    print(f"one change of paths worked out in {(time.process_time() - began) * 1000:.1f} ms")


def row(name: str, worlds: tuple[World, World], bodies: list[bytes], times: int) -> tuple[float, float]:
    """Microseconds of CPU for all of them: over v2c, over v3."""
    old, world = worlds
    replay = recorded(old, DEVICE, old.start)
    two, three = [plain(body) for body in bodies], [secured(world, DEVICE, body) for body in bodies]
    moment = iter(world.start + step * 0.005 for step in range(10**9))
    assert all(world.answer(DEVICE, data, world.start) for data in three)
    still = cpu_us(lambda: [replay(data) for data in two], times)
    took = (
        cpu_us(lambda: [old.answer(DEVICE, data, next(moment)) for data in two], times),
        cpu_us(lambda: [world.answer(DEVICE, data, next(moment)) for data in three], times),
    )
    print(f"{name:34}{still:>12.0f}" + "".join(f"{one:>9.0f}{one / still:>7.1f}" for one in took))
    return took


if __name__ == "__main__":
    main()
