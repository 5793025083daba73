"""`noc link|site|device status`: how things stand, worst first, whether the daemon runs or not."""

import sys
import time
from collections.abc import Callable
from typing import Any

import click

from dashboards.status import SORTS, StatusView, view
from dashboards.status_chosen import ASKED, chooser
from dashboards.status_told import WRONG, as_json, wrong
from inventory.selector import SelectorError
from inventory.status import DaemonMark, Kind, StatusRow
from noc.cli.data import Refused, metrics_path
from noc.store.file import StoreError
from noc.store.status import read_mark, read_status

EXAMPLES = {
    "link": "region=Dodoma --down, kind=upstream, provider!=ttcl, dod-core",
    "site": "kind=lga region=Tanga, name~halmashauri, --down --check",
    "device": "role=core, address~127.20, state=down",
}


def status_command(kind: Kind) -> click.Command:
    """The `status` command of one kind; all three are alike."""

    @click.command("status", help=_help(kind))
    @click.argument("selector", nargs=-1)
    @click.option("--down", is_flag=True, help="Only what is not up.")
    @click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
    @click.option(
        "--check", is_flag=True, help="Exit with 1 when anything asked about is not well, or not known to be."
    )
    @click.option("--sort", type=click.Choice(SORTS), default="worst", show_default=True, help="Order of the rows.")
    @click.option("--limit", type=click.IntRange(min=0), default=0, help="Rows at most; 0 shows all.")
    @click.pass_context
    def status(context: click.Context, /, selector: tuple[str, ...], **options: Any) -> None:
        _answer(context, kind, selector, **options)

    return status


def _help(kind: Kind) -> str:
    return (
        f"How {kind}s stand, worst first, and how old that is.\n\n"
        "SELECTOR: label=value, label!=value, label~part, or a part of a key or name; several must all match. "
        f"Labels: {', '.join(('key', 'state', 'reason', *ASKED[kind]))}.\n\nExamples: {EXAMPLES[kind]}"
    )


def _answer(
    context: click.Context,
    kind: Kind,
    words: tuple[str, ...],
    *,
    down: bool,
    machine: bool,
    check: bool,
    sort: str,
    limit: int,
) -> None:
    meant = _chooser(kind, words)
    mark, rows = _read(context, kind)
    asked = [row for row in rows if meant(row)]
    shown = [row for row in asked if row.state in WRONG] if down else asked
    seen = view(kind, shown, mark, time.time(), sort=sort, limit=limit)
    _print(seen, mark, machine)
    if not asked and words:
        click.echo(f"{' '.join(words)}: {seen.words.sentences['nothing']}", err=True)
    if check and (not asked or any(wrong(seen, row) for row in asked)):
        context.exit(1)


def _chooser(kind: Kind, words: tuple[str, ...]) -> Callable[[StatusRow], bool]:
    try:
        return chooser(kind, words)
    except SelectorError as error:
        raise Refused(str(error)) from error


def _read(context: click.Context, kind: Kind) -> tuple[DaemonMark | None, list[StatusRow]]:
    path = metrics_path(context)
    try:
        return read_mark(path), read_status(path, kind)
    except StoreError as error:
        raise Refused(str(error)) from error


def _print(seen: StatusView, mark: DaemonMark | None, machine: bool) -> None:
    if machine:
        import json

        click.echo(json.dumps(as_json(seen, mark), indent=1, ensure_ascii=False))
        return
    from dashboards.terminal import print_status

    print_status(seen, sys.stdout)


@click.group()
def link() -> None:
    """Links: how they stand.

    \b
    Examples:
      noc link status region=Dodoma --down
    """


@click.group()
def site() -> None:
    """Sites: how they stand.

    \b
    Examples:
      noc site status kind=lga
    """


@click.group()
def device() -> None:
    """Devices: how they stand, and what they said about themselves.

    \b
    Examples:
      noc device status
      noc device facts dar-core-1
    """


class _Facts(click.Command):
    """`noc device facts`, imported only when it is called: it needs numpy for the rates."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return _facts().get_params(ctx)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _facts().format_help(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        return _facts().invoke(ctx)


def _facts() -> click.Command:
    from noc.cli.facts import facts

    return facts


link.add_command(status_command("link"))
site.add_command(status_command("site"))
device.add_command(status_command("device"))
device.add_command(_Facts("facts", short_help="Who they are, health, BGP and OSPF, interfaces."))
