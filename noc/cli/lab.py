"""`noc lab`: the simulated GovNet on loopback, its scenarios, and what can be done to it while it runs."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from noc.lab.history import Wanted
    from noc.lab.world import World


@click.group(invoke_without_command=True)
@click.option("--sites", type=click.IntRange(1, 10_000), help="Serve the sample GovNet of that many member sites.")
@click.option("--one-address", is_flag=True, help="With --sites: one address and many ports, where 127/8 is not there.")
@click.option("--scenario", "scenario_name", help="Timeline to play: a TOML file, or the name of a shipped one.")
@click.option("--for", "for_s", type=click.FloatRange(min=0), help="End by itself after so many seconds.")
@click.option("--truth", type=click.Path(path_type=Path), help="Write what happened when to this JSON file.")
@click.option("--seed", type=int, help="Another seed than the scenario's: other traffic ripples.")
@click.option(
    "--replay",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Serve .snmprec recordings, .snmpwalk walks.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), default=16161, show_default=True, help="With --replay: UDP port."
)
@click.option(
    "--inventory-csv", type=click.Path(path_type=Path), help="With --replay: write what is served, to import."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of sentences.")
@click.pass_context
def lab(ctx: click.Context, /, **options: Any) -> None:
    """A simulated GovNet: real SNMP (v3, v2c, v1) over UDP on loopback, with paths, traffic and faults.

    \b
    Examples:
      noc lab                       the inventory of noc.toml, else the sample
      noc lab --sites 1000 --for 60
      noc lab --scenario demo --truth truth.json
      noc lab do link_down dod-pe-1 ge-0/0/1 for=5m
      noc lab --replay recordings/ --inventory-csv devices.csv
    """
    if ctx.invoked_subcommand is not None:
        return
    if options["inventory_csv"] and not options["replay"]:
        raise click.UsageError("--inventory-csv goes with --replay")
    with _refusals():
        if options["replay"]:
            _replay(options)
        else:
            _serve(ctx, options)


class _WithActions(click.Command):
    """Its help ends with everything that can be done."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Actions"):
            for line in _actions_table().splitlines():
                formatter.write(f"  {line}\n")


