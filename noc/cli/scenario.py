"""`noc scenario`: timelines played through the whole NOC, in simulated or real time, and scored against the truth."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


@click.group()
def scenario() -> None:
    """Play faults against the NOC itself, and see what it made of them.

    \b
    Examples:
      noc scenario list
      noc scenario run core-dies
      noc scenario run router-with-twelve --seeds 20 --loss 0.05
    """


@scenario.command("list")
@click.option("--json", "as_json", is_flag=True, help="Stable keys instead of a table.")
def list_(as_json: bool) -> None:
    """List the scenarios that are shipped.

    \b
    Examples:
      noc scenario list
    """
    import json

    from noc.scenario.file import shipped, title_of

    rows = [{"name": path.stem, "title": title_of(path), "path": str(path)} for path in shipped()]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    for row in rows:
        click.echo(_row(row["name"], row["title"]))


def _row(name: str, title: str) -> str:
    """In 80 columns; what does not fit goes on below."""
    import textwrap

    return textwrap.fill(title, 80, initial_indent=f"{name:<25}", subsequent_indent=" " * 25)


@scenario.command()
@click.argument("name", metavar="FILE")
@click.option("--virtual/--realtime", default=True, help="Simulated time (the default), or over UDP on loopback.")
@click.option("--seed", type=int, help="Other phases, ripples and luck than the file's seed gives.")
@click.option("--seeds", type=click.IntRange(1, 10_000), default=1, help="So many seeds one after another, summed up.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Seeds played at a time, each in its own process.")
@click.option("--loss", type=click.FloatRange(0, 0.5), default=0.0, help="Packets of a device lost each way, at most.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Write truth, incidents, messages and score here.")
@click.option("--log", type=click.Path(path_type=Path), help="Write a line for everything that happened, in order.")
def run(name: str, **options: Any) -> None:
    """Play FILE (or a shipped scenario by its name), tell the story, and score it.

    Exit status 0: nothing false, nothing missed, every root right. 1: something was not. 2: the file is refused.

    \b
    Examples:
      noc scenario run core-dies
      noc scenario run mine.toml --json out.json --log out.log
      noc scenario run mine.toml --realtime
    """
    import logging

    from noc.scenario.file import path_of, read_play
    from noc.scenario.front import Asked, play_and_tell

    real = not options.pop("virtual")
    if real and (options["seeds"] > 1 or options["loss"]):
        raise click.UsageError("--seeds and --loss go with simulated time")
    logging.disable(logging.WARNING)  # the story tells what the daemon would have logged
    try:
        with _refusals():
            play = read_play(path_of(name))
        sys.exit(play_and_tell(play, Asked(real=real, **options), click.echo))
    finally:
        logging.disable(logging.NOTSET)


@contextmanager
def _refusals() -> Iterator[None]:
    """What is wrong with the file ends with exit status 2, every mistake with its line."""
    from inventory.mistakes import MistakesError

    try:
        yield
    except MistakesError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
