"""`noc account`: who may come in over the web, and do what."""

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from noc.cli.access_acts import ROLES, hand_of, listed, meant, read_ledger
from noc.cli.data import Refused
from noc.cli.desk import as_person

if TYPE_CHECKING:
    from noc.accounts.acts import Hand
    from noc.config import Config


@click.group()
def account() -> None:
    """Accounts of the web: add, list, role, disable, enable, reset.

    \b
    viewer       sees everything
    operator     sees everything, and acts: incidents, silences, roster, requests
    admin        all that, and administers accounts, tokens, displays
    institution  sees its own sites alone

    \b
    Examples:
      noc account add a.mushi --role operator
      noc account list
    """


@account.command("add")
@click.argument("name")
@click.option("--role", default="viewer", show_default=True, metavar="ROLE", help=", ".join(ROLES) + ".")
@click.option(
    "--institution", "institutions", multiple=True, metavar="KEY", help="Of an institution viewer; repeatable."
)
@click.option("--language", type=click.Choice(["sw", "en"]), default="sw", show_default=True, help="Of the pages.")
@click.option("--password-stdin", "given", is_flag=True, help="Read the password from standard input, no link.")
@as_person
@click.pass_context
def add(context: click.Context, /, name: str, role: str, *, given: bool, who: str, **options: Any) -> None:
    """Create NAME, and print a link by which its owner chooses a password: good once, for 24 hours.

    Take the key that they have among the contacts: what they do stands under it in timelines.

    \b
    Examples:
      noc account add a.mushi --role operator
      noc account add chamwino --role institution --institution lga-chamwino
      noc account add robot --role viewer --password-stdin < password.txt
    """
    from noc.accounts import acts

    kept, mine = _password(name) if given else "", options["institutions"]
    with hand_of(context, who, {"role": [role], "institutions": mine}) as (config, hand):
        one = acts.add_account(hand, name, role, mine, language=options["language"], password=kept)
        link = "" if given else _link(config, acts.invite(hand, one.name))
    click.echo(f"account {one.name} ({one.role.value})")
    if link:
        click.echo(f"its password is chosen here, once, within 24 h: {link}")


def _password(name: str) -> str:
    from noc.accounts.known_passwords import LONGEST, fault
    from noc.web.passwords import Passwords

    text = sys.stdin.read(LONGEST + 2).rstrip("\r\n")
    if word := fault(text, name):
        from dashboards.access_words import problem_words

        raise Refused(f"password: {problem_words(lambda text: text)[word]}")
    return Passwords().hashed(text)


def _link(config: "Config", key: str) -> str:
    return f"{config.web_url.rstrip('/')}/setup?key={key}"


@account.command("list")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def list_(context: click.Context, machine: bool) -> None:
    """Every account, with what it may do and when it was last in.

    \b
    Examples:
      noc account list
      noc account list --json
    """
    from dashboards.access_lines import account_json, account_lines
    from noc.cli.window_acts import room
    from noc.ledger import access

    now = time.time()
    with read_ledger(context) as books:
        found = access.accounts(books) if books else []
    if machine:
        listed("accounts", [account_json(one) for one in found], now)
    elif found:
        click.echo("\n".join(account_lines(found, now, room())))
    else:
        click.echo("no account yet: 'noc web' prints a link for the first one, or 'noc account add NAME --role admin'")


@account.command("role")
@click.argument("name")
@click.argument("role")
@click.option(
    "--institution", "institutions", multiple=True, metavar="KEY", help="Of an institution viewer; repeatable."
)
@as_person
@click.pass_context
def role(context: click.Context, /, name: str, role: str, institutions: tuple[str, ...], who: str) -> None:
    """Give NAME another ROLE; it counts from its next click.

    \b
    Examples:
      noc account role a.mushi admin
      noc account role chamwino institution --institution lga-chamwino --institution lga-bahi
    """
    from noc.accounts import acts

    with hand_of(context, who, {"role": [role], "institutions": institutions}) as (_, hand):
        name = _there(hand, name)
        acts.change_account(hand, name, role, institutions)
    click.echo(f"account {name} is {role} now")


def _there(hand: "Hand", name: str) -> str:
    from noc.accounts.names import folded
    from noc.ledger import access

    found = folded(name)
    meant([one.name for one in access.accounts(hand.books)], found, "account")
    return found


@account.command("disable")
@click.argument("name")
@as_person
@click.pass_context
def disable(context: click.Context, name: str, who: str) -> None:
    """Let NAME in no more: its sessions end at once, its tokens open nothing. What it did stays.

    \b
    Examples:
      noc account disable a.mushi
    """
    from noc.accounts import acts

    with hand_of(context, who) as (_, hand):
        name = _there(hand, name)
        acts.disable_account(hand, name)
    click.echo(f"account {name} is disabled")


@account.command("enable")
@click.argument("name")
@as_person
@click.pass_context
def enable(context: click.Context, name: str, who: str) -> None:
    """Let NAME in again, with the password that it had.

    \b
    Examples:
      noc account enable a.mushi
    """
    from noc.accounts import acts

    with hand_of(context, who) as (_, hand):
        name = _there(hand, name)
        acts.enable_account(hand, name)
    click.echo(f"account {name} may log in")


@account.command("reset")
@click.argument("name")
@as_person
@click.pass_context
def reset(context: click.Context, name: str, who: str) -> None:
    """End NAME's password and sessions, and print a link for another one: good once, for 24 hours.

    \b
    Examples:
      noc account reset a.mushi
    """
    from noc.accounts import acts

    with hand_of(context, who) as (config, hand):
        name = _there(hand, name)
        link = _link(config, acts.reset_account(hand, name))
    click.echo(f"account {name}: another password is chosen here, once, within 24 h: {link}")
