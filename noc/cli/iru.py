"""`noc iru`: capacity bought, who holds it, who uses it, when it ends; each sub-command is imported when it is called."""

from typing import Final

import click

from noc.cli.lazy import LazyCommands, Table

COMMANDS: Final[Table] = {
    "ledger": ("noc.cli.iru_ledger", "ledger", "Who holds what of each contract, on any day, as known at any time."),
    "request": ("noc.cli.iru_request", "request", "Requests: add, approve, refuse, change, end, list, show, import."),
    "status": ("noc.cli.iru_status", "status", "Contracts and circuits: delivered, allocated, used, until when."),
    "what-if": ("noc.cli.iru_what_if", "what_if", "What happens when more is added, a cable is lost, traffic grows."),
}


@click.group(cls=LazyCommands, table=COMMANDS)
def iru() -> None:
    """Capacity contracts (IRU, exchange ports): who holds what, and how much is free.

    \b
    Examples:
      noc iru ledger
      noc iru request add --institution lga-chamwino --in 10M --out 10M \\
          --contract seacom-iru --from 2027-01-01 --reference PO-RALG/12
    """
