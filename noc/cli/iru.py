"""`noc iru`: capacity bought, who holds it, who uses it, when it ends; each sub-command is imported when it is called."""

import importlib

import click

COMMANDS: dict[str, tuple[str, str, str]] = {  # word: (module, attribute, one line for the overview)
    "ledger": ("noc.cli.iru_ledger", "ledger", "Who holds what of each contract, on any day, as known at any time."),
    "request": ("noc.cli.iru_request", "request", "Requests: add, approve, refuse, change, end, list, show, import."),
    "status": ("noc.cli.iru_status", "status", "Contracts and circuits: delivered, allocated, used, until when."),
    "what-if": ("noc.cli.iru_what_if", "what_if", "What happens when more is added, a cable is lost, traffic grows."),
}


class IruGroup(click.Group):
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


@click.group(cls=IruGroup)
def iru() -> None:
    """Capacity contracts (IRU, exchange ports): who holds what, and how much is free.

    \b
    Examples:
      noc iru ledger
      noc iru request add --institution lga-chamwino --in 10M --out 10M \\
          --contract seacom-iru --from 2027-01-01 --reference PO-RALG/12
    """
