"""`noc iru request list|show`: requests for capacity as they stand, and the whole story of one."""

import json
import time
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import configured
from noc.cli.iru_ledger import book_of
from noc.cli.iru_words import number as number_of
from noc.cli.window_acts import room

if TYPE_CHECKING:
    from inventory.accounts.book import Book

STATES = ("requested", "approved", "refused", "withdrawn", "ended")


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only those.")
@click.option("--pending", is_flag=True, help="Only those that wait for an approver, changes too.")
@click.option("--institution", metavar="KEY", help="Only theirs.")
@click.option("--contract", metavar="KEY", help="Only those of this contract.")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s, UTC times.")
@click.pass_context
def list_(context: click.Context, /, **options: Any) -> None:
    """Every request that was ever entered, as it stands now.

    \b
    Examples:
      noc iru request list --pending
      noc iru request list --institution university-udsm --json
    """
    from dashboards.figures import iso
    from dashboards.iru_ledger import request_json
    from dashboards.iru_request import request_lines

    now = time.time()
    book = _book(context, now)
    found = [
        (book.requests[each.number], each)
        for each in book.allocations()
        if _meant(book, each.number, each.state, options)
    ]
    if options["machine"]:
        said = {"at": iso(now), "requests": [request_json(*each) for each in found]}
        click.echo(json.dumps(said, indent=1, ensure_ascii=False))
    elif found:
        click.echo("\n".join(request_lines(found, room())))
    else:
        click.echo(f"no such request; {len(book.requests)} in all")


def _meant(book: "Book", number: int, state: str, options: dict[str, Any]) -> bool:
    request = book.requests[number]
    return (
        options["state"] in (None, state)
        and (request.pending or not options["pending"])
        and options["institution"] in (None, request.institution)
        and (options["contract"] is None or options["contract"] in request.shares)
    )


@click.command("show")
@click.argument("number", callback=number_of)
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, bit/s, UTC times.")
@click.pass_context
def show(context: click.Context, number: int, machine: bool) -> None:
    """One request: what it holds, every act on it with who and when, and its postings.

    \b
    Examples:
      noc iru request show 17
    """
    from dashboards.iru_request import story_json, story_lines

    now = time.time()
    book = _book(context, now)
    if number not in book.requests:
        raise Refused(f"there is no request R-{number}; 'noc iru request list' shows them")
    if machine:
        click.echo(json.dumps(story_json(book, number, now), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(story_lines(book, number, now, room())))


def _book(context: click.Context, now: float) -> "Book":
    config, inventory = configured(context)
    return book_of(config, inventory, now)
