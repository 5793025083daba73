"""Who is who: the one place that knows every part of the house and puts them together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alerts.board import Board
from alerts.transition import Transition
from collectors.contract import Target
from collectors.health import Health
from collectors.interfaces import Interfaces
from collectors.liveness import Liveness
from collectors.neighbours import Neighbours
from collectors.peers import Peers
from collectors.ping import Ping
from collectors.points import Points
from collectors.probes import IN_FLIGHT, Probes
from collectors.rates import RateMeter
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from collectors.ssh.cli import Cli
from collectors.system import System
from inventory.credentials import Login, SnmpUser
from inventory.model import Device, Inventory
from inventory.secrets import Secrets
from inventory.topology import Topology
from noc.asks import Ask, Asks
from noc.carrying import CircuitTraffic
from noc.config import Config
from noc.minute import MinuteSummary
from noc.naming import LinkFigures
from noc.pipeline import Pipeline
from noc.points import PointFigures
from noc.polling import Polling
from noc.rounds import COLLECTOR, Rounds
from noc.schedule import Phase, phase_s, slot_for
from noc.store.writer import MetricStore
from noc.told import Told

Clock = Callable[[], float]
Tell = Callable[[Iterable[Transition]], None]


@dataclass(slots=True)
class Network:
    """What hangs on the inventory and is built anew when it changes."""

    inventory: Inventory
    topology: Topology
    board: Board
    links: LinkFigures
    minute: MinuteSummary
    circuits: MinuteSummary
    traffic: CircuitTraffic
    points: PointFigures


class Credentials:
    """Credential name -> its text, looked up at the last moment; empty where no source has it."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets

    def __call__(self, name: str) -> str:
        secret = self.secrets.find(name)
        return secret.reveal() if secret else ""

    def user(self, name: str) -> SnmpUser | None:
        """The SNMPv3 user of that name."""
        return self.secrets.user(name)

    def login(self, name: str) -> Login | None:
        """The SSH login of that name."""
        return self.secrets.login(name)


@dataclass(frozen=True, slots=True)
class Means:
    """How devices are reached, and whose turn is when: by sockets, or by what stands for them in simulated time."""

    engine: Engine
    probes: Probes
    sessions: Sessions
    phase: Phase = phase_s


