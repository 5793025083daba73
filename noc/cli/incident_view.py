"""How the commands of incidents speak: names, language, width, and who is told next by the on-call plan."""

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alerts.oncall.plan import Plan
    from dashboards.incidents import IncidentsView
    from inventory.model import Inventory
    from noc.config import Config

WIDTH = 80
LANGUAGE = click.Choice(["en", "sw"])


def view_of(config: "Config", inventory: "Inventory", language: str) -> "IncidentsView":
    from alerts.words.names import Names
    from dashboards.escalation import Escalation
    from dashboards.incidents import IncidentsView

    names = Names(inventory)
    return IncidentsView(names, time.time(), language, Escalation(_plan(config, inventory), names))


def _plan(config: "Config", inventory: "Inventory") -> "Plan | None":
    """None where it cannot be read; 'noc check' says why."""
    from inventory.mistakes import MistakesError
    from noc.cli.desk import plan_of

    try:
        return plan_of(config, inventory)
    except MistakesError:
        return None


def room() -> int:
    return max(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns) if sys.stdout.isatty() else WIDTH


def say(lines: "Iterable[tuple[str, str]]") -> None:
    """Text and the severity to colour it by, on a terminal that has colours; signs that it lacks are replaced."""
    from dashboards.incident_words import ASCII_SHAPES, COLOURS

    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    for text, severity in lines:
        shown = _encodable(text, ASCII_SHAPES)
        known = coloured and severity in COLOURS
        click.echo(click.style(shown, fg=COLOURS[severity], bold=severity == "critical") if known else shown)


def _encodable(text: str, signs: "Mapping[str, str]") -> str:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        for sign, plain in signs.items():
            text = text.replace(sign, plain)
        return text.encode("ascii", "replace").decode()
    return text
