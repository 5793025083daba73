"""What the ports, BGP sessions and neighbours of the simulated routers read, worked out from what is broken."""

from collections.abc import Mapping

from inventory.model import End, Inventory, Link
from noc.lab.damage import Damage
from noc.lab.router import DOWN, UP, Router
from noc.lab.wires import heard_by

_IDLE, _ACTIVE, _ESTABLISHED = 1, 3, 6  # bgpPeerState
_STOP, _START = 1, 2  # bgpPeerAdminStatus


def settle_ports(inventory: Inventory, routers: Mapping[str, Router], damage: Damage, at: float) -> None:
    """From `at` on every port reads what it should."""
    for link in inventory.links.values():
        for end, far in ((link.a, link.b), (link.b, link.a)):
            if not end.external:
                _settle_end(routers[end.device], link, (end, far), damage, at)
    for (device, interface), down in damage.ports.items():
        router = routers[device]
        number = router.number_of[interface]
        router.set_status(number, at, DOWN if down or not router.ports[number].connected else UP, None)


def _settle_end(router: Router, link: Link, ends: tuple[End, End], damage: Damage, at: float) -> None:
    end, far = ends
    down = damage.port_down(link.key, end.device, far.device)
    number = router.number_of[end.interface]
    port = router.ports[number]
    if not port.members:
        router.set_status(number, at, DOWN if down else UP, None)
        return
    fellows = [place for place, other in enumerate(router.ports) if other.lag == port.name]
    dead = {place for count, place in enumerate(fellows) if (link.key, count) in damage.members}
    for place in fellows:
        router.set_status(place, at, DOWN if down or place in dead else UP, None)
    left = port.speed_bps * (len(fellows) - len(dead)) // len(fellows)
    router.set_status(number, at, DOWN if down or not left else UP, left if dead and left else None)


def settle_sessions(inventory: Inventory, routers: Mapping[str, Router], damage: Damage, at: float) -> None:
    """From `at` on every BGP session is as its link and its operators leave it."""
    for key, router in routers.items():
        for number, peer in enumerate(router.peers):
            circuit = inventory.links[peer.link].circuit
            by_hand = damage.sessions.get((key, peer.link))
            if by_hand:
                router.set_session(number, at, _IDLE, _STOP)
            elif by_hand is not None or key in damage.dark or damage.dead(peer.link, circuit):
                router.set_session(number, at, _ACTIVE, _START)
            else:
                router.set_session(number, at, _ESTABLISHED, _START)


def settle_hearing(routers: Mapping[str, Router], at: float) -> None:
    """From `at` on every router hears whom it should; after the ports."""
    for router in routers.values():
        router.set_hearing(at, heard_by(router, at))
