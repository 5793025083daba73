"""`noc store`: the metric store in figures, and its values out of it and into it; each command is imported when called."""

import importlib
from typing import Final

import click

COMMANDS: Final[dict[str, tuple[str, str, str]]] = {  # word: (module, attribute, one line for the overview)
    "ship": ("noc.cli.store_ship", "ship", "Send to InfluxDB what it does not have, or once more."),
    "export": ("noc.cli.store_export", "export", "Values into a file: line protocol, Parquet or CSV."),
    "import": ("noc.cli.store_import", "import_", "Values of such a file into the store, while no daemon runs."),
    "stats": ("noc.cli.store_stats", "stats", "Sizes, layers, growth, and what retention will free."),
    "verify": ("noc.cli.store_verify", "verify", "Is InfluxDB a faithful copy? Counts and sums on both sides."),
}


class LazyCommands(click.Group):
    """Knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][2]) for name in self.list_commands(ctx)])


@click.group(cls=LazyCommands)
def store() -> None:
    """The metric store: stats, export, import, and its copy in InfluxDB.

    \b
    Examples:
      noc store stats
      noc store export october.csv.gz --measurement link --from 2026-10-01 --to 2026-11-01
    """
