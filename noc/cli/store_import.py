"""`noc store import`: a file that export wrote goes into the metric store, all of it or nothing."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from noc.cli.data import Refused, metrics_path
from noc.cli.store_export import bar

if TYPE_CHECKING:
    from noc.transfer.incoming import Checked


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_", type=click.Choice(["lp", "csv", "parquet"]), help="Else by the name of FILE.")
@click.option("--check", is_flag=True, help="Only look whether the file can be taken.")
@click.pass_context
def import_(context: click.Context, file: Path, format_: str | None, check: bool) -> None:
    """Take the values of FILE into the metric store, as `noc store export` writes them; the daemon must not run.

    The whole file is checked first; where anything is wrong all of it is named, by line, and nothing is taken. What the
    store has of the same device, measurement and instant is replaced, so taking a file twice is taking it once.

    \b
    Examples:
      noc store import october.csv.gz
      noc store import --check all.lp
    """
    from noc.store.writer import MetricStore
    from noc.transfer.incoming import batches, taken

    path = metrics_path(context)
    found = _checked(file, format_)
    said = f"{found.lines:,} lines of {len(found.streams)} streams"
    if check:
        click.echo(f"{file}: {said}, nothing wrong")
        return
    with MetricStore(path) as store, bar() as progress:
        task = progress.add_task("taking in", total=None)
        count = taken(store, batches(found), lambda number: progress.update(task, completed=number))
        progress.update(task, description="sealing")
        store.seal(time.time())
    click.echo(f"{file}: {said} taken, {count:,} batches")


def _checked(file: Path, format_: str | None) -> "Checked":
    """Refused or MistakesError where it cannot be taken."""
    from noc.parquet import ParquetMissing
    from noc.transfer.incoming import checked
    from noc.transfer.sheet import format_of

    chosen = format_ or format_of(file)
    if not chosen:
        raise Refused(f"{file}: which format? name it .lp, .csv or .parquet (and .gz), or give --format")
    try:
        with bar() as progress:
            task = progress.add_task("checking", total=None)
            return checked(file, chosen, lambda lines: progress.update(task, completed=lines))
    except ParquetMissing as error:
        raise Refused(str(error)) from error
    except OSError as error:
        raise Refused(f"{file}: {error.strerror or error}") from error
