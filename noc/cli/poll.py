"""`noc poll DEVICE`: ask one device now and show what it says."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inventory.model import Device
    from noc.checking import Checked

SHOWN = 40


@click.command()
@click.argument("device")
@click.option("--seconds", default=0.0, type=click.FloatRange(0, 300), help="Ask twice, so far apart, and show rates.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--all", "show_all", is_flag=True, help=f"Show every interface, not the first {SHOWN}.")
@click.option("--why", is_flag=True, help="Find out what is wrong: one trial after the other, and what to do.")
@click.option("--ssh", is_flag=True, help="Log in once instead, and show what the command line told.")
@click.pass_context
def poll(ctx: click.Context, /, *, device: str, as_json: bool, **ways: Any) -> None:
    """Ask DEVICE now, from here, whether the daemon runs or not; nothing is stored.

    Exit status 0: it answered; 1: it did not (with --why: something is wrong), and the reason is said; 2: there
    is no such device.

    \b
    Examples:
      noc poll dar-core-1
      noc poll dar-core-1 --seconds 10
      noc poll dar-core-1 --json
      noc poll dar-core-1 --why
      noc poll dar-core-1 --ssh
    """
    checked, found = _found(ctx, device)
    if ways["why"]:
        content, lines, fine = _why(found, checked)
    elif ways["ssh"]:
        content, lines, fine = _ssh(found, checked)
    else:
        content, lines, fine = _snmp(found, checked, ways["seconds"], None if ways["show_all"] else SHOWN)
    click.echo(json.dumps(content, indent=1, ensure_ascii=False) if as_json else "\n".join(lines))
    ctx.exit(0 if fine else 1)


Outcome = tuple[dict[str, Any], list[str], bool]  # for machines, for people, whether all is well


def _found(ctx: click.Context, device: str) -> "tuple[Checked, Device]":
    from inventory.mistakes import did_you_mean
    from noc.checking import check
    from noc.config_path import find_config

    checked = check(find_config(ctx.obj["config_path"]))
    if not (checked.inventory and checked.secrets):
        raise click.UsageError("\n".join(map(str, checked.mistakes)))
    found = checked.inventory.devices.get(device)
    if found is None:
        hint = did_you_mean(device, checked.inventory.devices)
        raise click.UsageError(f"no device {device!r}" + (f" ({hint})" if hint else ""))
    return checked, found


def _snmp(device: "Device", checked: "Checked", seconds: float, most: int | None) -> Outcome:
    import asyncio

    from dashboards.polled import said_lines
    from noc.asking import ask

    assert checked.inventory and checked.secrets
    said = asyncio.run(ask(device, checked.inventory, checked.secrets, seconds_between=seconds))
    content = asdict(said)
    return content, said_lines(content, f"{device.address}:{device.snmp.port}", most), not said.failure


def _why(device: "Device", checked: "Checked") -> Outcome:
    import asyncio

    from dashboards.polled import trial_lines
    from noc.why import diagnose

    assert checked.secrets
    diagnosis = asyncio.run(diagnose(device, checked.secrets))
    content = diagnosis.content()
    return content, trial_lines(content), diagnosis.fine


def _ssh(device: "Device", checked: "Checked") -> Outcome:
    import asyncio

    from noc.shell_asking import ask_shell, told_lines

    assert checked.config and checked.secrets
    if device.ssh is None:
        raise click.UsageError(
            f"{device.key} has no `ssh:` in the inventory: add one, e.g. ssh: {{platform: cisco_ios}}"
        )
    told = asyncio.run(ask_shell(device, checked.secrets, checked.config.data.dir))
    return asdict(told), told_lines(told), not told.failure
