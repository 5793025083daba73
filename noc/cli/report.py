"""`noc report`: availability, capacity and IRU of a month, for people and machines; and whether a report still holds."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noc.cli.data import Refused
from noc.cli.desk import as_person, configured

if TYPE_CHECKING:
    from dashboards.reports.document import Report
    from dashboards.reports.reading import Claim
    from dashboards.reports.verify import Difference
    from inventory.calendar import Month
    from inventory.model import Inventory

FORMATS = ("html", "csv", "json", "pdf")
MOST_TOLD = 40


@click.group()
def report() -> None:
    """Reports of a month: availability, capacity, IRU; and verifying one.

    \b
    Examples:
      noc report sla --month 2026-10 -o sla.html
      noc report capacity --month 2026-10 --format csv
      noc report iru --month 2026-10 --institution moh --lang sw -o moh.pdf
      noc report verify sla.html
      noc report close --month 2026-10
    """


def _month(context: click.Context, parameter: click.Parameter, value: str) -> "Month":
    from inventory.calendar import Month

    try:
        return Month.parse(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


MONTH: Callable[[Any], Any] = click.option(
    "--month", required=True, metavar="YYYY-MM", callback=_month, help="A month of local days."
)
LANGUAGE = click.option(
    "--lang", "language", type=click.Choice(["sw", "en"]), default="en", show_default=True, help="Of pages and PDF."
)
FORM = click.option("--format", "form", type=click.Choice(FORMATS), help="[default: by the file's name, else html]")
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Into this file.")
INSTITUTION = click.option("--institution", metavar="KEY", default="", help="Only what concerns this institution.")
MACHINE = click.option("--json", "machine", is_flag=True, help="For machines; the same as --format json.")


def _options(command: Callable[..., None]) -> Callable[..., None]:
    with_month: Callable[..., None] = MONTH(INSTITUTION(FORM(LANGUAGE(MACHINE(OUTPUT(click.pass_context(command)))))))
    return with_month


@report.command()
@_options
def sla(context: click.Context, /, **options: Any) -> None:
    """Availability of institutions, sites, links and providers: up / (up + down) of the agreed time.

    \b
    Examples:
      noc report sla --month 2026-10 -o sla.html
      noc report sla --month 2026-10 --institution moh --lang sw -o moh.pdf
    """
    _issue(context, "sla", **options)


@report.command()
@_options
def capacity(context: click.Context, /, **options: Any) -> None:
    """Use of contracts, circuits, links and sites: 95th percentile, peak, time above level, how complete it is.

    \b
    Examples:
      noc report capacity --month 2026-10 --format csv > capacity.csv
    """
    _issue(context, "capacity", **options)


@report.command()
@_options
def iru(context: click.Context, /, **options: Any) -> None:
    """What was delivered, allocated and free of each contract, who held it, what was used, what was changed by whom.

    \b
    Examples:
      noc report iru --month 2026-10 --lang sw -o iru.html
    """
    _issue(context, "iru", **options)


def _issue(
    context: click.Context, kind: "Report", *, month: "Month", form: str | None, output: Path | None, **options: Any
) -> None:
    from noc.issued import NotIssued, Wanted, issue

    form = "json" if options["machine"] else form or _by_name(output)
    config, inventory = configured(context)
    institution = _institution(options["institution"], inventory)
    try:
        octets = issue(config, inventory, Wanted(kind, month, form, institution, options["language"]), time.time())
    except NotIssued as error:
        raise Refused(str(error)) from error
    _write(octets, output, form)


def _by_name(output: Path | None) -> str:
    suffix = output.suffix.removeprefix(".").lower() if output else ""
    return suffix if suffix in FORMATS else "html"


def _institution(key: str, inventory: "Inventory") -> str:
    from inventory.mistakes import did_you_mean

    if key and key not in inventory.institutions:
        hint = did_you_mean(key, inventory.institutions)
        raise Refused(f"{key}: there is no such institution" + (f" ({hint})" if hint else ""))
    return key


def _write(octets: bytes, output: Path | None, form: str) -> None:
    import os
    import sys

    if output is None:
        if form == "pdf" and sys.stdout.isatty():
            raise Refused("a PDF is nothing for a terminal: -o FILE")
        click.echo(octets, nl=False)
        return
    beside = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        beside.write_bytes(octets)
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Refused(f"{output}: {error.strerror}") from error
    click.echo(f"{output}: {len(octets)} octets", err=True)


@report.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "machine", is_flag=True, help="For machines.")
@click.pass_context
def verify(context: click.Context, file: Path, *, machine: bool) -> None:
    """Compute every figure of a report again from what is kept, and say what differs. Exit 1 where something does.

    FILE is HTML, JSON or CSV as 'noc report' wrote it.

    \b
    Examples:
      noc report verify sla.html
      noc report verify iru.csv --json
    """
    from dashboards.reports.reading import MOST_OCTETS, NoReport, read
    from noc.issuing import other_version

    try:
        with file.open("rb") as source:
            claim = read(source.read(MOST_OCTETS + 1))
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from error
    except NoReport as error:
        raise Refused(f"{file}: {error}") from error
    if unlike := other_version(claim):
        click.echo(unlike, err=True)
    found = list(_verified(context, claim))
    _tell(file, [str(one) for one in found], [(one.what, one.was, one.now) for one in found], machine=machine)
    context.exit(1 if found else 0)


def _verified(context: click.Context, claim: "Claim") -> "Iterator[Difference]":
    from noc.issued import NotIssued
    from noc.verifying import Unheard, verified

    config, inventory = configured(context)
    try:
        yield from verified(config, inventory, claim)
    except (NotIssued, Unheard) as error:
        raise Refused(str(error)) from error


def _tell(file: Path, lines: list[str], parts: list[tuple[str, str, str]], *, machine: bool) -> None:
    if machine:
        import json

        told = [{"what": what, "was": was, "now": now} for what, was, now in parts]
        click.echo(json.dumps({"file": str(file), "verified": not told, "differences": told}, indent=1))
        return
    for line in lines[:MOST_TOLD]:
        click.echo(line)
    if len(lines) > MOST_TOLD:
        click.echo(f"and {len(lines) - MOST_TOLD} more; --json names all")
    differ = "1 thing differs" if len(lines) == 1 else f"{len(lines)} things differ"
    click.echo(f"{file}: {'NOT verified, ' + differ if lines else 'verified: every figure is as computed again'}")


@report.command()
@MONTH
@as_person
@click.pass_context
def close(context: click.Context, month: "Month", who: str) -> None:
    """Keep a month's figures as they are now, for ever; the daemon does it a day after the month's end.

    \b
    Examples:
      noc report close --month 2026-10
    """
    from alerts.books import LedgerError
    from noc.closing import CannotClose, close_month

    config, inventory = configured(context)
    try:
        done = close_month(config, inventory, month, who, time.time())
    except (CannotClose, LedgerError) as error:
        raise Refused(str(error)) from error
    for line in done:
        click.echo(line)
