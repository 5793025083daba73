"""The `noc` command: every sub-command lives in its own module and is imported only when it is called."""

from pathlib import Path
from typing import Any

import click

from noc.cli.lazy import LazyCommands

COMMANDS = {  # word: (module, attribute, one line for the overview)
    "account": ("noc.cli.account", "account", "Accounts of the web: add, list, role, disable, enable, reset."),
    "api": ("noc.cli.api", "api", "Tokens of programs that use the HTTP API: add, list, revoke."),
    "check": ("noc.cli.check", "check", "Check configuration and inventory; all mistakes at once."),
    "circuit": ("noc.cli.circuit", "circuit", "Circuits of providers: status, use, p95, round trip, faults."),
    "demo": ("noc.cli.demo", "demo", "Lab and daemon together, with a live summary."),
    "device": ("noc.cli.status", "device", "Devices: status, facts."),
    "display": ("noc.cli.display", "display", "Displays on walls: add, list, revoke."),
    "doctor": ("noc.cli.doctor", "doctor", "Is this machine, and the daemon on it, fit for its work?"),
    "grafana": ("noc.cli.grafana", "grafana", "Grafana: data source and dashboards for the InfluxDB copy."),
    "incident": ("noc.cli.incident", "incident", "Incidents: list, show, ack, assign, note, wait, resolve, close."),
    "init": ("noc.cli.inventory", "init", "Write a commented configuration and inventory for your own network."),
    "inventory": ("noc.cli.inventory", "inventory", "Inventory: import, show, diff."),
    "iru": ("noc.cli.iru", "iru", "Capacity contracts (IRU, exchange): who holds and who uses what."),
    "lab": ("noc.cli.lab", "lab", "A simulated GovNet that speaks real SNMP on loopback."),
    "link": ("noc.cli.status", "link", "Links: status."),
    "maintenance": ("noc.cli.maintenance", "maintenance", "Planned work: add, list, end."),
    "notice": ("noc.cli.notice", "notice", "Notices (traps, informs, syslog): list."),
    "oncall": ("noc.cli.oncall", "oncall", "Who is on call: show, override, test."),
    "poll": ("noc.cli.poll", "poll", "Ask one device now and show what it says."),
    "report": ("noc.cli.report", "report", "Reports of a month: sla, capacity, iru; verify, close."),
    "run": ("noc.cli.run", "run", "The daemon."),
    "scenario": ("noc.cli.scenario", "scenario", "Play faults against the whole NOC, and score what it made of them."),
    "silence": ("noc.cli.silence", "silence", "Alarms that nobody is told of for a while: add, list, end."),
    "site": ("noc.cli.status", "site", "Sites: status."),
    "ssh": ("noc.cli.ssh", "ssh", "Logins over SSH: host keys, and accepting one that changed."),
    "store": ("noc.cli.store", "store", "The metric store: stats, export, import."),
    "topology": ("noc.cli.topology", "topology", "Declared links held against what LLDP and CDP tell."),
    "web": ("noc.cli.web", "web", "Wallboard, pages and API, in a process of its own."),
}


class Mendable(click.ClickException):
    """Bad input: the message says what to mend."""

    exit_code = 2


class Noc(LazyCommands):
    """What a person can mend ends in a line and exit status 2, wherever below it was found."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PermissionError as error:
            raise Mendable(f"{error.filename}: {error.strerror}") from None
        except Exception as error:  # what people can mend is said in a line, the rest is ours and keeps its traceback
            if not isinstance(error, _expected()):
                raise
            raise Mendable(str(error)) from None


def _expected() -> tuple[type[Exception], ...]:
    """What a person can mend; asked only when something went wrong."""
    from inventory.mistakes import MistakesError
    from noc.config_path import NoConfigError
    from noc.store.file import StoreError

    return (MistakesError, NoConfigError, StoreError)


@click.group(
    cls=Noc, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="Configuration file  [default: $NOC_CONFIG, ./noc.toml, /etc/govnet-noc/noc.toml, ./demo/noc.toml]",
)
@click.version_option(package_name="govnet-noc", prog_name="noc")
@click.pass_context
def main(ctx: click.Context, config_path: Path | None) -> None:
    """GovNet NOC: watches sites and the links that tie them together, day and night.

    \b
    Examples:
      noc init mynet               a configuration and inventory of one's own
      noc run                      the daemon
      noc link status region=Dodoma --down
      noc poll dar-core-1          ask one router now
    """
    ctx.obj = {"config_path": config_path}
