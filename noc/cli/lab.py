"""`noc lab`: the simulated GovNet on loopback, its scenarios, and what can be done to it while it runs."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inventory.model import Inventory
    from noc.lab.actions import Act
    from noc.lab.scenario import Scenario
    from noc.lab.world import World

_CONFIGURATIONS = (Path("noc.toml"), Path("/etc/govnet-noc/noc.toml"))


@dataclass(frozen=True)
class Setting:
    """What the lab is built from. `communities`: credential -> community string."""

    inventory: "Inventory"
    attached_to: str
    data: Path
    communities: Mapping[str, bytes]


@click.group(invoke_without_command=True)
@click.option("--sites", type=click.IntRange(1, 10_000), help="Serve the sample GovNet of that many member sites.")
@click.option("--one-address", is_flag=True, help="With --sites: one address and many ports, where 127/8 is not there.")
@click.option("--scenario", "scenario_name", help="Timeline to play: a TOML file, or the name of a shipped one.")
@click.option("--for", "for_s", type=click.FloatRange(min=0), help="End by itself after so many seconds.")
@click.option("--truth", type=click.Path(path_type=Path), help="Write what happened when to this JSON file.")
@click.option("--seed", type=int, help="Another seed than the scenario's: other traffic ripples.")
@click.option(
    "--replay", type=click.Path(exists=True, path_type=Path), multiple=True, help="Serve .snmprec recordings."
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
    """A simulated GovNet: real SNMP (v1, v2c) over UDP on loopback, with paths, traffic and faults.

    \b
      noc lab                                     the inventory of noc.toml, else the sample of 149 sites
      noc lab --sites 1000 --for 60
      noc lab --scenario demo --truth truth.json
      noc lab do link_down dod-pe-1 ge-0/0/1 for=5m
      noc lab --replay recordings/ --inventory-csv devices.csv
    """
    if ctx.invoked_subcommand is not None:
        return
    if not options["replay"]:
        for name in ("inventory_csv",):
            if options[name]:
                raise click.UsageError("--inventory-csv goes with --replay")
    with _refusals():
        if options["replay"]:
            _replay(options)
        else:
            _serve(ctx, options)


@lab.command("do", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="ACTION [ON]... [OPTION=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="The lab's answer as JSON.")
@click.pass_context
def do(ctx: click.Context, words: tuple[str, ...], as_json: bool) -> None:
    """Do something to the running lab. Without ACTION: list all actions.

    \b
      noc lab do link_down dod-pe-1 ge-0/0/1 for=5m
      noc lab do device_down dod-pe-1 ports=true
      noc lab do traffic up-tix-1 level=1.0 direction=in
    """
    import json

    from noc.lab.control import SOCKET, ask, event_of

    if not words:
        click.echo(_actions_table())
        return
    with _refusals():
        answer = ask(_data_of(ctx) / SOCKET, event_of(words))
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
@click.option("--json", "as_json", is_flag=True, help="Stable keys instead of a table.")
def actions(as_json: bool) -> None:
    """List everything that can be done, with its options."""
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
    """List the scenarios that are shipped."""
    from noc.lab.scenario import read

    for path in sorted(_shipped().glob("*.toml")):
        click.echo(f"{path.stem:<16} {read(path).title}")


def _actions_table() -> str:
    from noc.lab.actions import ACTIONS

    lines = []
    for action in ACTIONS.values():
        if not action.hidden:
            on = " | ".join(" ".join(way).upper() for way in action.on)
            options = "".join(f" [{name}=...]" for name in (*action.options, *(("for",) if action.undo else ())))
            lines.append(f"{action.name} {on}{options}\n    {action.meaning}")
    return "\n".join(lines)


def _shipped() -> Path:
    from importlib.resources import files

    return Path(str(files("noc.lab") / "scenarios"))


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


def _configuration(ctx: click.Context) -> Path | None:
    """The file asked for, or the first that is there."""
    given = (ctx.obj or {}).get("config_path") or os.environ.get("NOC_CONFIG")
    return Path(given) if given else next((path for path in _CONFIGURATIONS if path.is_file()), None)


def _data_of(ctx: click.Context) -> Path:
    from noc.config import load

    path = _configuration(ctx)
    return load(path).data.dir if path else Path("data")


def _setting(ctx: click.Context, sites: int | None, one_address: bool) -> Setting:
    from inventory.sample_network import ATTACHED_TO, MEMBERS, generate
    from inventory.secrets import credentials_of, read_secrets
    from noc.config import load
    from noc.lab.doors import LabError

    path = _configuration(ctx)
    if sites or path is None:
        network = generate(sites or MEMBERS, one_address=one_address)
        return Setting(network, ATTACHED_TO, _data_of(ctx), {})
    if one_address:
        raise click.UsageError("--one-address goes with --sites; the addresses stand in the inventory")
    from inventory.reading import load as load_inventory

    config = load(path)
    network = load_inventory(config.inventory.path)
    if config.poller.attached_to not in network.devices:
        raise LabError(f"{path}: [poller] attached_to = {config.poller.attached_to!r} is no device of the inventory")
    secrets = read_secrets(config.secrets.file, os.environ)
    found = {name: secret for name in credentials_of(network) if (secret := secrets.find(name))}
    communities = {name: secret.reveal().encode() for name, secret in found.items()}
    return Setting(network, config.poller.attached_to, config.data.dir, communities)


def _scenario(name: str | None) -> "Scenario":
    from noc.lab.doors import LabError
    from noc.lab.scenario import Scenario, read

    if name is None:
        return Scenario()
    shipped = _shipped() / f"{name}.toml"
    path = Path(name)
    if not path.is_file() and not shipped.is_file():
        known = ", ".join(sorted(one.stem for one in _shipped().glob("*.toml")))
        raise LabError(f"no scenario {name!r}: neither a file nor one of {known}")
    return read(path if path.is_file() else shipped)


def _serve(ctx: click.Context, options: Mapping[str, Any]) -> None:
    import time

    from noc.lab.control import SOCKET
    from noc.lab.front import doors_of
    from noc.lab.session import Stage, open_doors, serve

    setting = _setting(ctx, options["sites"], options["one_address"])
    scenario = _scenario(options["scenario_name"])
    seed = scenario.seed if options["seed"] is None else options["seed"]
    for_s = scenario.lasts_s if options["for_s"] is None else options["for_s"]
    say = _voice(options["as_json"])
    # names are checked against a rehearsal, then the world begins as late as it can: its clock starts at ready
    acts = _checked(_world(setting, 0.0, seed), scenario)
    doors = open_doors(doors_of(world := _world(setting, time.time(), seed, acts)))
    stage = Stage(doors, world, setting.data / SOCKET, options["truth"])
    serve(stage, for_s=for_s, ready=_ready(world), say=say)


def _world(setting: Setting, start: float, seed: int, acts: tuple["Act", ...] = ()) -> "World":
    from dataclasses import replace

    from noc.lab.world import World

    return World(
        setting.inventory,
        attached_to=setting.attached_to,
        start=start,
        seed=seed,
        acts=[replace(act, at=act.at + start) for act in acts],
        communities=setting.communities,
    )


def _checked(world: "World", scenario: "Scenario") -> tuple["Act", ...]:
    """The scenario's acts with times relative to the start; MistakesError names all that is wrong."""
    from noc.lab.scenario import acts_of

    return acts_of(scenario, world, 0.0)


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
    from noc.lab.replay import doors_of, read_all, write_csv
    from noc.lab.session import Stage, open_doors, serve

    say = _voice(options["as_json"])
    served = read_all(options["replay"], options["port"])
    doors = open_doors(doors_of(served))
    if options["inventory_csv"]:
        write_csv(served, options["inventory_csv"])
    ready = f"lab ready: {len(served)} recordings on {served[0].address} ... port {options['port']}"
    serve(Stage(doors), for_s=options["for_s"], ready=ready, say=say)
