"""`noc store`: the metric store in figures, and its values out of it and into it; each command is imported when called."""

from typing import Final

import click

from noc.cli.lazy import LazyCommands, Table

COMMANDS: Final[Table] = {
    "ship": ("noc.cli.store_ship", "ship", "Send to InfluxDB what it does not have, or once more."),
    "export": ("noc.cli.store_export", "export", "Values into a file: line protocol, Parquet or CSV."),
    "import": ("noc.cli.store_import", "import_", "Values of such a file into the store, while no daemon runs."),
    "stats": ("noc.cli.store_stats", "stats", "Sizes, layers, growth, and what retention will free."),
    "verify": ("noc.cli.store_verify", "verify", "Is InfluxDB a faithful copy? Counts and sums on both sides."),
}


@click.group(cls=LazyCommands, table=COMMANDS)
def store() -> None:
    """The metric store: stats, export, import, and its copy in InfluxDB.

    \b
    Examples:
      noc store stats
      noc store export october.csv.gz --measurement link --from 2026-10-01 --to 2026-11-01
    """
