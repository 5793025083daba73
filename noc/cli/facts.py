"""`noc device facts`: all that is known of devices, daemon up or down."""

import json
import sys
from pathlib import Path

import click

from dashboards.facts import facts_lines, facts_told
from noc.cli.data import Refused, metrics_path
from noc.device_facts import gathered
from noc.store.file import StoreError
from noc.store.status import read_facts


@click.command("facts")
@click.argument("device", required=False)
@click.option("--json", "machine", is_flag=True, help="For machines: one object, a key for every device.")
@click.pass_context
def facts(context: click.Context, device: str | None, machine: bool) -> None:
    """What is known of devices: who they are, their interfaces and what these carry, health, BGP and OSPF, neighbours.

    DEVICE: its key; without it, all of them.

    \b
    Examples:
      noc device facts dar-core-1
      noc device facts dar-core-1 --json | jq .[].bgp
    """
    path = metrics_path(context)
    try:
        found = {key: facts_told(entry) for key, entry in gathered(path, device).items()}
    except StoreError as error:
        raise Refused(str(error)) from error
    if device is not None and device not in found:
        raise Refused(_unknown(path, device))
    if machine:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        click.echo()
        return
    for key, content in found.items():
        click.echo("\n".join(facts_lines(key, content)))


def _unknown(path: Path, device: str) -> str:
    import difflib

    known = {each["device"] for each in read_facts(path)}
    near = difflib.get_close_matches(device, known, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"nothing is known of a device {device!r}{hint}"
