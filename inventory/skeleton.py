"""A configuration and inventory to begin with: a commented skeleton of one's own, or the sample GovNet for the lab.

The only door to Jinja2 until there are pages and messages.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from secrets import token_urlsafe

from jinja2 import Environment, PackageLoader, StrictUndefined

from inventory.sample_credentials import CREDENTIALS
from inventory.sample_network import ATTACHED_TO, GATEWAY, MEMBERS, generate, sample_requests
from inventory.secrets_file import secrets_text, write_private
from inventory.writing import write
from inventory.yaml_file import yaml_files

INVENTORY_FILES = ("sites.yaml", "devices.yaml", "links.yaml", "people.yaml")
ONCALL = "oncall.yaml"
REQUESTS = "requests.csv"
TITLE = "GovNet NOC"
SKELETON_DEVICE = "head-office-r1"
REHEARSAL = "https://sms.example/"


class AlreadyThereError(Exception):
    """A file would have been overwritten; nothing was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is already there; nothing was written")


def write_skeleton(home: Path) -> list[Path]:
    """A skeleton for one's own network: two devices, a link, a circuit, a provider, a contact; sound as it stands."""
    drawn = {name: token_urlsafe(18) for name in ("auth_password", "priv_password")}
    credentials = _render("secrets.toml", **drawn)
    written = _begin(home, credentials, title=TITLE, attached_to=SKELETON_DEVICE, gateway=SKELETON_DEVICE)
    written.append(_write_oncall(home, "oncall.yaml"))
    for name in INVENTORY_FILES:
        path = home / "inventory" / name
        path.write_text(_render(name), encoding="utf-8")
        written.append(path)
    return written


def write_sample(home: Path, *, sites: int = MEMBERS, one_address: bool = False) -> list[Path]:
    """The sample GovNet with that many member sites, as `noc lab` serves it on loopback."""
    network = generate(sites, one_address=one_address)
    title = "GovNet NOC, sample network for the lab"
    written = _begin(home, secrets_text(CREDENTIALS), title=title, attached_to=ATTACHED_TO, gateway=GATEWAY)
    _rehearse(home / "noc.toml")
    written.append(_write_oncall(home, "oncall_sample.yaml"))
    requests = home / REQUESTS
    requests.write_text(sample_requests(network), encoding="utf-8")
    return [*written, requests, *write(network, home / "inventory")]


def _rehearse(path: Path) -> None:
    """Messages of the sample are composed and written to the log: `dry_run` stands in it, and the name is nobody's."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'^gateway = ""( +#)', f'gateway = "{REHEARSAL}"\\1', text, count=1, flags=re.M), "utf-8")


def write_configuration(path: Path, *, attached_to: str, gateway: str, title: str = TITLE) -> None:
    """A commented noc.toml, every setting at its default."""
    path.write_text(_render("noc.toml", title=title, attached_to=attached_to, gateway=gateway), encoding="utf-8")


def _begin(home: Path, credentials: str, *, title: str, attached_to: str, gateway: str) -> list[Path]:
    configuration, secrets = home / "noc.toml", home / "secrets.toml"
    inventory = home / "inventory"
    _refuse_overwriting([configuration, secrets, home / ONCALL, *(yaml_files(inventory) if inventory.is_dir() else ())])
    inventory.mkdir(parents=True, exist_ok=True)
    write_configuration(configuration, attached_to=attached_to, gateway=gateway, title=title)
    write_private(secrets, credentials)
    write_gitignore(home)
    return [configuration, secrets]


def _write_oncall(home: Path, template: str) -> Path:
    path = home / ONCALL
    path.write_text(_render(template), encoding="utf-8")
    return path


def write_gitignore(home: Path) -> None:
    """Keep secrets and measurements out of the repository that the inventory may live in."""
    path = home / ".gitignore"
    if not path.exists():
        path.write_text(_render("gitignore"), encoding="utf-8")


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


def untouched_inventory(directory: Path) -> bool:
    """Whether the YAML files are the skeleton's, letter for letter, and no others."""
    if not directory.is_dir() or {path.name for path in yaml_files(directory)} != set(INVENTORY_FILES):
        return False
    return all(_same(directory / name, _render(name)) for name in INVENTORY_FILES)


def untouched_configuration(path: Path) -> bool:
    """Whether a noc.toml is the skeleton's, letter for letter."""
    return _same(path, _render("noc.toml", title=TITLE, attached_to=SKELETON_DEVICE, gateway=SKELETON_DEVICE))


def _same(path: Path, text: str) -> bool:
    return path.read_bytes() == text.encode("utf-8")
