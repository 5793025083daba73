"""`noc init` and `noc inventory import|show|diff`: the network as it stands in files that people review."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inventory.difference import Difference
    from inventory.model import Inventory

DIRECTORY = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def _refused() -> Iterator[None]:
    """What people did wrong becomes words and exit status 2, never a traceback."""
    from inventory.mistakes import MistakesError
    from inventory.skeleton import AlreadyThereError
    from noc.cli.check import amount, short

    try:
        yield
    except MistakesError as error:
        for mistake in error.mistakes:
            click.echo(short(mistake), err=True)
        click.echo(f"{amount(len(error.mistakes), 'mistake')}; nothing was written.", err=True)
        raise click.exceptions.Exit(2) from None
    except AlreadyThereError as error:
        click.echo(str(error), err=True)
        raise click.exceptions.Exit(2) from None
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}", err=True)
        raise click.exceptions.Exit(2) from None


@click.command()
@click.argument("directory", type=DIRECTORY)
@click.option("--sample", is_flag=True, help="The sample GovNet for the lab instead of a skeleton of your own.")
@click.option("--sites", type=click.IntRange(1, 10_000), default=149, show_default=True, help="Its member sites.")
@click.option("--one-address", is_flag=True, help="All devices on 127.0.0.1, told apart by port (macOS).")
def init(directory: Path, sample: bool, sites: int, one_address: bool) -> None:
    """Write a commented configuration and inventory into DIRECTORY; never over a file that is there.

    \b
    Examples:
      noc init mynet                     two devices and a link to begin with
      noc init govnet --sample           the sample GovNet, 149 member sites
      noc init small --sample --sites 10
    """
    from inventory.skeleton import write_sample, write_skeleton

    with _refused():
        mine = not sample
        written = write_skeleton(directory) if mine else write_sample(directory, sites=sites, one_address=one_address)
    for path in written:
        click.echo(path)
    noc = f"noc -c {directory / 'noc.toml'}"
    if sample:
        click.echo(f"Next: '{noc} lab' in one terminal, '{noc} run' in another, '{noc} link status' in a third.")
    else:
        click.echo(f"Next: edit them until '{noc} check' is green, then '{noc} run'.")


@click.group()
def inventory() -> None:
    """The network as it stands in files: import it from spreadsheets, look at it, compare two versions.

    \b
    Examples:
      noc inventory import routers.csv --links links.csv --to mynet
      noc inventory show lga-chamwino
      noc inventory diff inventory.before inventory
    """


@inventory.command("import")
@click.argument("file", type=FILE)
@click.option("--links", type=FILE, help="CSV of links, one a row.")
@click.option("--to", "directory", type=DIRECTORY, help="Home to write to.  [default: where noc.toml is, else here]")
@click.option("--attached-to", metavar="DEVICE", help="Device that this machine's cable ends on.  [default: a core]")
@click.option("--replace", is_flag=True, help="Put an inventory that is there aside, as inventory.before.")
@click.option("--json", "as_json", is_flag=True, help="For machines: counts and warnings.")
@click.pass_context
def import_csv(
    ctx: click.Context,
    file: Path,
    *,
    links: Path | None,
    directory: Path | None,
    attached_to: str | None,
    replace: bool,
    as_json: bool,
) -> None:
    """Make an inventory out of FILE, a CSV with one row a device; all of it or nothing.

    Columns, in any order: site, name, kind, region, device, address, port, community, version, role, probes,
    credential (instead of a community), platform, ssh_credential, ssh_port, sources; of these device and address are
    needed. Columns of --links: link, a_device, a_interface, b_device, b_interface, provider, circuit,
    in_bps, out_bps, role. Communities go to secrets.toml (mode 0600), never into the inventory.

    \b
    Example:
      noc inventory import routers.csv --links links.csv --to mynet
    """
    from inventory.home import find_home, put
    from inventory.importing import read_csv
    from noc.cli.check import counts, in_words, plain_mistake, short

    with _refused():
        home = find_home(directory or _home(ctx))
        imported = read_csv(file, links, known=home.known_secrets())
        attached = put(home, imported, attached_to=attached_to, replace=replace)
    found = counts(imported.inventory)
    if as_json:
        said = {
            "inventory": str(home.inventory),
            "attached_to": attached,
            "counts": found,
            "credentials": sorted(imported.secrets),
            "warnings": [plain_mistake(one) for one in imported.warnings],
        }
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    for warning in imported.warnings:
        click.echo(f"warning: {short(warning)}", err=True)
    click.echo(f"{home.inventory}: {in_words(found)}.")
    click.echo(f"The poller is attached to {attached}; [poller] of {home.configuration} says so.")


def _home(ctx: click.Context) -> Path:
    """Where the configuration in use stands; here when there is none yet."""
    named = ctx.obj["config_path"] or Path("noc.toml")
    return Path(named).resolve().parent


@inventory.command()
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def show(ctx: click.Context, key: str | None, as_json: bool) -> None:
    """Show the entry called KEY, or all of a kind (sites, devices, links ...), or how much there is.

    \b
    Examples:
      noc inventory show
      noc inventory show lga-chamwino
      noc inventory show circuits --json
    """
    from inventory.difference import KINDS
    from inventory.mistakes import did_you_mean
    from noc.cli.check import counts, in_words

    found = _configured(ctx)
    if key is None and not as_json:
        click.echo(f"{in_words(counts(found))}.")
        return
    kinds = [key] if key in KINDS else KINDS
    chosen = {kind: _entries(found, kind, None if key is None or key in KINDS else key) for kind in kinds}
    chosen = {kind: entries for kind, entries in chosen.items() if entries}
    if not chosen and key not in (None, *KINDS):
        keys = [word for kind in KINDS for word in getattr(found, kind)]
        hint = did_you_mean(str(key), [*keys, *KINDS])
        click.echo(f"nothing is called {key!r}" + (f" ({hint})" if hint else ""), err=True)
        raise click.exceptions.Exit(2)
    click.echo(_as_json(chosen) if as_json else _as_yaml(chosen), nl=as_json)


@inventory.command()
@click.argument("old", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("new", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For machines: keys added, removed, changed of each kind.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Say what was added, removed and changed between two inventories (directories of YAML files, or homes).

    \b
    Example:
      noc inventory diff mynet/inventory.before mynet/inventory
    """
    from dataclasses import asdict

    from inventory import difference
    from inventory.home import find_home
    from inventory.reading import load

    with _refused():
        before, after = (load(find_home(one).inventory if (one / "noc.toml").exists() else one) for one in (old, new))
    found = difference.diff(before, after)
    if as_json:
        click.echo(json.dumps({kind: asdict(found[kind]) for kind in found}, indent=2, ensure_ascii=False))
        return
    for line in _difference_lines(found, before, after):
        click.echo(line)
    if not found:
        click.echo("no difference.")


