"""A configuration and inventory to begin with: a commented skeleton of one's own, or the sample GovNet for the lab.

The only door to Jinja2 until there are pages and messages.
"""

from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from inventory.sample_network import ATTACHED_TO, GATEWAY, MEMBERS, generate
from inventory.secrets import write_secrets
from inventory.writing import write
from inventory.yaml_file import yaml_files

INVENTORY_FILES = ("sites.yaml", "devices.yaml", "links.yaml", "people.yaml")
COMMUNITY = "public"


class AlreadyThereError(Exception):
    """A file would have been overwritten; nothing was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is already there; nothing was written")


def write_skeleton(home: Path) -> list[Path]:
    """A skeleton for one's own network: two devices, a link, a circuit, a provider, a contact; sound as it stands."""
    written = _begin(home, title="GovNet NOC", attached_to="head-office-r1", gateway="head-office-r1")
    for name in INVENTORY_FILES:
        path = home / "inventory" / name
        path.write_text(_render(name), encoding="utf-8")
        written.append(path)
    return written


def write_sample(home: Path, *, sites: int = MEMBERS, one_address: bool = False) -> list[Path]:
    """The sample GovNet with that many member sites, as `noc lab` serves it on loopback."""
    network = generate(sites, one_address=one_address)
    written = _begin(home, title="GovNet NOC, sample network for the lab", attached_to=ATTACHED_TO, gateway=GATEWAY)
    return written + write(network, home / "inventory")


def write_configuration(path: Path, *, attached_to: str, gateway: str, title: str = "GovNet NOC") -> None:
    """A commented noc.toml, every setting at its default."""
    path.write_text(_render("noc.toml", title=title, attached_to=attached_to, gateway=gateway), encoding="utf-8")


def _begin(home: Path, *, title: str, attached_to: str, gateway: str) -> list[Path]:
    configuration, secrets, ignored = home / "noc.toml", home / "secrets.toml", home / ".gitignore"
    inventory = home / "inventory"
    _refuse_overwriting([configuration, secrets, *(yaml_files(inventory) if inventory.is_dir() else ())])
    inventory.mkdir(parents=True, exist_ok=True)
    write_configuration(configuration, attached_to=attached_to, gateway=gateway, title=title)
    write_secrets(secrets, {"default": COMMUNITY})
    if not ignored.exists():
        ignored.write_text(_render("gitignore"), encoding="utf-8")
    return [configuration, secrets]


def _refuse_overwriting(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.exists():
            raise AlreadyThereError(path)


def _render(name: str, **words: str) -> str:
    environment = Environment(
        loader=PackageLoader("inventory", "skeleton"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template(name).render(**words)
