"""A new inventory while everything runs: read it whole, then swap; only what changed is asked anew."""

from inventory.difference import touched_devices
from inventory.mistakes import MistakesError
from inventory.model import Inventory, Snmp, Ssh
from inventory.reading import load
from inventory.secrets import Secrets, known_of, read_secrets
from noc.alerting import Orders, read_orders
from noc.checking import attachment_mistakes, environment
from noc.config import Config
from noc.wiring import House, Network, build_network, unwatch, watch


def read(config: Config) -> tuple[Network, Secrets, Orders]:
    """Inventory, secrets, rules and roster as the files have them now; MistakesError holds all that is wrong."""
    inventory = load(config.inventory.path)
    mistakes = attachment_mistakes(config, inventory.devices)
    if mistakes:
        raise MistakesError(mistakes)
    secrets = read_secrets(config.secrets.file, environment())
    return build_network(config, inventory), secrets, read_orders(config, inventory)


def swap(house: House, network: Network, secrets: Secrets) -> str:
    """From one inventory to the next in one step; states survive. Returns what changed, in a few words."""
    old, new = house.network.inventory, network.inventory
    touched = touched_devices(old, new) | _otherwise_known(house, new, secrets)
    unwatch(house, (old.devices[key] for key in touched if key in old.devices))
    rows = list(house.network.board.rows())
    network.board.restore(rows, house.network.board.blind_since)
    network.links.take_over(house.network.links)
    network.points.take_over(house.network.points)
    house.network = network
    house.credentials.secrets = secrets
    house.pipeline.links, house.pipeline.points = network.links, network.points
    house.points.set_points(new.points.values())
    house.rounds.set_network(network.board, new.link_interfaces)
    house.rounds.feed_minute, house.rounds.feed_circuit = network.minute.feed, network.circuits.feed
    watch(house, (new.devices[key] for key in touched if key in new.devices))
    gone = [
        row for row in rows if row.key not in {"link": new.links, "site": new.sites, "device": new.devices}[row.kind]
    ]
    for row in gone:
        house.store.remove_status(row.kind, [row.key])
    return f"{len(touched)} devices changed, {len(gone)} rows gone, {len(new.devices)} devices in all"


def _otherwise_known(house: House, inventory: Inventory, secrets: Secrets) -> frozenset[str]:
    """Devices whose own entry stands, but whose secrets are others now."""
    alike: dict[tuple[Snmp, Ssh | None], bool] = {}  # hundreds of devices share few credentials
    for device in inventory.devices.values():
        way = (device.snmp, device.ssh)
        if way not in alike:
            alike[way] = known_of(device, house.credentials.secrets) == known_of(device, secrets)
    return frozenset(device.key for device in inventory.devices.values() if not alike[device.snmp, device.ssh])
