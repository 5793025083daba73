"""The simulated network's doors: one for each router's SNMP, one for its echo, one for each anchor."""

from collections.abc import Iterator

from noc.lab.doors import Answer, Door, Reply
from noc.lab.world import World


def doors_of(world: World) -> Iterator[Door]:
    """Every address and port the world answers on."""
    for device in world.inventory.devices.values():
        yield Door(device.address, device.snmp.port, f"{device.key} SNMP", _snmp(world, device.key))
        for probe in device.probes:
            if probe.method == "udp-echo" and probe.port is not None:
                yield Door(device.address, probe.port, f"{device.key} echo", _echo(world, device.key))
    for (address, port), circuit in world.anchors.items():
        yield Door(address, port, f"{circuit} anchor", _anchor(world, circuit))


def _snmp(world: World, device: str) -> Answer:
    def answer(data: bytes, now: float) -> Reply | None:
        said = world.answer(device, data, now)
        return None if said is None else (said, world.delay_s(device, now, snmp=True))

    return answer


def _echo(world: World, device: str) -> Answer:
    def answer(data: bytes, now: float) -> Reply | None:
        said = world.echo(device, data, now)
        return None if said is None else (said, world.delay_s(device, now))

    return answer


def _anchor(world: World, circuit: str) -> Answer:
    def answer(data: bytes, now: float) -> Reply | None:
        said = world.anchor(circuit, data, now)
        return None if said is None else (said, world.anchor_delay_s(circuit, now))

    return answer