@lab.command("do", cls=_WithActions, context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="ACTION [ON]... [OPTION=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="The lab's answer as JSON.")
@click.pass_context
def do(ctx: click.Context, words: tuple[str, ...], as_json: bool) -> None:
    """Do something to the running lab. Durations are written 90, 30s, 5m or 1h30m; `for` undoes it after that.

    \b
    Examples:
      noc lab do link_down dod-pe-1 ge-0/0/1 for=5m
      noc lab do device_down dod-pe-1 ports=true
      noc lab do traffic up-tix-1 level=1.0 direction=in
    """
    import json

    from noc.lab.control import ask, event_of
    from noc.lab.setting import configuration, control_socket

    if not words:
        click.echo(_actions_table())
        return
    with _refusals():
        answer = ask(control_socket(configuration(_config_path(ctx))), event_of(words))
    wrong = answer.get("wrong", [])
    if as_json:
        click.echo(json.dumps(answer))
    elif not wrong:
        click.echo(f"done: {answer.get('done')} {' '.join(answer.get('on', {}).values())}")
    if wrong:
        if not as_json:
            click.echo("\n".join(f"refused: {line}" for line in wrong), err=True)
        sys.exit(2)


@lab.command()
@click.option("--days", type=click.IntRange(1, 3650), default=60, show_default=True, help="How long the past is.")
@click.option(
    "--growth", type=click.FloatRange(-20, 100), default=2.0, show_default=True, help="Of the traffic, percent a month."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another past: other mishaps, other ripples.")
@click.pass_context
def history(ctx: click.Context, days: int, growth: float, seed: int) -> None:
    """Give a new metric store a past, as if the daemon had watched the lab all those days. The daemon must be down.

    Invented like the lab itself: traffic that grew, cables dug up, power cuts, a submarine cable broken now and then.

    \b
    Examples:
      noc lab history
      noc -c demo/noc.toml lab history --days 400 --growth 4
    """
    from noc.lab.history import Wanted

    with _refusals():
        values = _give_past(ctx, Wanted(days, seed, growth / 100))
    click.echo(f"{days} days are there: {values / 1e6:.1f} million values.")


def _give_past(ctx: click.Context, wanted: "Wanted") -> int:
    import time

    from rich.console import Console
    from rich.progress import Progress

    from noc.config import load
    from noc.lab.history import give_past
    from noc.lab.setting import configuration, configured_setting

    path = configuration(_config_path(ctx))
    if path is None:
        raise click.UsageError("a past belongs to a store: name its noc.toml with -c, or write one with 'noc init'")
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("writing the past", total=wanted.days)
        return give_past(
            load(path),
            configured_setting(path),
            wanted,
            now=time.time(),
            told=lambda number: progress.update(task, completed=number),
        )


@lab.command()
@click.option("--json", "as_json", is_flag=True, help="Stable keys instead of a table.")
def actions(as_json: bool) -> None:
    """List everything that can be done, with its options.

    \b
    Examples:
      noc lab actions
    """
    import json

    from noc.lab.actions import ACTIONS

    if not as_json:
        click.echo(_actions_table())
        return
    rows = [
        {"name": one.name, "on": one.on, "options": list(one.options), "undo": one.undo, "meaning": one.meaning}
        for one in ACTIONS.values()
        if not one.hidden
    ]
    click.echo(json.dumps(rows, indent=1))


@lab.command()
def scenarios() -> None:
    """List the scenarios that are shipped.

    \b
    Examples:
      noc lab scenarios
    """
    from noc.lab.scenario import read
    from noc.lab.setting import shipped

    for path in shipped():
        click.echo(f"{path.stem:<16} {read(path).title}")


def _actions_table() -> str:
    import textwrap

    from noc.lab.actions import ACTIONS

    lines = []
    for action in ACTIONS.values():
        if not action.hidden:
            on = " | ".join(" ".join(way).upper() for way in action.on)
            options = "".join(f" [{name}=...]" for name in (*action.options, *(("for",) if action.undo else ())))
            lines.append(f"{action.name} {on}{options}")
            lines += textwrap.wrap(action.meaning, 72, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


@contextmanager
def _refusals() -> Iterator[None]:
    """What is wrong with what was asked ends with exit status 2 and one clear message."""
    from inventory.mistakes import MistakesError
    from noc.lab.doors import LabError

    try:
        yield
    except MistakesError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except (LabError, OSError) as error:
        click.echo(f"lab: {error}", err=True)
        sys.exit(2)


def _config_path(ctx: click.Context) -> Path | None:
    given = (ctx.obj or {}).get("config_path")
    return Path(given) if given else None


def _serve(ctx: click.Context, options: Mapping[str, Any]) -> None:
    import time

    from noc.lab.doors import opened
    from noc.lab.front import doors_of
    from noc.lab.session import Stage, serve
    from noc.lab.setting import configuration, configured_setting, sample_setting, scenario_named

    config = configuration(_config_path(ctx))
    if options["sites"] or config is None:
        setting = sample_setting(config, options["sites"], one_address=options["one_address"])
    elif options["one_address"]:
        raise click.UsageError("--one-address goes with --sites; the addresses stand in the inventory")
    else:
        setting = configured_setting(config)
    scenario = scenario_named(options["scenario_name"])
    seed = scenario.seed if options["seed"] is None else options["seed"]
    for_s = scenario.lasts_s if options["for_s"] is None else options["for_s"]
    acts = setting.checked(scenario)
    world = setting.world(time.time(), seed, acts)
    stage = Stage(opened(doors_of(world)), world, setting.control, options["truth"])
    serve(stage, for_s=for_s, ready=_ready(world), say=_voice(options["as_json"]))


def _ready(world: "World") -> str:
    network = world.inventory
    sites, devices = sum(1 for _ in network.members()), len(network.devices)
    interfaces = sum(len(router.ports) for router in world.routers.values())
    first = next(iter(network.devices.values()), None)
    where = f" on {first.address} ... port {first.snmp.port}" if first else ""
    return f"lab ready: {sites} sites, {devices} devices, {interfaces} interfaces{where}"


def _voice(as_json: bool) -> Any:
    import json

    def say(text: str) -> None:
        click.echo(json.dumps({"said": text.strip()}) if as_json else text)
        sys.stdout.flush()

    return say


def _replay(options: Mapping[str, Any]) -> None:
    from noc.lab.doors import opened
    from noc.lab.replay import doors_of, read_all, write_csv
    from noc.lab.session import Stage, serve

    say = _voice(options["as_json"])
    served = read_all(options["replay"], options["port"])
    doors = opened(doors_of(served))
    if options["inventory_csv"]:
        write_csv(served, options["inventory_csv"])
    ready = f"lab ready: {len(served)} recordings on {served[0].address} ... port {options['port']}"
    serve(Stage(doors), for_s=options["for_s"], ready=ready, say=say)
