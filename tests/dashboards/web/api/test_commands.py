"""Everything that commands read and people do by them, the API has as well; and every route has its line in the docs."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click

from dashboards.web.api.tables import TABLES
from noc.cli.main import COMMANDS

HOUSE = Path(__file__).resolve().parents[4]
ROUTES = [(route.methods[0], route.path) for table in TABLES for route in table]
DONE = {  # command: what of the API is the same
    "account add": "POST /accounts",
    "account disable": "POST /accounts/{name}/disable",
    "account enable": "POST /accounts/{name}/enable",
    "account list": "GET /accounts",
    "account reset": "POST /accounts/{name}/reset",
    "account role": "POST /accounts/{name}/role",
    "api token add": "POST /tokens",
    "api token list": "GET /tokens",
    "api token revoke": "POST /tokens/{number}/revoke",
    "check": "GET /inventory",
    "circuit status": "GET /circuits/figures",
    "device facts": "GET /devices/{key}/facts",
    "device status": "GET /devices",
    "display add": "POST /displays",
    "display list": "GET /displays",
    "display revoke": "POST /displays/{number}/revoke",
    "doctor": "GET /health/findings",
    "incident ack": "POST /incidents/{number}/ack",
    "incident assign": "POST /incidents/{number}/assign",
    "incident close": "POST /incidents/{number}/close",
    "incident list": "GET /incidents",
    "incident note": "POST /incidents/{number}/note",
    "incident resolve": "POST /incidents/{number}/resolve",
    "incident show": "GET /incidents/{number}",
    "incident wait": "POST /incidents/{number}/wait",
    "inventory show": "GET /inventory/{kind}",
    "iru ledger": "GET /iru/ledger",
    "iru request add": "POST /iru/requests",
    "iru request approve": "POST /iru/requests/{number}/approve",
    "iru request change": "POST /iru/requests/{number}/change",
    "iru request end": "POST /iru/requests/{number}/end",
    "iru request list": "GET /iru/requests",
    "iru request refuse": "POST /iru/requests/{number}/refuse",
    "iru request show": "GET /iru/requests/{number}",
    "iru request withdraw": "POST /iru/requests/{number}/withdraw",
    "iru status": "GET /iru",
    "iru what-if": "GET /iru/what-if",
    "link status": "GET /links",
    "maintenance add": "POST /maintenance",
    "maintenance end": "POST /maintenance/{number}/end",
    "maintenance list": "GET /maintenance",
    "notice list": "GET /notices",
    "oncall override": "POST /oncall/overrides",
    "oncall show": "GET /oncall",
    "oncall test": "POST /oncall/tests",
    "report close": "POST /reports/close",
    "report capacity": "GET /reports/{kind}/{month}",
    "report iru": "GET /reports/{kind}/{month}",
    "report sla": "GET /reports/{kind}/{month}",
    "report verify": "POST /reports/verify",
    "silence add": "POST /silences",
    "silence end": "POST /silences/{number}/end",
    "silence list": "GET /silences",
    "site status": "GET /sites",
    "store stats": "GET /health/store",
    "topology check": "GET /topology",
}
ON_THE_MACHINE = {  # what is of files, processes and secrets of the machine that the NOC runs on, or of the lab
    *("demo", "run", "web", "poll", "init", "grafana export", "inventory diff", "inventory import"),
    *("iru request import", "ssh keys accept", "ssh keys list"),
    *("lab actions", "lab do", "lab history", "lab scenarios", "scenario list", "scenario run", "lab"),
    *("store export", "store import", "store ship", "store verify"),
}


def commands() -> Iterator[str]:
    for word, (module, attribute, _) in COMMANDS.items():
        yield from below(getattr(importlib.import_module(module), attribute), word, None)


def below(command: click.Command, words: str, above: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=words, parent=above)
    if not isinstance(command, click.Group):
        yield words
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from below(found, f"{words} {name}", context)


def test_given_the_commands_then_the_api_has_each_or_it_is_of_the_machine_alone() -> None:
    said = set(commands())
    assert not said - DONE.keys() - ON_THE_MACHINE, "has it a route? then it belongs into DONE"
    assert not DONE.keys() - said
    there = {f"{method} {path.removeprefix('/api/v1')}" for method, path in ROUTES}
    assert not set(DONE.values()) - there


def test_given_the_routes_then_the_docs_have_a_line_for_each_and_no_other() -> None:
    text = (HOUSE / "docs" / "api.md").read_text()
    told = set(re.findall(r"`(GET|POST) (/api[\w/.{}-]*)`", text))
    assert told == set(ROUTES)
