"""What simulated routers say unasked: ports that went down or up, routers that started, BGP sessions that fell."""

from collections.abc import Iterator

from inventory.notice import Notice
from noc.lab.router import UP, Router
from noc.lab.world import World

LEAST_S, MOST_S = 0.05, 0.5  # after the event a trap is on its way
_ESTABLISHED = 6


def notice(router: Router, name: str, at: float, subject: str = "", state: str = "") -> Notice:
    """As the receiver of traps makes it of a datagram (`collectors.notices.trap`)."""
    about = _ABOUT[name]
    ticks = int((at - router.life.at(at).boot_at) * 100) & 0xFFFF_FFFF
    content = {"about": about, "state": state, "uptime_ticks": ticks}
    text = f"{name} {subject}".rstrip()
    device = router.device
    return Notice(at, device.key, device.address, "trap", name, text, 5, subject, content)


_ABOUT = {
    "linkDown": "link",
    "linkUp": "link",
    "coldStart": "boot",
    "warmStart": "boot",
    "bgpBackwardTransition": "peer",
    "bgpEstablished": "peer",
}
STATES = {"linkDown": "down", "linkUp": "up", "bgpBackwardTransition": "down", "bgpEstablished": "up"}


def traps_of(world: World, at: float) -> Iterator[tuple[str, str, str]]:
    """(device, trap, subject) of everything that routers noticed at that very moment (UTC seconds)."""
    for key, router in world.routers.items():
        life = router.life.at(at)
        if life.dark:
            continue
        if life.boot_at == at:
            yield key, "coldStart", ""
        for number, steps in router.statuses.items():
            if steps.times[-1] == at and len(steps.times) > 1 and steps.values[-1].oper != steps.values[-2].oper:
                yield key, "linkUp" if steps.values[-1].oper == UP else "linkDown", index_of(router, number, at)
        for number, sessions in router.sessions.items():
            if sessions.times[-1] == at and len(sessions.times) > 1:
                up = sessions.values[-1].state == _ESTABLISHED
                address = ".".join(map(str, router.peers[number].address))
                yield key, "bgpEstablished" if up else "bgpBackwardTransition", address


def index_of(router: Router, number: int, at: float) -> str:
    """Today's ifIndex of a port."""
    life = router.life.at(at)
    return str((number - life.turn) % len(router.ports) + router.model.first_index + life.offset)
