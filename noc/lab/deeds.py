"""What each action does to the simulated network: one function an action, told who and when."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from inventory.model import Inventory
from noc.lab.actions import CREDENTIALS, Act
from noc.lab.damage import Damage
from noc.lab.router import Router
from noc.lab.wires import lay


class Field(Protocol):
    """What deeds are done on."""

    inventory: Inventory
    damage: Damage
    routers: Mapping[str, Router]


def link_on(inventory: Inventory, on: Mapping[str, str]) -> str:
    """The declared link an act is about; "" when the interface carries none."""
    if "link" in on:
        return on["link"]
    for link in inventory.links_of[on["device"]]:
        if any((end.device, end.interface) == (on["device"], on["interface"]) for end in link.ends):
            return link.key
    return ""


def _link_down(field: Field, act: Act) -> None:
    link = link_on(field.inventory, act.on)
    if not link:
        field.damage.ports[act.on["device"], act.on["interface"]] = True
    elif act.switch("one_sided"):
        device = act.on.get("device") or field.inventory.links[link].ends[0].device
        field.damage.half.setdefault(link, set()).add(device)
    else:
        field.damage.cut.setdefault(link, set()).add("cut")


def _link_up(field: Field, act: Act) -> None:
    link = link_on(field.inventory, act.on)
    if not link:
        field.damage.ports[act.on["device"], act.on["interface"]] = False
        return
    field.damage.half.pop(link, None)
    field.damage.cut.get(link, set()).discard("cut")


def _device_down(field: Field, act: Act) -> None:
    field.damage.darken(act.on["device"], "device", ports=act.switch("ports"))


def _device_up(field: Field, act: Act) -> None:
    field.damage.lighten(act.on["device"], "device")


def _reboot(field: Field, act: Act) -> None:
    field.damage.darken(act.on["device"], "reboot", ports=act.switch("ports"))


def _boot(field: Field, act: Act) -> None:
    field.damage.lighten(act.on["device"], "reboot")
    _start_anew(field.routers[act.on["device"]], act.at)


def _start_anew(router: Router, at: float) -> None:
    life = router.life.last
    router.life.put(at, replace(life, boot_at=at, boots=life.boots + 1, table_at=at, hung=False))
    for number in range(len(router.ports)):
        router.begin_anew(number, at)


def _life(change: Callable[[Act], Mapping[str, float | bool | str]]) -> "Deed":
    def do(field: Field, act: Act) -> None:
        router = field.routers[act.on["device"]]
        router.life.put(act.at, replace(router.life.last, **change(act)))  # type: ignore[arg-type]

    return do


def _credentials_change(field: Field, act: Act) -> None:
    router = field.routers[act.on["device"]]
    what = str(act["what"]) or CREDENTIALS[router.device.snmp.version][0]
    router.life.put(act.at, replace(router.life.last, changed=what, told=act.switch("told")))


def _ports(field: Field, act: Act) -> Iterator[tuple[Router, int]]:
    router = field.routers[act.on["device"]]
    wanted = act.on.get("interface")
    return ((router, number) for number, port in enumerate(router.ports) if wanted in (None, port.name))


def _counter_reset(field: Field, act: Act) -> None:
    for router, number in _ports(field, act):
        router.begin_anew(number, act.at)


def _wrap32(field: Field, act: Act) -> None:
    """Only live: a planned one is prepared before the world begins and needs nothing done."""
    if act.source != "live":
        return
    for router, number in _ports(field, act):
        now, then = router.counts(number, act.at), router.counts(number, act.at + act.number("lead"))
        pairs = ((now.in_octets, then.in_octets), (now.out_octets, then.out_octets))
        octets = tuple(((a >> 32) + 1 << 32) - (b - a) for a, b in pairs)
        router.begin_anew(number, act.at, (octets[0], octets[1]))


def _reindex(field: Field, act: Act) -> None:
    router = field.routers[act.on["device"]]
    life = router.life.last
    turn = (life.turn + int(act.number("places"))) % len(router.ports)
    router.life.put(act.at, replace(life, turn=turn, offset=life.offset + int(act.number("offset")), table_at=act.at))


def _loss(field: Field, act: Act) -> None:
    field.damage.loss[link_on(field.inventory, act.on)] = act.number("ratio")


def _latency(field: Field, act: Act) -> None:
    field.damage.latency[link_on(field.inventory, act.on)] = act.number("ms")


def _traffic(field: Field, act: Act) -> None:
    link = link_on(field.inventory, act.on)
    before = field.damage.traffic.get(link, (None, None))
    level, direction = act.number("level"), act["direction"]
    field.damage.traffic[link] = (
        before[0] if direction == "out" else level,
        before[1] if direction == "in" else level,
    )


def _end_of(what: str) -> "Deed":
    def do(field: Field, act: Act) -> None:
        getattr(field.damage, what).pop(link_on(field.inventory, act.on), None)

    return do


def _powered(field: Field, act: Act) -> Iterable[str]:
    """Devices at the site, or at every site of the region."""
    sites = [act.on["site"]] if "site" in act.on else _region(field.inventory, act.on["region"])
    return [device.key for site in sites for device in field.inventory.devices_at[site]]


def _region(inventory: Inventory, region: str) -> list[str]:
    return [site.key for site in inventory.sites.values() if site.region == region]


def _power_cause(act: Act) -> str:
    return "power of " + next(iter(act.on.values()))


def _power_cut(field: Field, act: Act) -> None:
    for device in _powered(field, act):
        field.damage.darken(device, _power_cause(act), ports=act.switch("ports"))


def _power_restore(field: Field, act: Act) -> None:
    for device in _powered(field, act):
        if field.damage.lighten(device, _power_cause(act)):
            _start_anew(field.routers[device], act.at)


def _circuit_cut(field: Field, act: Act) -> None:
    field.damage.circuits.add(act.on["circuit"])


def _circuit_restore(field: Field, act: Act) -> None:
    field.damage.circuits.discard(act.on["circuit"])


def member_on(router: Router, interface: str) -> tuple[str, int]:
    """(link, number) of a LAG member; naming the LAG itself means its first member. KeyError: no LAG."""
    port = router.ports[router.number_of[interface]]
    if port.members:
        return port.link, 0
    if not port.lag:
        raise KeyError(interface)
    fellows = [other.name for other in router.ports if other.lag == port.lag]
    return port.link, fellows.index(interface)


def _lag_member_down(field: Field, act: Act) -> None:
    router = field.routers[act.on["device"]]
    link, number = member_on(router, act.on["interface"])
    field.damage.members.add((link, number))
    if sum(other == link for other, _ in field.damage.members) == 2:
        field.damage.cut.setdefault(link, set()).add("members")


def _lag_member_up(field: Field, act: Act) -> None:
    member = member_on(field.routers[act.on["device"]], act.on["interface"])
    field.damage.members.discard(member)
    field.damage.cut.get(member[0], set()).discard("members")


def _sessions(field: Field, act: Act) -> Iterator[tuple[str, str]]:
    device = act.on["device"]
    for peer in field.routers[device].peers:
        if act.on.get("link") in (None, peer.link):
            yield device, peer.link


def _bgp_down(field: Field, act: Act) -> None:
    for session in _sessions(field, act):
        field.damage.sessions[session] = act.switch("admin")


def _bgp_up(field: Field, act: Act) -> None:
    for session in _sessions(field, act):
        field.damage.sessions.pop(session, None)


def _recable(field: Field, act: Act) -> None:
    _recable_end(field, act)
    link, other = act.on["link"], str(act["other"])
    field.damage.recabled |= {link: other, other: link}
    lay(field.inventory, field.routers, field.damage.recabled)


def _recable_end(field: Field, act: Act) -> None:
    other = field.damage.recabled.pop(act.on["link"], "")
    field.damage.recabled.pop(other, None)
    lay(field.inventory, field.routers, field.damage.recabled)


Deed = Callable[[Field, Act], None]
DEEDS: Mapping[str, Deed] = {
    "link_down": _link_down,
    "link_up": _link_up,
    "device_down": _device_down,
    "device_up": _device_up,
    "agent_hang": _life(lambda act: {"hung": True}),
    "agent_resume": _life(lambda act: {"hung": False}),
    "reboot": _reboot,
    "boot": _boot,
    "counter_reset": _counter_reset,
    "wrap32": _wrap32,
    "reindex": _reindex,
    "loss": _loss,
    "loss_end": _end_of("loss"),
    "latency": _latency,
    "latency_end": _end_of("latency"),
    "traffic": _traffic,
    "traffic_end": _end_of("traffic"),
    "slow_agent": _life(lambda act: {"slow_ms": act.number("ms")}),
    "slow_agent_end": _life(lambda act: {"slow_ms": 0.0}),
    "credentials_change": _credentials_change,
    "credentials_restore": _life(lambda act: {"changed": "", "told": False}),
    "power_cut": _power_cut,
    "power_restore": _power_restore,
    "circuit_cut": _circuit_cut,
    "circuit_restore": _circuit_restore,
    "lag_member_down": _lag_member_down,
    "lag_member_up": _lag_member_up,
    "recable": _recable,
    "recable_end": _recable_end,
    "bgp_down": _bgp_down,
    "bgp_up": _bgp_up,
}
