"""`noc iru request import`: requests out of a spreadsheet, all of them or none."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from noc.cli.desk import as_person


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "machine", is_flag=True, help="For machines: numbers entered and approved.")
@as_person
@click.pass_context
def import_(context: click.Context, file: Path, machine: bool, who: str) -> None:
    """Enter the requests of a CSV file; one row that cannot be taken, and none is: all such rows are named.

    Columns: reference, institution, in, out, from; contract (several, blanks between them, each with :SHARE if it is
    not even) or pool; until, approver, beside may be empty. A row with an approver is approved by them. A row that was
    entered before is passed over, so that a file may be given again.

    \b
    Examples:
      noc iru request import requests.csv
      noc iru request import requests.csv --as j-kimaro --json
    """
    from inventory.accounts.importing import import_requests
    from noc.cli.check import amount, plain_mistake, short
    from noc.cli.iru_request import acts

    with acts(context, who) as act, _progress(quiet=machine) as step:
        found = import_requests(file, act, step)
    if machine:
        warnings = [plain_mistake(one) for one in found.warnings]
        numbers = {"entered": list(found.entered), "approved": list(found.approved), "known": found.known}
        click.echo(json.dumps(numbers | {"warnings": warnings}, indent=1, ensure_ascii=False))
        return
    for warning in found.warnings:
        click.echo(f"warning: {short(warning)}", err=True)
    before = f"; {found.known} stood in the ledger already" if found.known else ""
    click.echo(f"{amount(len(found.entered), 'request')} entered, {len(found.approved)} of them approved{before}")


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("requests", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
