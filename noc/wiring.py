"""Who is who: the one place that knows every part of the house and puts them together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alerts.board import Board
from alerts.transition import Transition
from collectors.contract import Target
from collectors.interfaces import Interfaces
from collectors.liveness import Liveness
from collectors.probes import IN_FLIGHT, Probes
from collectors.rates import RateMeter
from collectors.snmp.engine import Engine
from collectors.snmp.sessions import Sessions
from collectors.system import System
from inventory.model import Device, Inventory
from inventory.secrets import Secrets
from inventory.topology import Topology
from noc.config import Config
from noc.minute import MinuteSummary
from noc.naming import LinkFigures
from noc.pipeline import Collects, Pipeline
from noc.polling import Polling
from noc.rounds import COLLECTOR, Rounds
from noc.schedule import slot_for
from noc.store.writer import MetricStore

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


class Credentials:
    """Credential name -> its text, looked up at the last moment; empty where no source has it."""

    def __init__(self, secrets: Secrets) -> None:
        self.secrets = secrets

    def __call__(self, name: str) -> str:
        secret = self.secrets.find(name)
        return secret.reveal() if secret else ""


@dataclass(slots=True)
class House:
    """Everything that runs, and lasts over a reload."""

    config: Config
    network: Network
    credentials: Credentials
    engine: Engine
    probes: Probes
    sessions: Sessions
    interfaces: Interfaces
    system: System
    liveness: Liveness
    pipeline: Pipeline
    rounds: Rounds
    pollings: Mapping[str, Polling]
    store: MetricStore


def build_network(config: Config, inventory: Inventory) -> Network:
    topology = Topology(inventory, config.poller.attached_to)
    board = Board(inventory, topology, gateway=config.poller.gateway)
    return Network(inventory, topology, board, LinkFigures(board, inventory), MinuteSummary(inventory.devices))


def build_house(
    config: Config, network: Network, secrets: Secrets, store: MetricStore, *, clock: Clock, tell: Tell
) -> House:
    """Inert: nothing is opened and nothing starts here."""
    engine, credentials = Engine(), Credentials(secrets)
    probes = Probes(max(IN_FLIGHT, len(network.inventory.devices) // 4))
    sessions = Sessions(engine, credentials)
    interfaces = Interfaces(sessions.of, clock)
    liveness = Liveness(probes, sessions.of, interfaces, clock)
    system = System(sessions.of, clock)
    collectors: dict[str, Collects] = {"interfaces": interfaces, "system": system}
    meter = RateMeter(config.poll.counters_s)
    pipeline = Pipeline(collectors, meter, network.links, store, clock=clock, tell=tell)
    pipeline.on_uptime = system.note
    rounds = Rounds(liveness, network.board, network.inventory.link_interfaces, clock, tell)
    rounds.feed_minute = network.minute.feed
    house = House(
        config=config,
        network=network,
        credentials=credentials,
        engine=engine,
        probes=probes,
        sessions=sessions,
        interfaces=interfaces,
        system=system,
        liveness=liveness,
        pipeline=pipeline,
        rounds=rounds,
        pollings=MappingProxyType({}),
        store=store,
    )

    def worth_asking(target: Target) -> bool:
        return not house.network.board.silent(target.device.key)

    def unknown_or_rebooted(target: Target) -> bool:
        return worth_asking(target) and system.wanted(target.device.key)

    slot_s = slot_for(len(network.inventory.devices))
    liveness_s, counters_s = config.poll.liveness_s, config.poll.counters_s
    house.pollings = MappingProxyType(
        {
            COLLECTOR: Polling(liveness_s, rounds.ask, lambda target: True, clock, slot_s=slot_s),
            "interfaces": Polling(counters_s, pipeline.poll, worth_asking, clock, slot_s=slot_s),
            "system": Polling(counters_s, pipeline.poll, unknown_or_rebooted, clock, slot_s=slot_s),
        }
    )
    watch(house, network.inventory.devices.values())
    return house


def targets(device: Device, pollings: Mapping[str, Polling]) -> Iterable[tuple[Polling, Target]]:
    for name, polling in pollings.items():
        yield polling, Target(device, name, polling.every_s)


def watch(house: House, devices: Iterable[Device]) -> None:
    """From now on these are asked."""
    for device in devices:
        for polling, target in targets(device, house.pollings):
            polling.put([target])


def unwatch(house: House, devices: Iterable[Device]) -> None:
    """From now on these are asked no more, and what was learnt of them is forgotten."""
    for device in devices:
        for polling, target in targets(device, house.pollings):
            polling.drop([target])
        house.interfaces.forget(device.key)
        house.system.forget(device.key)
        house.liveness.forget(device.key)
        house.sessions.forget(device)
        house.pipeline.forget(device.key)