def sockets(devices: int, credentials: Credentials) -> Means:
    """The real means, for so many devices; inert until opened."""
    engine = Engine()
    return Means(engine, Probes(max(IN_FLIGHT, devices // 4)), Sessions(engine, credentials, user=credentials.user))


@dataclass(slots=True)
class House:
    """Everything that runs, and lasts over a reload."""

    config: Config
    network: Network
    credentials: Credentials
    engine: Engine
    probes: Probes
    sessions: Sessions
    asks: Asks
    interfaces: Interfaces
    points: Points
    liveness: Liveness
    pipeline: Pipeline
    rounds: Rounds
    pollings: Mapping[str, Polling]
    store: MetricStore


def build_network(config: Config, inventory: Inventory) -> Network:
    topology = Topology(inventory, config.poller.attached_to)
    board = Board(inventory, topology, gateway=config.poller.gateway)
    anchored = MinuteSummary(key for key, circuit in inventory.circuits.items() if circuit.anchors)
    links = LinkFigures(board, inventory)
    devices = MinuteSummary(inventory.devices)
    return Network(
        inventory, topology, board, links, devices, anchored, CircuitTraffic(inventory), PointFigures(inventory)
    )


def build_house(
    config: Config,
    network: Network,
    secrets: Secrets,
    store: MetricStore,
    *,
    clock: Clock,
    tell: Tell,
    means: Means | None = None,
) -> House:
    """Inert: nothing is opened and nothing starts here. `means`: other ones than sockets."""
    credentials = Credentials(secrets)
    means = means or sockets(len(network.inventory.devices), credentials)
    probes, sessions = means.probes, means.sessions
    asks = _asks(config, credentials, sessions, probes, clock)
    interfaces = asks["interfaces"].collector
    points = asks["points"].collector
    assert isinstance(interfaces, Interfaces)
    assert isinstance(points, Points)
    points.set_points(network.inventory.points.values())
    liveness = Liveness(probes, sessions.of, interfaces, clock)
    meter = RateMeter(config.poll.counters_s)
    collectors = {name: ask.collector for name, ask in asks.items()}
    pipeline = Pipeline(collectors, meter, network.links, network.points, store, clock=clock, tell=tell)
    pipeline.on_uptime, pipeline.on_said = asks.note, asks.note_said
    rounds = Rounds(liveness, network.board, network.inventory.link_interfaces, clock, tell)
    rounds.feed_minute, rounds.feed_circuit = network.minute.feed, network.circuits.feed
    house = House(
        config=config,
        network=network,
        credentials=credentials,
        engine=means.engine,
        probes=probes,
        sessions=sessions,
        asks=asks,
        interfaces=interfaces,
        points=points,
        liveness=liveness,
        pipeline=pipeline,
        rounds=rounds,
        pollings=MappingProxyType({}),
        store=store,
    )
    house.pollings = MappingProxyType(_pollings(house, clock, means.phase))
    watch(house, network.inventory.devices.values())
    return house


def _asks(config: Config, credentials: Credentials, sessions: Sessions, probes: Probes, clock: Clock) -> Asks:
    """Every collector, how often it asks, and whether it has reason to."""
    poll, told = config.poll, Told(clock)
    interfaces, system = Interfaces(sessions.of, clock), System(sessions.of, clock)
    peers = Peers(sessions.of, clock)
    neighbours = Neighbours(sessions.of, interfaces.standing, clock, keep_s=poll.neighbours_s)
    health = Health(sessions.of, clock, interfaces.rows)
    points = Points(sessions.of, clock, poll.counters_s)
    cli = Cli(credentials.login, config.data.dir / "ssh", clock, told=told)
    return Asks(
        {
            "interfaces": Ask(interfaces, poll.counters_s),
            "system": Ask(system, poll.counters_s, system.wanted),
            "peers": Ask(peers, poll.peers_s, peers.wanted),
            "health": Ask(health, poll.health_s, health.wanted),
            "points": Ask(points, poll.counters_s, concerns=points.concerns),
            "ping": Ask(Ping(probes), poll.ping_s, while_silent=True),
            "neighbours": Ask(neighbours, poll.counters_s, neighbours.wanted),
            "cli": Ask(cli, poll.cli_s, concerns=lambda device: device.ssh is not None),
        },
        (system, peers, neighbours),
        told,
    )


def _pollings(house: House, clock: Clock, phase: Phase) -> dict[str, Polling]:
    """The clockwork of each; what is due together is started together."""
    slot_s = slot_for(len(house.network.inventory.devices))

    def worth_asking(ask: Ask) -> Callable[[Target], bool]:
        def worth(target: Target) -> bool:
            key = target.device.key
            return (ask.while_silent or not house.network.board.silent(key)) and ask.wanted(key)

        return worth

    def polling(ask: Ask) -> Polling:
        poll, worth = house.pipeline.poll, worth_asking(ask)
        return Polling(ask.every_s, poll, worth, clock, slot_s=slot_s, gives_way=True, phase=phase)

    every_s, ask = house.config.poll.liveness_s, house.rounds.ask
    return {
        COLLECTOR: Polling(every_s, ask, lambda target: True, clock, slot_s=slot_s, phase=phase),
        **{name: polling(one) for name, one in house.asks.items()},
    }


def targets(house: House, device: Device) -> Iterable[tuple[Polling, Target]]:
    """What a device is asked, and by which clockwork."""
    for name, polling in house.pollings.items():
        if name == COLLECTOR or house.asks[name].concerns(device):
            yield polling, Target(device, name, polling.every_s)


def watch(house: House, devices: Iterable[Device]) -> None:
    """From now on these are asked."""
    for device in devices:
        for polling, target in targets(house, device):
            polling.put([target])


def unwatch(house: House, devices: Iterable[Device]) -> None:
    """From now on these are asked no more, and what was learnt of them is forgotten."""
    for device in devices:
        for polling, target in targets(house, device):
            polling.drop([target])
        house.asks.forget(device.key)
        house.liveness.forget(device.key)
        house.sessions.forget(device)
        house.pipeline.forget(device.key)
