"""`noc store export`: values of the metric store as a file that other programs read, and `noc store import` reads back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused, metrics_path
from noc.cli.moments import moment

if TYPE_CHECKING:
    from rich.progress import Progress

    from noc.store.reader import MetricReader
    from noc.store.series import Measured
    from noc.transfer.outgoing import Wanted
    from noc.transfer.sheet import Writer

LABELS = ("name", "site", "region", "kind", "role", "address")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("selector", nargs=-1)
@click.option("--format", "format_", type=click.Choice(["lp", "csv", "parquet"]), help="Else by the name of FILE.")
@click.option("--measurement", "measurements", multiple=True, metavar="NAME", help="Only this; may be repeated.")
@click.option("--scope", "scopes", multiple=True, metavar="KEY", help="Only of this device (or ''); may be repeated.")
@click.option("--from", "since", metavar="TIME", help='From then on: 2026-10-01, "3d ago".  [default: all there is]')
@click.option("--to", "until", metavar="TIME", help="Before then.  [default: now]")
@click.option(
    "--step", type=click.Choice(["5m", "1h", "1d"]), help="Means, least, most and seconds up, not every value."
)
@click.pass_context
def export(context: click.Context, /, file: Path, selector: tuple[str, ...], **options: Any) -> None:
    """Write values of the metric store to FILE: name.lp, name.csv or name.parquet, packed where .gz follows.

    SELECTOR names devices: label=value, label!=value, label~part, or a part of a key. The daemon may run. FILE is
    replaced when all is written, and not before.

    \b
    Examples:
      noc store export october.csv.gz --measurement link --from 2026-10-01 --to 2026-11-01
      noc store export dodoma.parquet region=Dodoma --step 5m
      noc store export all.lp.gz
    """
    from noc.store.reader import MetricReader
    from noc.transfer.outgoing import columns
    from noc.transfer.sheet import replacing

    path = metrics_path(context)
    with MetricReader(path) as reader:
        wanted = _wanted(reader, options, _scopes(path, selector, options["scopes"]))
        streams = _streams(reader, wanted)
        try:
            with replacing(file) as temporary:
                writer = _writer(file, options["format_"], temporary, columns(streams, wanted.step))
                values = _written(reader, writer, streams, wanted)
        except OSError as error:
            raise Refused(f"{file}: {error.strerror or error}") from error
    click.echo(f"{file}: {values:,} values of {len(streams)} streams")


def _wanted(reader: "MetricReader", options: dict[str, Any], scopes: frozenset[str] | None) -> "Wanted":
    from noc.transfer.outgoing import Wanted

    now = time.time()
    kept = reader.stats()
    if kept.first_at is None or kept.last_at is None:
        raise Refused("nothing was measured yet")
    oldest = kept.oldest_at if options["step"] else kept.first_at
    start = moment(options["since"], now) if options["since"] else oldest or kept.first_at
    end = moment(options["until"], now) if options["until"] else kept.last_at + 1
    if start >= end:
        raise Refused("--from is not before --to")
    return Wanted(frozenset(options["measurements"]) or None, scopes, int(start), int(end), options["step"] or "")


def _scopes(path: Path, selector: tuple[str, ...], scopes: tuple[str, ...]) -> frozenset[str] | None:
    """Devices that are meant; None for everything."""
    if not selector:
        return frozenset(scopes) or None
    from inventory.selector import SelectorError, parse_selector
    from noc.store.status import read_status

    try:
        meant = parse_selector(selector, LABELS)
    except SelectorError as error:
        raise Refused(str(error)) from error
    found = [row.key for row in read_status(path, "device") if meant.matches(row.key, row.labels)]
    if not found:
        raise Refused(f"{' '.join(selector)}: no device is meant by that")
    return frozenset((*found, *scopes))


def _streams(reader: "MetricReader", wanted: "Wanted") -> list["Measured"]:
    """Refused where a name that was given is of nothing that was ever measured."""
    from inventory.mistakes import did_you_mean
    from noc.transfer.outgoing import chosen

    every = reader.subjects()
    for given, known, what in (
        (wanted.measurements, {measured.measurement for measured in every}, "measurement"),
        (wanted.scopes, {measured.scope for measured in every}, "device"),
    ):
        for name in sorted(given or ()):
            if name not in known and (what == "measurement" or len(given or ()) == 1):
                hint = did_you_mean(name, known)
                raise Refused(f"no {what} {name!r} was ever measured" + (f" ({hint})" if hint else ""))
    found = chosen(reader, wanted)
    if not found:
        raise Refused("nothing of that was ever measured")
    return found


def _writer(file: Path, format_: str | None, temporary: Path, names: tuple[str, ...]) -> "Writer":
    from noc.transfer.sheet import format_of

    packed = file.suffix.lower() == ".gz"
    chosen = format_ or format_of(file)
    if chosen == "parquet":
        from noc.parquet import ParquetMissing
        from noc.transfer.parquet_file import ParquetWriter

        if packed:
            raise Refused(f"{file}: Parquet is packed by itself; leave .gz away")
        try:
            return ParquetWriter(temporary, names)
        except ParquetMissing as error:
            raise Refused(str(error)) from error
    if chosen == "csv":
        from noc.transfer.csv_file import CsvWriter

        return CsvWriter(temporary, names, packed=packed)
    if chosen == "lp":
        from noc.transfer.line_file import LineWriter

        return LineWriter(temporary, packed=packed)
    raise Refused(f"{file}: which format? name it .lp, .csv or .parquet (and .gz), or give --format")


def _written(reader: "MetricReader", writer: "Writer", streams: list["Measured"], wanted: "Wanted") -> int:
    """How many values; a bar on a terminal shows streams."""
    from contextlib import closing

    import numpy as np

    from noc.transfer.outgoing import sheets

    values = 0
    with closing(writer), bar() as progress:
        for stream in progress.track(streams, description="exporting"):
            for sheet in sheets(reader, stream, wanted):
                writer.write(sheet)
                values += int(np.count_nonzero(~np.isnan(sheet.values)))
    return values


@contextmanager
def bar() -> Iterator["Progress"]:
    """On a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        yield progress
