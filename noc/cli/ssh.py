"""`noc ssh keys`: the host keys that routers showed, and the word of a person for one that changed."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused

if TYPE_CHECKING:
    from collectors.ssh.host_keys import HostKeys
    from inventory.model import Inventory


@click.group()
def ssh() -> None:
    """Logins over SSH: host keys.

    \b
    Examples:
      noc ssh keys list
      noc ssh keys list --changed
      noc ssh keys accept dar-core-1
    """


@ssh.group()
def keys() -> None:
    """Host keys are trusted when first seen; another one is refused until it is accepted here.

    \b
    Examples:
      noc ssh keys list --changed
    """


@keys.command("list")
@click.option("--json", "machine", is_flag=True, help="For machines.")
@click.option("--changed", is_flag=True, help="Only keys that were refused and wait.")
@click.pass_context
def list_keys(context: click.Context, machine: bool, changed: bool) -> None:
    """Trusted host keys, and those that were refused because they changed.

    Exit status 0: all are as they were; 1: some changed.

    \b
    Examples:
      noc ssh keys list
      noc ssh keys list --changed --json
    """
    inventory, host_keys = _opened(context)
    found = [row for row in _rows(inventory, host_keys) if row["state"] == "changed" or not changed]
    if machine:
        import json

        click.echo(json.dumps({"keys": found}, indent=1, ensure_ascii=False))
    else:
        for row in found:
            click.echo(f"{row['device'] or row['host']:<20.20} {row['state']:<8}{row['fingerprint']}")
        if not found:
            click.echo("no key has changed" if changed else "nobody was logged in to yet")
    context.exit(1 if any(row["state"] == "changed" for row in found) else 0)


@keys.command()
@click.argument("device")
@click.option("--fingerprint", default="", help="Accept only this one: SHA256:... as the router's console shows it.")
@click.pass_context
def accept(context: click.Context, device: str, fingerprint: str) -> None:
    """Trust the key that DEVICE shows now, after somebody made sure that it is the router's own.

    \b
    Examples:
      noc ssh keys accept dar-core-1
      noc ssh keys accept dar-core-1 --fingerprint SHA256:Jd0p...
    """
    inventory, host_keys = _opened(context)
    host = _host_of(inventory, device)
    waiting = next((each for each in host_keys.offered() if each.host == host), None)
    if waiting is None:
        raise Refused(f"no changed key of {device!r} is waiting; 'noc ssh keys list' shows what is known")
    if fingerprint and fingerprint != waiting.fingerprint:
        raise Refused(f"{device} shows {waiting.fingerprint}, not {fingerprint}: nothing is accepted")
    try:
        host_keys.accept(waiting)
    except OSError as error:
        raise Refused(f"the key cannot be written: {error}") from None
    click.echo(f"{device}: {waiting.kind} {waiting.fingerprint} is trusted from now on")


def _opened(context: click.Context) -> "tuple[Inventory, HostKeys]":
    from collectors.ssh.host_keys import HostKeys
    from noc.checking import check
    from noc.config_path import find_config
    from noc.shell_asking import PLACE

    checked = check(find_config((context.find_root().obj or {}).get("config_path")))
    if not (checked.config and checked.inventory):
        raise Refused("\n".join(map(str, checked.mistakes)))
    return checked.inventory, HostKeys(checked.config.data.dir / PLACE)


def _host_of(inventory: "Inventory", key: str) -> str:
    from collectors.ssh.host_keys import host_name
    from inventory.mistakes import did_you_mean

    device = inventory.devices.get(key)
    if device is None:
        hint = did_you_mean(key, inventory.devices)
        raise Refused(f"no device {key!r}" + (f" ({hint})" if hint else ""))
    if device.ssh is None:
        raise Refused(f"{key!r} has no ssh in the inventory: it is never logged in to")
    return host_name(device.address, device.ssh.port)


def _rows(inventory: "Inventory", host_keys: "HostKeys") -> Iterable[Mapping[str, Any]]:
    from collectors.ssh.host_keys import host_name

    names = {host_name(one.address, one.ssh.port): key for key, one in inventory.devices.items() if one.ssh}
    states = [("trusted", each) for each in host_keys.trusted()] + [("changed", each) for each in host_keys.offered()]
    for state, each in sorted(states, key=lambda one: (names.get(one[1].host, "~"), one[1].host, one[0])):
        yield {
            "device": names.get(each.host),
            "host": each.host,
            "type": each.kind,
            "fingerprint": each.fingerprint,
            "state": state,
        }
