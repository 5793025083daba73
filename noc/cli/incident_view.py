"""How the commands of incidents speak: names, language, width, and who is told next by the on-call plan."""

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from alerts.incident import Incident
    from alerts.oncall.plan import Plan
    from alerts.words.names import Names
    from dashboards.incidents import IncidentsView, NextStep
    from inventory.model import Inventory
    from noc.config import Config

WIDTH = 80
LANGUAGE = click.Choice(["en", "sw"])


def view_of(config: "Config", inventory: "Inventory", language: str) -> "IncidentsView":
    from alerts.words.names import Names
    from dashboards.incidents import IncidentsView

    names = Names(inventory)
    return IncidentsView(names, time.time(), language, _Escalation(config, inventory, names))


class _Escalation:
    """Who is told next, by the on-call plan; nobody where the plan cannot be read ('noc check' says why)."""

    def __init__(self, config: "Config", inventory: "Inventory", names: "Names") -> None:
        from inventory.mistakes import MistakesError
        from noc.cli.desk import plan_of

        self._names = names
        self._plan: Plan | None = None
        try:
            self._plan = plan_of(config, inventory)
        except MistakesError:
            return

    def __call__(self, incident: "Incident") -> "NextStep | None":
        from dashboards.incidents import NextStep, labels_of

        if self._plan is None or incident.told_at is None or incident.state != "open" or not incident.severity.pages:
            return None
        labels = {key: value for key, value in labels_of(incident, self._names).items() if not isinstance(value, float)}
        steps = self._plan.chain(labels).steps
        if incident.step + 1 >= len(steps):
            return None
        coming = steps[incident.step + 1]
        known = set(steps[incident.step].targets)
        fresh = [target for target in coming.targets if target not in known] or list(coming.targets)
        whom = ", ".join(target.partition(":")[2] or target for target in fresh)
        return NextStep(incident.told_at + coming.after_s, whom)


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
