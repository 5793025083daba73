"""`noc iru what-if`: more requests, a lost cable, growth: which contract reaches its level, and when."""

import json
import re
import time
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import click

from noc.cli.data import Refused, complaining
from noc.cli.desk import configured
from noc.cli.iru_ledger import book_of
from noc.cli.window_acts import room

if TYPE_CHECKING:
    from dashboards.capacity.what_if import Question, Side, Standing
    from inventory.allocation import Accounts, Direction
    from inventory.model import Contract, Inventory
    from inventory.slots import SlotTable
    from noc.config import Config

MOST_ADDED: Final = 100_000
_ADD: Final = re.compile(r"(\d+)\s*[xX]\s*([^/\s]+)(?:/([^/\s]+))?")
_GROWTH: Final = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%\s*/\s*(month|year)")


@click.command("what-if")
@click.option("--add", multiple=True, metavar="NxRATE", help="More requests: 40x10M, or 40x10M/2M (in/out).")
@click.option("--to", multiple=True, metavar="NAME", help="Where they draw from  [default: the first pool]")
@click.option("--lose", multiple=True, metavar="NAME", help="What is lost: a contract, circuit or provider.")
@click.option("--onto", multiple=True, metavar="NAME", help="Where its load goes  [default: the others of its pool]")
@click.option("--growth", metavar="P%/month", help="Of the p95: 3%/month, 40%/year, -1%/month  [default: the forecast]")
@click.option("--check", is_flag=True, help="Exit with 1 where something is over its level, or over-committed.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s.")
@click.pass_context
def what_if(context: click.Context, /, machine: bool, check: bool, **options: Any) -> None:
    """What happens to capacity: by when each contract reaches its level, and all that it delivers.

    Names are keys of contracts, circuits, providers or pools. The load of what is lost moves to the others of its pool
    by what they deliver. Of an added commit as much is used at p95 as of those of today. Nothing is changed anywhere.

    \b
    Examples:
      noc iru what-if --growth 3%/month
      noc iru what-if --add 40x10M --lose eassy --growth 3%/month
      noc iru what-if --lose seacom --lose eassy
      noc iru what-if --lose tix-port --onto cables
    """
    from dashboards.capacity import what_if as sums
    from dashboards.capacity.what_if_table import answer_lines, answer_told

    now = time.time()
    config, inventory = configured(context)
    asked = question(inventory, options)
    standings, last = _standings(config, inventory, now)
    found = sums.what_if(standings, asked, last)
    said = _said(options)
    if machine:
        head = {"on": str(last), "question": said, "growth_a_month": asked.growth_month}
        click.echo(json.dumps({**head, **answer_told(found)}, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(answer_lines(found, f"{said}; from {last} on", room())))
    over = any(one.over_bps or (one.level_on and one.level_on.answer == "exhausted") for one in found.outcomes)
    context.exit(1 if check and (over or any(found.uncarried_bps.values())) else 0)


def question(inventory: "Inventory", options: dict[str, Any]) -> "Question":
    """Refused with all that is wrong at once."""
    from dashboards.capacity.what_if import Question

    wrong: list[str] = []
    if not inventory.contracts:
        raise Refused("the inventory has no contracts: contracts.yaml says what was bought of whom")
    added: dict[Direction, float] = {"in": 0.0, "out": 0.0}
    for text in options["add"]:
        for way, bps in zip(("in", "out"), _added(text, wrong), strict=True):
            added["in" if way == "in" else "out"] += bps
    lose: dict[str, float] = {}
    for word in options["lose"]:
        for key, share in _meant(inventory, word, "--lose", wrong).items():
            lose[key] = min(1.0, lose.get(key, 0.0) + share)
    onto = [key for word in options["onto"] for key in _meant(inventory, word, "--onto", wrong)]
    to = [key for word in options["to"] for key in _meant(inventory, word, "--to", wrong)]
    growth = _growth(options["growth"], wrong)
    if onto and not lose:
        wrong.append("--onto says where lost load goes: say with --lose what is lost")
    if not (any(added.values()) or lose or options["growth"] or wrong):
        wrong.append("nothing is asked: --add, --lose or --growth")
    if wrong:
        raise Refused("\n".join(dict.fromkeys(wrong)))
    return Question(added, tuple(dict.fromkeys(to)) or _first_pool(inventory), lose, tuple(dict.fromkeys(onto)), growth)


def _added(text: str, wrong: list[str]) -> tuple[float, float]:
    from inventory.rates import parse_rate

    found = _ADD.fullmatch(text.strip())
    try:
        if not found or not 0 < int(found[1]) <= MOST_ADDED:
            raise ValueError(f"a number from 1 to {MOST_ADDED} and a rate")
        rates = parse_rate(found[2]), parse_rate(found[3] or found[2])
        if max(rates) <= 0:
            raise ValueError("a rate of more than nothing")
    except ValueError as error:
        wrong.append(f"--add {text!r} is not written 40x10M or 40x10M/2M: {error}")
        return 0.0, 0.0
    return int(found[1]) * float(rates[0]), int(found[1]) * float(rates[1])


def _growth(text: str | None, wrong: list[str]) -> float | None:
    """A share a month; negative where traffic shrinks."""
    if text is None:
        return None
    found = _GROWTH.fullmatch(text.strip())
    share = float(found[1]) / 100 if found else 0.0
    monthly = (1 + share) ** (1 / 12) - 1 if found and found[2] == "year" and share > -1 else share
    if not found or not -0.5 <= monthly <= 1.0 or share <= -1:
        wrong.append(f"--growth {text!r}: 3%/month, 40%/year or -1%/month; from -50 to 100 % a month")
        return None
    return monthly


def _meant(inventory: "Inventory", word: str, option: str, wrong: list[str]) -> dict[str, float]:
    """Contracts, each with the share of it that is meant: less than 1 for one circuit of several."""
    contracts = inventory.contracts.values()
    by_name = {one.key: 1.0 for one in contracts if word in (one.key, one.pool, one.provider)}
    if by_name:
        return by_name
    by_circuit = {one.key: _share(inventory, one, word) for one in contracts if word in one.circuits}
    if by_circuit:
        return by_circuit
    from inventory.mistakes import did_you_mean

    known = {name for one in contracts for name in (one.key, one.pool, one.provider, *one.circuits) if name}
    hint = did_you_mean(word, known) or f"there are {', '.join(sorted(known))}"
    wrong.append(f"{option} {word!r} is no contract, circuit, provider or pool ({hint})")
    return {}


def _share(inventory: "Inventory", contract: "Contract", circuit: str) -> float:
    rates = {key: inventory.circuits[key].in_bps for key in contract.circuits if key in inventory.circuits}
    whole = sum(rates.values())
    return rates.get(circuit, 0) / whole if whole else 1 / len(contract.circuits)


def _first_pool(inventory: "Inventory") -> tuple[str, ...]:
    """Contracts of the first pool, all of them where there is none."""
    every = list(inventory.contracts.values())
    pool = next((one.pool for one in every if one.pool), "")
    return tuple(one.key for one in every if one.pool == pool)


def _standings(config: "Config", inventory: "Inventory", now: float) -> "tuple[list[Standing], date]":
    """All contracts as they stand today, and the last whole day that is spoken of."""
    from dashboards.capacity.what_if import Standing
    from inventory.allocation import DIRECTIONS
    from inventory.calendar import day_of

    table = _history(config, inventory, now)
    book, today = book_of(config, inventory, now), day_of(now)
    return [
        Standing(one.key, one.level, one.pool, {way: _side(one, way, book, table, today) for way in DIRECTIONS})
        for one in inventory.contracts.values()
    ], today


def _side(contract: "Contract", way: "Direction", book: "Accounts", table: "SlotTable", today: date) -> "Side":
    from dashboards.capacity.forecast import outlook
    from dashboards.capacity.measured import PER_DAY, contract_history
    from dashboards.capacity.weeks import MONTH
    from dashboards.capacity.what_if import Side
    from inventory.calendar import day_of

    slots, base = contract_history(contract, table, way)
    balance = book.balance(contract.key, way, today)
    ahead = outlook(slots, base, day_of(table.end - 1)) if len(slots) else None
    held = float(balance.allocated_bps + balance.reserved_bps)
    import numpy as np

    month = np.full(MONTH * PER_DAY, np.nan)
    newest = slots[-len(month) :]
    month[len(month) - len(newest) :] = newest
    return Side(float(balance.delivered_bps), float(balance.capacity_bps), held, month, ahead)


def _history(config: "Config", inventory: "Inventory", now: float) -> "SlotTable":
    from dashboards.capacity.measured import unmeasured
    from dashboards.reports.document import Period
    from inventory.calendar import Month
    from noc.capacity import history, links_of
    from noc.history import opened_reader
    from noc.store.file import StoreMissing

    period = Period.of(Month.of(now), now)
    links = links_of(inventory, (key for one in inventory.contracts.values() for key in one.circuits))
    try:
        with opened_reader(config, complaining) as reader:
            return history(reader, links, period)
    except StoreMissing:
        click.echo("nothing was measured yet: no daemon has run here", err=True)
        return unmeasured(period).traffic


def _said(options: dict[str, Any]) -> str:
    parts: Sequence[str] = [
        *(f"add {each}" for each in options["add"]),
        *(f"lose {each}" for each in options["lose"]),
        f"growth {options['growth']}" if options["growth"] else "growth as forecast",
    ]
    return ", ".join(parts)
