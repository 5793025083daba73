"""`noc api token`: what programs show at the door of the HTTP API."""

import time

import click

from noc.cli.access_acts import hand_of, listed, meant, read_ledger
from noc.cli.desk import as_person


@click.group()
def api() -> None:
    """The HTTP API: tokens of the programs that use it (docs/api.md).

    \b
    Examples:
      noc api token add grafana --account a.mushi
      noc api token list
    """


@api.group()
def token() -> None:
    """Tokens: add, list, revoke. Each acts for an account, and may do no more than that one.

    \b
    Examples:
      noc api token add grafana --account a.mushi --days 365
      noc api token revoke 3
    """


@token.command("add")
@click.argument("label")
@click.option("--account", "name", required=True, metavar="NAME", help="Whose rights it has, at most.")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="read, act, admin; repeatable  [default: read]")
@click.option("--days", type=click.IntRange(min=1, max=3650), help="Good for so long  [default: until it is revoked]")
@as_person
@click.pass_context
def add(
    context: click.Context, /, label: str, name: str, *, scopes: tuple[str, ...], days: int | None, who: str
) -> None:
    """Print, once, a new token; LABEL says what it is for.

    \b
    Examples:
      noc api token add grafana --account a.mushi --days 365
      noc api token add "ticket robot" --account robot --scope read --scope act
    """
    from noc.accounts import acts
    from noc.accounts.names import folded
    from noc.ledger import access

    with hand_of(context, who, {"scopes": scopes}) as (_, hand):
        meant([one.name for one in access.accounts(hand.books)], folded(name), "account")
        made = acts.add_token(hand, name, label, scopes or ("read",), days)
    click.echo(made)
    click.echo("not shown again; send it as 'Authorization: Bearer ...'", err=True)


@token.command("list")
@click.option("--json", "machine", is_flag=True, help="For machines: stable keys, UTC times.")
@click.pass_context
def list_(context: click.Context, machine: bool) -> None:
    """Every token by its first letters, with when it was last used.

    \b
    Examples:
      noc api token list
      noc api token list --json
    """
    from dashboards.access_lines import token_json, token_lines
    from noc.cli.window_acts import room
    from noc.ledger import access

    now = time.time()
    with read_ledger(context) as books:
        found = access.tokens(books) if books else []
    if machine:
        listed("tokens", [token_json(one, now) for one in found], now)
    else:
        click.echo(
            "\n".join(token_lines(found, now, room()))
            if found
            else "no token yet: 'noc api token add LABEL --account NAME' makes one"
        )


@token.command("revoke")
@click.argument("number", type=click.IntRange(min=1))
@as_person
@click.pass_context
def revoke(context: click.Context, number: int, who: str) -> None:
    """Token NUMBER opens nothing any more.

    \b
    Examples:
      noc api token revoke 3
    """
    from noc.accounts import acts

    with hand_of(context, who) as (_, hand):
        acts.revoke_token(hand, number)
    click.echo(f"token {number} is revoked")
