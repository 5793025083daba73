"""`noc incident`: what is broken, whom it hurts and who has it; taking it, giving it, closing it; daemon up or down."""

import json
import time
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import configured, looking
from noc.cli.incident_acts import ACTS
from noc.cli.incident_show import show
from noc.cli.incident_view import LANGUAGE, room, say, view_of

if TYPE_CHECKING:
    from alerts.incident import Incident
    from dashboards.incidents import IncidentsView
    from noc.config import Config

SILENT_S = 15.0  # it writes once a second
STATES = ("open", "acknowledged", "in progress", "waiting", "resolved", "closed")


@click.group()
def incident() -> None:
    """Incidents: list, show, ack, assign, note, wait, resolve, close.

    \b
    Examples:
      noc incident list
      noc incident show 4821
      noc incident ack 4821
    """


for _act in (show, *ACTS):
    incident.add_command(_act)


def _since(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """A length of time before now, or a moment: UTC seconds."""
    if value is None:
        return None
    from noc.cli.moments import duration, moment

    now = time.time()
    bare = value.strip()[:1].isdigit() and not any(sign in value for sign in ":-")
    return now - duration(value) if bare else moment(value, now)


@incident.command("list")
@click.argument("selector", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Also the closed ones.")
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Only these; may be given again.")
@click.option(
    "--since", metavar="TIME", callback=_since, help="Opened or changed since: 7d, 2h, 2026-11-21 14:00 (EAT)."
)
@click.option("--lang", "language", type=LANGUAGE, default="en", show_default=True, help="Language of the texts.")
@click.option("--check", is_flag=True, help="Exit with 1 when anything shown is not resolved.")
@click.option("--limit", type=click.IntRange(min=0), default=100, show_default=True, help="Rows at most; 0 shows all.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def list_(context: click.Context, /, selector: tuple[str, ...], **options: Any) -> None:
    """What is broken, the worst first; closed ones only when asked for.

    SELECTOR: label=value, label!=value, label~part, or a part of its number, root or name. Labels: severity, state,
    family, kind, root, region, site, institution, device, link, circuit, provider, service, owner, ticket.

    \b
    Examples:
      noc incident list
      noc incident list region=Dodoma severity=critical
      noc incident list provider=ttcl --since 30d
      noc incident list --state waiting --json
    """
    config, inventory = configured(context)
    view = view_of(config, inventory, options["language"])
    found = _meant(config, view, selector, _states(options), options["since"])
    if options["machine"]:
        _as_json(found, view)
    else:
        _table(found, view, options["limit"])
    if silent := _silence(config):
        click.echo(silent, err=True)
    context.exit(1 if options["check"] and any(one.unresolved for one in found) else 0)


def _silence(config: "Config") -> str:
    """Whether a daemon that writes nothing may know of more than the ledger does; "" where it may not."""
    from noc.store.file import StoreError, written_now
    from noc.store.status import read_mark

    try:
        mark = read_mark(config.metrics_file)
    except StoreError:
        return ""
    age = 0.0 if mark is None else time.time() - mark.at
    if age <= SILENT_S or not written_now(config.metrics_file):
        return ""
    return f"the daemon has written nothing for {age:.0f} s: what happened since may not be here; see noc doctor"


def _states(options: dict[str, Any]) -> tuple[str, ...]:
    if options["states"]:
        return tuple(options["states"])
    return STATES if options["everything"] or options["since"] is not None else STATES[:-1]


def _meant(
    config: "Config", view: "IncidentsView", words: tuple[str, ...], states: tuple[str, ...], since: float | None
) -> "list[Incident]":
    from alerts.incident import IncidentState
    from dashboards.incidents import ASKED, labels_of, worst_first
    from inventory.selector import SelectorError, parse_selector

    try:
        selector = parse_selector(words, ("name", "name_sw", *ASKED))
    except SelectorError as error:
        raise Refused(str(error)) from error
    with looking(config) as books:
        if books is None:
            return []
        found = books.incidents([IncidentState(state) for state in states], since or 0.0)
    return worst_first(
        [one for one in found if selector.matches(f"{one.number} {one.root.key}", labels_of(one, view.names))]
    )


def _table(found: "list[Incident]", view: "IncidentsView", limit: int) -> None:
    from dashboards.incidents import incident_table

    shown = found[:limit] if limit else found
    lines = incident_table(shown, view, room())
    if len(found) > len(shown):
        lines.append((f"{view.words['and more'].format(count=len(found) - len(shown))}; --limit 0", ""))
    say(lines)


def _as_json(found: "list[Incident]", view: "IncidentsView") -> None:
    from dashboards.figures import iso
    from dashboards.incident_facts import as_json

    answer = {"at": iso(view.now), "total": len(found), "incidents": [as_json(one, view) for one in found]}
    click.echo(json.dumps(answer, indent=1, ensure_ascii=False, default=str))