def _difference_lines(found: "Difference", before: "Inventory", after: "Inventory") -> Iterator[str]:
    from inventory.difference import changed_fields

    for kind in found:
        one = kind.removesuffix("s")
        yield from (f"- {one} {key}" for key in found[kind].removed)
        yield from (f"+ {one} {key}" for key in found[kind].added)
        for key in found[kind].changed:
            pairs = changed_fields(getattr(before, kind)[key], getattr(after, kind)[key])
            for field, (was, now) in pairs.items():
                yield f"~ {one} {key}: {field} {_word(was)} -> {_word(now)}"


def _word(value: Any) -> str:
    """A value in one line as it would stand in the files."""
    from inventory.writing import in_words

    return in_words(value)


def _configured(ctx: click.Context) -> "Inventory":
    from inventory.reading import load as load_inventory
    from noc.config import load
    from noc.config_path import find_config

    with _refused():
        return load_inventory(load(find_config(ctx.obj["config_path"])).inventory.path)


def _entries(found: "Inventory", kind: str, key: str | None) -> dict[str, Any]:
    entries = getattr(found, kind)
    return dict(entries) if key is None else {key: entries[key]} if key in entries else {}


def _as_json(chosen: dict[str, dict[str, Any]]) -> str:
    from dataclasses import asdict

    said = {kind: {key: asdict(entry) for key, entry in entries.items()} for kind, entries in chosen.items()}
    return json.dumps(said, indent=2, ensure_ascii=False, default=str)


def _as_yaml(chosen: dict[str, dict[str, Any]]) -> str:
    from inventory.writing import plain_section
    from inventory.yaml_file import format_sections

    return format_sections({kind: plain_section(entries) for kind, entries in chosen.items()})
