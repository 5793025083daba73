"""One router logged in to now, from the command line: what was asked, what it answered, what was understood."""

import time
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import Any

from collectors.contract import CollectError, Target
from collectors.ssh.cli import PART, Cli
from inventory.batch import Batch, Facts
from inventory.model import Device
from inventory.secrets import Secrets

PLACE = "ssh"  # in the data directory: host keys, refused logins, kept outputs


@dataclass(slots=True)
class Told:
    """All that one login told; `failure` is why it did not tell more."""

    device: str
    took_s: float = 0.0
    facts: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, dict[str, dict[str, float | None]]] = field(
        default_factory=dict
    )  # measurement -> row -> quantity
    outputs: str = ""  # directory of the raw outputs, masked
    failure: str = ""


async def ask_shell(device: Device, secrets: Secrets, data_dir: Path) -> Told:
    """Log in once and ask everything, under the host keys and the pauses that the daemon keeps. Never raises a CollectError."""
    began = time.monotonic()
    place = data_dir / PLACE
    collector = Cli(secrets.login, place, time.time)
    told = Told(device.key)
    try:
        said = await collector.collect(Target(device, PART, 0.0), int(time.time()))
    except CollectError as error:
        said = error.said
        told.failure = f"{error.word}: {error}"
    finally:
        await collector.close()
    for one in said:
        if isinstance(one, Facts):
            told.facts = dict(one.content)
        elif isinstance(one, Batch):
            told.figures[one.measurement] = _figures(one)
    told.outputs = str(collector.outputs(device.key)) if said else ""
    told.took_s = round(time.monotonic() - began, 3)
    return told


def _figures(batch: Batch) -> dict[str, dict[str, float | None]]:
    return {
        row: {
            name: None if isnan(value := float(batch.of(name)[place])) else round(value, 4) for name in batch.quantities
        }
        for place, row in enumerate(batch.rows)
    }


def told_lines(told: Told) -> list[str]:
    """What `noc poll DEVICE --ssh` shows."""
    facts = told.facts
    who = " ".join(str(facts[name]) for name in ("os", "version", "hardware", "serial") if facts.get(name))
    lines = [f"{told.device}  logged in and asked in {told.took_s:.2f} s", f"  {who}"] if facts else [told.device]
    if facts.get("up_since"):
        lines.append(f"  up since {facts['up_since']}")
    for measurement, rows in told.figures.items():
        for row, values in rows.items():
            known = ", ".join(f"{name} {value:g}" for name, value in values.items() if value is not None)
            lines.append(f"  {measurement:<13}{row:<26} {known or 'not known'}")
    if facts.get("unsupported"):
        lines.append(f"  not known to this router: {', '.join(facts['unsupported'])}")
    if told.outputs:
        lines.append(f"  raw outputs, masked: {told.outputs}")
    return [*lines, f"  {told.failure}"] if told.failure else lines
