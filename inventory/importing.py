"""An inventory out of spreadsheets: one row a device, and if wanted one row a link; every bad row named by its line."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from inventory.cells import PENDING, probes_of, snmp_of, sources_of, ssh_of
from inventory.csv_table import Row, Table, read_table
from inventory.mistakes import Mistake, MistakesError, did_you_mean
from inventory.model import EXTERNAL, Inventory, SiteKind
from inventory.schema import SECTIONS, mistakes_of
from inventory.secret import Secret
from inventory.secrets_file import Entry
from inventory.soundness import Soundness

DEVICE_COLUMNS = ("site", "name", "kind", "region", "device", "address", "port", "community", "version")
FURTHER_COLUMNS = ("role", "probes", "credential", "platform", "ssh_credential", "ssh_port", "sources")
LINK_COLUMNS = (
    *("link", "a_device", "a_interface", "b_device", "b_interface"),
    *("provider", "circuit", "in_bps", "out_bps", "role"),
)
KINDS = get_args(SiteKind)
_ROLES = {  # of a device, by the kind of its site
    **{"mda": "cpe", "lga": "cpe", "core": "core", "regional": "regional"},
    **{"datacentre": "edge", "upstream": "edge", "noc": "switch"},
}


class CsvError(MistakesError):
    """Rows that cannot be taken; nothing was."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A sound inventory and the secrets it refers to: credential name -> community."""

    inventory: Inventory
    secrets: Mapping[str, Secret]
    warnings: tuple[Mistake, ...] = ()


def read_csv(devices: Path, links: Path | None = None, *, known: Mapping[str, Entry] | None = None) -> Imported:
    """Read both tables. `known` are credentials that exist already: the same community keeps its name.

    CsvError names every row that cannot be taken.
    """
    columns = (*DEVICE_COLUMNS, *FURTHER_COLUMNS)
    tables = [read_table(devices, needed=("device", "address"), known=columns)]
    if links is not None:
        needed = ("link", "a_device", "b_device", "in_bps")
        tables.append(read_table(links, needed=needed, known=LINK_COLUMNS))
    draft = _Draft(mistakes=[mistake for table in tables for mistake in table.mistakes])
    draft.take_devices(tables[0])
    for table in tables[1:]:
        draft.take_links(table)
    if not draft.written["devices"] and not draft.mistakes:
        draft.mistakes.append(Mistake(str(devices), 0, "there is no row in it"))
    inventory, doubts = draft.inventory()
    if draft.mistakes:
        raise CsvError(draft.mistakes)
    inventory, secrets = _named(inventory, draft.communities, known or {}, draft.credentials)
    warnings = tuple(warning for table in tables for warning in table.warnings)
    return Imported(inventory, secrets, warnings + tuple(draft.warnings) + doubts)


