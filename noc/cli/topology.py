"""`noc topology check`: the declared links held against what LLDP and CDP tell, whether the daemon runs or not."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused, metrics_path

if TYPE_CHECKING:
    from inventory.cabling import Cabling
    from inventory.model import Inventory, Link
    from inventory.seen import Told
    from inventory.selector import Selector

LABELS = ("name", "name_sw", "site", "region", "kind", "role", "provider", "circuit", "a", "b", "device")


@click.group()
def topology() -> None:
    """The declared topology, and what devices see of it.

    \b
    Examples:
      noc topology check
    """


@topology.command("check")
@click.argument("selector", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also the links that are as declared, and who tells nothing.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def check(context: click.Context, selector: tuple[str, ...], everything: bool, machine: bool) -> None:
    """Declared but not seen, seen but not declared, and on other ports than declared.

    Rests on what devices last told of their LLDP, CDP and MNDP neighbours. Who told nothing is named, not blamed.
    Exit status 0 when everything told is as declared, 1 when something differs, 2 on bad input.

    SELECTOR: of links; label=value, label!=value, label~part, or a part of a key or name.
    Labels: key, name, name_sw, site, region, kind, role, provider, circuit, a, b, device.

    \b
    Examples:
      noc topology check
      noc topology check role=ring --all
      noc topology check device=dod-pe-1 --json
    """
    from inventory.seen import lately

    inventory, told = _inventory(context), lately(read_told(metrics_path(context)))
    found, kept = _checked(inventory, told, selector)
    if not kept and selector:
        click.echo(f"{' '.join(selector)}: no such link between our devices", err=True)
    oldest = min((each.at for key, each in told.items() if key in inventory.devices), default=None)
    if machine:
        from dashboards.cabling import as_json

        click.echo(json.dumps(as_json(found, oldest, time.time()), indent=1, ensure_ascii=False))
    else:
        from dashboards.cabling import cabling_lines

        age_s = None if oldest is None else max(0.0, time.time() - oldest)
        click.echo("\n".join(cabling_lines(found, age_s, everything=everything)))
    context.exit(1 if found.different else 0)


def _inventory(context: click.Context) -> "Inventory":
    from inventory.reading import load as load_inventory
    from noc.config import load
    from noc.config_path import find_config

    return load_inventory(load(find_config((context.find_root().obj or {}).get("config_path"))).inventory.path)


def read_told(path: Path) -> "dict[str, Told]":
    """Device -> what it last told. Refused when the metric file cannot be read."""
    from noc.device_facts import read_told as read
    from noc.store.file import StoreError

    try:
        return read(path)
    except StoreError as error:
        raise Refused(str(error)) from error


def _checked(inventory: "Inventory", told: Mapping[str, "Told"], words: tuple[str, ...]) -> "tuple[Cabling, int]":
    """What is asked about, of the whole check: a link by its labels, all else by the devices of those links."""
    from dataclasses import replace

    from inventory.cabling import check as check_cabling
    from inventory.selector import SelectorError, parse_selector

    try:
        selector = parse_selector(words, LABELS)
    except SelectorError as error:
        raise Refused(str(error)) from error
    found = check_cabling(inventory, told)
    if not words:
        return found, len(found.links)
    links = tuple(one for one in found.links if _meant(selector, inventory, inventory.links[one.link]))
    devices = {end.device for one in links for end in inventory.links[one.link].ends}
    cut = replace(
        found,
        links=links,
        undeclared=tuple(
            one for one in found.undeclared if devices & {end.partition(":")[0] for end in (one.a, one.b)}
        ),
        unknown=tuple(one for one in found.unknown if one.device in devices),
        silent=tuple(key for key in found.silent if key in devices),
    )
    return cut, len(links)


def _meant(selector: "Selector", inventory: "Inventory", link: "Link") -> bool:
    sites = [inventory.site_of(end.device) for end in link.ends]
    labels: dict[str, Any] = {
        "name": link.name.en if link.name else "",
        "name_sw": link.name.in_language("sw") if link.name else "",
        "site": [site.key for site in sites],
        "region": [site.region for site in sites],
        "kind": [site.kind for site in sites],
        "role": link.role,
        "provider": link.provider,
        "circuit": link.circuit,
        "a": str(link.a),
        "b": str(link.b),
        "device": [end.device for end in link.ends],
    }
    return selector.matches(link.key, labels)
