"""The directory of a network of one's own: noc.toml, secrets.toml, inventory/; an import lands there whole or not at all."""

import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inventory.importing import Imported
from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.model import Inventory
from inventory.reading import load
from inventory.secrets import read_secrets
from inventory.secrets_file import HEAD, Entry, with_secrets, write_private
from inventory.skeleton import (
    AlreadyThereError,
    untouched_configuration,
    untouched_inventory,
    write_configuration,
    write_gitignore,
)
from inventory.writing import write
from inventory.yaml_file import yaml_files


@dataclass(frozen=True, slots=True)
class Home:
    """Where the three parts lie; `attached_to` is what noc.toml says, None where it is to be written."""

    configuration: Path
    inventory: Path
    secrets: Path
    attached_to: str | None = None

    def known_secrets(self) -> dict[str, Entry]:
        """What the secrets file holds already for SNMP; SecretsError when it cannot be used."""
        secrets = read_secrets(self.secrets, {})
        found = {name: secrets.find(name) or secrets.user(name) for name in secrets.names()}
        return {name: entry for name, entry in found.items() if entry is not None}


def find_home(directory: Path) -> Home:
    """The home that `directory` is, or whose inventory it is; MistakesError when its noc.toml cannot be read."""
    above = directory.parent / "noc.toml"
    if not (directory / "noc.toml").exists() and above.exists():
        home = _read(above)
        if home.inventory.resolve() == directory.resolve():
            return home
    return _read(directory / "noc.toml")


def _read(configuration: Path) -> Home:
    root = configuration.parent
    try:
        raw: dict[str, Any] = tomllib.loads(configuration.read_text(encoding="utf-8"))
        attached_to = None if untouched_configuration(configuration) else raw.get("poller", {}).get("attached_to")
        inventory = root / raw.get("inventory", {}).get("path", "inventory")
        secrets = root / raw.get("secrets", {}).get("file", "secrets.toml")
    except FileNotFoundError:
        return Home(configuration, root / "inventory", root / "secrets.toml")
    except (OSError, ValueError, AttributeError, TypeError) as error:
        message = "cannot be read; 'noc check' says what is wrong in it"
        raise MistakesError([Mistake(str(configuration), 0, message)]) from error
    return Home(configuration, inventory, secrets, attached_to)


def attachment(inventory: Inventory) -> str:
    """The likeliest place of the poller: a core, else the NOC, else the first device."""
    for kind in ("core", "noc"):
        for device in inventory.devices.values():
            if inventory.sites[device.site].kind == kind:
                return device.key
    return next(iter(inventory.devices))


def put(home: Home, imported: Imported, *, attached_to: str | None = None, replace: bool = False) -> str:
    """Write an import into its home and return the device that the poller is attached to.

    AlreadyThereError when an inventory of one's own would be overwritten and `replace` is not said (then the old files
    go to `inventory.before`); MistakesError when the poller's attachment is no imported device.
    """
    old = yaml_files(home.inventory) if home.inventory.is_dir() else []
    pristine = untouched_inventory(home.inventory)
    if old and not (replace or pristine):
        raise AlreadyThereError(old[0])
    chosen = _chosen(home, imported.inventory, attached_to)
    home.configuration.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.configuration.parent, prefix=".import-") as made:
        staged = Path(made)
        write(imported.inventory, staged / "inventory")
        load(staged / "inventory")
        write_configuration(staged / "noc.toml", attached_to=chosen, gateway=chosen)
        _stage_secrets(home, imported, staged / "secrets.toml")
        # secrets only grow and noc.toml is new, so until the inventory itself moves nothing has changed
        home.secrets.parent.mkdir(parents=True, exist_ok=True)
        (staged / "secrets.toml").replace(home.secrets)
        if home.attached_to is None:
            (staged / "noc.toml").replace(home.configuration)
            write_gitignore(home.configuration.parent)
        before = staged / "before" if pristine else _before(home.inventory)
        _swap(old, staged / "inventory", home.inventory, before)
    return chosen


def _chosen(home: Home, inventory: Inventory, wish: str | None) -> str:
    chosen = wish or home.attached_to or attachment(inventory)
    if chosen not in inventory.devices:
        message = f"the poller's attachment {chosen!r} is no imported device"
        hint = did_you_mean(chosen, inventory.devices) or "say --attached-to, or change [poller] first"
        raise MistakesError([Mistake(str(home.configuration), 0, message, hint)])
    if wish and home.attached_to not in (None, wish):
        message = f"[poller] attached_to is {home.attached_to!r} here, not {wish!r}: change it first"
        raise MistakesError([Mistake(str(home.configuration), 0, message)])
    return chosen


def _stage_secrets(home: Home, imported: Imported, path: Path) -> None:
    text = home.secrets.read_text(encoding="utf-8") if home.secrets.exists() else HEAD
    write_private(path, with_secrets(text, imported.secrets))


def _before(inventory: Path) -> Path:
    """A free name beside the inventory: inventory.before, inventory.before-2 ..."""
    path, number = inventory.with_name(f"{inventory.name}.before"), 1
    while path.exists():
        number += 1
        path = inventory.with_name(f"{inventory.name}.before-{number}")
    return path


def _swap(old: list[Path], staged: Path, inventory: Path, before: Path) -> None:
    """Old files out, new files in; on any failure everything is where it was."""
    inventory.mkdir(parents=True, exist_ok=True)
    if old:
        before.mkdir()
    with _undone_on_failure() as moved:
        for path in old:
            moved.append((path, before / path.name))
            path.replace(before / path.name)
        for path in yaml_files(staged):
            moved.append((path, inventory / path.name))
            path.replace(inventory / path.name)


@contextmanager
def _undone_on_failure() -> Iterator[list[tuple[Path, Path]]]:
    moved: list[tuple[Path, Path]] = []
    try:
        yield moved
    except OSError:
        for path, now in reversed(moved):
            if now.exists() and not path.exists():
                shutil.move(now, path)
        raise
