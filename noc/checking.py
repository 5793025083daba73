"""Configuration, inventory and secrets looked at together: all mistakes at once, before anything starts."""

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from alerts.oncall.reading import check_oncall
from alerts.rules.reading import check_rules
from inventory import reading
from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.model import Inventory
from inventory.secrets import Secrets, read_secrets
from inventory.topology import Topology
from inventory.weakness import weaknesses
from noc.channels import check_channels
from noc.config import Config, load
from noc.influx.fitness import check_influxdb


@dataclass(frozen=True, slots=True)
class Checked:
    """What could be read, and all that is wrong with it. Mistakes forbid a start, warnings do not."""

    config: Config | None
    inventory: Inventory | None
    secrets: Secrets | None
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...] = ()


def environment() -> Mapping[str, str]:
    return dict(os.environ)


def check(path: Path) -> Checked:
    try:
        config = load(path)
    except MistakesError as error:
        return Checked(None, None, None, error.mistakes)
    return checked(config, path)


def checked(config: Config, path: Path = Path("noc.toml")) -> Checked:
    """All that the configuration names; `path` is where it was read from itself."""
    inventory, mistakes, warnings = reading.check(config.inventory.path)
    secrets: Secrets | None = None
    try:
        secrets = read_secrets(config.secrets.file, environment())
    except MistakesError as error:
        mistakes += error.mistakes
    devices = inventory.devices if inventory else reading.written_keys(config.inventory.path, "devices")
    mistakes += attachment_mistakes(config, devices, path)
    if inventory:
        warnings += tuple(_islands(path, config.poller.attached_to, inventory))
    if inventory and secrets:
        warnings += secret_warnings(config, inventory, secrets)
        warnings += check_channels(config, secrets)
        warnings += check_influxdb(config, secrets)
    for found, doubtful in _alerting(config, inventory):
        mistakes += found
        warnings += doubtful
    return Checked(config, inventory, secrets, mistakes, warnings)


def _islands(path: Path, attached_to: str, inventory: Inventory) -> Iterator[Mistake]:
    """Devices that no declared link joins to the poller: nothing can be said about what cuts them off."""
    if attached_to not in inventory.devices:
        return
    reached = Topology(inventory, attached_to).reachable()
    islands = [key for key in inventory.devices if key not in reached]
    if islands:
        some = ", ".join(islands[:3]) + (" ..." if len(islands) > 3 else "")
        amount = f"{len(islands)} device{'s have' if len(islands) > 1 else ' has'}"
        yield Mistake(str(path), 0, f"{amount} no path of declared links to the poller at {attached_to}: {some}")


def _alerting(config: Config, inventory: Inventory | None) -> Iterator[tuple[tuple[Mistake, ...], tuple[Mistake, ...]]]:
    """(mistakes, warnings) of the rule files and of the roster."""
    yield check_rules(config.alerts.rules)
    if inventory is not None:
        yield check_oncall(config.alerts.oncall, inventory)


def attachment_mistakes(config: Config, devices: Collection[str], path: Path = Path("noc.toml")) -> tuple[Mistake, ...]:
    """`[poller]` must name devices of the inventory."""
    named = {"attached_to": config.poller.attached_to, "gateway": config.poller.gateway}
    return tuple(
        Mistake(
            str(path),
            _line_of(path, setting),
            f"[poller] {setting}: no device {key!r}",
            did_you_mean(key, devices),
        )
        for setting, key in named.items()
        if key not in devices
    )


def _line_of(path: Path, setting: str) -> int:
    """Where the setting stands; 0 where the file cannot be read any more."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((number for number, line in enumerate(lines, 1) if line.strip().startswith(setting)), 0)


def secret_warnings(config: Config, inventory: Inventory, secrets: Secrets) -> tuple[Mistake, ...]:
    """Credentials that are not there, do not fit or protect nothing; a value is never part of it."""
    return tuple(Mistake(str(config.secrets.file), 0, one.message, one.hint) for one in weaknesses(inventory, secrets))
