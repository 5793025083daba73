"""Where a lab comes from: noc.toml with its inventory and secrets, or the sample network of any size."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path

from inventory.credentials import SnmpUser
from inventory.model import Inventory
from inventory.reading import load as load_inventory
from inventory.sample_network import ATTACHED_TO, MEMBERS, generate
from inventory.secrets import credentials_of, read_secrets
from noc.config import load
from noc.config_path import NoConfigError, find_config
from noc.lab.actions import Act
from noc.lab.control import SOCKET
from noc.lab.doors import LabError
from noc.lab.scenario import Scenario, acts_of, read
from noc.lab.world import World


@dataclass(frozen=True)
class Setting:
    """What a lab is built from. `communities`, `users`: by credential, what is obeyed; `control`: its socket."""

    inventory: Inventory
    attached_to: str
    control: Path
    communities: Mapping[str, bytes] = field(default_factory=dict)
    users: Mapping[str, SnmpUser] = field(default_factory=dict)

    def world(self, start: float, seed: int, acts: tuple[Act, ...] = ()) -> World:
        """The network as it begins at `start` (UTC seconds); acts carry seconds after it."""
        return World(
            self.inventory,
            attached_to=self.attached_to,
            start=start,
            seed=seed,
            acts=[replace(act, at=act.at + start) for act in acts],
            communities=self.communities,
            users=self.users,
        )

    def checked(self, scenario: Scenario) -> tuple[Act, ...]:
        """The scenario's acts, in seconds after the start; MistakesError names all that is wrong."""
        return acts_of(scenario, self.world(0.0, scenario.seed), 0.0) if scenario.events else ()


def configuration(given: Path | None) -> Path | None:
    """The file named, or the first that is there; None when there is none. LabError: a named one is not there."""
    try:
        return find_config(given)
    except NoConfigError as error:
        if given or os.environ.get("NOC_CONFIG"):
            raise LabError(str(error)) from None
        return None


def control_socket(config: Path | None) -> Path:
    """In the data directory; without a configuration in a directory of this user's own."""
    if config is not None:
        return load(config).data.dir / SOCKET
    own = Path(tempfile.gettempdir()) / f"noc-lab-{os.getuid()}"
    own.mkdir(mode=0o700, exist_ok=True)
    if own.stat().st_uid != os.getuid():
        raise LabError(f"{own} belongs to somebody else; name a configuration with -c")
    return own / SOCKET


def sample_setting(config: Path | None, sites: int | None, *, one_address: bool) -> Setting:
    """The sample network; a configuration only says where the control socket lies."""
    network = generate(sites or MEMBERS, one_address=one_address)
    return Setting(network, ATTACHED_TO, control_socket(config))


def configured_setting(path: Path) -> Setting:
    """The network of a noc.toml; MistakesError names what is wrong in its files."""
    config = load(path)
    network = load_inventory(config.inventory.path)
    if config.poller.attached_to not in network.devices:
        raise LabError(f"{path}: [poller] attached_to = {config.poller.attached_to!r} is no device of the inventory")
    secrets = read_secrets(config.secrets.file, os.environ)
    names = credentials_of(network)
    communities = {name: secret.reveal().encode() for name in names if (secret := secrets.find(name))}
    users = {name: user for name in names if (user := secrets.user(name))}
    return Setting(network, config.poller.attached_to, control_socket(path), communities, users)


def shipped() -> tuple[Path, ...]:
    """The scenarios that come with the lab."""
    directory = Path(str(files("noc.lab") / "scenarios"))
    return tuple(sorted(directory.glob("*.toml")))


def scenario_named(name: str | None) -> Scenario:
    """By file, else by the name of a shipped one; nothing happens in the one without a name."""
    if name is None:
        return Scenario()
    known = {path.stem: path for path in shipped()}
    path = Path(name) if Path(name).is_file() else known.get(name)
    if path is None:
        raise LabError(f"no scenario {name!r}: neither a file nor one of {', '.join(known)}")
    return read(path)