def slug(text: str) -> str:
    """A key out of a name: 'Halmashauri ya Chamwino' -> 'halmashauri-ya-chamwino'."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._")


@dataclass(slots=True)
class _Draft:
    """Rows turned into what would stand in the YAML files, each with the place it came from."""

    mistakes: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)
    written: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    places: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    originals: dict[tuple[str, str], str] = field(default_factory=dict)
    communities: dict[str, Secret] = field(default_factory=dict)
    credentials: set[str] = field(default_factory=set)  # named in a cell
    others: set[str] = field(default_factory=set)  # kinds that are none of ours
    named: set[str] = field(default_factory=set)  # devices of the first table, those of bad rows too

    def take_devices(self, table: Table) -> None:
        for row in table.rows:
            try:
                self._device(table.file, row)
            except ValueError as error:
                self.mistakes.append(Mistake(table.file, row.line, str(error)))
        self.named = {key for section, key in self.originals if section == "devices"}

    def take_links(self, table: Table) -> None:
        for row in table.rows:
            try:
                self._link(table.file, row)
            except ValueError as error:
                self.mistakes.append(Mistake(table.file, row.line, str(error)))

    def _device(self, file: str, row: Row) -> None:
        original = row.get("device")
        if not original:
            raise ValueError("the row names no device")
        if not row.get("address"):
            raise ValueError(f"device {original!r} has no address")
        key = self._key("devices", original)
        if ("devices", key) in self.places:
            before = self.places["devices", key][1]
            raise ValueError(f"duplicate device {original!r}, first on line {before}")
        kind = row.get("kind", "other").lower()
        site = self._site(file, row, kind)
        snmp = snmp_of(row)
        device: dict[str, Any] = {"site": site, "address": row.get("address"), "snmp": snmp, "probes": probes_of(row)}
        device |= {"ssh": ssh_of(row), "sources": sources_of(row)}
        if snmp.get("credential") == PENDING:
            self.communities[key] = Secret(row.get("community"))
        self.credentials.add(row.get("credential"))
        device["role"] = row.get("role").lower() or _ROLES.get(self.written["sites"][site]["kind"], "other")
        if original != key:
            device["name"] = original
        self._write(("devices", key), device, (file, row.line))

    def _site(self, file: str, row: Row, kind: str) -> str:
        """Key of the row's site, made when it is new; the rows of one site must agree."""
        original = row.get("site") or row.get("device")
        key = self._key("sites", original)
        kind = self._kind(kind, (file, row.line))
        said = {"kind": kind if row.get("kind") else "", "region": row.get("region")}
        if ("sites", key) not in self.places:
            region = said["region"] or "unknown"
            self._write(("regions", region), {"name": region}, (file, row.line))
            site = {"name": row.get("name", original), "kind": kind, "region": region}
            self._write(("sites", key), site, (file, row.line))
            return key
        site, line = self.written["sites"][key], self.places["sites", key][1]
        for name, value in said.items():
            if value and value != site[name]:
                raise ValueError(f"site {original!r} has {name} {value!r} here, but {site[name]!r} on line {line}")
        if row.get("name") and row.get("name") != site["name"]:
            message = f"site {original!r} is called {site['name']!r} on line {line}; {row.get('name')!r} is left out"
            self.warnings.append(Mistake(file, row.line, message))
        return key

    def _kind(self, kind: str, place: tuple[str, int]) -> str:
        """Lists that people have say "router" or "branch": such a site is an other one, and it is said so."""
        if kind in KINDS or did_you_mean(kind, KINDS, cutoff=0.75):
            return kind  # a slip of the pen is refused with all the rest
        if kind not in self.others:
            self.others.add(kind)
            self.warnings.append(Mistake(*place, f"kind {kind!r} is taken as 'other'", f"kinds are {', '.join(KINDS)}"))
        return "other"

    def _link(self, file: str, row: Row) -> None:
        original = row.get("link")
        if not original:
            raise ValueError("the row names no link")
        key = self._key("links", original)
        if ("links", key) in self.places:
            raise ValueError(f"duplicate link {original!r}, first on line {self.places['links', key][1]}")
        provider, circuit = row.get("provider", "own"), row.get("circuit", original)
        place = (file, row.line)
        provider_key, circuit_key = self._key("providers", provider), self._key("circuits", circuit)
        self._write(("providers", provider_key), {"name": provider}, place)
        kind = "own" if provider == "own" else "leased"
        self._write(("circuits", circuit_key), {"provider": provider_key, "reference": circuit, "kind": kind}, place)
        link = {
            "a": self._end(row, "a"),
            "b": self._end(row, "b"),
            "role": row.get("role", "access").lower(),
            "provider": provider_key,
            "circuit": circuit_key,
            "in_bps": row.get("in_bps"),
            "out_bps": row.get("out_bps") or row.get("in_bps"),
        }
        if original != key:
            link["name"] = original
        self._write(("links", key), link, place)

    def _end(self, row: Row, side: str) -> str:
        device, interface = row.get(f"{side}_device"), row.get(f"{side}_interface")
        if device.lower() == EXTERNAL:
            return EXTERNAL
        if not device or not interface:
            raise ValueError(f"link {row.get('link')!r}: end {side} needs a device and an interface")
        return f"{self._key('devices', device)}:{interface}"

    def _key(self, section: str, original: str) -> str:
        """The name itself where it can be a key, else one made from it; two names never share one."""
        try:
            SECTIONS[section].check_key(original)
            key = original
        except ValueError:
            key = slug(original)
            SECTIONS[section].check_key(key)
        before = self.originals.setdefault((section, key), original)
        if before != original:
            raise ValueError(f"{original!r} and {before!r} would both get the key {key!r}")
        return key

    def _write(self, what: tuple[str, str], entry: dict[str, Any], place: tuple[str, int]) -> None:
        section, key = what
        if what not in self.places:
            self.places[what] = place
            self.written[section][key] = entry

    def inventory(self) -> tuple[Inventory, tuple[Mistake, ...]]:
        """Everything through the same checks as the YAML files; what fails is added to the mistakes."""
        sound: dict[str, Any] = {name: self._entities(name) for name in self.written}
        known: dict[str, dict[str, Any]] = {**self.written, "devices": dict.fromkeys(sorted(self.named))}
        soundness = Soundness(Inventory(**sound), known, lambda section, key, *_: self.places[section, key])
        soundness.look()
        self.mistakes += soundness.mistakes
        return soundness.inventory, tuple(soundness.warnings)

    def _entities(self, name: str) -> dict[str, Any]:
        section, found = SECTIONS[name], {}
        for key, entry in self.written[name].items():
            place = self.places[name, key]
            try:
                section.check_key(key)
                found[key] = section.read(key, entry)
            except ValidationError as error:
                self.mistakes += mistakes_of(section, key, error, lambda _, place=place: place)
            except ValueError as error:
                self.mistakes.append(Mistake(*place, str(error)))
        return found


def _named(
    inventory: Inventory, communities: Mapping[str, Secret], known: Mapping[str, Entry], named: Collection[str]
) -> tuple[Inventory, dict[str, Secret]]:
    """Name each distinct community: `default` the commonest, the others after the first device that uses them."""
    names = {secret: name for name, secret in known.items() if isinstance(secret, Secret)}
    new: dict[str, Secret] = {}
    taken = {*known, *named}
    commonest = [secret for secret, _ in Counter(communities.values()).most_common(1)]
    first_user: dict[Secret, str] = {}
    for device, secret in communities.items():
        first_user.setdefault(secret, device)
    for secret, device in first_user.items():
        if secret not in names:
            wish = "default" if secret in commonest else device
            name = names[secret] = _free(wish, taken)
            new[name] = secret
            taken.add(name)
    devices = {
        key: replace(device, snmp=replace(device.snmp, credential=names[communities[key]]))
        if key in communities
        else device
        for key, device in inventory.devices.items()
    }
    return replace(inventory, devices=devices), new


def _free(wish: str, taken: Collection[str]) -> str:
    number, name = 1, wish
    while name in taken:
        number += 1
        name = f"{wish}-{number}"
    return name
