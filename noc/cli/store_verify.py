"""`noc store verify`: is InfluxDB a faithful copy of the metric store? Counts and sums of every series and day, on both sides."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused

if TYPE_CHECKING:
    from noc.influx.findings import Findings
    from noc.influx.sending import Order
    from noc.influx.verify import Verifier
    from noc.store.reader import MetricReader

SHOWN = 20


def _day(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """Its midnight in Dar es Salaam."""
    from inventory.calendar import midnight, parse_day

    if value is None:
        return None
    try:
        return midnight(parse_day(value))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@click.command()
@click.option("--target", type=click.Choice(["influx"]), default="influx", show_default=True, help="The copy.")
@click.option("--from", "start", metavar="DAY", callback=_day, help="First day, as 2026-10-01  [default: the oldest]")
@click.option("--to", "end", metavar="DAY", callback=_day, help="Day after the last one  [default: now]")
@click.option("--measurement", "measurements", multiple=True, metavar="NAME", help="Only these: link, interface_5m ...")
@click.option("--all", "everything", is_flag=True, help="Also what is still owed to the server.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=SHOWN, show_default=True, help="Differences shown; 0: all."
)
@click.option("--json", "machine", is_flag=True, help="For machines.")
@click.pass_context
def verify(context: click.Context, /, **options: Any) -> None:
    """Compare counts and sums of every series and day in the metric store with those in InfluxDB.

    Days are those of East Africa. Integers have to be equal, sums of other numbers to 1 part in 10^9. What is still owed to
    the server is named and left out. Exit status 0: the copy is faithful; 1: something differs.

    \b
    Examples:
      noc store verify --target influx
      noc store verify --from 2026-10-01 --to 2026-11-01 --measurement link
      noc store verify --measurement interface_5m --json
    """
    from noc.influx.contract import InfluxError

    try:
        _verify(context, **options)
    except InfluxError as error:
        raise Refused(str(error)) from None


def _verify(
    context: click.Context, *, machine: bool, limit: int, measurements: tuple[str, ...], **options: Any
) -> None:
    from noc.influx.client import open_server
    from noc.influx.findings import Findings
    from noc.influx.source import Source
    from noc.influx.verify import Verifier, plan
    from noc.store.reader import MetricReader

    order, now = _order(context), time.time()
    start, end = options["start"] or 0, min(options["end"] or int(now) + 1, int(now) + 1)
    if start >= end:
        raise Refused("--from has to be before --to, and no day that is still to come")
    with ExitStack() as stack:
        server = stack.enter_context(closing(open_server(order.place, order.access)))
        source, reader = stack.enter_context(Source(order.path)), stack.enter_context(MetricReader(order.path))
        wanted = _wanted(reader, measurements)
        version = server.ping()
        todo = plan(source, start, end, now, everything=options["everything"])
        if not todo.server and not options["everything"]:
            raise Refused("nothing was sent to InfluxDB from this store yet; --all compares them all the same")
        verifier = Verifier(reader, source, server)
        found = Findings(order.place, version, todo, verifier.accounts, limit)
        _compare(verifier, reader, wanted, found)
    click.echo(found.as_json() if machine else "\n".join(found.as_lines()))
    context.exit(1 if found.number else 0)


def _order(context: click.Context) -> "Order":
    from inventory.secrets import read_secrets
    from noc.checking import environment
    from noc.config import load
    from noc.config_path import find_config
    from noc.influx.sending import Order

    config = load(find_config((context.find_root().obj or {}).get("config_path")))
    order = Order.of(config, read_secrets(config.secrets.file, environment()))
    if order is None:
        raise Refused("there is no copy to compare with: set [influxdb] url in noc.toml")
    return order


def _wanted(reader: "MetricReader", measurements: tuple[str, ...]) -> frozenset[str] | None:
    """As they are called on the server; None for all."""
    from inventory.mistakes import did_you_mean
    from noc.influx.fields import layer_of

    known = {one.measurement for one in reader.subjects()}
    for name in measurements:
        if layer_of(name)[0] not in known:
            hint = did_you_mean(name, known)
            raise Refused(f"nothing is measured as {name!r}" + (f" ({hint})" if hint else ""))
    return frozenset(measurements) or None


def _compare(verifier: "Verifier", reader: "MetricReader", wanted: frozenset[str] | None, found: "Findings") -> None:
    measured = [one for one in reader.subjects() if wanted is None or one.measurement in wanted]
    chunks = [one for one in found.plan.chunks if wanted is None or any(map(one.holds, wanted))]
    with _bar(len(found.plan.days) * len(measured) + len(chunks)) as step:
        for day in found.plan.days:
            for one in measured:
                found.add(verifier.day(day, one))
                step()
        for chunk in chunks:
            found.add(verifier.chunk(chunk, wanted))
            step()


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """On a terminal alone."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("comparing", total=total)
        yield lambda: progress.advance(task)
