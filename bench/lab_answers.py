"""What the lab costs: CPU of answering one counter poll and one liveness round, against replaying a recording of the same.

    python bench/lab_answers.py [--sites 149] [--polls 300]

In memory, without sockets. The last lines reckon what a whole network at default intervals costs in a core, sockets apart.
"""

import argparse
import time
from collections.abc import Callable

from collectors.snmp import ber
from inventory.sample_network import ATTACHED_TO, generate
from noc.lab.mib import View
from noc.lab.objects import Layout, Scalar
from noc.lab.world import World

_COLUMNS = ["1.3.6.1.2.1.31.1.1.1." + str(n) for n in (6, 10, 7, 11, 15)]
_COLUMNS += ["1.3.6.1.2.1.2.2.1." + str(n) for n in (7, 8, 13, 14, 19)]


def request(kind: int, first: int, second: int, oids: list[bytes]) -> bytes:
    bindings = b"".join(ber.tlv(ber.SEQUENCE, oid + b"\x05\x00") for oid in oids)
    pdu = ber.integer(4711) + ber.integer(first) + ber.integer(second) + ber.tlv(ber.SEQUENCE, bindings)
    return ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.tlv(ber.OCTETS, b"public") + ber.tlv(kind, pdu))


def oid(dotted: str) -> bytes:
    return ber.tlv(ber.OID, ber.dotted_body(dotted))


def polls(first_index: int, rows: int) -> list[bytes]:
    """GETBULKs of six rows and ten columns each."""
    starts = range(first_index - 1, first_index + rows - 1, 6)
    return [
        request(ber.GETBULK, 0, min(6, rows), [oid(f"{column}.{start}") for column in _COLUMNS]) for start in starts
    ]


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
    world = World(network, attached_to=ATTACHED_TO, start=start)
    built = time.process_time()
    print(
        f"{chosen.sites} sites, {len(network.devices)} devices: drawn in {drawn - began:.2f} s, built in {built - drawn:.2f} s"
    )
    print(f"{'':34}{'live us':>10}{'recorded us':>14}{'ratio':>8}")
    device = "dod-core-1"
    router = world.routers[device]
    moment = iter(start + step * 0.05 for step in range(10**9))
    replay = recorded(world, device, start)
    asked = polls(router.model.first_index, 24)
    live = cpu_us(lambda: [world.answer(device, data, next(moment)) for data in asked], chosen.polls)
    still = cpu_us(lambda: [replay(data) for data in asked], chosen.polls)
    print(f"{'counter poll, 24 rows x 10 columns':34}{live:>10.0f}{still:>14.0f}{live / still:>8.1f}")
    pulse = request(
        ber.GET, 0, 0, [oid("1.3.6.1.2.1.1.3.0"), *(oid(f"1.3.6.1.2.1.2.2.1.8.{501 + n}") for n in range(3))]
    )
    quick = cpu_us(lambda: world.answer(device, pulse, next(moment)), chosen.polls * 5)
    still = cpu_us(lambda: replay(pulse), chosen.polls * 5)
    print(f"{'liveness GET, uptime and 3 ports':34}{quick:>10.0f}{still:>14.0f}{quick / still:>8.1f}")
    ports = sum(len(one.ports) for one in world.routers.values())
    core = ports / 24 * live / 30 / 1e6 + len(network.devices) * quick / 5 / 1e6
    print(f"whole network at defaults (counters 30 s, liveness 5 s): {core * 100:.2f} % of a core for answers")
    began = time.process_time()
    world.damage.dark.setdefault("dod-pe-1", set()).add("bench")
    world._settle(next(moment))
    print(f"one change of paths worked out in {(time.process_time() - began) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
