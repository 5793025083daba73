"""`noc store stats`: how large the metric store is, what lies in which layer, how it grows and what will be let go."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import metrics_path

if TYPE_CHECKING:
    from noc.store.stats import StoreStats

SOON_DAYS = 30


@click.command()
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bytes, UTC times.")
@click.pass_context
def stats(context: click.Context, machine: bool) -> None:
    """Size of the metric store, layer by layer; growth a day; what retention frees within 30 days.

    \b
    Examples:
      noc store stats
      noc store stats --json
    """
    from noc.influx.standing import standing
    from noc.store.reader import MetricReader

    path = metrics_path(context)
    with MetricReader(path) as reader:
        found = reader.stats()
    now = time.time()
    cutoffs, sent = _cutoffs(context, now), standing(path)
    if machine:
        influxdb = {"influxdb": sent.as_json() if sent else None}
        click.echo(json.dumps(_as_json(path, found, cutoffs, now) | influxdb, indent=1))
    else:
        click.echo("\n".join(_lines(path, found, cutoffs)))
        if sent:
            click.echo(f"InfluxDB at {sent.server}: {sent.sentence(now)}")


def _cutoffs(context: click.Context, now: float) -> dict[int, int]:
    """For each layer the day before which it goes; layers that stay are absent, all where the configuration is not right."""
    from inventory.mistakes import MistakesError
    from noc.config import load
    from noc.config_path import find_config
    from noc.store.retention import Lifetimes

    try:
        kept = load(find_config((context.find_root().obj or {}).get("config_path"))).store
    except MistakesError:
        return {}
    return Lifetimes(kept.raw_days, kept.five_minute_days, kept.hourly_days, kept.daily_days).measured_until(now)


def _as_json(path: Path, found: "StoreStats", cutoffs: dict[int, int], now: float) -> dict[str, Any]:
    from dashboards.figures import iso
    from noc.store.stats import NAMES

    def instant(at: float | None) -> str | None:
        return None if at is None else iso(at)

    layers = [
        {
            "layer": NAMES[layer.tier],
            "chunks": layer.chunks,
            "bytes": layer.bytes,
            "first_at": iso(layer.first_at),
            "last_at": iso(layer.last_at),
            "bytes_a_day": round(layer.bytes_a_day()),
            "kept_since": instant(cutoffs.get(layer.tier)),
            "due_bytes": layer.due_bytes(cutoffs.get(layer.tier)),
            "due_30_days_bytes": layer.due_bytes(cutoffs.get(layer.tier), SOON_DAYS),
        }
        for layer in found.layers
    ]
    return {
        "at": iso(now),
        "path": str(path),
        "file_bytes": found.file_bytes,
        "free_bytes": found.free_bytes,
        "log_bytes": found.log_bytes,
        "packs": found.packs,
        "pack_bytes": found.pack_bytes,
        "streams": found.streams,
        "frames": found.frames,
        "hot_blobs": found.hot_blobs,
        "hot_bytes": found.hot_bytes,
        "first_at": instant(found.first_at),
        "last_at": instant(found.last_at),
        "growth_bytes_a_day": round(found.growth_bytes_a_day),
        "layers": layers,
    }


def _lines(path: Path, found: "StoreStats", cutoffs: dict[int, int]) -> list[str]:
    from dashboards.figures import clock, octets
    from noc.store.stats import NAMES

    def when(at: float | None) -> str:
        return "nothing" if at is None else f"{_day(at)} {clock(at, at)} EAT"

    beside = [f"{octets(found.free_bytes)} of it free"]
    beside += [f"log {octets(found.log_bytes)}"] * bool(found.log_bytes)
    beside += [f"{found.packs} packs {octets(found.pack_bytes)}"] * bool(found.packs)
    lines = [
        f"{path}: {octets(found.file_bytes)}, {', '.join(beside)}",
        f"{found.streams} streams, values from {when(found.first_at)} to {when(found.last_at)}",
        "",
        f"{'layer':24} {'chunks':>8} {'size':>9} {'a day':>9} {'from':>10} {'30 d free':>9}",
        f"{'not yet sealed':24} {found.hot_blobs:8} {octets(found.hot_bytes):>9}",
    ]
    lines += [
        f"{NAMES[layer.tier]:24} {layer.chunks:8} {octets(layer.bytes):>9} {octets(layer.bytes_a_day()):>9}"
        f" {_day(layer.first_at):>10} {octets(layer.due_bytes(cutoffs.get(layer.tier), SOON_DAYS)):>9}"
        for layer in found.layers
    ]
    freed = sum(layer.due_bytes(cutoffs.get(layer.tier), SOON_DAYS) for layer in found.layers)
    grown = found.growth_bytes_a_day
    return [*lines, "", f"grows by {octets(grown)} a day; retention frees {octets(freed)} within {SOON_DAYS} days"]


def _day(at: float) -> str:
    from inventory.calendar import day_of

    return str(day_of(at))
