"""`noc device facts`: all that is known of devices, daemon up or down."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from dashboards import figures
from dashboards.facts import facts_lines
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
        found = {key: _with_times(entry) for key, entry in gathered(path, device).items()}
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


def _with_times(entry: dict[str, Any]) -> dict[str, Any]:
    """Times as machines and people read them."""
    entry["at"] = {part: figures.iso(at) for part, at in entry["at"].items()}
    for said in entry.get("failing", {}).values():
        said["since"] = figures.iso(said["since"])
    return entry


def _unknown(path: Path, device: str) -> str:
    import difflib

    known = {each["device"] for each in read_facts(path)}
    near = difflib.get_close_matches(device, known, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"nothing is known of a device {device!r}{hint}"
