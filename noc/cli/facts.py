"""`noc device facts`: what devices said about themselves, with the newest rate of every interface."""

import json
import sys
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any

import click

from dashboards import figures
from dashboards.facts import facts_lines
from inventory.batch import Batch
from noc.cli.data import Refused, metrics_path
from noc.store.file import StoreError
from noc.store.reader import MetricReader
from noc.store.status import read_facts

RATES = ("in_bps", "out_bps")
STATUSES = {"oper_status": "oper", "admin_status": "admin"}


@click.command("facts")
@click.argument("device", required=False)
@click.option("--json", "machine", is_flag=True, help="For machines: one object, a key for every device.")
@click.pass_context
def facts(context: click.Context, device: str | None, machine: bool) -> None:
    """What devices said about themselves: system, interfaces, and what these carry.

    DEVICE: its key; without it, all of them.
    """
    path = metrics_path(context)
    found = _gathered(path, device)
    if device is not None and device not in found:
        raise Refused(_unknown(path, device))
    if machine:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        click.echo()
        return
    for key, content in found.items():
        click.echo("\n".join(facts_lines(key, content)))


def _gathered(path: Path, device: str | None) -> dict[str, dict[str, Any]]:
    """Device -> {"system": {...}, "interfaces": [...], "at": {part: UTC}}."""
    try:
        known = read_facts(path, device)
        with MetricReader(path) as reader:
            batches = {batch.scope: batch for batch in reader.last("interface", device)}
    except StoreError as error:
        raise Refused(str(error)) from error
    found: dict[str, dict[str, Any]] = {}
    for each in known:
        entry = found.setdefault(each["device"], {"system": {}, "interfaces": [], "at": {}})
        entry["at"][each["part"]] = figures.iso(each["at"])
        if each["part"] == "system":
            entry["system"] = each["content"]
        elif each["part"] == "interfaces":
            entry["interfaces"] = _with_rates(each["content"]["interfaces"], batches.get(each["device"]))
    for key in found.keys() & batches.keys():
        found[key]["at"]["rates"] = figures.iso(batches[key].at)
    return dict(sorted(found.items()))


def _with_rates(interfaces: list[Mapping[str, Any]], batch: Batch | None) -> list[dict[str, Any]]:
    """Facts change rarely; what a counter poll said later about the same interface stands over them."""
    if batch is None:
        return [{**each, **dict.fromkeys(RATES)} for each in interfaces]
    places = {row: place for place, row in enumerate(batch.rows)}
    return [{**each, **_newest(batch, places.get(str(each.get("key"))))} for each in interfaces]


def _newest(batch: Batch, place: int | None) -> dict[str, Any]:
    if place is None:
        return dict.fromkeys(RATES)
    found: dict[str, Any] = {name: _value(batch, name, place) for name in RATES}
    for quantity, name in STATUSES.items():
        value = _value(batch, quantity, place)
        if value is not None:
            found[name] = int(value)
    return found


def _value(batch: Batch, quantity: str, place: int) -> float | None:
    if quantity not in batch.quantities:
        return None
    value = float(batch.of(quantity)[place])
    return None if isnan(value) else value


def _unknown(path: Path, device: str) -> str:
    import difflib

    known = {each["device"] for each in read_facts(path)}
    near = difflib.get_close_matches(device, known, n=1, cutoff=0.6)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"nothing is known of a device {device!r}{hint}"
