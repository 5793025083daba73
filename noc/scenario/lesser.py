"""True faults that cut nobody off: agents, credentials, restarts, sessions, lost members of LAGs, loss, delay and load."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from noc.lab.router import Life, Router
from noc.lab.world import World
from noc.scenario.fault import TELLING_S, Duty, Fault, FaultKind
from noc.scenario.rewind import Moment

_SURE_S = 90.0  # a minor fault of this length is told
_SLOW_MS = 1000.0  # the probes' timeout: an agent slower than this is silent now and then
_MANY = 3  # devices that refuse one credential: it is the credential
_ESTABLISHED, _STOP = 6, 1
_FULL = 0.97  # of a ceiling, SEMANTICS D
_FLAT_S = 960.0  # fifteen minutes of it, and a poll
_AFTER_CABLE_S = 2400.0  # for half an hour after a cable is back, and the holds, a full one is taken to have its load
_LOSS = 0.05
_LATENCY_MS = 20.0

Interval = tuple[float, float | None]


def lesser_faults(world: World, played: Sequence[Moment], end_s: float) -> list[Fault]:
    """All of them, in no order; none ever pages."""
    return [
        *_agents(world, end_s),
        *_credentials(world, end_s),
        *_reboots(world, end_s),
        *_sessions(world, end_s),
        *_members(world, played, end_s),
        *_quality(world, played, end_s),
        *_capacity(world, played, end_s),
    ]


def _intervals(times: Iterable[float], bad: Callable[[float], bool]) -> Iterator[Interval]:
    """When it was bad, from what was true at each instant of change."""
    since: float | None = None
    for at in times:
        if bad(at) and since is None:
            since = at
        elif since is not None and not bad(at):
            yield since, at
            since = None
    if since is not None:
        yield since, None


def _lives(world: World, device: str, bad: Callable[[Life], bool]) -> list[Interval]:
    """When that was true of a router that could be reached; seconds since the start."""
    life = world.routers[device].life
    if not any(bad(one) for one in life.values):
        return []
    times = sorted({at for at in (*world.epochs.times, *life.times) if at <= world.asked_until})
    seen = _intervals(times, lambda at: bad(life.at(at)) and device in world.epochs.at(at).ways)
    return [(since - world.start, None if to is None else to - world.start) for since, to in seen]


def _made(
    kind: FaultKind,
    interval: Interval,
    alike: Iterable[str],
    end_s: float,
    *,
    told: Duty = "must",
    sure_s: float = _SURE_S,
) -> Fault:
    lasts = (end_s if interval[1] is None else interval[1]) - interval[0]
    duty = told if told != "must" else "must" if lasts >= sure_s else "may" if lasts >= TELLING_S["minor"] else "never"
    return Fault("", kind, *interval, frozenset(alike) - {""}, told=duty, stretches=(interval,))


def _agents(world: World, end_s: float) -> Iterator[Fault]:
    for device in world.routers:
        for interval in _lives(world, device, lambda life: life.hung):
            yield _made("agent", interval, [device], end_s)
        for interval in _lives(world, device, lambda life: life.slow_ms >= _SLOW_MS):
            yield _made("agent", interval, [device], end_s, told="may")


def _credentials(world: World, end_s: float) -> Iterator[Fault]:
    """Each device for itself; many that refuse one credential are one fault (it, or any of them)."""
    refusing: dict[str, list[tuple[Interval, str]]] = {}
    for device, router in world.routers.items():
        for interval in _lives(world, device, lambda life: bool(life.changed)):
            refusing.setdefault(router.device.snmp.credential, []).append((interval, device))
    for credential, found in refusing.items():
        devices = {device for _, device in found}
        if len(devices) >= _MANY:
            first = min(interval[0] for interval, _ in found)
            ends = [interval[1] for interval, _ in found]
            last = None if None in ends else max(end for end in ends if end is not None)
            yield _made("credentials", (first, last), {credential, *devices}, end_s)
        else:
            for interval, device in found:
                yield _made("credentials", interval, {device}, end_s)


def _reboots(world: World, end_s: float) -> Iterator[Fault]:
    """A restart is told as a warning, or not at all where its silence was told."""
    for device, router in world.routers.items():
        life = router.life
        for before, after, at in zip(life.values, life.values[1:], life.times[1:], strict=False):
            if after.boots > before.boots:
                at_s = at - world.start
                site = router.device.site
                yield Fault(
                    "",
                    "reboot",
                    at_s,
                    min(end_s, at_s + 600.0),
                    frozenset({device, site}),
                    severity="warning",
                    accepted=frozenset({"minor", "info"}),
                    told="may",
                    stretches=((at_s, at_s),),
                )


def _sessions(world: World, end_s: float) -> Iterator[Fault]:
    """BGP down with its link whole, and not by our own will; SEMANTICS 53."""
    for device, router in world.routers.items():
        for number, peer in enumerate(router.peers):
            for since, to in _fallen(world, router, number, peer.link):
                alike = {
                    device,
                    peer.link,
                    world.inventory.links[peer.link].circuit,
                    *_peer_names(device, peer.address),
                }
                fault = _made("routing", (since, to), alike, end_s, sure_s=150.0)
                if fault.told != "never":
                    yield replace(fault, accepted=frozenset({"warning"}))


def peers_over(router: Router, link: str) -> Iterator[str]:
    """The sessions of a router over this link, by any of their names."""
    for peer in router.peers:
        if peer.link == link:
            yield from (router.device.key, *_peer_names(router.device.key, peer.address))


def _peer_names(device: str, address: Iterable[int]) -> tuple[str, ...]:
    dotted = ".".join(map(str, address))
    return f"{device} {dotted}", dotted


def _fallen(world: World, router: Router, number: int, link: str) -> Iterator[Interval]:
    steps = router.sessions[number]
    if len(steps.times) == 1:
        return

    def bad(at: float) -> bool:
        session, epoch = steps.at(at), world.epochs.at(at)
        down = session.state != _ESTABLISHED and session.admin != _STOP
        return down and router.device.key in epoch.ways and link not in epoch.dead

    times = sorted({at for at in (*world.epochs.times, *steps.times) if at <= world.asked_until})
    for since, to in _intervals(times, bad):
        yield since - world.start, None if to is None else to - world.start


def _warning(fault: Fault) -> Fault:
    """How bad loss, delay and load are is the rules' to say, below what wakes people."""
    return replace(fault, severity="warning", accepted=frozenset({"minor", "info"}))


