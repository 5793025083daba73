"""`noc iru status`: contracts and their circuits: bought, allocated, free, used, how well, until when."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused, complaining
from noc.cli.desk import configured
from noc.cli.iru_ledger import book_of
from noc.cli.window_acts import room

if TYPE_CHECKING:
    from alerts.window import Window
    from dashboards.capacity.measured import Measured, State
    from dashboards.capacity.standing import Overview
    from dashboards.reports.document import Period
    from inventory.calendar import Month
    from inventory.model import Contract, Inventory
    from inventory.status import DaemonMark
    from noc.config import Config


def month_option(context: click.Context, parameter: click.Parameter, value: str | None) -> "Month | None":
    from inventory.calendar import Month

    if value is None:
        return None
    try:
        month = Month.parse(value)
    except ValueError as error:
        raise Refused(str(error)) from error
    if month.start > time.time():
        raise Refused(f"{month} is still to come")
    return month


@click.command()
@click.argument("contract", nargs=-1)
@click.option("--month", metavar="YYYY-MM", callback=month_option, help="Of that month  [default: this one, so far]")
@click.option("--institutions", is_flag=True, help="Who holds and uses what, instead: IRU use where it is measured.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s, UTC times.")
@click.option("--check", is_flag=True, help="Exit with 1 when something is wrong, or not known to be well.")
@click.pass_context
def status(context: click.Context, /, contract: tuple[str, ...], machine: bool, **options: Any) -> None:
    """Contracts and circuits: delivered, allocated, free, p95, headroom, diversity, availability.

    CONTRACT: keys of contracts, of pools or of providers; all of them without one.

    Wrong is: a circuit that is not up, diversity lost, a headroom date or a contract's end within 90 days, more
    committed than there is, more measured than a line carries.

    \b
    Examples:
      noc iru status
      noc iru status cables --month 2026-10
      noc iru status tix-port --check
      noc iru status --institutions
    """
    from dashboards.capacity.tables import overview_lines
    from dashboards.capacity.told import overview_told
    from dashboards.reports.document import Period
    from inventory.calendar import Month

    now = time.time()
    config, inventory = configured(context)
    chosen = chosen_contracts(inventory, contract)
    period = Period.of(options["month"] or Month.of(now), now)
    if options["institutions"]:
        _print_institutions(config, inventory, period, chosen, machine=machine)
        return
    seen, warning = look(config, inventory, period, chosen)
    if warning:
        click.echo(warning, err=True)
    if machine:
        click.echo(json.dumps(overview_told(seen, now), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(overview_lines(seen, now, room())))
    context.exit(1 if options["check"] and seen.wrong else 0)


def chosen_contracts(inventory: "Inventory", words: Sequence[str]) -> "list[Contract]":
    """By key, pool or provider; all of them without a word. Refused for a word that means none."""
    every = list(inventory.contracts.values())
    if not every:
        raise Refused("the inventory has no contracts: contracts.yaml says what was bought of whom")
    for word in words:
        known = {name for one in every for name in (one.key, one.pool, one.provider) if name}
        if word not in known:
            from inventory.mistakes import did_you_mean

            hint = did_you_mean(word, known)
            raise Refused(f"{word!r} is no contract, pool or provider" + (f" ({hint})" if hint else ""))
    return [one for one in every if not words or {one.key, one.pool, one.provider} & set(words)]


def look(
    config: "Config", inventory: "Inventory", period: "Period", chosen: "Sequence[Contract]"
) -> "tuple[Overview, str]":
    """The overview, and a sentence where no daemon runs."""
    from dashboards.capacity.standing import overview

    found, warning = _measured(config, inventory, period, [key for one in chosen for key in one.circuits])
    book = book_of(config, inventory, time.time())
    return overview(inventory, book, found, period, chosen), warning


def _print_institutions(
    config: "Config", inventory: "Inventory", period: "Period", chosen: "Sequence[Contract]", *, machine: bool
) -> None:
    from dashboards.capacity.institutions import (
        institution_lines,
        institution_standings,
        institution_told,
        institutions_of,
    )
    from dashboards.figures import iso
    from inventory.calendar import day_of
    from noc.capacity import institutions_carried
    from noc.history import opened_reader

    now, keys = time.time(), {one.key for one in chosen}
    book = book_of(config, inventory, now)
    held = [
        one
        for one in book.allocations(day_of(period.until - 1))
        if one.state == "approved" and keys & set(one.contracts)
    ]
    with opened_reader(config, complaining) as reader:
        seen = institutions_carried(reader, inventory, period)
    found = institution_standings(inventory, held, institutions_of(inventory, held), seen)
    if machine:
        told = [institution_told(one, now) for one in found]
        head = {"at": iso(now), "month": str(period.month), "until": iso(period.until)}
        click.echo(json.dumps({**head, "institutions": told}, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join([f"{len(found)} institutions · {period.month}", *institution_lines(found, room())]))


def _measured(
    config: "Config", inventory: "Inventory", period: "Period", circuits: Sequence[str]
) -> "tuple[Measured, str]":
    from noc.capacity import Question, links_of, measured
    from noc.history import opened_reader
    from noc.store.file import StoreMissing

    links = links_of(inventory, dict.fromkeys(circuits))
    try:
        mark, states, warning = standings(config.metrics_file)
        planned = _planned(config, inventory, period)
        question = Question(period, mark, history=True, discards=True, planned=planned)
        with opened_reader(config, complaining) as reader:
            return measured(reader, links, question, states), warning
    except StoreMissing:
        from dashboards.capacity.measured import unmeasured

        return unmeasured(period), "nothing was measured yet: no daemon has run here"


def standings(path: Path) -> "tuple[DaemonMark | None, Mapping[str, State], str]":
    """The daemon's line, the states of circuits by their links, and a sentence where no daemon runs."""
    from dashboards.capacity.measured import State
    from dashboards.status import view
    from noc.store.status import read_mark, read_status

    mark = read_mark(path)
    seen = view("link", read_status(path, "link"), mark, time.time())
    order = ("up", "unknown", "unreachable", "down")
    found: dict[str, State] = {}
    for row in sorted(seen.rows, key=lambda row: order.index(row.state) if row.state in order else 1):
        found[str(row.labels.get("circuit", ""))] = State(row.state, row.since, row.reason, seen.age.stale(row))
    said = [] if seen.age.silent_since is None and mark is not None else seen.warnings
    return mark, found, "\n".join(said)


def _planned(
    config: "Config", inventory: "Inventory", period: "Period"
) -> "Mapping[str, Sequence[tuple[int, int]]] | None":
    """Links that were in planned work, and when."""
    from inventory.topology import Topology
    from noc.planned import Plan, times

    ran = times(_windows(config), period)
    if not ran:
        return None
    found = Plan(inventory, Topology(inventory, config.poller.attached_to)).planned(ran)
    return {key: [stretch for _, stretch in work] for (kind, key), work in found.items() if kind == "link"}


def _windows(config: "Config") -> "Sequence[Window]":
    from noc.cli.desk import looking

    with looking(config) as books:
        return books.windows() if books else ()
