"""`noc iru ledger`: who holds what of the capacity that was bought, on any day, as it was known at any time."""

import json
import re
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import configured, looking
from noc.cli.iru_words import day
from noc.cli.moments import moment
from noc.cli.window_acts import room

if TYPE_CHECKING:
    from inventory.accounts.book import Book
    from inventory.model import Inventory
    from noc.config import Config

DAY_S = 86_400
_BARE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@click.command()
@click.option("--on", metavar="DAY", callback=day, help="What is valid on that day  [default: today]")
@click.option("--known", metavar="TIME", help="As it was known then; a bare day counts to its end  [default: now]")
@click.option("--contract", metavar="KEY", help="Of one contract alone, with the shares of it.")
@click.option("--postings", "lines", is_flag=True, help="The lines that make the figures, instead of who holds what.")
@click.option("--check", is_flag=True, help="Exit with 1 where more is committed than there is.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s, UTC times.")
@click.pass_context
def ledger(context: click.Context, /, on: date | None, known: str | None, **options: Any) -> None:
    """Who holds what, and how much is free of each contract and direction.

    \b
    Examples:
      noc iru ledger
      noc iru ledger --on 2027-01-01 --contract seacom-iru
      noc iru ledger --on 2026-07-01 --known 2026-06-30
      noc iru ledger --postings --json
    """
    from dashboards.iru_ledger import Asked, balances, ledger_json, ledger_lines
    from inventory.calendar import day_of

    now = time.time()
    config, inventory = configured(context)
    book = book_of(config, inventory, now)
    asked = Asked(on or day_of(now), _known(known, now), _contracts(book, inventory, options["contract"]))
    if options["machine"]:
        click.echo(json.dumps(ledger_json(book, asked, now, lines=options["lines"]), indent=1, ensure_ascii=False))
    else:
        click.echo(_heading(asked.on, asked.known, now))
        click.echo("\n".join(ledger_lines(book, asked, inventory.contracts, room(), lines=options["lines"])))
    over = any(since is not None for _, since in balances(book, asked))
    context.exit(1 if options["check"] and over else 0)


def book_of(config: "Config", inventory: "Inventory", now: float) -> "Book":
    """The ledger as it stands, with what the inventory says of capacity."""
    from noc.ledger.capacity import read_book

    with looking(config) as books:
        return read_book(books, now, inventory)


def _known(text: str | None, now: float) -> float | None:
    if text is None:
        return None
    bare = _BARE.fullmatch(text.strip())
    at = moment(text, now) + (DAY_S if bare else 0)
    return at if at < now else None


def _contracts(book: "Book", inventory: "Inventory", named: str | None) -> list[str]:
    from inventory.mistakes import did_you_mean

    found = list(dict.fromkeys((*inventory.contracts, *book.contracts)))
    if named is None:
        if not found:
            raise Refused("the inventory has no contract; 'contracts' in docs/inventory.md says how one is written")
        return found
    if named not in found:
        hint = did_you_mean(named, found)
        raise Refused(f"there is no contract {named!r}" + (f" ({hint})" if hint else ""))
    return [named]


def _heading(on: date, known: float | None, now: float) -> str:
    from dashboards.figures import ZONE, clock

    then = f", as known {clock(known, now)} {ZONE}" if known is not None else ""
    return f"capacity on {on.day} {on:%b %Y}{then}"