def _over(played: Sequence[Moment], keys: Callable[[Moment], Mapping[str, float]]) -> dict[str, list[Interval]]:
    """Key -> when its figure was there and not zero."""
    everything = sorted({key for moment in played for key, value in keys(moment).items() if value})
    of_time = {moment.at_s: moment for moment in played}
    return {key: list(_intervals(of_time, lambda at, key=key: bool(keys(of_time[at]).get(key)))) for key in everything}  # type: ignore[misc]


def _members(world: World, played: Sequence[Moment], end_s: float) -> Iterator[Fault]:
    """One of two members down: the link lives at half its rate."""

    def lost(moment: Moment) -> Mapping[str, float]:
        links = [link for link, _ in moment.damage.members]
        return {link: 1.0 for link in links if links.count(link) == 1 and link not in moment.epoch.dead}

    for link, intervals in _over(played, lost).items():
        for interval in intervals:
            yield _made("redundancy", interval, _of_link(world, link), end_s)


def _of_link(world: World, link: str) -> set[str]:
    """The link by any of its names: its circuit, its ends, the ports behind them."""
    circuit = world.inventory.links[link].circuit
    found = {link, circuit, *(key for key, one in world.inventory.contracts.items() if circuit in one.circuits)}
    for end in world.inventory.links[link].ends:
        router = world.routers[end.device]
        ports = [port.name for port in router.ports if end.interface in (port.name, port.lag)]
        found |= {f"{end.device}:{name}" for name in ports}
    return found


def _passing(world: World, link: str) -> set[str]:
    """Devices, their sites and the circuits whose way from the poller leads over the link."""
    ways = world.epochs.at(world.start).ways
    found: set[str] = set()
    for device in ways:
        hop = device
        while hop and ways[hop].link:
            if ways[hop].link == link:
                found |= {device, world.inventory.devices[device].site}
                break
            hop = ways[hop].via
    return found


def _quality(world: World, played: Sequence[Moment], end_s: float) -> Iterator[Fault]:
    """Loss and delay show on everything behind the line."""

    def worse(moment: Moment) -> Mapping[str, float]:
        loss = {key: ratio for key, ratio in moment.damage.loss.items() if ratio >= _LOSS}
        return loss | {key: ms for key, ms in moment.damage.latency.items() if ms >= _LATENCY_MS}

    for link, intervals in _over(played, worse).items():
        ends = {end.device for end in world.inventory.links[link].ends}
        alike = _of_link(world, link) | _passing(world, link) | ends
        for interval in intervals:
            yield _warning(_made("quality", interval, alike, end_s, told="may"))


def _capacity(world: World, played: Sequence[Moment], end_s: float) -> Iterator[Fault]:
    def level(moment: Moment, least: float) -> Mapping[str, float]:
        levels = {key: max(way or 0.0 for way in pair) for key, pair in moment.damage.traffic.items()}
        return {key: most for key, most in levels.items() if most >= least}

    full, dead = _over(played, lambda moment: level(moment, _FULL)), _dead_cables(world, played)
    for link, intervals in _over(played, lambda moment: level(moment, 0.5)).items():
        for interval in intervals:
            tops = [(since, to) for since, to in full.get(link, []) if since >= interval[0]]
            others = _others(world, link, dead)
            flat = any(_full_by_itself((since, end_s if to is None else to), others) for since, to in tops)
            told: Duty = "must" if flat else "may"
            made = _made("capacity", interval, _of_link(world, link), end_s, told=told, sure_s=_FLAT_S)
            yield _warning(made)


def _dead_cables(world: World, played: Sequence[Moment]) -> dict[str, list[Interval]]:
    cables = [key for key, circuit in world.inventory.circuits.items() if circuit.kind == "iru"]
    return _over(played, lambda moment: {key: 1.0 for key in cables if moment.epoch.beyond.get(key) is None})


def _others(world: World, link: str, dead: Mapping[str, Sequence[Interval]]) -> list[Interval]:
    """When another cable than this one's carried nothing; of what is no cable there is none that it stands in for."""
    circuit = world.inventory.circuits.get(world.inventory.links[link].circuit)
    if circuit is None or circuit.kind != "iru":
        return []
    return [interval for key, intervals in dead.items() if key != circuit.key for interval in intervals]


def _full_by_itself(top: tuple[float, float], others: Iterable[Interval]) -> bool:
    """Long enough to be told, and not while another cable is dead: from afar that looks like the other one's load."""
    since, to = top
    if to - since < _FLAT_S:
        return False
    return all(
        gone > since + _FLAT_S + _SURE_S
        or (back is not None and (back < since - _SURE_S or to - back >= _AFTER_CABLE_S))
        for gone, back in others
    )
